import { Mask } from "@teleneedle/viewer";
import { describe, expect, it } from "vitest";
import { differenceOf, looksOfDifference, middleOf } from "./maskDifference";

function bar(from: number, to: number): Mask {
  const mask = new Mask({ start: [2, 3, from], shape: [1, 1, to - from] });
  for (let i = from; i < to; i++) mask.put(2, 3, i, true);
  return mask;
}

describe("difference of two masks", () => {
  it("is what one holds and the other does not, also outside the other's box", () => {
    const [mine, theirs] = differenceOf(bar(0, 10), bar(6, 20));
    expect(mine.count()).toBe(6);
    expect(mine.has(2, 3, 5)).toBe(true);
    expect(mine.has(2, 3, 6)).toBe(false);
    expect(theirs.count()).toBe(10);
    expect(theirs.has(2, 3, 19)).toBe(true);
  });

  it("is empty for two alike, and has no middle then", () => {
    const parts = differenceOf(bar(0, 10), bar(0, 10));
    expect(parts.map((part) => part.count())).toEqual([0, 0]);
    expect(middleOf(parts[0])).toBeNull();
    expect(middleOf(bar(4, 7))).toEqual([5, 3, 2]);
  });

  it("is drawn over everything, with numbers that nobody has", () => {
    const looks = looksOfDifference(new Set([1, 2, 32]));
    expect(looks.map(({ id }) => id)).toEqual([30, 31]);
  });
});
