import { CodeStreamError, type SlicePixels } from "./decode-slice";
import type { DecoderPool } from "./decoder-pool";
import type { SlicePart } from "./picture-batch";
import { COARSE, type RefiningVolume } from "./refining-volume";

/** From one resolution to a finer one, and how many slices are asked for at once. */
export interface Stage {
  readonly skip: number;
  readonly after: number | null;
  readonly slices: number;
}

/** An eighth of every slice, a quarter, then the rest: as a gateway sends them. */
export const STAGES: readonly Stage[] = [
  { skip: COARSE, after: null, slices: 96 },
  { skip: 2, after: COARSE, slices: 48 },
  { skip: 0, after: 2, slices: 8 },
];

/** Asks the hub for one stage of slices [k0, k1); slices that it does not have yet are left out of the answer. */
export type FetchPictures = (
  stage: Stage,
  k0: number,
  k1: number,
  signal: AbortSignal,
) => Promise<readonly SlicePart[]>;

interface Kept {
  readonly parts: Uint8Array[];
  decoded: number;
}

const SIDE_BY_SIDE = 3;

/** Brings the code streams of a series, coarse first and from the focus outwards, and has them decoded. */
export class PictureLoader {
  /** The slice that is looked at: its neighbours come first. */
  focus: number;
  private readonly wanted = STAGES.map(() => new Set<number>());
  private readonly absent = STAGES.map(() => new Set<number>());
  private readonly kept = new Map<number, Kept>();
  /** Why a slice could not be decoded; it is asked for again by the next `run`. */
  readonly broken = new Map<number, unknown>();
  /** Slices whose coarse picture is being brought to full size. */
  private readonly growing = new Set<number>();
  private readonly stop = new AbortController();
  private fetching = 0;
  /** Finer pictures wait for the coarse ones: on a slow line they would share it. */
  private fetchingCoarse = 0;
  private decoding = 0;
  private settle: (() => void) | null = null;
  private fail: ((problem: unknown) => void) | null = null;

  constructor(
    readonly volume: RefiningVolume,
    private readonly pool: DecoderPool,
    private readonly fetchPictures: FetchPictures,
    { focus = volume.shape[0] >> 1 } = {},
  ) {
    this.focus = focus;
    for (const stage of this.wanted) for (let k = 0; k < volume.shape[0]; k++) stage.add(k);
  }

  /** Resolves when everything that the hub has is in the volume; called again, it asks for what was missing. */
  run(): Promise<void> {
    this.broken.clear();
    for (const [n, stage] of this.absent.entries()) {
      for (const k of stage) this.wanted[n]?.add(k);
      stage.clear();
    }
    return new Promise((done, failed) => {
      this.settle = done;
      this.fail = failed;
      this.next();
    });
  }

  /** Take over what another loader has; its series has grown since, and its slice `from` is now slice `placeOf(from)`. */
  adopt(before: PictureLoader, placeOf: (from: number) => number | undefined): void {
    for (let old = 0; old < before.volume.shape[0]; old++) {
      const k = placeOf(old);
      if (k === undefined || !this.volume.takeSlice(k, before.volume, old)) continue;
      const skip = this.volume.skipOf(k);
      const last = STAGES.findIndex((stage) => stage.skip === skip);
      const parts = (before.kept.get(old)?.parts ?? []).slice(0, last + 1);
      const isWhole = last === STAGES.length - 1;
      if (!isWhole && parts.length <= last) continue;
      if (!isWhole) this.kept.set(k, { parts, decoded: last });
      for (let n = 0; n <= last; n++) this.wanted[n]?.delete(k);
    }
  }

  get isWhole(): boolean {
    return this.volume.level === 0;
  }

  private next(): void {
    if (this.stop.signal.aborted) return;
    while (this.fetching < SIDE_BY_SIDE) {
      const n = this.wanted.findIndex((stage) => stage.size > 0);
      const stage = STAGES[n];
      const wanted = this.wanted[n];
      if (!stage || !wanted || (n > 0 && this.fetchingCoarse > 0)) break;
      const [k0, k1] = runAround(wanted, this.focus, stage.slices);
      for (let k = k0; k < k1; k++) wanted.delete(k);
      this.fetching++;
      if (n === 0) this.fetchingCoarse++;
      this.fetch(n, stage, k0, k1).catch((problem: unknown) => this.failed(problem));
    }
    if (this.fetching === 0 && this.decoding === 0) this.settle?.();
  }

