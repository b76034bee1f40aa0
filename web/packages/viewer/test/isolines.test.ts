import { lps, type PlaneView } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { FieldRaster, type ScalarField } from "../src";

/** Inverse square around the origin on a grid of 1 mm, ± 24 mm. */
function inverseSquare(): ScalarField {
  const n = 49;
  const values = new Float32Array(n ** 3);
  for (let k = 0, at = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, at++)
        values[at] = 24000 / Math.max(0.25, (i - 24) ** 2 + (j - 24) ** 2 + (k - 24) ** 2);
  const affine = [1, 0, 0, -24, 0, 1, 0, -24, 0, 0, 1, -24, 0, 0, 0, 1] as unknown as ScalarField["affine"];
  return { shape: [n, n, n], affine, values, stops: [], opacity: 0, from: 0, lines: [] };
}

const view = (z: number, mmPerPixel: number, width = 401, height = 301): PlaneView => ({
  origin: lps(3, -2, z),
  right: [1, 0, 0],
  down: [0, 1, 0],
  width,
  height,
  mmPerPixel,
});

/** Distances (mm) of the points of a path from the source, and how many closed lines it has. */
function radii(path: string, at: PlaneView): { found: number[]; closed: number } {
  const found = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => {
    const u = at.origin[0] + (Number(x) - at.width / 2) * at.mmPerPixel;
    const v = at.origin[1] + (Number(y) - at.height / 2) * at.mmPerPixel;
    return Math.hypot(u, v, at.origin[2]);
  });
  return { found, closed: path.split("Z").length - 1 };
}

describe("lines of equal value", () => {
  const field = inverseSquare();

  for (const [value, radius] of [
    [240, 10],
    [120, Math.sqrt(200)],
    [60, 20],
  ] as const)
    it(`of a source that falls with the square lies ${radius.toFixed(1)} mm from it`, () => {
      for (const [z, mmPerPixel] of [
        [0, 0.2],
        [6, 0.35],
        [-4.5, 0.8],
      ] as const) {
        const plane = view(z, mmPerPixel);
        const { found, closed } = radii(new FieldRaster(field, plane).path(value), plane);
        const inPicture = radius < 18 || mmPerPixel > 0.2;
        if (inPicture) expect(closed).toBe(1);
        expect(found.length).toBeGreaterThan(12);
        for (const r of found) expect(Math.abs(r - radius)).toBeLessThan(0.25);
      }
    });

  it("is nowhere when the plane does not meet it", () => {
    expect(new FieldRaster(field, view(15, 0.3)).path(240)).toBe("");
    expect(new FieldRaster(field, view(90, 0.3)).path(60)).toBe("");
  });

  it("closes along the end of the field", () => {
    const plane = view(0, 0.5);
    const { closed } = radii(new FieldRaster(field, plane).path(30), plane);
    expect(closed).toBeGreaterThan(0);
  });
});
