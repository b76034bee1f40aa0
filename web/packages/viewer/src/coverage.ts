import { type Affine, applyToPoint, type Ellipsoid, type Lps, lps, normalize } from "@teleneedle/geometry";
import type { Mask } from "./mask";

export interface Coverage {
  /** Share of the target inside the union of the zones, 0 to 1. */
  readonly share: number;
  /** Least distance that the zones reach beyond the target's surface, mm; negative where they fall short. */
  readonly minMarginMm: number;
  /** Where that is. */
  readonly at: Lps | null;
}

const MOST_POINTS = 4000;

/** At most 4000 points of a target and of its surface, drawn once; the numbers while dragging come from them. */
export class TargetPoints {
  private constructor(
    private readonly inside: Float64Array,
    private readonly surface: Float64Array,
  ) {}

  /** Voxels of the mask, thinned evenly. */
  static fromMask(mask: Mask, affine: Affine): TargetPoints {
    const inside: number[] = [];
    const surface: number[] = [];
    mask.visit((k, j, i) => {
      const voxel = mask.bitOf(k, j, i);
      inside.push(voxel);
      if (isOpen(mask, voxel, k, j, i)) surface.push(voxel);
    });
    return new TargetPoints(
      pointsOf(thinned(inside), mask, affine),
      pointsOf(thinned(surface), mask, affine),
    );
  }

  get count(): number {
    return this.inside.length / 3;
  }

  /** Coverage by the union of `zones`. */
  coverage(zones: readonly Ellipsoid[]): Coverage {
    const made = zones.map(prepared);
    let covered = 0;
    for (let n = 0; n < this.inside.length; n += 3) if (isInside(made, this.inside, n)) covered++;
    let minMarginMm = Number.POSITIVE_INFINITY;
    let worst = -1;
    for (let n = 0; n < this.surface.length; n += 3) {
      if (isAtLeastAsDeep(made, this.surface, n, minMarginMm)) continue;
      const depth = depthMm(made, this.surface, n);
      if (depth >= minMarginMm) continue;
      minMarginMm = depth;
      worst = n;
    }
    const s = this.surface;
    return {
      share: this.count ? covered / this.count : 0,
      minMarginMm: worst < 0 ? Number.NEGATIVE_INFINITY : minMarginMm,
      at: worst < 0 ? null : lps(s[worst] ?? 0, s[worst + 1] ?? 0, s[worst + 2] ?? 0),
    };
  }
}

/** Whether a voxel of the mask has a side to the outside. */
function isOpen({ bits, start, shape }: Mask, voxel: number, k: number, j: number, i: number): boolean {
  const [J, I] = [shape[1], shape[2]];
  const [a, b, c] = [k - start[0], j - start[1], i - start[2]];
  if (a === 0 || b === 0 || c === 0 || a === shape[0] - 1 || b === J - 1 || c === I - 1) return true;
  const isOff = (n: number) => (((bits[n >> 3] as number) >> (n & 7)) & 1) === 0;
  const layer = I * J;
  return (
    isOff(voxel - 1) ||
    isOff(voxel + 1) ||
    isOff(voxel - I) ||
    isOff(voxel + I) ||
    isOff(voxel - layer) ||
    isOff(voxel + layer)
  );
}

function thinned(voxels: readonly number[]): readonly number[] {
  const count = voxels.length;
  if (count <= MOST_POINTS) return voxels;
  const place = (n: number) => Math.floor(((n + ((n * 0.6180339887) % 1)) * (count - 1)) / MOST_POINTS);
  return Array.from({ length: MOST_POINTS }, (_, n) => voxels[place(n)] ?? 0);
}

/** Where voxels of the mask's box are in the patient. */
function pointsOf(voxels: readonly number[], { start, shape }: Mask, affine: Affine): Float64Array {
  const [J, I] = [shape[1], shape[2]];
  const out = new Float64Array(voxels.length * 3);
  voxels.forEach((voxel, n) => {
    const row = Math.floor(voxel / I);
    const k = Math.floor(row / J);
    out.set(applyToPoint(affine, [voxel - row * I + start[2], row - k * J + start[1], k + start[0]]), 3 * n);
  });
  return out;
}

interface Prepared {
  readonly c: Lps;
  readonly n: readonly [number, number, number];
  readonly a: number;
  readonly b: number;
}

const prepared = (zone: Ellipsoid): Prepared => ({
  c: zone.centre,
  n: normalize(zone.axis),
  a: zone.longMm / 2,
  b: zone.shortMm / 2,
});

/** Square of (along / a, across / b): below 1 inside, and how far out as a share of the half axes. */
function levelOf({ c, n, a, b }: Prepared, points: Float64Array, at: number): number {
  const x = (points[at] as number) - c[0];
  const y = (points[at + 1] as number) - c[1];
  const z = (points[at + 2] as number) - c[2];
  const along = x * n[0] + y * n[1] + z * n[2];
  return (along * along) / (a * a) + Math.max(0, x * x + y * y + z * z - along * along) / (b * b);
}

function isInside(zones: readonly Prepared[], points: Float64Array, at: number): boolean {
  for (const zone of zones) if (levelOf(zone, points, at) <= 1) return true;
  return false;
}

/** True when a bound that needs no foot point already shows a depth of at least `mm` in some zone. */
function isAtLeastAsDeep(zones: readonly Prepared[], points: Float64Array, at: number, mm: number): boolean {
  for (const zone of zones) {
    const out = Math.sqrt(levelOf(zone, points, at)) - 1;
    const half = out < 0 ? Math.min(zone.a, zone.b) : Math.max(zone.a, zone.b);
    if (-out * half >= mm) return true;
  }
  return false;
}

/** How deep a point lies inside the zone that holds it deepest, mm: never more than its depth in the union. */
function depthMm(zones: readonly Prepared[], points: Float64Array, at: number): number {
  let deepest = Number.NEGATIVE_INFINITY;
  for (const { c, n, a, b } of zones) {
    const x = (points[at] as number) - c[0];
    const y = (points[at + 1] as number) - c[1];
    const z = (points[at + 2] as number) - c[2];
    const along = Math.abs(x * n[0] + y * n[1] + z * n[2]);
    const across = Math.sqrt(Math.max(0, x * x + y * y + z * z - along * along));
    const reach = -distanceToEllipse(along, across, a, b);
    if (reach > deepest) deepest = reach;
  }
  return deepest;
}

/**
 * Signed distance of (x, y) ≥ 0 from the ellipse with half axes a, b; negative inside.
 * The foot point is found on the evolute's circle of curvature, three rounds give better than 0.01 mm.
 */
export function distanceToEllipse(x: number, y: number, a: number, b: number): number {
  let tx = Math.SQRT1_2;
  let ty = Math.SQRT1_2;
  for (let round = 0; round < 4; round++) {
    const ex = ((a * a - b * b) * tx * tx * tx) / a;
    const ey = ((b * b - a * a) * ty * ty * ty) / b;
    const r = length(a * tx - ex, b * ty - ey);
    const q = length(x - ex, y - ey) || 1e-12;
    tx = Math.min(1, Math.max(0, ((x - ex) * (r / q) + ex) / a));
    ty = Math.min(1, Math.max(0, ((y - ey) * (r / q) + ey) / b));
    const size = length(tx, ty) || 1e-12;
    tx /= size;
    ty /= size;
  }
  const distance = length(x - a * tx, y - b * ty);
  return (x * x) / (a * a) + (y * y) / (b * b) < 1 ? -distance : distance;
}

/** Much quicker than Math.hypot, and no millimetre overflows. */
const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);
