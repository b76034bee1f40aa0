import { describe, expect, it } from "vitest";
import {
  angleDeg,
  applyToPoint,
  compose,
  directionLetters,
  distanceMm,
  distanceToPlane,
  dot,
  edgeLetters,
  IDENTITY,
  inLinePlane,
  invert,
  lps,
  mix,
  norm,
  normalize,
  normalOf,
  orthogonalPlane,
  probeEyePlane,
  projectToScreen,
  screen,
  screenToLps,
  segmentInSlab,
  spacing,
  subtract,
} from "../src";
import { randomPoint, randomView, seeded } from "./random";

describe("planes", () => {
  it("maps pixels to the patient and back", () => {
    const draw = seeded(1);
    for (let n = 0; n < 200; n++) {
      const view = randomView(draw, randomPoint(draw));
      const pixel = screen(draw() * view.width, draw() * view.height);
      const back = projectToScreen(view, screenToLps(view, pixel));
      expect(back[0]).toBeCloseTo(pixel[0], 8);
      expect(back[1]).toBeCloseTo(pixel[1], 8);
    }
  });

  it("shows radiological views", () => {
    const at = lps(0, 0, 0);
    expect(edgeLetters(orthogonalPlane("axial", at))).toEqual({
      left: "R",
      right: "L",
      top: "A",
      bottom: "P",
    });
    expect(edgeLetters(orthogonalPlane("coronal", at))).toEqual({
      left: "R",
      right: "L",
      top: "S",
      bottom: "I",
    });
    expect(edgeLetters(orthogonalPlane("sagittal", at))).toEqual({
      left: "A",
      right: "P",
      top: "S",
      bottom: "I",
    });
    expect(directionLetters(normalize([0.9, -0.4, 0.05]))).toBe("LA");
  });

  it("keeps the needle in the in-line plane with the hub up, and across the probe's eye", () => {
    const draw = seeded(2);
    for (let n = 0; n < 200; n++) {
      const [entry, tip] = [randomPoint(draw), randomPoint(draw)];
      const plane = inLinePlane(entry, tip, mix(entry, tip, 0.5), 360 * draw());
      expect(distanceToPlane(plane, entry)).toBeCloseTo(0, 8);
      expect(distanceToPlane(plane, tip)).toBeCloseTo(0, 8);
      expect(dot(plane.right, plane.down)).toBeCloseTo(0, 10);
      expect(norm(plane.right)).toBeCloseTo(1, 10);
      const view = { ...plane, width: 100, height: 100, mmPerPixel: 1 };
      expect(projectToScreen(view, entry)[1]).toBeLessThan(projectToScreen(view, tip)[1]);
      const eye = probeEyePlane(entry, tip, -12);
      expect(Math.abs(dot(normalOf(eye), normalize(subtract(tip, entry))))).toBeCloseTo(1, 10);
      expect(distanceMm(eye.origin, tip)).toBeCloseTo(12, 8);
    }
  });

  it("finds the part of a needle near a plane", () => {
    const plane = orthogonalPlane("axial", lps(0, 0, 0));
    const part = segmentInSlab(plane, lps(0, 0, -10), lps(0, 0, 10), 3);
    expect(part?.[0]).toBeCloseTo(0.35);
    expect(part?.[1]).toBeCloseTo(0.65);
    expect(segmentInSlab(plane, lps(0, 0, 5), lps(9, 0, 5), 3)).toBeNull();
  });
});

describe("affine maps", () => {
  it("undo themselves", () => {
    const draw = seeded(3);
    for (let n = 0; n < 100; n++) {
      const m = [...Array.from({ length: 12 }, () => draw() * 4 - 2), 0, 0, 0, 1];
      m[0] = (m[0] ?? 0) + 5;
      m[5] = (m[5] ?? 0) + 5;
      m[10] = (m[10] ?? 0) + 5;
      const p = randomPoint(draw);
      const back = applyToPoint(compose(invert(m), m), p);
      expect(distanceMm(lps(...back), p)).toBeLessThan(1e-8);
    }
    expect(() => invert([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])).toThrow(RangeError);
    expect(spacing(IDENTITY)).toEqual([1, 1, 1]);
  });

  it("measures angles", () => {
    expect(angleDeg(lps(1, 0, 0), lps(0, 0, 0), lps(0, 2, 0))).toBeCloseTo(90);
  });
});
