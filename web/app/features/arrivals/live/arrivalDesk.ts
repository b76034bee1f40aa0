import { fetchPictures } from "@app/hub/fetchPictures";
import { hub } from "@app/hub/hub";
import { applyToPoint, type Lps } from "@teleneedle/geometry";
import { type ArrivalDetail, type ArrivalGeometry, HubError } from "@teleneedle/protocol";
import {
  DecoderPool,
  keepRenderer,
  PictureLoader,
  RefiningVolume,
  type ViewerWords,
  Workspace,
} from "@teleneedle/viewer";
import { createStore } from "zustand/vanilla";
import { EarlyOverlay } from "./earlyOverlay";
import { fetchEarlyMask } from "./fetchEarlyMask";
import { FocusTeller } from "./focusTeller";

export interface ArrivalSight {
  /** Slices that are known, with a coarse picture, and whole. */
  readonly slices: number;
  readonly coarse: number;
  readonly whole: number;
  /** The slice under the cursor, and the resolutions that its picture leaves out; null while it is not here. */
  readonly k: number;
  readonly skip: number | null;
  readonly problem: unknown;
}

const NOTHING: ArrivalSight = { slices: 0, coarse: 0, whole: 0, k: 0, skip: null, problem: null };
/** How long the hub may have more before it is asked again when no event says so. */
const ASK_AGAIN_MS = 1000;

/** The hub keeps nothing of an arrival once its series is in the case. */
const isGone = (problem: unknown): boolean => problem instanceof HubError && problem.status === 404;

/** Follows one series while it arrives: its pictures, and where one looks. Let go as a whole. */
export class ArrivalDesk {
  readonly store = createStore<ArrivalSight>(() => NOTHING);
  readonly workspace: Workspace;
  /** Preliminary organs over the pictures. */
  readonly early: EarlyOverlay;
  private readonly pool = new DecoderPool();
  private readonly stop = new AbortController();
  private readonly teller: FocusTeller;
  private readonly stopRenderer: () => void;
  private loader: PictureLoader | null = null;
  private geometry: ArrivalGeometry | null = null;
  private wake: () => void = () => {};
  private isNudged = false;

  constructor(
    private readonly arrivalId: string,
    words: ViewerWords,
  ) {
    this.workspace = new Workspace({ words, onCursor: (at) => this.looked(at) });
    this.stopRenderer = keepRenderer(this.workspace);
    this.early = new EarlyOverlay(this.workspace, (kind, signal) => fetchEarlyMask(arrivalId, kind, signal));
    this.teller = new FocusTeller((k) => hub.post(`/api/arriving/${arrivalId}/focus`, { k }));
    this.pool.warmUp();
    void this.follow();
  }

  /** The hub has told of something new. */
  nudge(): void {
    this.isNudged = true;
    this.wake();
  }

  private async follow(): Promise<void> {
    const { signal } = this.stop;
    let isComplete = false;
    try {
      while (!signal.aborted) {
        this.isNudged = false;
        const detail = await hub.get<ArrivalDetail>(`/api/arriving/${this.arrivalId}`, { signal });
        isComplete = detail.state === "complete";
        this.takeGeometry(detail.geometry);
        await this.loader?.run();
        this.tell();
        if (isComplete && (!detail.geometry || this.loader?.isWhole)) return;
        if (!this.isNudged) await this.pause();
      }
    } catch (problem) {
      if (!signal.aborted && !(isComplete && isGone(problem))) this.store.setState({ problem });
    }
  }

  private pause(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ASK_AGAIN_MS);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  /** More slices were announced: the volume grows, what is there already stays. */
  private takeGeometry(geometry: ArrivalGeometry | null): void {
    if (!geometry || JSON.stringify(geometry) === JSON.stringify(this.geometry)) return;
    const numbersBefore = this.geometry?.numbers ?? [];
    this.geometry = geometry;
    const before = this.loader;
    const volume = new RefiningVolume(geometry.shape, geometry.affine, {
      onVolume: (shown) => {
        if (this.loader?.volume === volume) this.workspace.setVolume(shown);
      },
      onSlices: (from, to) => {
        if (this.loader?.volume !== volume) return;
        this.workspace.slicesChanged(from, to);
        this.tell();
      },
    });
    const path = `/api/arriving/${this.arrivalId}/pictures`;
    const places = new Map(geometry.numbers.map((number, k) => [number, k]));
    const loader = new PictureLoader(volume, this.pool, async (stage, k0, k1, signal) =>
      (await fetchPictures(path, stage, k0, k1, signal)).flatMap((part) => {
        const k = places.get(part.number);
        return k === undefined ? [] : [{ ...part, k }];
      }),
    );
    if (before) loader.adopt(before, (from) => places.get(numbersBefore[from] ?? -1));
    before?.dispose();
    this.loader = loader;
    const isFirst = !this.workspace.volume;
    this.workspace.setVolume(volume.shown);
    if (isFirst && geometry.window) this.workspace.setWindow({ ...geometry.window });
    this.looked(this.workspace.store.getState().cursor);
  }

  private looked(at: Lps): void {
    const { loader } = this;
    if (!loader) return;
    const [depth] = loader.volume.shape;
    const [, , height] = applyToPoint(loader.volume.coarse.lpsToIndex, at);
    const k = Math.max(0, Math.min(depth - 1, Math.round(height)));
    loader.focus = k;
    this.teller.look(k);
    this.tell();
  }

  private tell(): void {
    const { loader } = this;
    if (!loader) return;
    const { volume, focus } = loader;
    this.store.setState({
      slices: volume.shape[0],
      coarse: volume.count(3),
      whole: volume.count(0),
      k: focus,
      skip: volume.skipOf(focus),
    });
  }

  dispose(): void {
    this.stop.abort();
    this.wake();
    this.loader?.dispose();
    this.pool.dispose();
    this.teller.dispose();
    this.early.dispose();
    this.stopRenderer();
    this.workspace.dispose();
  }
}
