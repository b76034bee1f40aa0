import { fetchPictures } from "@app/hub/fetchPictures";
import { HubError } from "@teleneedle/protocol";
import {
  COARSE,
  DecoderPool,
  loadLevels,
  PictureLoader,
  ProgressiveVolume,
  RefiningVolume,
  runAround,
  type SlicePart,
  STAGES,
  type Stage,
  type Volume,
} from "@teleneedle/viewer";
import type { SeriesGeometry } from "../planDocument";
import { fetchSlab } from "./fetchBytes";
import { isFar, prefersCodeStreams } from "./lineSpeed";

export interface ImageSink {
  onVolume(volume: Volume): void;
  /** Slices [from, to) of that volume have become better. */
  onSlices(from: number, to: number): void;
  /** Times that the coarsest slice is still to be halved in size; 0 when every voxel is there. */
  onLevel(level: number): void;
}

const COARSEST = STAGES[0] as Stage;

/** Brings a kept series: as HTJ2K where the line is slow (a third of the bytes), as int16 slices where it is fast. */
export class SeriesImages {
  private readonly stop = new AbortController();
  private readonly pool = new DecoderPool();
  private volume: ProgressiveVolume | null = null;
  private first: readonly [number, number] = [0, 0];

  constructor(
    private readonly seriesId: string,
    private readonly geometry: SeriesGeometry,
    private readonly targetShare: number,
    private readonly sink: ImageSink,
    /** All but the coarsest pictures wait for it. */
    private readonly before: Promise<void>,
  ) {}

  async load(): Promise<void> {
    if (isFar(this.noted(this.seriesId))) this.pool.warmUp();
    const parts = await this.firstPictures();
    if (parts && prefersCodeStreams(this.noted(`${this.path}?skip=${COARSE}&`)))
      await this.loadPictures(parts);
    else await this.loadSlabs();
  }

  private get path(): string {
    return `/api/series/${this.seriesId}/pictures`;
  }

  /** Coarse pictures about the target, by which the line is measured; null while the series has no code streams. */
  private async firstPictures(): Promise<SlicePart[] | null> {
    const [depth] = this.geometry.shape;
    const all = new Set(Array.from({ length: depth }, (_, k) => k));
    this.first = runAround(all, this.focus, COARSEST.slices);
    try {
      return await fetchPictures(this.path, COARSEST, ...this.first, this.stop.signal);
    } catch (problem) {
      if (problem instanceof HubError && problem.status === 404) return null;
      throw problem;
    }
  }

  private get focus(): number {
    return Math.round(this.targetShare * (this.geometry.shape[0] - 1));
  }

  private noted(address: string): PerformanceResourceTiming | undefined {
    const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return entries.findLast(({ name }) => name.includes(address));
  }

  private async loadPictures(first: readonly SlicePart[]): Promise<void> {
    const { shape, affine } = this.geometry;
    const [k0, k1] = this.first;
    const volume = new RefiningVolume(shape, affine, {
      onVolume: (shown) => this.sink.onVolume(shown),
      onSlices: (from, to) => {
        if (this.level === null) this.tellLevel(volume);
        this.sink.onSlices(from, to);
      },
    });
    this.sink.onVolume(volume.shown);
    const fetchPart = async (stage: Stage, from: number, to: number, signal: AbortSignal) => {
      if (stage === COARSEST && from === k0 && to === k1) return first;
      if (stage !== COARSEST) await this.before;
      return fetchPictures(this.path, stage, from, to, signal);
    };
    const loader = new PictureLoader(volume, this.pool, fetchPart, { focus: this.focus });
    this.stop.signal.addEventListener("abort", () => loader.dispose());
    await loader.run();
    this.tellLevel(volume);
    for (const problem of loader.broken.values()) throw problem;
  }

  private level: number | null = null;

  private tellLevel({ level }: RefiningVolume): void {
    if (level === null) return;
    this.level = level;
    this.sink.onLevel(level);
  }

  private async loadSlabs(): Promise<void> {
    const { signal } = this.stop;
    this.volume = new ProgressiveVolume(this.geometry.layers);
    this.volume.onBetter((volume) => {
      this.sink.onVolume(volume);
      this.sink.onLevel(volume.level);
    });
    const coarsest = Math.max(...this.geometry.layers.map(({ level }) => level));
    const fetchOwn = async (level: number, k0: number, k1: number) => {
      if (level < coarsest) await this.before;
      return fetchSlab(this.seriesId, level, k0, k1, signal);
    };
    await loadLevels(this.volume, fetchOwn, { target: this.targetShare, signal });
  }

  dispose(): void {
    this.stop.abort();
    this.pool.dispose();
    this.volume?.dispose();
    this.volume = null;
  }
}
