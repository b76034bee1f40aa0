import { describe, expect, it } from "vitest";
import { fillHoles, Labels, Mask, smoothMask, turnStroke } from "../src";

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function cube(): Labels {
  const labels = new Labels([12, 12, 12], AFFINE);
  const mask = new Mask({ start: [1, 1, 1], shape: [9, 9, 9] });
  for (let k = 2; k < 8; k++) {
    for (let j = 2; j < 8; j++) for (let i = 2; i < 8; i++) mask.put(k, j, i, true);
  }
  labels.setMask(1, mask);
  return labels;
}

describe("smoothing", () => {
  it("takes a spike away and fills a dent, and is undone exactly", () => {
    const labels = cube();
    labels.maskOf(1)?.put(5, 5, 9, true);
    labels.maskOf(1)?.put(5, 5, 2, false);
    const before = labels.maskOf(1)?.bits.slice();
    const delta = smoothMask(labels, 1);
    expect(labels.maskOf(1)?.has(5, 5, 9)).toBe(false);
    expect(labels.maskOf(1)?.has(5, 5, 2)).toBe(true);
    expect(labels.maskOf(1)?.has(4, 4, 4)).toBe(true);
    if (delta) turnStroke(labels, delta);
    expect(labels.maskOf(1)?.bits).toEqual(before);
  });

  it("fills holes inside a slice and nothing else", () => {
    const labels = cube();
    const whole = labels.maskOf(1)?.count();
    labels.maskOf(1)?.put(5, 5, 5, false);
    labels.maskOf(1)?.put(5, 5, 6, false);
    fillHoles(labels, 1);
    expect(labels.maskOf(1)?.count()).toBe(whole);
    expect(fillHoles(labels, 1)).toBeNull();
  });
});
