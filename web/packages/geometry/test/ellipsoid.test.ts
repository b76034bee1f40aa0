import { describe, expect, it } from "vitest";
import {
  cutEllipsoid,
  distanceToPlane,
  ellipsoidLevel,
  lps,
  orthogonalPlane,
  screen,
  screenToLps,
} from "../src";
import { randomPoint, randomUnit, randomView, seeded } from "./random";

describe("ellipsoid cut", () => {
  it("is a circle of the short diameter across the axis", () => {
    const view = { ...orthogonalPlane("axial", lps(0, 0, 0)), width: 100, height: 100, mmPerPixel: 0.5 };
    const cut = cutEllipsoid({ centre: lps(0, 0, 0), axis: [0, 0, 1], longMm: 40, shortMm: 30 }, view);
    expect(cut?.rx).toBeCloseTo(30);
    expect(cut?.ry).toBeCloseTo(30);
    expect([cut?.cx, cut?.cy]).toEqual([50, 50]);
  });

  it("has every point of its outline on the ellipsoid, for random ellipsoids and planes", () => {
    const draw = seeded(7);
    let met = 0;
    for (let n = 0; n < 500; n++) {
      const e = {
        centre: randomPoint(draw, 30),
        axis: randomUnit(draw),
        longMm: 20 + 30 * draw(),
        shortMm: 10 + 30 * draw(),
      };
      const view = randomView(draw, randomPoint(draw, 30));
      const cut = cutEllipsoid(e, view);
      if (!cut) {
        expect(Math.abs(distanceToPlane(view, e.centre))).toBeGreaterThan(
          Math.min(e.longMm, e.shortMm) / 2 - 1e-6,
        );
        continue;
      }
      met++;
      const turn = (cut.angleDeg * Math.PI) / 180;
      for (let t = 0; t < 6.3; t += 0.7) {
        const [x, y] = [cut.rx * Math.cos(t), cut.ry * Math.sin(t)];
        const at = screen(
          cut.cx + x * Math.cos(turn) - y * Math.sin(turn),
          cut.cy + x * Math.sin(turn) + y * Math.cos(turn),
        );
        expect(ellipsoidLevel(e, screenToLps(view, at))).toBeCloseTo(1, 6);
      }
    }
    expect(met).toBeGreaterThan(200);
  });
});
