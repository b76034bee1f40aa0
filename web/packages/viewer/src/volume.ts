import { type Affine, applyToPoint, invert, type Lps, lps, spacing, type Vec3 } from "@teleneedle/geometry";

/** Voxel counts in the order of the array: slices, rows, columns. */
export type Shape = readonly [number, number, number];

/** Where an array lies in the patient. */
export interface Grid {
  readonly shape: Shape;
  readonly affine: Affine;
}

/** Linear interpolation in a C-ordered array at a continuous index; NaN outside. */
export function sampleLinear(
  values: ArrayLike<number>,
  shape: Shape,
  i: number,
  j: number,
  k: number,
): number {
  const [K, J, I] = shape;
  const rim = 1e-3;
  if (!(i >= -rim && j >= -rim && k >= -rim && i <= I - 1 + rim && j <= J - 1 + rim && k <= K - 1 + rim))
    return NaN;
  const i0 = Math.max(0, Math.min(i | 0, I - 2));
  const j0 = Math.max(0, Math.min(j | 0, J - 2));
  const k0 = Math.max(0, Math.min(k | 0, K - 2));
  const di = I > 1 ? 1 : 0;
  const dj = J > 1 ? I : 0;
  const dk = K > 1 ? I * J : 0;
  const at = (k0 * J + j0) * I + i0;
  const [fi, fj, fk] = [i - i0, j - j0, k - k0];
  const row = (n: number) => (values[n] as number) * (1 - fi) + (values[n + di] as number) * fi;
  const face = (n: number) => row(n) * (1 - fj) + row(n + dj) * fj;
  return face(at) * (1 - fk) + face(at + dk) * fk;
}

/** CT numbers in the patient. Statistics and probes read these, never the picture. */
export class Volume implements Grid {
  readonly lpsToIndex: Affine;
  readonly spacingMm: Vec3;

  /** `whole` is the finest grid of the series, whose middle is also the middle of a coarser one. */
  constructor(
    readonly shape: Shape,
    readonly affine: Affine,
    readonly data: Int16Array,
    readonly level = 0,
    private readonly whole: Grid | null = null,
  ) {
    if (data.length !== shape[0] * shape[1] * shape[2])
      throw new RangeError("volume data do not fill the shape");
    this.lpsToIndex = invert(affine);
    this.spacingMm = spacing(affine);
  }

  /** HU at a point, trilinear; NaN outside. */
  huAt(p: Lps): number {
    const [i, j, k] = applyToPoint(this.lpsToIndex, p);
    return sampleLinear(this.data, this.shape, i, j, k);
  }

  get centre(): Lps {
    const { shape, affine } = this.whole ?? this;
    const [K, J, I] = shape;
    return lps(...applyToPoint(affine, [(I - 1) / 2, (J - 1) / 2, (K - 1) / 2]));
  }
}

/** A level of a series as the hub lists it. */
export interface Layer extends Grid {
  readonly level: number;
}

/**
 * A series that arrives coarse first. `best` is the finest level of which every slice is there; coarser levels
 * are let go as soon as a finer one is complete.
 */
export class ProgressiveVolume {
  private readonly parts = new Map<number, { layer: Layer; data: Int16Array; missing: Set<number> }>();
  private complete: Volume | null = null;
  private readonly listeners = new Set<(volume: Volume) => void>();

  constructor(readonly layers: readonly Layer[]) {}

  get best(): Volume | null {
    return this.complete;
  }

  /** Called with every new `best`; returns how to stop. */
  onBetter(listener: (volume: Volume) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Add slices k0 … of `level`. */
  addSlab(level: number, k0: number, hu: Int16Array): void {
    if (this.complete && this.complete.level <= level) return;
    const part = this.partOf(level);
    const [K, J, I] = part.layer.shape;
    const slices = hu.length / (J * I);
    if (!Number.isInteger(slices) || k0 < 0 || k0 + slices > K) throw new RangeError("the slab does not fit");
    if (slices === K) part.data = hu;
    else part.data.set(hu, k0 * J * I);
    for (let k = k0; k < k0 + slices; k++) part.missing.delete(k);
    if (part.missing.size > 0) return;
    const whole = this.layers.find((layer) => layer.level === 0) ?? null;
    this.complete = new Volume(part.layer.shape, part.layer.affine, part.data, level, whole);
    for (const done of [...this.parts.keys()]) if (done >= level) this.parts.delete(done);
    for (const listener of this.listeners) listener(this.complete);
  }

  private partOf(level: number) {
    const known = this.parts.get(level);
    if (known) return known;
    const layer = this.layers.find((l) => l.level === level);
    if (!layer) throw new RangeError(`the series has no level ${level}`);
    const [K, J, I] = layer.shape;
    const part = {
      layer,
      data: new Int16Array(K * J * I),
      missing: new Set(Array.from({ length: K }, (_, k) => k)),
    };
    this.parts.set(level, part);
    return part;
  }

  dispose(): void {
    this.parts.clear();
    this.listeners.clear();
    this.complete = null;
  }
}

export type FetchSlab = (level: number, k0: number, k1: number, signal: AbortSignal) => Promise<Int16Array>;

/** Fetch every level, coarse first, the slices around `target` first within a level. */
export async function loadLevels(
  volume: ProgressiveVolume,
  fetchSlab: FetchSlab,
  { target = 0.5, slab = 32, signal = new AbortController().signal } = {},
): Promise<void> {
  const levels = [...volume.layers].sort((a, b) => b.level - a.level);
  for (const { level, shape } of levels) {
    const size = level === 0 ? slab : shape[0];
    const middle = target * shape[0];
    const starts = Array.from({ length: Math.ceil(shape[0] / size) }, (_, n) => n * size).sort(
      (a, b) => Math.abs(a + size / 2 - middle) - Math.abs(b + size / 2 - middle),
    );
    for (const k0 of starts) {
      signal.throwIfAborted();
      volume.addSlab(level, k0, await fetchSlab(level, k0, Math.min(shape[0], k0 + size), signal));
    }
  }
}
