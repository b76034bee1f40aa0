import {
  applyToPoint,
  distanceMm,
  index,
  invert,
  type Lps,
  mix,
  normalOf,
  type Plane,
  toLps,
} from "@teleneedle/geometry";
import type { Labels } from "./labels";
import { type Box, Mask, overlapOf, unionOf } from "./mask";
import { type MaskDelta, runsOf } from "./mask-delta";
import type { Brush } from "./state";
import type { Volume } from "./volume";

/** One stroke of the brush or eraser: dabs while the pointer is down, and in the end the delta that undoes it. */
export class Stroke {
  private readonly lpsToIndex;
  private readonly reach: readonly [number, number, number];
  private readonly turned = new Set<number>();
  private box: Box | null = null;
  private last: Lps | null = null;

  constructor(
    private readonly labels: Labels,
    private readonly volume: Volume | null,
    private readonly brush: Brush,
    private readonly plane: Plane,
    private readonly erase: boolean,
  ) {
    this.lpsToIndex = invert(labels.affine);
    const m = this.lpsToIndex;
    const row = (r: number) => Math.hypot(m[r] ?? 0, m[r + 1] ?? 0, m[r + 2] ?? 0) * brush.radiusMm;
    this.reach = [row(0), row(4), row(8)];
    if (!labels.maskOf(brush.structure)) {
      labels.setMask(brush.structure, new Mask({ start: [0, 0, 0], shape: [1, 1, 1] }));
    }
  }

  /** Dabs from the last point to `to`, close enough that no gap is left. */
  lineTo(to: Lps): void {
    const from = this.last ?? to;
    const steps = Math.max(1, Math.ceil(distanceMm(from, to) / Math.max(0.25, this.brush.radiusMm / 2)));
    let dirty: Box | null = null;
    for (let n = 1; n <= steps; n++) {
      const box = this.paint(mix(from, to, n / steps));
      if (box) dirty = dirty ? unionOf(dirty, box) : box;
    }
    this.last = to;
    if (dirty) this.labels.compose(dirty);
  }

  dab(at: Lps): void {
    this.last = null;
    this.lineTo(at);
  }

  private paint(at: Lps): Box | null {
    const mask = this.labels.maskOf(this.brush.structure);
    const box = this.around(at);
    if (!mask || !box) return null;
    if (!this.erase) mask.grow(box, this.labels.shape);
    const [K, J, I] = this.labels.shape;
    const normal = normalOf(this.plane);
    const radius2 = this.brush.radiusMm ** 2;
    const thin = this.halfSlice(normal);
    for (let k = box.start[0]; k < box.start[0] + box.shape[0]; k++) {
      for (let j = box.start[1]; j < box.start[1] + box.shape[1]; j++) {
        for (let i = box.start[2]; i < box.start[2] + box.shape[2]; i++) {
          const p = toLps(this.labels.affine, index(i, j, k));
          const [x, y, z] = [p[0] - at[0], p[1] - at[1], p[2] - at[2]];
          const height = x * normal[0] + y * normal[1] + z * normal[2];
          if (!this.brush.ball && Math.abs(height) > thin) continue;
          const across = x * x + y * y + z * z - (this.brush.ball ? 0 : height * height);
          if (across > radius2 || !this.allowed(p, (k * J + j) * I + i, K)) continue;
          if (mask.put(k, j, i, !this.erase)) this.turn((k * J + j) * I + i);
        }
      }
    }
    this.box = this.box ? unionOf(this.box, box) : box;
    return box;
  }

  private turn(voxel: number): void {
    if (!this.turned.delete(voxel)) this.turned.add(voxel);
  }

  private allowed(p: Lps, voxel: number, slices: number): boolean {
    const { limits } = this.brush;
    if (!limits || !this.volume) return true;
    const same = this.volume.level === 0 && this.volume.shape[0] === slices;
    const hu = same ? (this.volume.data[voxel] as number) : this.volume.huAt(p);
    return hu >= limits[0] && hu <= limits[1];
  }

  /** Half a voxel along the normal: a disc paints one layer. */
  private halfSlice(normal: readonly [number, number, number]): number {
    const m = this.labels.affine;
    const part = (c: number) =>
      Math.abs(normal[0] * (m[c] ?? 0) + normal[1] * (m[4 + c] ?? 0) + normal[2] * (m[8 + c] ?? 0));
    return Math.max(part(0), part(1), part(2)) / 2 + 1e-6;
  }

  private around(at: Lps): Box | null {
    const [i, j, k] = applyToPoint(this.lpsToIndex, at);
    const [ri, rj, rk] = this.reach;
    const low = (c: number, r: number) => Math.ceil(c - r - 1);
    const size = (c: number, r: number) => Math.floor(c + r + 1) - low(c, r) + 1;
    return overlapOf(
      {
        start: [low(k, rk), low(j, rj), low(i, ri)],
        shape: [size(k, rk), size(j, rj), size(i, ri)],
      },
      { start: [0, 0, 0], shape: this.labels.shape },
    );
  }

  /** What the stroke changed, or null when it changed nothing. */
  finish(): MaskDelta | null {
    if (!this.box || this.turned.size === 0) return null;
    const runs = runsOf(Uint32Array.from(this.turned).sort());
    return {
      kind: "mask",
      structure: this.brush.structure,
      box: this.box,
      runs,
      bytes: runs.byteLength + 100,
    };
  }
}
