import type { Labels } from "./labels";
import type { Mask } from "./mask";
import { type MaskDelta, runsOf, turnStroke } from "./mask-delta";

/** One byte per voxel of a mask's box, with a rim of `rim` empty voxels. */
class Bytes {
  readonly shape: readonly [number, number, number];
  readonly values: Uint8Array;

  constructor(
    readonly mask: Mask,
    readonly rim: number,
  ) {
    const [K, J, I] = mask.shape;
    this.shape = [K + 2 * rim, J + 2 * rim, I + 2 * rim];
    this.values = new Uint8Array(this.shape[0] * this.shape[1] * this.shape[2]);
    mask.visit((k, j, i) => {
      this.values[this.at(k, j, i)] = 1;
    });
  }

  at(k: number, j: number, i: number): number {
    const [a, b, c] = this.mask.start;
    const [, J, I] = this.shape;
    return ((k - a + this.rim) * J + (j - b + this.rim)) * I + (i - c + this.rim);
  }
}

/** Each value and its neighbours `step` before and after, added up. */
function addNeighbours(values: Uint8Array, step: number): Uint8Array {
  const out = values.slice();
  for (let n = step; n < values.length - step; n++) {
    out[n] = (values[n - step] as number) + (values[n] as number) + (values[n + step] as number);
  }
  return out;
}

/** Voxels that go with most of the 27 around them: corners and spikes go, dents fill. */
function majority(bytes: Bytes): Uint8Array {
  const [, J, I] = bytes.shape;
  const votes = addNeighbours(addNeighbours(addNeighbours(bytes.values, 1), I), J * I);
  return votes.map((count) => (count > 13 ? 1 : 0));
}

/** The mask with every hole filled that no way through its slice leads out of. */
function withoutHoles(bytes: Bytes): Uint8Array {
  const [K, J, I] = bytes.shape;
  const filled = new Uint8Array(bytes.values.length).fill(1);
  const stack: number[] = [];
  const reach = (n: number) => {
    if (filled[n] === 0 || bytes.values[n] === 1) return;
    filled[n] = 0;
    stack.push(n);
  };
  for (let k = 0; k < K; k++) {
    const first = k * J * I;
    reach(first);
    for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
      const j = Math.floor((n - first) / I);
      const i = n - first - j * I;
      if (i > 0) reach(n - 1);
      if (i < I - 1) reach(n + 1);
      if (j > 0) reach(n - I);
      if (j < J - 1) reach(n + I);
    }
  }
  return filled;
}

/** Put other voxels in place; the edit that undoes it, or null when nothing changed. */
function replace(labels: Labels, structure: number, change: (bytes: Bytes) => Uint8Array): MaskDelta | null {
  const mask = labels.maskOf(structure);
  if (!mask) return null;
  const box = { start: mask.start, shape: mask.shape };
  const bytes = new Bytes(mask, 1);
  const after = change(bytes);
  const turned: number[] = [];
  const [, J, I] = labels.shape;
  const [K0, J0, I0] = box.start;
  for (let k = K0; k < K0 + box.shape[0]; k++) {
    for (let j = J0; j < J0 + box.shape[1]; j++) {
      for (let i = I0; i < I0 + box.shape[2]; i++) {
        const n = bytes.at(k, j, i);
        if (after[n] !== bytes.values[n]) turned.push((k * J + j) * I + i);
      }
    }
  }
  if (turned.length === 0) return null;
  const runs = runsOf(Uint32Array.from(turned));
  const delta: MaskDelta = { kind: "mask", structure, box, runs, bytes: runs.byteLength + 100 };
  turnStroke(labels, delta);
  return delta;
}

export const smoothMask = (labels: Labels, structure: number): MaskDelta | null =>
  replace(labels, structure, majority);

export const fillHoles = (labels: Labels, structure: number): MaskDelta | null =>
  replace(labels, structure, withoutHoles);
