import { describe, expect, it } from "vitest";
import {
  arrayOf,
  type Box,
  ContainerError,
  Labels,
  loadLevels,
  Mask,
  ProgressiveVolume,
  readContainer,
  writeContainer,
} from "../src";
import { seeded } from "./draw";

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

describe("TNB1", () => {
  it("gives back what was written, arrays aligned", () => {
    const bytes = writeContainer(
      {
        hu: { shape: [1, 2, 3], values: Int16Array.of(1, -2, 3, -4, 5, -6) },
        bits: { shape: [3], values: Uint8Array.of(7, 8, 9) },
        points: { shape: [1, 3], values: Float32Array.of(0.5, 1.5, -2.5) },
      },
      { start_kji: [1, 2, 3] },
    );
    const read = readContainer(bytes);
    expect(read.facts.start_kji).toEqual([1, 2, 3]);
    expect([...arrayOf(read, "hu", "int16").values]).toEqual([1, -2, 3, -4, 5, -6]);
    expect([...arrayOf(read, "points", "float32").values]).toEqual([0.5, 1.5, -2.5]);
    expect((8 + new DataView(bytes).getUint32(4, true)) % 8).toBe(0);
    expect(() => arrayOf(read, "bits", "int16")).toThrow(ContainerError);
  });

  it("refuses what is cut off or something else", () => {
    const whole = writeContainer({ hu: { shape: [64], values: new Int16Array(64) } });
    for (const bytes of [new ArrayBuffer(0), new ArrayBuffer(64), whole.slice(0, 20), whole.slice(0, -8)]) {
      expect(() => readContainer(bytes)).toThrow(ContainerError);
    }
  });
});

describe("labels", () => {
  const SHAPE = [6, 9, 11] as const;
  const maskOf = (draw: () => number, id: number) => {
    const mask = new Mask({ start: [id % 3, 1, id], shape: [4, 7, 6] });
    for (let n = 0; n < mask.bits.length; n++) mask.bits[n] = draw() < 0.4 ? Math.floor(draw() * 256) : 0;
    return mask;
  };
  const expectLastOnTop = (labels: Labels) => {
    for (let k = 0; k < 6; k++) {
      for (let j = 0; j < 9; j++) {
        for (let i = 0; i < 11; i++) {
          const here = labels.structuresAt(k, j, i).filter((id) => labels.isVisible(id));
          expect(labels.data[(k * 9 + j) * 11 + i]).toBe(Math.max(0, ...here));
        }
      }
    }
  };

  it("draw the last visible structure of every voxel", () => {
    const draw = seeded(6);
    const labels = new Labels(SHAPE, AFFINE);
    for (let id = 1; id <= 4; id++) labels.setMask(id, maskOf(draw, id));
    labels.setVisible(3, false);
    labels.removeMask(2);
    expectLastOnTop(labels);
  });

  it("draw the same whatever comes first, and tell it once", () => {
    const draw = seeded(8);
    const labels = new Labels(SHAPE, AFFINE);
    labels.setVisible(2, false);
    const told: Box[] = [];
    labels.onChange((box) => told.push(box));
    labels.setMasks([4, 2, 1, 3].map((id) => [id, maskOf(draw, id)]));
    expect(told).toEqual([{ start: [0, 1, 1], shape: [5, 7, 9] }]);
    expectLastOnTop(labels);
    labels.setMask(2, maskOf(draw, 2));
    expect(told).toHaveLength(1);
    labels.setMasks([3, 1].map((id) => [id, maskOf(draw, id)]));
    expectLastOnTop(labels);
    labels.setVisible(2, true);
    expectLastOnTop(labels);
  });

  it("refuse a structure that has no number", () => {
    expect(() =>
      new Labels([1, 1, 1], AFFINE).setMask(33, new Mask({ start: [0, 0, 0], shape: [1, 1, 1] })),
    ).toThrow();
  });
});

describe("a series that arrives coarse first", () => {
  it("is shown at the finest complete level, the target's slices fetched first", async () => {
    const layers = [
      { level: 0, shape: [8, 4, 4] as const, affine: AFFINE },
      { level: 1, shape: [4, 2, 2] as const, affine: AFFINE },
    ];
    const volume = new ProgressiveVolume(layers);
    const levels: number[] = [];
    const asked: string[] = [];
    volume.onBetter((better) => levels.push(better.level));
    const fetchSlab = async (level: number, k0: number, k1: number) => {
      asked.push(`${level}:${k0}`);
      const size = level === 0 ? 16 : 4;
      return new Int16Array((k1 - k0) * size).fill(k0);
    };
    await loadLevels(volume, fetchSlab, { target: 0.9, slab: 2 });
    expect(levels).toEqual([1, 0]);
    expect(asked.slice(0, 2)).toEqual(["1:0", "0:6"]);
    expect(volume.best?.data[7 * 16]).toBe(6);
    expect(() => new ProgressiveVolume(layers).addSlab(0, 7, new Int16Array(32))).toThrow(RangeError);
  });
});
