import type { EarlyStructure, EarlyStructures } from "@teleneedle/protocol";
import { createViewerStore, type Labels, Mask } from "@teleneedle/viewer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changedKinds, EarlyOverlay } from "./earlyOverlay";

const GRID: EarlyStructures["grid"] = {
  shape: [2, 4, 4],
  affine: [4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
};
const organ = (kind: string): EarlyStructure => ({
  kind,
  label: { zh: kind, en: kind },
  colour: "#CC79A7",
  volume_ml: 1000,
  gate: "green",
});
const record = (...kinds: string[]): EarlyStructures => ({
  state: "computing",
  grid: GRID,
  structures: kinds.map(organ),
});

/** One slice of the grid, all of it. */
const slab = (k: number) => new Mask({ start: [k, 0, 0], shape: [1, 4, 4] }, new Uint8Array([255, 255]));

class Bench {
  readonly store = createViewerStore();
  labels: Labels | null = null;
  readonly asked: string[] = [];
  readonly answers = new Map<string, Mask | Error>([
    ["liver", slab(0)],
    ["lung", slab(1)],
  ]);
  readonly signals: AbortSignal[] = [];
  readonly overlay = new EarlyOverlay(
    {
      store: this.store,
      setLabels: (labels) => {
        this.labels = labels;
      },
    },
    async (kind, signal) => {
      this.asked.push(kind);
      this.signals.push(signal);
      const answer = this.answers.get(kind);
      if (answer instanceof Mask) return answer;
      throw answer ?? new Error("not there");
    },
  );

  get names(): string[] {
    return this.store.getState().structures.map(({ name }) => name);
  }

  idOf(name: string): number {
    return this.store.getState().structures.find((one) => one.name === name)?.id ?? 0;
  }
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("which kinds have changed", () => {
  it("are those that were not known, and those that are told no more", () => {
    const { fresh, gone } = changedKinds(new Set(["lung", "bone"]), [organ("liver"), organ("lung")]);
    expect(fresh.map(({ kind }) => kind)).toEqual(["liver"]);
    expect(gone).toEqual(["bone"]);
    expect(changedKinds(new Set(), [])).toEqual({ fresh: [], gone: [] });
  });
});

describe("preliminary organs over the pictures", () => {
  it("are fetched once each, when their kind appears", async () => {
    const bench = new Bench();
    bench.overlay.take(record("liver"));
    bench.overlay.take(record("liver"));
    await settled();
    bench.overlay.take(record("liver", "lung"));
    bench.overlay.take({ ...record("liver", "lung"), state: "done" });
    await settled();
    expect(bench.asked).toEqual(["liver", "lung"]);
    expect(bench.names).toEqual(["liver", "lung"]);
    const { labels } = bench;
    expect([labels?.shape, labels?.affine]).toEqual([GRID?.shape, GRID?.affine]);
    expect([...(labels?.data ?? [])]).toEqual([
      ...Array(16).fill(bench.idOf("liver")),
      ...Array(16).fill(bench.idOf("lung")),
    ]);
    expect(bench.store.getState().structures[0]?.colour).toEqual([0xcc, 0x79, 0xa7]);
  });

  it("are taken away when the series has none any more, with what is still on its way", async () => {
    for (const none of [null, undefined, { ...record(), grid: null }]) {
      const bench = new Bench();
      bench.overlay.take(record("liver"));
      await settled();
      bench.overlay.take(record("liver", "lung"));
      bench.overlay.take(none);
      await settled();
      expect(bench.names).toEqual([]);
      expect(bench.labels).toBeNull();
      expect(bench.signals.every(({ aborted }) => aborted)).toBe(true);
    }
  });

  it("lose one that is told no more, and only that", async () => {
    const bench = new Bench();
    bench.overlay.take(record("liver", "lung"));
    await settled();
    bench.overlay.take(record("lung"));
    expect(bench.names).toEqual(["lung"]);
    expect(bench.labels?.data.subarray(0, 16).every((id) => id === 0)).toBe(true);
    bench.overlay.take(record("lung", "liver"));
    await settled();
    expect(bench.asked).toEqual(["liver", "lung", "liver"]);
    expect(bench.idOf("liver")).not.toBe(bench.idOf("lung"));
  });

  it("are fetched again on another grid, and what was hidden stays hidden", async () => {
    const bench = new Bench();
    bench.overlay.take(record("liver"));
    await settled();
    bench.overlay.toggle("liver");
    expect(bench.store.getState().structures[0]?.visible).toBe(false);
    bench.overlay.take({ ...record("liver"), grid: { shape: [3, 4, 4], affine: GRID?.affine ?? [] } });
    await settled();
    expect(bench.asked).toEqual(["liver", "liver"]);
    expect(bench.labels?.shape).toEqual([3, 4, 4]);
    expect(bench.store.getState().structures.map(({ visible }) => visible)).toEqual([false]);
    bench.overlay.toggle("liver");
    expect(bench.store.getState().structures[0]?.visible).toBe(true);
  });

  it("are asked for again when a mask does not come, until the page is left", async () => {
    const bench = new Bench();
    bench.answers.set("liver", new Error("cut off"));
    bench.overlay.take(record("liver"));
    await settled();
    expect(bench.names).toEqual([]);
    bench.answers.set("liver", slab(0));
    await vi.advanceTimersByTimeAsync(3000);
    expect(bench.names).toEqual(["liver"]);
    bench.overlay.take(record("liver", "spleen"));
    await settled();
    bench.overlay.dispose();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bench.asked).toEqual(["liver", "liver", "spleen"]);
    expect(bench.names).toEqual([]);
  });
});
