import { ellipsoidLevel, lps, normalize } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { DistanceField, distanceToEllipse, ellipseStatistics, Mask, TargetPoints, Volume } from "../src";
import { seeded } from "./draw";

/** Distance from a ball of 10 mm around the origin on a grid of 1 mm, cut at 40 mm. */
function ballField(): DistanceField {
  const n = 101;
  const values = new Int16Array(n ** 3);
  for (let k = 0, at = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++, at++) {
        values[at] = Math.round(Math.min(40, Math.hypot(i - 50, j - 50, k - 50) - 10) / 0.05);
      }
    }
  }
  return new DistanceField([n, n, n], [1, 0, 0, -50, 0, 1, 0, -50, 0, 0, 1, -50, 0, 0, 0, 1], values);
}

describe("clearance of a needle", () => {
  const field = ballField();

  it("is the distance of the segment from the structure, less the needle's radius", () => {
    const draw = seeded(5);
    const at = () => (draw() - 0.5) * 70;
    for (let n = 0; n < 300; n++) {
      const [a, b] = [lps(at(), at(), at()), lps(at(), at(), at())];
      let least = Number.POSITIVE_INFINITY;
      for (let t = 0; t <= 1; t += 0.001) {
        least = Math.min(least, Math.hypot(...[0, 1, 2].map((c) => (a[c] ?? 0) * (1 - t) + (b[c] ?? 0) * t)));
      }
      const { mm, at: where } = field.clearance(a, b, 0.75);
      expect(Math.abs(mm - (least - 10 - 0.75))).toBeLessThan(least < 3 ? 0.9 : 0.15);
      expect(Math.abs(Math.hypot(...where) - least)).toBeLessThan(0.2);
    }
  });

  it("says when the structure is farther than the field knows", () => {
    expect(field.clearance(lps(200, 0, 0), lps(300, 0, 0), 1)).toMatchObject({ isAtLeast: true, mm: 39 });
  });
});

describe("coverage", () => {
  const box = new Mask({ start: [0, 0, 0], shape: [21, 21, 21] });
  for (let k = 0; k < 21; k++) {
    for (let j = 0; j < 21; j++) {
      for (let i = 0; i < 21; i++) if (Math.hypot(i - 10, j - 10, k - 10) <= 10) box.put(k, j, i, true);
    }
  }
  const target = TargetPoints.fromMask(box, [1, 0, 0, -10, 0, 1, 0, -10, 0, 0, 1, -10, 0, 0, 0, 1]);
  const ball = (x: number, mm: number) => ({
    centre: lps(x, 0, 0),
    axis: [1, 0, 0] as const,
    longMm: mm,
    shortMm: mm,
  });

  it("knows the share and the margin of concentric balls", () => {
    const wide = target.coverage([ball(0, 30)]);
    expect(wide.share).toBe(1);
    expect(wide.minMarginMm).toBeCloseTo(5, 1);
    const small = target.coverage([ball(0, 16)]);
    expect(small.share).toBeCloseTo(0.512, 1);
    expect(small.minMarginMm).toBeCloseTo(-2, 1);
  });

  it("takes zones together", () => {
    const one = target.coverage([ball(-8, 22)]).share;
    const both = target.coverage([ball(-8, 22), ball(8, 22)]).share;
    expect(both).toBeGreaterThan(1.5 * one);
    expect(target.coverage([]).share).toBe(0);
  });

  it("measures the distance from an ellipse", () => {
    const draw = seeded(9);
    for (let n = 0; n < 500; n++) {
      const [a, b] = [10 + 20 * draw(), 8 + 12 * draw()];
      const [x, y] = [40 * draw(), 30 * draw()];
      let least = Number.POSITIVE_INFINITY;
      for (let t = 0; t < Math.PI / 2 + 0.001; t += 0.001) {
        least = Math.min(least, Math.hypot(x - a * Math.cos(t), y - b * Math.sin(t)));
      }
      const inside = ellipsoidLevel(
        { centre: lps(0, 0, 0), axis: normalize([1, 0, 0]), longMm: 2 * a, shortMm: 2 * b },
        lps(x, y, 0),
      );
      expect(Math.abs(distanceToEllipse(x, y, a, b) - (inside < 1 ? -least : least))).toBeLessThan(0.05);
    }
  });
});

describe("ellipse statistics", () => {
  it("are of the voxels under the ellipse", () => {
    const data = new Int16Array(5 * 40 * 40).map((_, n) => (n % 40 < 20 ? 100 : 200));
    const volume = new Volume([5, 40, 40], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], data);
    const ellipse = (x: number) =>
      ellipseStatistics(volume, {
        id: "1",
        kind: "ellipse",
        points: [lps(x, 10, 2), lps(x + 10, 20, 2)],
        right: [1, 0, 0],
        down: [0, 1, 0],
      });
    expect(ellipse(4)).toMatchObject({ mean: 100, deviation: 0 });
    expect(ellipse(26).mean).toBe(200);
    expect(ellipse(4).areaMm2).toBeCloseTo(Math.PI * 25);
    expect(ellipse(14.5).mean).toBeGreaterThan(140);
    expect(ellipse(14.5).mean).toBeLessThan(160);
  });
});
