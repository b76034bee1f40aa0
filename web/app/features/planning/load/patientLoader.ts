import { hub } from "@app/hub/hub";
import type { StructureState } from "@teleneedle/protocol";
import type { ClearanceRule, SeriesGeometry } from "../planDocument";
import { type ImageSink, SeriesImages } from "./seriesImages";
import { StructureLoader, type StructureSink } from "./structureLoader";

export interface PatientSink extends ImageSink, StructureSink {
  onGeometry(geometry: SeriesGeometry): void;
}

/** Finer pictures wait for the target, but not longer than this: it may take its time, or there may be none. */
const MOST_WAIT_MS = 2000;

/** Brings a patient's images and structures: a coarse picture, the target and its numbers, then all the rest. */
export class PatientLoader {
  private readonly stop = new AbortController();
  private readonly structures: StructureLoader;
  private images: SeriesImages | null = null;
  private targetCame = () => {};
  private readonly target: Promise<void>;

  constructor(private readonly sink: PatientSink) {
    this.structures = new StructureLoader(sink, this.stop.signal);
    this.target = new Promise((resolve) => {
      this.targetCame = resolve;
      setTimeout(resolve, MOST_WAIT_MS);
    });
  }

  /** Rules say which structures are measured to. */
  followRules(rules: Promise<readonly ClearanceRule[]>): void {
    this.structures.followRules(rules);
  }

  async loadSeries(seriesId: string, targetShare: number): Promise<void> {
    const { signal } = this.stop;
    try {
      const geometry = await hub.get<SeriesGeometry>(`/api/series/${seriesId}`, { signal });
      this.sink.onGeometry(geometry);
      this.images = new SeriesImages(seriesId, geometry, targetShare, this.sink, this.target);
      await this.images.load();
    } catch (problem) {
      if (!signal.aborted) this.sink.onProblem(problem);
    }
  }

  loadStructures(structures: readonly StructureState[]): Promise<void> {
    return this.structures.load(structures, this.targetCame);
  }

  dispose(): void {
    this.stop.abort();
    this.images?.dispose();
    this.images = null;
  }
}