  private async fetch(n: number, stage: Stage, k0: number, k1: number): Promise<void> {
    const parts = await this.fetchPictures(stage, k0, k1, this.stop.signal);
    this.fetching--;
    if (n === 0) this.fetchingCoarse--;
    if (stage.skip < COARSE) this.growCoarse();
    const found = new Set(parts.map(({ k }) => k));
    for (let k = k0; k < k1; k++) if (!found.has(k)) this.absent[n]?.add(k);
    const nearFirst = [...parts].sort((a, b) => this.distance(a.k) - this.distance(b.k));
    for (const part of nearFirst) this.take(n, part);
    this.next();
  }

  private distance(k: number): number {
    return Math.abs(k - this.focus);
  }

  /** Keep a part, and decode the picture that is whole with it. */
  private take(n: number, part: SlicePart): void {
    const kept = this.kept.get(part.k) ?? { parts: [], decoded: -1 };
    this.kept.set(part.k, kept);
    if (part.isStart) kept.parts.splice(0, n, ...STAGES.slice(0, n).map(() => new Uint8Array(0)));
    kept.parts[n] = part.code;
    let last = -1;
    while (kept.parts[last + 1]) last++;
    if (last <= kept.decoded) return;
    kept.decoded = last;
    const code = joined(kept.parts.slice(0, last + 1));
    if (last === STAGES.length - 1) this.forget(part.k);
    this.decode(part, code, STAGES[last]?.skip ?? 0);
  }

  /** Nothing more is wanted of a slice whose stream is whole. */
  private forget(k: number): void {
    this.kept.delete(k);
    for (const stage of [...this.wanted, ...this.absent]) stage.delete(k);
  }

  private decode({ k, slope, intercept }: SlicePart, code: Uint8Array, skip: number): void {
    const { volume } = this;
    const isSmall = skip === COARSE && !volume.fine;
    const size = [volume.shape[1], volume.shape[2]] as const;
    const taken = ({ hu }: SlicePixels) => {
      if (isSmall) volume.addCoarse(k, hu);
      else volume.addFine(k, hu, skip);
      if (volume.fine) this.growCoarse();
    };
    const decoded = this.pool.decode({ code, skip, size, slope, intercept }, !isSmall);
    this.follow(decoded.then(taken, (problem: unknown) => this.leaveOut(k, problem)));
  }

  /** One slice that cannot be decoded keeps no other from being seen. */
  private leaveOut(k: number, problem: unknown): void {
    this.broken.set(k, problem);
    this.kept.delete(k);
    for (const [n, stage] of this.absent.entries()) {
      this.wanted[n]?.delete(k);
      stage.add(k);
    }
  }

  /** Bring coarse pictures to the size of the slices, so that finer ones can be shown among them. */
  private growCoarse(): void {
    const { volume, pool } = this;
    const size = [volume.shape[1], volume.shape[2]] as const;
    for (const k of volume.waitingForSize) {
      if (this.growing.has(k)) continue;
      this.growing.add(k);
      const grown = pool.enlarge(volume.coarseSlice(k), COARSE, size);
      this.follow(grown.then(({ hu }) => volume.addFine(k, hu, COARSE)));
    }
  }

  private follow(work: Promise<void>): void {
    this.decoding++;
    work.then(
      () => {
        this.decoding--;
        this.next();
      },
      (problem: unknown) => this.failed(problem),
    );
  }

  private failed(problem: unknown): void {
    if (this.stop.signal.aborted) return;
    this.dispose();
    this.fail?.(problem instanceof Error ? problem : new CodeStreamError(String(problem)));
  }

  dispose(): void {
    this.stop.abort();
    this.kept.clear();
  }
}

/** The run of at most `most` neighbouring members of `wanted` about the one nearest to `focus`. */
export function runAround(
  wanted: ReadonlySet<number>,
  focus: number,
  most: number,
): readonly [number, number] {
  let nearest = Number.NaN;
  for (const k of wanted) {
    if (!(Math.abs(k - focus) >= Math.abs(nearest - focus))) nearest = k;
  }
  let [from, to] = [nearest, nearest + 1];
  while (to - from < most) {
    const [below, above] = [wanted.has(from - 1), wanted.has(to)];
    if (!below && !above) break;
    const isBelow = below && (!above || focus - (from - 1) <= to - focus);
    if (isBelow) from--;
    else to++;
  }
  return [from, to];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
