import { type Affine, applyToPoint, invert, type Lps, mix, norm, subtract } from "@teleneedle/geometry";
import { arrayOf, type Container, ContainerError } from "./tnb1";
import type { Shape } from "./volume";

/** Stored distances are whole twentieths of a millimetre. */
const UNIT_MM = 0.05;
const STEP_MM = 0.25;

/** What is left between a needle and a structure, and where that is. */
export interface Clearance {
  /** Distance of the needle's surface from the structure, mm; negative inside; at least this where `isAtLeast`. */
  readonly mm: number;
  readonly at: Lps;
  /** From the entry, mm. */
  readonly depthMm: number;
  /** The needle comes nowhere near enough for the field to say more. */
  readonly isAtLeast: boolean;
}

/** Signed distance from one structure, mm, sampled while a needle is being moved. */
export class DistanceField {
  private readonly lpsToIndex: Affine;

  constructor(
    readonly shape: Shape,
    affine: Affine,
    readonly values: Int16Array,
    /** The largest distance that the field is exact to. */
    readonly reachMm = 40,
  ) {
    if (values.length !== shape[0] * shape[1] * shape[2])
      throw new RangeError("distances do not fill the shape");
    this.lpsToIndex = invert(affine);
  }

  static read(container: Container): DistanceField {
    const { shape, values } = arrayOf(container, "distance", "int16");
    const { affine } = container.facts;
    if (shape.length !== 3 || !Array.isArray(affine)) throw new ContainerError("distances without a place");
    return new DistanceField(
      [shape[0] ?? 0, shape[1] ?? 0, shape[2] ?? 0],
      (affine as number[]).flat(),
      values,
    );
  }

  /** Distance at a point, trilinear; outside the field its reach. */
  distanceAt(p: Lps): number {
    const [i, j, k] = applyToPoint(this.lpsToIndex, p);
    return this.sample(i, j, k);
  }

  private sample(i: number, j: number, k: number): number {
    const [K, J, I] = this.shape;
    if (i < 0 || j < 0 || k < 0 || i > I - 1 || j > J - 1 || k > K - 1) return this.reachMm;
    const i0 = i | 0;
    const j0 = j | 0;
    const k0 = k | 0;
    const si = i0 < I - 1 ? 1 : 0;
    const sj = j0 < J - 1 ? I : 0;
    const sk = k0 < K - 1 ? I * J : 0;
    const n = (k0 * J + j0) * I + i0;
    const { values: v } = this;
    const fi = i - i0;
    const fj = j - j0;
    const a = v[n] as number;
    const b = v[n + sj] as number;
    const c = v[n + sk] as number;
    const d = v[n + sj + sk] as number;
    const near = a + fi * ((v[n + si] as number) - a);
    const near2 = b + fi * ((v[n + sj + si] as number) - b);
    const far = c + fi * ((v[n + sk + si] as number) - c);
    const far2 = d + fi * ((v[n + sj + sk + si] as number) - d);
    const front = near + fj * (near2 - near);
    return (front + (k - k0) * (far + fj * (far2 - far) - front)) * UNIT_MM;
  }

  /**
   * Smallest distance along the segment, in steps of at most 0.25 mm, less the needle's radius.
   * Interpolated distances shrink by at most √3 mm per mm of way: where the distance is larger than the smallest
   * one so far, as many steps are skipped as cannot hold a smaller one.
   */
  clearance(entry: Lps, tip: Lps, radiusMm: number): Clearance {
    const length = norm(subtract(tip, entry));
    const steps = Math.max(1, Math.ceil(length / STEP_MM));
    const from = applyToPoint(this.lpsToIndex, entry);
    const to = applyToPoint(this.lpsToIndex, tip);
    const [di, dj, dk] = [(to[0] - from[0]) / steps, (to[1] - from[1]) / steps, (to[2] - from[2]) / steps];
    const stepMm = length / steps || STEP_MM;
    let least = Number.POSITIVE_INFINITY;
    let best = 0;
    for (let n = 0; n <= steps; ) {
      const value = this.sample(from[0] + di * n, from[1] + dj * n, from[2] + dk * n);
      if (value < least) {
        least = value;
        best = n;
      }
      n += value < this.reachMm ? Math.max(1, Math.floor((value - least) / (stepMm * Math.sqrt(3)))) : 1;
    }
    return {
      mm: least - radiusMm,
      at: mix(entry, tip, best / steps),
      depthMm: (length * best) / steps,
      isAtLeast: least >= this.reachMm,
    };
  }
}

/** The clearance of a needle from every structure, in the order of `fields`. */
export const clearancesOf = (
  fields: readonly DistanceField[],
  needle: { readonly entry: Lps; readonly tip: Lps; readonly radiusMm: number },
): Clearance[] => fields.map((field) => field.clearance(needle.entry, needle.tip, needle.radiusMm));
