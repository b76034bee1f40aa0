import { lps } from "@teleneedle/geometry";
import { DistanceField, type Needle } from "@teleneedle/viewer";
import { describe, expect, it } from "vitest";
import type { ClearanceRule } from "../planDocument";
import { clearancesOf, type StructureField } from "./liveNumbers";

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const needle: Needle = {
  id: "N1",
  label: "N1",
  entry: lps(5, 5, 0),
  tip: lps(5, 5, 8),
  radiusMm: 1,
};

/** A field that is `mm` everywhere. */
const flat = (mm: number) =>
  new DistanceField([10, 10, 10], AFFINE, new Int16Array(1000).fill(Math.round(mm / 0.05)));

const rule = (kind: string, part: Partial<ClearanceRule> = {}): ClearanceRule => ({
  kind,
  required_mm: 5,
  soft_mm: 10,
  is_hard: true,
  large_from_mm: null,
  ...part,
});

const field = (kind: string, mm: number, largeMm?: number): StructureField => ({
  kind,
  affine: AFFINE,
  field: flat(mm),
  ...(largeMm === undefined ? {} : { large: flat(largeMm) }),
});

const of = (fields: [string, StructureField][], rules: ClearanceRule[]) =>
  clearancesOf(needle, new Map(fields), rules);

describe("clearances against hard and soft limits", () => {
  it("blocks below the hard limit, warns below the soft one", () => {
    const verdicts = [5.9, 6.1, 10.9, 11.1].map(
      (mm) => of([["bowel", field("bowel", mm)]], [rule("bowel")])[0]?.verdict,
    );
    expect(verdicts).toEqual(["stop", "warn", "warn", "ok"]);
  });

  it("never blocks where a rule only ranks", () => {
    const [found] = of([["fat", field("fat", 0.5)]], [rule("fat", { required_mm: null, is_hard: false })]);
    expect(found).toMatchObject({ verdict: "warn", requiredMm: null });
  });

  it("puts what blocks before what warns, whatever the slack", () => {
    const rows = of(
      [
        ["a", field("lung", 1.2)],
        ["b", field("bowel", 5.8)],
      ],
      [rule("lung", { required_mm: 0 }), rule("bowel")],
    );
    expect(rows.map(({ structure }) => structure)).toEqual(["b", "a"]);
  });

  it("leaves out what has no rule", () => {
    expect(of([["liver", field("liver", 0)]], [rule("bowel")])).toEqual([]);
  });
});

describe("vessels of which only the large parts forbid", () => {
  const vessels = rule("vessels", { large_from_mm: 6 });

  it("measures the rule to the large parts and tells a thin branch beside", () => {
    const rows = of([["v", field("vessels", 3, 7)]], [vessels]);
    expect(rows.map(({ part, mm, requiredMm, verdict }) => [part, mm, requiredMm, verdict])).toEqual([
      ["thin", 2, null, "warn"],
      ["large", 6, 5, "warn"],
    ]);
  });

  it("has one row where the large part is the nearest", () => {
    expect(of([["v", field("vessels", 5, 5)]], [vessels]).map(({ part }) => part)).toEqual(["large"]);
  });

  it("counts the whole vessel while the large parts are not known: never too large a figure", () => {
    const [found] = of([["v", field("vessels", 3)]], [vessels]);
    expect(found).toMatchObject({ part: "whole", mm: 2, verdict: "stop" });
  });
});
