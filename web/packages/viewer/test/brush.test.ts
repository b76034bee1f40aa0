import { lps, orthogonalPlane } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { type Brush, History, Labels, Mask, type MaskDelta, Stroke, turnStroke, Volume } from "../src";

const AFFINE = [1, 0, 0, -20, 0, 1, 0, -20, 0, 0, 2, -20, 0, 0, 0, 1];
const BALL: Brush = { structure: 2, radiusMm: 4, ball: true, limits: null };
const PLANE = orthogonalPlane("axial", lps(0, 0, 0));
const labelsOf = () => new Labels([20, 40, 40], AFFINE);

const paint = (labels: Labels, brush: Brush, erase = false, volume: Volume | null = null) => {
  const stroke = new Stroke(labels, volume, brush, PLANE, erase);
  stroke.dab(lps(0, 0, 0));
  stroke.lineTo(lps(8, 0, 0));
  return stroke.finish();
};

describe("brush", () => {
  it("paints a ball of the right volume where there was no structure", () => {
    const labels = labelsOf();
    const stroke = new Stroke(labels, null, { ...BALL, radiusMm: 8 }, PLANE, false);
    stroke.dab(lps(0, 0, 0));
    const volumeMm3 = (labels.maskOf(2)?.count() ?? 0) * 2;
    expect(Math.abs(volumeMm3 / ((4 / 3) * Math.PI * 512) - 1)).toBeLessThan(0.04);
    expect(labels.data[(10 * 40 + 20) * 40 + 20]).toBe(2);
  });

  it("paints one layer with a disc", () => {
    const labels = labelsOf();
    paint(labels, { ...BALL, ball: false });
    const layers = new Set<number>();
    labels.maskOf(2)?.visit((k) => layers.add(k));
    expect([...layers]).toEqual([10]);
  });

  it("grows a structure that the stroke leaves", () => {
    const labels = labelsOf();
    labels.setMask(2, new Mask({ start: [9, 18, 18], shape: [2, 3, 3] }));
    paint(labels, BALL);
    expect(labels.maskOf(2)?.has(10, 20, 31)).toBe(true);
    expect(labels.maskOf(2)?.has(10, 20, 33)).toBe(false);
  });

  it("paints only where the CT numbers are within the limits", () => {
    const labels = labelsOf();
    const data = new Int16Array(20 * 40 * 40).map((_, n) => (n % 40 < 22 ? 0 : 100));
    paint(labels, { ...BALL, limits: [50, 150] }, false, new Volume([20, 40, 40], AFFINE, data));
    labels.maskOf(2)?.visit((_k, _j, i) => {
      expect(i).toBeGreaterThanOrEqual(22);
    });
    expect(labels.maskOf(2)?.count()).toBeGreaterThan(10);
  });

  it("is undone and redone exactly, by strokes of both kinds", () => {
    const labels = labelsOf();
    const history = new History<MaskDelta>({ mask: (delta) => turnStroke(labels, delta) });
    const states = [labels.data.slice()];
    for (const erase of [false, true, false]) {
      const delta = paint(labels, { ...BALL, radiusMm: erase ? 2 : 4 }, erase);
      if (delta) history.push(delta);
      states.push(labels.data.slice());
    }
    for (const n of [2, 1, 0]) {
      expect(history.undo()).toBe(true);
      expect(labels.data).toEqual(states[n]);
    }
    expect(history.undo()).toBe(false);
    for (const n of [1, 2, 3]) {
      history.redo();
      expect(labels.data).toEqual(states[n]);
    }
  });
});
