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
  type Vec3,
} from "@teleneedle/geometry";
import type { Labels } from "./labels";
import { type Box, endOf, Mask, overlapOf, unionOf } from "./mask";
import { type MaskDelta, runsOf } from "./mask-delta";
import type { Brush } from "./state";
import type { Volume } from "./volume";

/** One stroke of the brush or eraser: dabs while the pointer is down, and in the end the delta that undoes it. */
export class Stroke {
  private readonly lpsToIndex;
  private readonly reach: readonly [number, number, number];
  private readonly normal: Vec3;
  /** Half a slice: a disc paints one layer. */
  private readonly thin: number;
  private readonly radius2: number;
  /** From one voxel of a row to the next, mm. */
  private readonly column: Vec3;
  private readonly turned = new Set<number>();
  private box: Box | null = null;
  private last: Lps | null = null;

  constructor(
    private readonly labels: Labels,
    private readonly volume: Volume | null,
    private readonly brush: Brush,
    plane: Plane,
    private readonly erase: boolean,
  ) {
    this.lpsToIndex = invert(labels.affine);
    const m = this.lpsToIndex;
    const row = (r: number) => Math.hypot(m[r] ?? 0, m[r + 1] ?? 0, m[r + 2] ?? 0) * brush.radiusMm;
    this.reach = [row(0), row(4), row(8)];
    this.normal = normalOf(plane);
    this.thin = this.halfSlice(this.normal);
    this.radius2 = brush.radiusMm ** 2;
    const { affine } = labels;
    this.column = [affine[0] ?? 0, affine[4] ?? 0, affine[8] ?? 0];
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
    const end = endOf(box);
    for (let k = box.start[0]; k < end[0]; k++)
      for (let j = box.start[1]; j < end[1]; j++) this.paintRow(mask, at, k, j, box.start[2], end[2]);
    this.box = this.box ? unionOf(this.box, box) : box;
    return box;
  }

  /** One row of voxels of a dab: tens of thousands a second, so nothing is made for one of them. */
  private paintRow(mask: Mask, at: Lps, k: number, j: number, from: number, to: number): void {
    const [, J, I] = this.labels.shape;
    const { ball, limits } = this.brush;
    const first = toLps(this.labels.affine, index(from, j, k));
    const [nx, ny, nz] = this.normal;
    let [x, y, z] = [first[0] - at[0], first[1] - at[1], first[2] - at[2]];
    const [dx, dy, dz] = this.column;
    for (let i = from; i < to; i++, x += dx, y += dy, z += dz) {
      const height = ball ? 0 : x * nx + y * ny + z * nz;
      if (Math.abs(height) > this.thin) continue;
      if (x * x + y * y + z * z - height * height > this.radius2) continue;
      const voxel = (k * J + j) * I + i;
      if (limits && !this.allowed(limits, k, j, i, voxel)) continue;
      if (mask.put(k, j, i, !this.erase)) this.turn(voxel);
    }
  }

  private turn(voxel: number): void {
    if (!this.turned.delete(voxel)) this.turned.add(voxel);
  }

  private allowed(
    limits: readonly [number, number],
    k: number,
    j: number,
    i: number,
    voxel: number,
  ): boolean {
    const { labels, volume } = this;
    if (!volume) return true;
    const same = volume.level === 0 && volume.shape[0] === labels.shape[0];
    const hu = same ? (volume.data[voxel] as number) : volume.huAt(toLps(labels.affine, index(i, j, k)));
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
