import type { StructureState } from "@teleneedle/protocol";
import { describe, expect, it, vi } from "vitest";
import { type LoadedStructure, StructureLoader } from "./structureLoader";

vi.mock("./fetchBytes", () => ({
  /** Each answer takes another time, so some come while others are handed over. */
  fetchMask: (sha256: string) => later(sha256, `mask ${sha256}`),
  fetchContainer: (path: string) => later(path, { facts: { affine: [] }, path }),
}));
vi.mock("@teleneedle/viewer", () => ({ DistanceField: { read: (whole: object) => whole } }));

function later<T>(name: string, value: T): Promise<T> {
  const ms = (name.length * 7 + name.charCodeAt(name.length - 1) * 13) % 23;
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}

const structures = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(
  (name) => ({ name, kind: name, sha256: name.repeat(3), volume_ml: 1 }) as unknown as StructureState,
);

describe("structures that are loaded side by side", () => {
  it("are all handed over, with mask, distances and surface", async () => {
    const parts: LoadedStructure[] = [];
    const sink = {
      onParts: (some: readonly LoadedStructure[]) => parts.push(...some),
      onProblem: (problem: unknown) => {
        throw problem;
      },
      nearness: () => 0,
    };
    const loader = new StructureLoader(sink, new AbortController().signal);
    loader.followRules(
      Promise.resolve(structures.map(({ kind }) => ({ kind, large_from_mm: null }) as never)),
    );
    await loader.load(structures, () => {});
    const names = (has: (one: LoadedStructure) => unknown) =>
      parts
        .filter(has)
        .map(({ structure }) => structure.name)
        .sort();
    const all = structures.map(({ name }) => name);
    expect(names(({ mask }) => mask)).toEqual(all);
    expect(names(({ field }) => field)).toEqual(all);
    expect(names(({ mesh }) => mesh)).toEqual(all);
  });
});
