import { beforeEach, describe, expect, it } from "vitest";
import { isFar, type LineMemory, prefersCodeStreams } from "./lineSpeed";

/** 300 kB that took `ms`. */
const took = (ms: number, transferSize = 300_300, waited = 5) => ({
  transferSize,
  encodedBodySize: 300_000,
  requestStart: 1000 - waited,
  responseStart: 1000,
  responseEnd: 1000 + ms,
});

let memory: LineMemory;
beforeEach(() => {
  const kept = new Map<string, string>();
  memory = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
});

describe("code streams or whole slices", () => {
  it("is decided by how fast the first pictures came", () => {
    expect(prefersCodeStreams(took(240), memory)).toBe(true);
    expect(prefersCodeStreams(took(24), memory)).toBe(true);
    expect(prefersCodeStreams(took(2), memory)).toBe(false);
    expect(prefersCodeStreams(took(0), memory)).toBe(false);
  });

  it("is likely to be code streams when the hub is far away", () => {
    expect(isFar(took(2, 300, 80), memory)).toBe(true);
    expect(isFar(took(240, 300, 3), memory)).toBe(false);
    expect(isFar(undefined, memory)).toBe(false);
  });

  it("stays as it was for pictures that the browser has kept", () => {
    expect(prefersCodeStreams(took(1, 0), memory)).toBe(false);
    prefersCodeStreams(took(240), memory);
    expect(prefersCodeStreams(took(1, 0), memory)).toBe(true);
    prefersCodeStreams(took(2), memory);
    expect(prefersCodeStreams(took(1, 0), memory)).toBe(false);
  });

  it("takes no busy hub on a fast line to be far away, and slices where nothing was noted", () => {
    prefersCodeStreams(took(2), memory);
    expect(isFar(took(2, 300, 80), memory)).toBe(false);
    expect(prefersCodeStreams(undefined, memory)).toBe(false);
  });
});
