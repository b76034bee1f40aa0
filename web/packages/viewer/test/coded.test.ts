import startCodec from "@cornerstonejs/codec-openjph";
import { describe, expect, it } from "vitest";
import { writeContainer } from "../src";
import { CodeStreamError, decodeSlice, reduced } from "../src/coded/decode-slice";
import type { DecoderPool } from "../src/coded/decoder-pool";
import { enlarge } from "../src/coded/enlarge";
import { readPictures, type SlicePart } from "../src/coded/picture-batch";
import { PictureLoader, runAround, STAGES, type Stage } from "../src/coded/picture-loader";
import { RefiningVolume } from "../src/coded/refining-volume";
import { CODE_STREAM, COLUMNS, ROWS, sampleAt } from "./code-stream.fixture";

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const code = Uint8Array.from(atob(CODE_STREAM), (c) => c.charCodeAt(0));
const whole = { code, skip: 0, size: [ROWS, COLUMNS] as const, slope: 1, intercept: 0 };

describe("an HTJ2K slice", () => {
  it("is decoded to the very samples that another program coded, and rescaled to HU", async () => {
    const codec = await startCodec();
    const decoder = new codec.HTJ2KDecoder();
    const { hu } = decodeSlice(decoder, whole);
    const twice = decodeSlice(decoder, { ...whole, slope: 2, intercept: -24 }).hu;
    for (let j = 0; j < ROWS; j++) {
      for (let i = 0; i < COLUMNS; i++) {
        expect(hu[j * COLUMNS + i]).toBe(sampleAt(j, i));
        expect(twice[j * COLUMNS + i]).toBe(2 * sampleAt(j, i) - 24);
      }
    }
    expect(decodeSlice(decoder, { ...whole, skip: 2 }).size).toEqual([6, 10]);
  });

  it("of another size than the series is refused, and so is rubbish", async () => {
    const codec = await startCodec();
    expect(() => decodeSlice(new codec.HTJ2KDecoder(), { ...whole, size: [24, 41] })).toThrow(
      CodeStreamError,
    );
    const rubbish = { ...whole, code: new Uint8Array(500).fill(7) };
    expect(() => decodeSlice(new codec.HTJ2KDecoder(), rubbish)).toThrow();
  });
});

describe("a coarse picture at full size", () => {
  it("keeps a plane of CT numbers a plane, sample for sample, up to its last coarse sample", () => {
    const size = [21, 35] as const;
    const plane = (j: number, i: number) => 8 * i - 16 * j + 3;
    for (const skip of [1, 2, 3]) {
      const [rows, columns] = [reduced(size[0], skip), reduced(size[1], skip)];
      const step = 2 ** skip;
      const hu = Int16Array.from({ length: rows * columns }, (_, n) =>
        plane(step * Math.floor(n / columns), step * (n % columns)),
      );
      const large = enlarge({ size: [rows, columns], hu }, skip, size);
      for (let j = 0; j <= step * (rows - 1); j++) {
        for (let i = 0; i <= step * (columns - 1); i++) expect(large[j * size[1] + i]).toBe(plane(j, i));
      }
    }
  });

  it("of another slice is refused", () => {
    expect(() => enlarge({ size: [3, 3], hu: new Int16Array(9) }, 2, [40, 40])).toThrow(RangeError);
  });
});

