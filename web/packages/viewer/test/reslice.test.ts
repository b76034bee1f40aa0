import { lps, orthogonalPlane, screen, screenToLps } from "@teleneedle/geometry";
import { describe, expect, it } from "vitest";
import { CpuReslicer, Labels, Mask, type SlicePicture, Volume } from "../src";
import { drawView, seeded } from "./draw";

const AFFINE = [0.8, 0.1, 0, -12, -0.1, 0.8, 0, -10, 0, 0, 1.5, -9, 0, 0, 0, 1];
const WINDOW = { centre: 50, width: 400 };
const LOOK = { window: WINDOW, styles: [], labelOpacity: 0 };

function noise(): Volume {
  const draw = seeded(4);
  const data = new Int16Array(12 * 26 * 30).map(() => Math.round(draw() * 400 - 150));
  return new Volume([12, 26, 30], AFFINE, data);
}

describe("processor reslicer", () => {
  it("shows the interpolated CT number of every pixel on random planes", () => {
    const volume = noise();
    const reslicer = new CpuReslicer();
    reslicer.setVolume(volume);
    const draw = seeded(11);
    let inside = 0;
    for (let n = 0; n < 60; n++) {
      const view = drawView(draw, 14);
      const pixels = reslicer.render({ ...LOOK, view });
      for (let y = 0; y < view.height; y++) {
        for (let x = 0; x < view.width; x++) {
          const hu = volume.huAt(screenToLps(view, screen(x + 0.5, y + 0.5)));
          const grey = (pixels[y * view.width + x] ?? 0) & 255;
          if (Number.isNaN(hu)) {
            expect(grey).toBe(0);
            continue;
          }
          inside++;
          const expected = Math.max(0, Math.min(255, ((hu + 150) * 255) / 400));
          expect(Math.abs(grey - expected)).toBeLessThan(0.51);
        }
      }
    }
    expect(inside).toBeGreaterThan(5000);
  });

  it("shows the first and the last slice", () => {
    const data = new Int16Array(4 * 6 * 6).fill(300);
    const volume = new Volume([4, 6, 6], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], data);
    const reslicer = new CpuReslicer();
    reslicer.setVolume(volume);
    for (const z of [0, 3]) {
      const plane = orthogonalPlane("axial", lps(2.5, 2.5, z));
      const pixels = reslicer.render({ ...LOOK, view: { ...plane, width: 4, height: 4, mmPerPixel: 1 } });
      expect((pixels[5] ?? 0) & 255).toBe(255);
    }
  });

  it("fills structures, outlines them, and keeps hidden ones out", () => {
    const labels = new Labels([1, 20, 20], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    const square = new Mask({ start: [0, 5, 5], shape: [1, 10, 10] });
    square.bits.fill(255);
    labels.setMask(3, square);
    const reslicer = new CpuReslicer();
    reslicer.setLabels(labels);
    const plane = orthogonalPlane("axial", lps(9.5, 9.5, 0));
    const picture: SlicePicture = {
      ...LOOK,
      view: { ...plane, width: 20, height: 20, mmPerPixel: 1 },
      styles: [undefined, undefined, undefined, { colour: [200, 100, 0], fill: 0.5, outline: 1 }],
      labelOpacity: 1,
    };
    const colours = (pixels: Uint32Array, at: number) =>
      [0, 8, 16].map((s) => ((pixels[at] ?? 0) >> s) & 255);
    const pixels = reslicer.render(picture);
    expect(colours(pixels, 10 * 20 + 10)).toEqual([100, 50, 0]);
    expect(colours(pixels, 5 * 20 + 10)).toEqual([200, 100, 0]);
    expect(colours(pixels, 4 * 20 + 10)).toEqual([0, 0, 0]);
    labels.setVisible(3, false);
    expect(colours(reslicer.render(picture), 10 * 20 + 10)).toEqual([0, 0, 0]);
  });

  it("lays a colour map and lines of equal value over the picture", () => {
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const values = new Float32Array(400).map((_, n) => n % 20);
    const reslicer = new CpuReslicer();
    reslicer.setField({
      shape: [1, 20, 20],
      affine,
      values,
      stops: [
        { value: 0, colour: [0, 0, 0] },
        { value: 19, colour: [190, 0, 0] },
      ],
      opacity: 1,
      from: 5,
      lines: [{ value: 9.5, colour: [0, 255, 0] }],
    });
    const plane = orthogonalPlane("axial", lps(9.5, 9.5, 0));
    const pixels = reslicer.render({ ...LOOK, view: { ...plane, width: 20, height: 20, mmPerPixel: 1 } });
    expect(pixels[200 + 3]).toBe(0xff000000);
    expect((pixels[200 + 9] ?? 0) >>> 0).toBe(0xff00ff00);
    expect(Math.abs(((pixels[200 + 15] ?? 0) & 255) - 150)).toBeLessThan(2);
  });
});
