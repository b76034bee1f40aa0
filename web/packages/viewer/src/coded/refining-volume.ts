import type { Affine } from "@teleneedle/geometry";
import { type Shape, Volume } from "../volume";
import { reduced } from "./decode-slice";

/** Resolutions that the coarsest pictures leave out: an eighth of the size. */
export const COARSE = 3;
/** In place of the resolutions left out, where there is no picture yet. */
const NONE = 255;
const AIR_HU = -1024;

export interface RefiningEvents {
  /** Other arrays are shown from now on. */
  onVolume(volume: Volume): void;
  /** Slices [from, to) of the shown volume have become better. */
  onSlices(from: number, to: number): void;
}

function coarseAffine(affine: Affine): Affine {
  const step = 2 ** COARSE;
  return affine.map((value, n) => (n % 4 < 2 && n < 12 ? value * step : value));
}

const filled = (length: number) => new Int16Array(length).fill(AIR_HU);

/**
 * A series that becomes finer slice by slice.
 *
 * First a small volume of coarse pictures is shown. Finer pictures are put into arrays of the full size; these are
 * shown as soon as they hold every slice of which there is a picture, whatever its resolution.
 */
export class RefiningVolume {
  readonly coarse: Volume;
  fine: Volume | null = null;
  shown: Volume;
  /** Finest picture of each slice, as resolutions left out. */
  private readonly skips: Uint8Array;
  private readonly inFine: Uint8Array;

  constructor(
    readonly shape: Shape,
    readonly affine: Affine,
    private readonly events: RefiningEvents,
  ) {
    const [K, J, I] = shape;
    const small: Shape = [K, reduced(J, COARSE), reduced(I, COARSE)];
    const data = filled(K * small[1] * small[2]);
    this.coarse = new Volume(small, coarseAffine(affine), data, COARSE, { shape, affine });
    this.shown = this.coarse;
    this.skips = new Uint8Array(K).fill(NONE);
    this.inFine = new Uint8Array(K);
  }

  /** Resolutions that the picture of a slice leaves out; null where there is none. */
  skipOf(k: number): number | null {
    const skip = this.skips[k] ?? NONE;
    return skip === NONE ? null : skip;
  }

  /** How many slices have a picture that leaves out `skip` resolutions or fewer. */
  count(skip: number): number {
    return this.skips.reduce((sum, one) => sum + (one <= skip ? 1 : 0), 0);
  }

  /** Resolutions left out by the coarsest slice; null while a slice is missing. */
  get level(): number | null {
    const coarsest = this.skips.reduce((a, b) => Math.max(a, b), 0);
    return coarsest === NONE ? null : coarsest;
  }

  /** Coarse pixels of a slice as they are kept; a copy. */
  coarseSlice(k: number): { size: readonly [number, number]; hu: Int16Array } {
    const [, rows, columns] = this.coarse.shape;
    const pixels = rows * columns;
    return { size: [rows, columns], hu: this.coarse.data.slice(k * pixels, (k + 1) * pixels) };
  }

  /** Slices whose coarse picture is not in the full-size arrays yet. */
  get waitingForSize(): number[] {
    return [...this.skips.keys()].filter((k) => this.skips[k] !== NONE && !this.inFine[k]);
  }

  addCoarse(k: number, hu: Int16Array): void {
    this.put(this.coarse, k, hu);
    if (this.skipOf(k) === null) this.skips[k] = COARSE;
    if (this.shown === this.coarse) this.events.onSlices(k, k + 1);
  }

  /** A picture at full size that leaves out `skip` resolutions; one that is no finer than the kept one is ignored. */
  addFine(k: number, hu: Int16Array, skip: number): void {
    const [K, J, I] = this.shape;
    this.fine ??= new Volume(this.shape, this.affine, filled(K * J * I));
    if (this.inFine[k] && (this.skips[k] as number) <= skip) return;
    this.put(this.fine, k, hu);
    this.inFine[k] = 1;
    this.skips[k] = Math.min(this.skips[k] as number, skip);
    if (this.shown === this.fine) this.events.onSlices(k, k + 1);
    else if (this.waitingForSize.length === 0) {
      this.shown = this.fine;
      this.events.onVolume(this.fine);
    }
  }

  private put({ shape, data }: Volume, k: number, hu: Int16Array): void {
    const pixels = shape[1] * shape[2];
    if (hu.length !== pixels || k < 0 || k >= shape[0])
      throw new RangeError("the picture is of no such slice");
    data.set(hu, k * pixels);
  }

  /** Show as slice `k` what `other` shows as slice `from`; whether it has a picture of it. */
  takeSlice(k: number, other: RefiningVolume, from: number): boolean {
    const skip = other.skipOf(from);
    if (skip === null || other.shape[1] !== this.shape[1] || other.shape[2] !== this.shape[2]) return false;
    const pixels = this.shape[1] * this.shape[2];
    if (other.fine && other.inFine[from])
      this.addFine(k, other.fine.data.subarray(from * pixels, (from + 1) * pixels), skip);
    else this.addCoarse(k, other.coarseSlice(from).hu);
    return true;
  }
}
