import {
  angleDeg,
  distanceMm,
  dot,
  index,
  invert,
  type Lps,
  lps,
  scale,
  subtract,
  toIndex,
  toLps,
} from "@teleneedle/geometry";
import type { Measure } from "./state";
import type { Volume } from "./volume";

export interface EllipseStatistics {
  readonly mean: number;
  readonly deviation: number;
  readonly areaMm2: number;
  readonly count: number;
}

type EllipseMeasure = Extract<Measure, { kind: "ellipse" }>;

/** Middle and half axes (mm) of a drawn ellipse. */
export function ellipseOf(measure: EllipseMeasure): { centre: Lps; rx: number; ry: number } {
  const [a, b] = measure.points;
  const d = subtract(b, a);
  const half = scale(d, 0.5);
  return {
    centre: lps(a[0] + half[0], a[1] + half[1], a[2] + half[2]),
    rx: Math.abs(dot(d, measure.right)) / 2,
    ry: Math.abs(dot(d, measure.down)) / 2,
  };
}

/** Mean and deviation of the CT numbers on the ellipse, sampled at about the voxel size; NaN where nothing is. */
export function ellipseStatistics(volume: Volume, measure: EllipseMeasure): EllipseStatistics {
  const { centre, rx, ry } = ellipseOf(measure);
  const step = Math.max(Math.min(...volume.spacingMm), Math.sqrt((rx * ry) / 4000));
  let [count, sum, squares] = [0, 0, 0];
  for (let v = -Math.floor(ry / step) * step; v <= ry; v += step) {
    for (let u = -Math.floor(rx / step) * step; u <= rx; u += step) {
      if ((u * u) / (rx * rx) + (v * v) / (ry * ry) > 1) continue;
      const { right, down } = measure;
      const hu = nearest(
        volume,
        lps(
          centre[0] + right[0] * u + down[0] * v,
          centre[1] + right[1] * u + down[1] * v,
          centre[2] + right[2] * u + down[2] * v,
        ),
      );
      if (Number.isNaN(hu)) continue;
      count++;
      sum += hu;
      squares += hu * hu;
    }
  }
  const mean = sum / count;
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    areaMm2: Math.PI * rx * ry,
    count,
  };
}

/** The CT number of the nearest voxel: statistics are of measured values, not of interpolated ones. */
function nearest(volume: Volume, p: Lps): number {
  const [i, j, k] = toIndex(volume.lpsToIndex, p).map(Math.round) as [number, number, number];
  const [K, J, I] = volume.shape;
  if (i < 0 || j < 0 || k < 0 || i >= I || j >= J || k >= K) return Number.NaN;
  return volume.data[(k * J + j) * I + i] as number;
}

export const measuredMm = (measure: Extract<Measure, { kind: "distance" }>): number =>
  distanceMm(...measure.points);
export const measuredDeg = (measure: Extract<Measure, { kind: "angle" }>): number =>
  angleDeg(...measure.points);

/** The voxel centre nearest to a point of a grid. */
export function snapToVoxel(grid: { affine: Volume["affine"] }, p: Lps): Lps {
  const [i, j, k] = toIndex(invert(grid.affine), p);
  return toLps(grid.affine, index(Math.round(i), Math.round(j), Math.round(k)));
}
