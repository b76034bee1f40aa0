import { lps, orthogonalPlane } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { boxHandles, cutBox, movedBox, type TargetBox } from "../src/target-box";

const BOX: TargetBox = [-10, 10, 0, 30, 100, 140];
const view = (kind: "axial" | "coronal" | "sagittal", at = lps(0, 15, 120)) => ({
  ...orthogonalPlane(kind, at),
  width: 200,
  height: 200,
  mmPerPixel: 0.5,
});

describe("movedBox", () => {
  it("moves one side and leaves the other five", () => {
    expect(movedBox(BOX, [1], [5, 99, 99])).toEqual([-10, 15, 0, 30, 100, 140]);
  });

  it("stops a side 2 mm before the one it faces", () => {
    expect(movedBox(BOX, [0], [500, 0, 0])[0]).toBe(8);
    expect(movedBox(BOX, [1], [-500, 0, 0])[1]).toBe(-8);
  });

  it("keeps the size when facing sides move together", () => {
    expect(movedBox(BOX, [0, 1, 2, 3], [50, -7, 3])).toEqual([40, 60, -7, 23, 100, 140]);
  });
});

describe("boxHandles", () => {
  it("gives four sides, four corners and a middle along the patient's axes", () => {
    for (const kind of ["axial", "coronal", "sagittal"] as const) {
      const kinds = boxHandles(BOX, view(kind)).map((handle) => handle.kind);
      expect(kinds.filter((one) => one === "side")).toHaveLength(4);
      expect(kinds.filter((one) => one === "corner")).toHaveLength(4);
      expect(kinds.filter((one) => one === "middle")).toHaveLength(1);
    }
  });

  it("puts the left side of the patient right in an axial picture", () => {
    const left = boxHandles(BOX, view("axial")).find(({ sides }) => sides.length === 1 && sides[0] === 1);
    expect(left?.at[0]).toBeCloseTo(100 + 10 / 0.5, 6);
  });

  it("puts the head side up in a coronal picture", () => {
    const upper = boxHandles(BOX, view("coronal")).find(({ sides }) => sides.length === 1 && sides[0] === 5);
    expect(upper?.at[1]).toBeCloseTo(100 - 20 / 0.5, 6);
  });

  it("offers nothing in an oblique picture", () => {
    const oblique = { ...view("axial"), right: [Math.SQRT1_2, Math.SQRT1_2, 0] as const };
    expect(boxHandles(BOX, oblique)).toEqual([]);
  });
});

describe("cutBox", () => {
  it("is the rectangle where the plane passes through, and nothing beside", () => {
    const cut = cutBox(BOX, view("axial"), [0, 0, 1]);
    expect(cut).toHaveLength(4);
    const xs = cut.map(([x]) => x);
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(20 / 0.5, 6);
    expect(cutBox(BOX, view("axial", lps(0, 15, 150)), [0, 0, 1])).toHaveLength(0);
  });
});
