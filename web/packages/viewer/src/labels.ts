import { type Box, type Mask, overlapOf, unionOf } from "./mask";
import type { Grid, Shape } from "./volume";

/** How a structure is drawn: colour 0–255, opacities 0–1. */
export interface LabelStyle {
  readonly colour: readonly [number, number, number];
  readonly fill: number;
  readonly outline: number;
}

export const MOST_STRUCTURES = 32;

/**
 * Up to 32 structures over one grid. What is drawn is one byte per voxel: the number (1–32) of the visible
 * structure that comes last; the masks themselves stay packed, so that structures may overlap.
 */
export class Labels implements Grid {
  data: Uint8Array;
  /** Rises with every change of `data`. */
  version = 0;
  private readonly masks = new Map<number, Mask>();
  private readonly hidden = new Set<number>();
  private readonly listeners = new Set<(box: Box) => void>();

  constructor(
    readonly shape: Shape,
    readonly affine: Grid["affine"],
  ) {
    this.data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  }

  onChange(listener: (box: Box) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  maskOf(id: number): Mask | undefined {
    return this.masks.get(id);
  }

  isVisible(id: number): boolean {
    return !this.hidden.has(id);
  }

  setMask(id: number, mask: Mask): void {
    this.setMasks([[id, mask]]);
  }

  /** Put several masks in place and tell it once; a mask that nobody sees costs nothing until it is shown. */
  setMasks(masks: Iterable<readonly [number, Mask]>): void {
    let changed: Box | null = null;
    for (const [id, mask] of masks) {
      if (!Number.isInteger(id) || id < 1 || id > MOST_STRUCTURES)
        throw new RangeError(`no structure number ${id}`);
      const before = this.masks.get(id);
      this.masks.set(id, mask);
      if (this.hidden.has(id)) continue;
      const part = before ? this.redraw(unionOf(before, mask)) : this.lay(id, mask);
      if (part) changed = changed ? unionOf(changed, part) : part;
    }
    if (changed) this.tell(changed);
  }

  removeMask(id: number): void {
    const before = this.masks.get(id);
    this.masks.delete(id);
    if (before && this.isVisible(id)) this.compose(before);
  }

  setVisible(id: number, visible: boolean): void {
    if (visible === this.isVisible(id)) return;
    if (visible) this.hidden.delete(id);
    else this.hidden.add(id);
    const mask = this.masks.get(id);
    if (mask) this.compose(mask);
  }

  /** Structures at a voxel, also those that are covered or hidden. */
  structuresAt(k: number, j: number, i: number): number[] {
    return [...this.masks].filter(([, mask]) => mask.has(k, j, i)).map(([id]) => id);
  }

  /** Draw the masks again inside `box`. */
  compose(box: Box): void {
    const part = this.redraw(box);
    if (part) this.tell(part);
  }

  private redraw(box: Box): Box | null {
    const inside = overlapOf(box, this.whole);
    if (!inside) return null;
    this.clear(inside);
    for (const [id, mask] of [...this.masks].sort((a, b) => a[0] - b[0])) {
      const part = this.hidden.has(id) ? null : overlapOf(inside, mask);
      if (part) this.paint(id, mask, part);
    }
    return inside;
  }

  /** Draw a mask that is new, below those that come after it. */
  private lay(id: number, mask: Mask): Box | null {
    const part = overlapOf(mask, this.whole);
    if (part) this.paint(id, mask, part);
    return part;
  }

  private get whole(): Box {
    return { start: [0, 0, 0], shape: this.shape };
  }

  private tell(box: Box): void {
    this.version++;
    for (const listener of this.listeners) listener(box);
  }

  private clear({ start, shape }: Box): void {
    const [, J, I] = this.shape;
    for (let k = start[0]; k < start[0] + shape[0]; k++) {
      for (let j = start[1]; j < start[1] + shape[1]; j++) {
        const at = (k * J + j) * I + start[2];
        this.data.fill(0, at, at + shape[2]);
      }
    }
  }

  private paint(id: number, mask: Mask, { start, shape }: Box): void {
    const [, J, I] = this.shape;
    const { bits, data } = { bits: mask.bits, data: this.data };
    for (let k = start[0]; k < start[0] + shape[0]; k++) {
      for (let j = start[1]; j < start[1] + shape[1]; j++) {
        let n = mask.bitOf(k, j, start[2]);
        let at = (k * J + j) * I + start[2];
        const end = at + shape[2];
        while (at < end) {
          const byte = bits[n >> 3] as number;
          if (byte === 0) {
            const skip = 8 - (n & 7);
            n += skip;
            at += skip;
            continue;
          }
          if ((byte >> (n & 7)) & 1 && (data[at] as number) < id) data[at] = id;
          n++;
          at++;
        }
      }
    }
  }

  dispose(): void {
    this.masks.clear();
    this.listeners.clear();
    this.data = new Uint8Array(0);
  }
}