describe("pictures from the hub", () => {
  const container = (ends: number[], bytes: number) =>
    writeContainer({
      k: { shape: [2], values: Uint32Array.of(4, 9) },
      number: { shape: [2], values: Uint32Array.of(0, 7) },
      is_start: { shape: [2], values: Uint8Array.of(1, 0) },
      ends: { shape: [ends.length], values: Uint32Array.from(ends) },
      slope: { shape: [2], values: Float32Array.of(1, 2) },
      intercept: { shape: [2], values: Float32Array.of(0, -1024) },
      code: { shape: [bytes], values: Uint8Array.from({ length: bytes }, (_, n) => n) },
    });

  it("are cut into slices", () => {
    const parts = readPictures(container([3, 5], 5));
    expect(parts.map((part) => [part.k, part.number, part.isStart, part.slope, part.intercept])).toEqual([
      [4, 0, true, 1, 0],
      [9, 7, false, 2, -1024],
    ]);
    expect(parts.map((part) => [...part.code])).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it("that do not fill their container are refused", () => {
    expect(() => readPictures(container([3, 4], 5))).toThrow(/fill/);
    expect(() => readPictures(container([3], 3))).toThrow(/fill/);
  });
});

describe("the slices asked for next", () => {
  it("lie about the focus, and only those that are wanted", () => {
    const all = new Set(Array.from({ length: 20 }, (_, k) => k));
    expect(runAround(all, 10, 5)).toEqual([8, 13]);
    expect(runAround(all, 0, 4)).toEqual([0, 4]);
    expect(runAround(new Set([2, 3, 15, 16]), 12, 8)).toEqual([15, 17]);
  });
});

const SIZE = [16, 16] as const;
/** Stands for the decoder: the picture of a slice is its number everywhere, a tenth more for each stage. */
const pool = {
  decode: (
    { code, skip, size }: { code: Uint8Array; skip: number; size: readonly [number, number] },
    large: boolean,
  ) => {
    const at: readonly [number, number] = large ? size : [reduced(size[0], skip), reduced(size[1], skip)];
    const hu = new Int16Array(at[0] * at[1]).fill(10 * (code[0] as number) + code.length);
    return Promise.resolve({ size: at, hu });
  },
  enlarge: ({ hu }: { hu: Int16Array }, _: number, size: readonly [number, number]) =>
    Promise.resolve({ size, hu: new Int16Array(size[0] * size[1]).fill(hu[0] as number) }),
} as unknown as DecoderPool;

/** A hub that has `has(stage, k)`, and what it was asked for. */
function hubWith(has: (stage: number, k: number) => boolean) {
  const asked: [number, number, number][] = [];
  const fetch = async (stage: Stage, k0: number, k1: number): Promise<SlicePart[]> => {
    const n = STAGES.indexOf(stage);
    asked.push([n, k0, k1]);
    const ks = Array.from({ length: k1 - k0 }, (_, at) => k0 + at).filter((k) => has(n, k));
    return ks.map((k) => ({
      k,
      number: k,
      isStart: n === 0,
      code: Uint8Array.of(k),
      slope: 1,
      intercept: 0,
    }));
  };
  return { asked, fetch };
}

function volumeOf(depth: number, affine: readonly number[] = IDENTITY) {
  const shown: number[] = [];
  const changed: [number, number][] = [];
  const volume = new RefiningVolume([depth, ...SIZE], affine, {
    onVolume: ({ level, shape }) => shown.push(level, ...shape),
    onSlices: (from, to) => changed.push([from, to]),
  });
  return { volume, shown, changed };
}

describe("a series that becomes finer", () => {
  it("is whole when everything was brought, coarse first and from the focus outwards", async () => {
    const { volume, shown, changed } = volumeOf(100);
    const hub = hubWith(() => true);
    const loader = new PictureLoader(volume, pool, hub.fetch, { focus: 70 });
    await loader.run();
    expect(volume.level).toBe(0);
    expect(volume.shown).toBe(volume.fine);
    expect(shown).toEqual([0, 100, ...SIZE]);
    for (let k = 0; k < 100; k++) expect(volume.fine?.data[256 * k + 255]).toBe(10 * k + 3);
    expect(hub.asked.map(([n]) => n)).toEqual([...hub.asked.map(([n]) => n)].sort());
    const first = hub.asked.filter(([n]) => n === 2)[0];
    expect(first?.[1]).toBeLessThanOrEqual(70);
    expect(first?.[2]).toBeGreaterThan(70);
    expect(changed[0]).toEqual([70, 71]);
  });

  it("shows coarse slices among fine ones, and goes on when the hub has more", async () => {
    let stages = (n: number, k: number) => n === 0 || k < 5;
    const { volume } = volumeOf(10);
    const hub = hubWith((n, k) => stages(n, k));
    const loader = new PictureLoader(volume, pool, hub.fetch);
    await loader.run();
    expect([volume.level, volume.count(0), volume.count(3)]).toEqual([3, 5, 10]);
    expect(volume.shown).toBe(volume.fine);
    expect([volume.fine?.data[256 * 2], volume.fine?.data[256 * 8]]).toEqual([23, 81]);
    stages = () => true;
    await loader.run();
    expect([volume.level, volume.fine?.data[256 * 8]]).toEqual([0, 83]);
  });

  it("keeps what it has when slices are announced before and after it", async () => {
    const before = volumeOf(6);
    const first = new PictureLoader(before.volume, pool, hubWith((n, k) => n < 2 || k < 3).fetch);
    await first.run();
    const after = volumeOf(10);
    const hub = hubWith(() => false);
    const second = new PictureLoader(after.volume, pool, hub.fetch);
    second.adopt(first, (from) => from + 2);
    await second.run();
    expect(Array.from({ length: 10 }, (_, k) => after.volume.skipOf(k))).toEqual([
      ...[null, null, 0, 0, 0, 2, 2, 2, null, null],
    ]);
    expect(after.volume.fine?.data[256 * 2]).toBe(3);
    const asked = hub.asked.filter(([n]) => n === 0).map(([, a, b]) => [a, b]);
    expect(asked.sort()).toEqual([
      [0, 2],
      [8, 10],
    ]);
  });

  it("has the same middle coarse and whole, so that nothing jumps when it becomes finer", () => {
    const { volume } = volumeOf(9);
    expect(volume.shown.level).toBe(3);
    expect([...volume.shown.centre]).toEqual([7.5, 7.5, 4]);
    for (let k = 0; k < 9; k++) volume.addFine(k, new Int16Array(256), 0);
    expect([...volume.shown.centre]).toEqual([7.5, 7.5, 4]);
  });

  it("takes a whole stream in place of what came before, and asks for no more of that slice", async () => {
    const { volume } = volumeOf(6);
    let isWhole = false;
    const asked: number[] = [];
    const fetch = async (stage: Stage, k0: number, k1: number): Promise<SlicePart[]> => {
      const n = STAGES.indexOf(stage);
      asked.push(n);
      if (n === 1 || (n === 2 && !isWhole)) return [];
      const ks = Array.from({ length: k1 - k0 }, (_, at) => k0 + at);
      const code = (k: number) => (n === 0 ? Uint8Array.of(k) : Uint8Array.of(k, 0));
      return ks.map((k) => ({ k, number: k, isStart: true, code: code(k), slope: 1, intercept: 0 }));
    };
    const loader = new PictureLoader(volume, pool, fetch);
    await loader.run();
    expect([volume.level, volume.fine?.data[256 * 4]]).toEqual([3, 41]);
    isWhole = true;
    await loader.run();
    expect([volume.level, volume.fine?.data[256 * 4]]).toEqual([0, 42]);
    asked.length = 0;
    await loader.run();
    expect(asked).toEqual([]);
  });

  it("leaves out a slice that cannot be decoded, and takes it once it comes whole", async () => {
    let isBroken = true;
    const fragile = {
      ...pool,
      decode: (...[picture, large]: Parameters<DecoderPool["decode"]>) =>
        isBroken && picture.code[0] === 3
          ? Promise.reject(new Error("cut off"))
          : pool.decode(picture, large),
    } as DecoderPool;
    const { volume } = volumeOf(8);
    const loader = new PictureLoader(volume, fragile, hubWith(() => true).fetch);
    await loader.run();
    expect([...loader.broken.keys()]).toEqual([3]);
    expect([volume.count(0), volume.skipOf(3), volume.shown === volume.fine]).toEqual([7, null, true]);
    isBroken = false;
    await loader.run();
    expect([volume.level, loader.broken.size, volume.fine?.data[256 * 3]]).toEqual([0, 0, 33]);
  });

  it("stops with what the hub said when it was refused", async () => {
    const { volume } = volumeOf(4);
    const refused = () => Promise.reject(new Error("not yours"));
    await expect(new PictureLoader(volume, pool, refused).run()).rejects.toThrow("not yours");
  });
});
