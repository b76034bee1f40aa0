import {
  type Box,
  endOf,
  type Labels,
  type MaskDelta,
  overlapOf,
  runsOf,
  turnStroke,
} from "@teleneedle/viewer";

/** Every voxel takes what most of the 27 voxels around it are: edges lose their teeth, the volume stays. */
export function smoothMask(labels: Labels, structure: number): MaskDelta | null {
  const mask = labels.maskOf(structure);
  if (!mask) return null;
  const around: Box = {
    start: [mask.start[0] - 1, mask.start[1] - 1, mask.start[2] - 1],
    shape: [mask.shape[0] + 2, mask.shape[1] + 2, mask.shape[2] + 2],
  };
  const box = overlapOf(around, { start: [0, 0, 0], shape: labels.shape });
  if (!box) return null;
  mask.grow(box, labels.shape, 0);
  const [, J, I] = labels.shape;
  const [endK, endJ, endI] = endOf(box);
  const turned: number[] = [];
  for (let k = box.start[0]; k < endK; k++) {
    for (let j = box.start[1]; j < endJ; j++) {
      for (let i = box.start[2]; i < endI; i++) {
        let sum = 0;
        for (let dk = -1; dk <= 1; dk++)
          for (let dj = -1; dj <= 1; dj++)
            for (let di = -1; di <= 1; di++) if (mask.has(k + dk, j + dj, i + di)) sum++;
        if (sum > 13 !== mask.has(k, j, i)) turned.push((k * J + j) * I + i);
      }
    }
  }
  if (turned.length === 0) return null;
  const runs = runsOf(Uint32Array.from(turned));
  const delta: MaskDelta = { kind: "mask", structure, box, runs, bytes: runs.byteLength + 100 };
  turnStroke(labels, delta);
  return delta;
}
