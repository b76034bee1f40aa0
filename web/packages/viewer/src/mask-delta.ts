import type { Labels } from "./labels";
import type { Box } from "./mask";

/** One stroke: the voxels that it turned over, as runs (start, length) of voxel numbers of the grid. */
export interface MaskDelta {
  readonly kind: "mask";
  readonly structure: number;
  readonly box: Box;
  readonly runs: Uint32Array;
  readonly bytes: number;
}

/** Runs of the sorted voxel numbers. */
export function runsOf(voxels: Uint32Array): Uint32Array {
  const runs: number[] = [];
  let start = -1;
  let length = 0;
  for (const voxel of voxels) {
    if (start >= 0 && voxel === start + length) {
      length++;
      continue;
    }
    if (start >= 0) runs.push(start, length);
    start = voxel;
    length = 1;
  }
  if (start >= 0) runs.push(start, length);
  return Uint32Array.from(runs);
}

/** Turn the voxels of a stroke over: undo and redo are the same. */
export function turnStroke(labels: Labels, delta: MaskDelta): void {
  const mask = labels.maskOf(delta.structure);
  if (!mask) return;
  const [, J, I] = labels.shape;
  for (let n = 0; n < delta.runs.length; n += 2) {
    const first = delta.runs[n] as number;
    for (let voxel = first; voxel < first + (delta.runs[n + 1] as number); voxel++) {
      const row = (voxel / I) | 0;
      const k = (row / J) | 0;
      const [j, i] = [row - k * J, voxel - row * I];
      mask.put(k, j, i, !mask.has(k, j, i));
    }
  }
  labels.compose(delta.box);
}
