import { hub } from "@app/hub/hub";
import type { StructureState } from "@teleneedle/protocol";
import {
  type Container,
  DistanceField,
  loadLevels,
  type Mask,
  ProgressiveVolume,
  type Volume,
} from "@teleneedle/viewer";
import type { SeriesGeometry } from "../planDocument";
import { fetchContainer, fetchMask, fetchSlab } from "./fetchBytes";

export interface LoadedStructure {
  readonly structure: StructureState;
  readonly mask?: Mask;
  readonly mesh?: Container;
  readonly field?: { readonly field: DistanceField; readonly affine: readonly number[] };
}

export interface PatientSink {
  onGeometry(geometry: SeriesGeometry): void;
  onVolume(volume: Volume): void;
  onPart(part: LoadedStructure): void;
  onProblem(problem: unknown): void;
}

const SIDE_BY_SIDE = 3;

/** Brings a patient's images and structures, coarse first; asks for nothing twice, stops when it is let go. */
export class PatientLoader {
  private readonly stop = new AbortController();
  private readonly asked = new Set<string>();
  private volume: ProgressiveVolume | null = null;

  constructor(private readonly sink: PatientSink) {}

  async loadSeries(seriesId: string, targetShare: number): Promise<void> {
    const { signal } = this.stop;
    try {
      const geometry = await hub.get<SeriesGeometry>(`/api/series/${seriesId}`, { signal });
      this.sink.onGeometry(geometry);
      this.volume = new ProgressiveVolume(geometry.layers);
      this.volume.onBetter((volume) => this.sink.onVolume(volume));
      const fetchOwn = (level: number, k0: number, k1: number) => fetchSlab(seriesId, level, k0, k1, signal);
      await loadLevels(this.volume, fetchOwn, { target: targetShare, signal });
    } catch (problem) {
      this.tell(problem);
    }
  }

  /** Masks of every structure first, then surfaces, then distances: the order in which a reader needs them. */
  async loadStructures(structures: readonly StructureState[]): Promise<void> {
    const fresh = structures.filter(({ sha256 }) => sha256 && !this.asked.has(sha256));
    for (const { sha256 } of fresh) this.asked.add(sha256);
    const { signal } = this.stop;
    await this.each(fresh, async (structure) => ({
      structure,
      mask: await fetchMask(structure.sha256, signal),
    }));
    await this.each(fresh, async (structure) => ({
      structure,
      mesh: await fetchContainer(`/api/structures/${structure.sha256}/mesh`, signal),
    }));
    await this.each(fresh, async (structure) => {
      const container = await fetchContainer(`/api/structures/${structure.sha256}/distance`, signal);
      const affine = (container.facts.affine as number[]).flat();
      return { structure, field: { field: DistanceField.read(container), affine } };
    });
  }

  private async each(
    structures: readonly StructureState[],
    load: (structure: StructureState) => Promise<LoadedStructure>,
  ): Promise<void> {
    const waiting = [...structures];
    const work = async () => {
      for (let next = waiting.shift(); next && !this.stop.signal.aborted; next = waiting.shift()) {
        try {
          const part = await load(next);
          if (!this.stop.signal.aborted) this.sink.onPart(part);
        } catch (problem) {
          this.tell(problem);
        }
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  }

  private tell(problem: unknown): void {
    if (!this.stop.signal.aborted) this.sink.onProblem(problem);
  }

  dispose(): void {
    this.stop.abort();
    this.volume?.dispose();
    this.volume = null;
  }
}
