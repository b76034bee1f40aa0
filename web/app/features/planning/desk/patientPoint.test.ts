import { lps } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { type DirectionWords, readPoint, sayPoint } from "./patientPoint";

const EN: DirectionWords = [
  ["R", "L"],
  ["A", "P"],
  ["F", "H"],
];
const ZH: DirectionWords = [
  ["右", "左"],
  ["前", "后"],
  ["足", "头"],
];

describe("points in the patient's words", () => {
  it("says LPS with the letters of the patient: left, posterior, head are positive", () => {
    expect(sayPoint(lps(-52.24, -121.2, 156.4), EN)).toBe("R 52.2  A 121.2  H 156.4");
    expect(sayPoint(lps(3, 4, -5), ZH)).toBe("左 3.0  后 4.0  足 5.0");
  });

  it("reads back what it says, in either language", () => {
    for (const p of [lps(-52.2, -121.2, 156.4), lps(0, 0, 0), lps(10, -0.1, -300.5)])
      for (const words of [EN, ZH]) expect(readPoint(sayPoint(p, words))).toEqual(p.map((c) => c + 0));
  });

  it("takes directions in any order and case, and signed numbers", () => {
    expect(readPoint("h156.4, r52.2, a 121.2 mm")).toEqual([-52.2, -121.2, 156.4]);
    expect(readPoint("-52.2 −121.2 156.4")).toEqual([-52.2, -121.2, 156.4]);
    expect(readPoint("S 1 I 2 L 3")).toBeNull();
  });

  it("refuses what is not exactly one point", () => {
    for (const text of [
      "",
      "R 1 A 2",
      "R 1 L 2 H 3",
      "1 2",
      "1 2 3 4",
      "R 1 A 2 H x",
      "R 1 A 2 H 3 rest",
      "R-1 A2 H3",
    ])
      expect(readPoint(text)).toBeNull();
  });
});
