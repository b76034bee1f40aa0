import type { Shape } from "./volume";

/** A box of voxels: start and shape in the order k, j, i. */
export interface Box {
  readonly start: Shape;
  readonly shape: Shape;
}

export const endOf = (box: Box): Shape => [
  box.start[0] + box.shape[0],
  box.start[1] + box.shape[1],
  box.start[2] + box.shape[2],
];

export function unionOf(a: Box, b: Box): Box {
  const [ea, eb] = [endOf(a), endOf(b)];
  const low = (n: 0 | 1 | 2) => Math.min(a.start[n], b.start[n]);
  const size = (n: 0 | 1 | 2) => Math.max(ea[n], eb[n]) - low(n);
  return { start: [low(0), low(1), low(2)], shape: [size(0), size(1), size(2)] };
}

/** The common part of two boxes, or null. */
export function overlapOf(a: Box, b: Box): Box | null {
  const [ea, eb] = [endOf(a), endOf(b)];
  const low = (n: 0 | 1 | 2) => Math.max(a.start[n], b.start[n]);
  const size = (n: 0 | 1 | 2) => Math.min(ea[n], eb[n]) - low(n);
  const shape: Shape = [size(0), size(1), size(2)];
  return Math.min(...shape) > 0 ? { start: [low(0), low(1), low(2)], shape } : null;
}

/** A structure as packed bits (little bit order, C order) of a box of the series grid. */
export class Mask implements Box {
  start: Shape;
  shape: Shape;
  bits: Uint8Array;

  constructor(box: Box, bits?: Uint8Array) {
    this.start = box.start;
    this.shape = box.shape;
    const bytes = (box.shape[0] * box.shape[1] * box.shape[2] + 7) >> 3;
    if (bits && bits.length < bytes) throw new RangeError("mask bits do not fill the box");
    this.bits = bits ?? new Uint8Array(bytes);
  }

  /** Bit number of a voxel, or −1 outside the box. */
  bitOf(k: number, j: number, i: number): number {
    const a = k - this.start[0];
    const b = j - this.start[1];
    const c = i - this.start[2];
    const [K, J, I] = this.shape;
    return a < 0 || b < 0 || c < 0 || a >= K || b >= J || c >= I ? -1 : (a * J + b) * I + c;
  }

  has(k: number, j: number, i: number): boolean {
    const n = this.bitOf(k, j, i);
    return n >= 0 && (((this.bits[n >> 3] as number) >> (n & 7)) & 1) === 1;
  }

  /** Set or clear a voxel inside the box; true when that changed it. */
  put(k: number, j: number, i: number, on: boolean): boolean {
    const n = this.bitOf(k, j, i);
    if (n < 0) return false;
    const before = this.bits[n >> 3] as number;
    const after = on ? before | (1 << (n & 7)) : before & ~(1 << (n & 7));
    this.bits[n >> 3] = after;
    return after !== before;
  }

  /** Make the box hold `box`, with `spare` voxels more on the sides that grow, inside `limit`. */
  grow(box: Box, limit: Shape, spare = 12): void {
    const wide: Box = {
      start: [box.start[0] - spare, box.start[1] - spare, box.start[2] - spare],
      shape: [box.shape[0] + 2 * spare, box.shape[1] + 2 * spare, box.shape[2] + 2 * spare],
    };
    const need = unionOf(this, box);
    if (need.shape.every((n, axis) => n === this.shape[axis as 0 | 1 | 2])) return;
    const target = overlapOf(unionOf(this, wide), { start: [0, 0, 0], shape: limit });
    if (!target) return;
    const bigger = new Mask(target);
    this.visit((k, j, i) => {
      bigger.put(k, j, i, true);
    });
    this.start = bigger.start;
    this.shape = bigger.shape;
    this.bits = bigger.bits;
  }

  /** Every voxel that is set; empty bytes cost almost nothing. */
  visit(each: (k: number, j: number, i: number) => void): void {
    const [K, J, I] = this.shape;
    const total = K * J * I;
    for (let byte = 0; byte < this.bits.length; byte++) {
      let rest = this.bits[byte] as number;
      while (rest) {
        const low = rest & -rest;
        rest ^= low;
        const n = byte * 8 + 31 - Math.clz32(low);
        if (n >= total) return;
        const row = (n / I) | 0;
        const a = (row / J) | 0;
        each(a + this.start[0], row - a * J + this.start[1], n - row * I + this.start[2]);
      }
    }
  }

  /** Number of voxels that are set. */
  count(): number {
    let sum = 0;
    this.visit(() => {
      sum++;
    });
    return sum;
  }
}
