import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FocusTeller } from "./focusTeller";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the slice that is looked at", () => {
  it("is told at once, then the newest one after a pause, and none twice", async () => {
    const told: number[] = [];
    const teller = new FocusTeller(async (k) => told.push(k));
    for (const k of [4, 5, 6, 7]) teller.look(k);
    expect(told).toEqual([4]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual([4, 7]);
    teller.look(7);
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual([4, 7]);
    teller.look(8);
    expect(told).toEqual([4, 7, 8]);
  });

  it("is told again after a refusal, and no more once the page is left", async () => {
    const told: number[] = [];
    const teller = new FocusTeller(async (k) => {
      told.push(k);
      throw new Error("refused");
    });
    teller.look(1);
    teller.look(2);
    await vi.advanceTimersByTimeAsync(300);
    teller.look(3);
    teller.dispose();
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual([1, 2]);
  });
});
