import { type Lps, lps } from "@teleneedle/geometry";

/** Letters of the patient's directions, negative and positive along x, y, z (LPS). */
export type DirectionWords = readonly [
  readonly [string, string],
  readonly [string, string],
  readonly [string, string],
];

/** Every sign for a direction that is understood: axis and sign. */
const DIRECTIONS: Readonly<Record<string, readonly [0 | 1 | 2, 1 | -1]>> = {
  R: [0, -1],
  L: [0, 1],
  A: [1, -1],
  P: [1, 1],
  F: [2, -1],
  I: [2, -1],
  H: [2, 1],
  S: [2, 1],
  右: [0, -1],
  左: [0, 1],
  前: [1, -1],
  后: [1, 1],
  足: [2, -1],
  头: [2, 1],
};

/** A point as a person says it, such as `R 52.2 A 121.2 H 156.4`; mm to a tenth. */
export function sayPoint(p: Lps, words: DirectionWords): string {
  return words
    .map(([negative, positive], axis) => {
      const mm = p[axis as 0 | 1 | 2];
      const shown = Math.abs(mm).toFixed(1);
      return `${mm < 0 && shown !== "0.0" ? negative : positive} ${shown}`;
    })
    .join("  ");
}

/**
 * A point from what a person typed: three directions with mm in any order, or three signed LPS numbers.
 * Null for anything else, a direction named twice for example.
 */
export function readPoint(text: string): Lps | null {
  const plain = text
    .trim()
    .replace(/−/g, "-")
    .replace(/[，；;,]/g, " ");
  const number = String.raw`-?\d+(?:\.\d+)?`;
  if (new RegExp(String.raw`^${number}(?:\s+${number}){2}$`).test(plain)) {
    const [x = 0, y = 0, z = 0] = plain.split(/\s+/).map(Number);
    return lps(x, y, z);
  }
  const part = /([A-Z右左前后足头])\s*(\d+(?:\.\d+)?)\s*(?:mm)?/gy;
  const upper = plain.toUpperCase().replace(/MM/g, "").replace(/\s+/g, "");
  const found = new Map<number, number>();
  part.lastIndex = 0;
  let end = 0;
  for (let match = part.exec(upper); match; match = part.exec(upper)) {
    const direction = DIRECTIONS[match[1] ?? ""];
    if (!direction || found.has(direction[0])) return null;
    found.set(direction[0], direction[1] * Number(match[2]));
    end = part.lastIndex;
  }
  const [x, y, z] = [found.get(0), found.get(1), found.get(2)];
  return end === upper.length && x !== undefined && y !== undefined && z !== undefined ? lps(x, y, z) : null;
}
