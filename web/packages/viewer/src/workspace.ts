import { applyToPoint, invert, type Lps, lps, move, normalOf } from "@teleneedle/geometry";
import { CpuReslicer } from "./cpu-reslicer";
import { FrameLoop } from "./frame-loop";
import { History } from "./history";
import type { Labels } from "./labels";
import { type MaskDelta, turnStroke } from "./mask-delta";
import { Pane } from "./pane";
import { planeOf, selectedNeedle, sliceRange, sliceStepMm } from "./pane-view";
import type { ScalarField } from "./scalar-field";
import type { SlicePicture, SliceRenderer, Window } from "./slice-renderer";
import { fillHoles, smoothMask } from "./smooth";
import {
  createViewerStore,
  type Handle,
  type Needle,
  type PaneKind,
  stylesOf,
  type ViewerState,
} from "./state";
import type { Volume } from "./volume";
import { ENGLISH, type ViewerWords } from "./words";

/** An edit of needles: all of them, before and after. */
export interface NeedleDelta {
  readonly kind: "needles";
  readonly before: readonly Needle[];
  readonly after: readonly Needle[];
}

/** An edit that the app owns, a target box for example; the app undoes and redoes it itself. */
export interface AppDelta {
  readonly kind: "app";
  readonly name: string;
  undo(): void;
  redo(): void;
}

export type Edit = MaskDelta | NeedleDelta | AppDelta;

export interface WorkspaceEvents {
  /** With every move of a handle while it is held. */
  onNeedleDrag?(needleId: string, handle: Handle, at: Lps): void;
  /** When a handle is let go, a key has moved it, or undo or redo has put it elsewhere. */
  onNeedlesChanged?(needles: readonly Needle[]): void;
  /** When a stroke has ended, or undo or redo has changed a mask. */
  onMaskChanged?(structure: number): void;
  onCursor?(at: Lps): void;
}

export interface WorkspaceOptions extends WorkspaceEvents {
  readonly words?: ViewerWords;
  readonly renderer?: SliceRenderer;
  readonly start?: Partial<ViewerState>;
}

const ACROSS_MS = 250;

/** Linked panes over one volume: the store, the renderer, the history and the one frame loop they share. */
export class Workspace {
  readonly store;
  readonly words: ViewerWords;
  readonly history: History<Edit>;
  renderer: SliceRenderer;
  volume: Volume | null = null;
  labels: Labels | null = null;
  private field: ScalarField | null = null;
  private readonly panes = new Set<Pane>();
  private readonly frames = new FrameLoop(() => this.render());
  private readonly stops: (() => void)[] = [];
  private stopLabels = () => {};
  private shown: SlicePicture | null = null;
  private readonly across = new Set<Pane>();
  private acrossTimer = 0;

  constructor(readonly events: WorkspaceOptions = {}) {
    this.words = events.words ?? ENGLISH;
    this.renderer = events.renderer ?? new CpuReslicer();
    this.store = createViewerStore(events.start);
    this.history = new History<Edit>({
      mask: (delta) => this.turnMask(delta),
      needles: (delta, direction) => this.replaceNeedles(direction === "undo" ? delta.before : delta.after),
      app: (delta, direction) => delta[direction](),
    });
    this.stops.push(this.store.subscribe((now, before) => this.changed(now, before)));
  }

  attachPane(host: HTMLElement, kind: PaneKind): Pane {
    const pane = new Pane(host, kind, this);
    this.panes.add(pane);
    return pane;
  }

  detach(pane: Pane): void {
    this.panes.delete(pane);
    this.across.delete(pane);
  }

  setVolume(volume: Volume | null): void {
    const first = !this.volume && volume;
    this.volume = volume;
    this.renderer.setVolume(volume);
    if (first) this.store.setState({ cursor: first.centre });
    this.invalidate();
  }

  /**
   * Slices [from, to) of the volume have become better. A picture along one of them is drawn with the next frame;
   * one across many slices every `ACROSS_MS`, or drawing would take the processor from decoding.
   */
  slicesChanged(from: number, to: number): void {
    const { volume } = this;
    if (!volume) return;
    const [, J, I] = volume.shape;
    this.renderer.volumeChanged({ start: [from, 0, 0], shape: [to - from, J, I] });
    for (const pane of this.panes) {
      const [low, high] = sliceRange(pane.view, volume);
      if (high <= from - 1 || low >= to) continue;
      if (high - low < 1) pane.imageDirty = true;
      else this.drawSoon(pane);
    }
    this.requestFrame();
  }

  private drawSoon(pane: Pane): void {
    this.across.add(pane);
    this.acrossTimer ||= window.setTimeout(() => {
      for (const waiting of this.across) waiting.imageDirty = true;
      this.across.clear();
      this.acrossTimer = 0;
      this.requestFrame();
    }, ACROSS_MS);
  }

  setLabels(labels: Labels | null): void {
    this.stopLabels();
    this.labels = labels;
    this.showStructures();
    this.stopLabels = labels?.onChange(() => this.invalidate()) ?? (() => {});
    this.renderer.setLabels(labels);
    this.invalidate();
  }

  setField(field: ScalarField | null): void {
    this.field = field;
    this.renderer.setField(field);
    this.invalidate();
  }

  /** Go on with another renderer, after a lost graphics context for example. */
  useRenderer(renderer: SliceRenderer): void {
    if (renderer === this.renderer) return;
    this.renderer.dispose();
    this.renderer = renderer;
    renderer.setVolume(this.volume);
    renderer.setLabels(this.labels);
    renderer.setField(this.field);
    this.invalidate();
  }

  get centre(): Lps {
    return this.volume?.centre ?? lps(0, 0, 0);
  }

  /** What a pane shows across its smaller side before anybody zooms, mm. */
  get extentMm(): number {
    if (!this.volume) return 300;
    const { shape, spacingMm } = this.volume;
    return Math.max(shape[2] * spacingMm[0], shape[1] * spacingMm[1]);
  }

  /** What every pane shows alike. */
  readonly picture = (): Omit<SlicePicture, "view"> => {
    const state = this.store.getState();
    if (!this.shown) {
      const view = planeOf("axial", state, this.centre);
      this.shown = {
        view: { ...view, width: 1, height: 1, mmPerPixel: 1 },
        window: state.window,
        styles: stylesOf(state.structures),
        labelOpacity: state.overlaysHidden ? 0 : state.labelOpacity,
      };
    }
    return this.shown;
  };

  setCursor(cursor: Lps): void {
    this.store.setState({ cursor });
    this.events.onCursor?.(cursor);
  }

  setWindow(window: Window): void {
    this.store.setState({ window: { centre: window.centre, width: Math.max(1, window.width) } });
  }

  /** Scroll the pane by slices; the in-line pane turns about its needle, the probe's eye moves along it. */
  scroll(pane: Pane, slices: number): void {
    const state = this.store.getState();
    const needle = selectedNeedle(state);
    if (needle && pane.kind === "in-line") {
      this.store.setState({ rollDeg: (state.rollDeg + 2 * slices) % 360 });
    } else if (needle && pane.kind === "probe-eye") {
      this.store.setState({ probeDepthMm: state.probeDepthMm + slices });
    } else {
      const normal = normalOf(planeOf(pane.kind, state, this.centre));
      this.setCursor(move(state.cursor, normal, slices * sliceStepMm(this.volume, normal)));
    }
  }

  /** Bring the tip of the selected needle under the cursor of every pane. */
  jumpToTip(): void {
    const needle = selectedNeedle(this.store.getState());
    if (needle) this.setCursor(needle.tip);
    this.store.setState({ probeDepthMm: 0 });
  }

  /** Move one end of a needle; `undoFrom` is the needles before, when the move is complete. */
  moveHandle(id: string, handle: Handle, at: Lps, undoFrom?: readonly Needle[]): void {
    const { needles } = this.store.getState();
    const moved = needles.map((needle) =>
      needle.id === id && !needle.found ? { ...needle, [handle]: at } : needle,
    );
    this.store.setState({ needles: moved, selectedNeedle: id });
    this.events.onNeedleDrag?.(id, handle, at);
    if (!undoFrom) return;
    this.history.push({ kind: "needles", before: undoFrom, after: moved });
    this.events.onNeedlesChanged?.(moved);
  }

  /** Put other needles in place as one edit that can be undone. */
  editNeedles(after: readonly Needle[]): void {
    this.history.push({ kind: "needles", before: this.store.getState().needles, after });
    this.replaceNeedles(after);
  }

  private replaceNeedles(needles: readonly Needle[]): void {
    this.store.setState({ needles });
    this.events.onNeedlesChanged?.(needles);
  }

  /** Read the CT number and the structures at a point. */
  probeAt(at: Lps): void {
    const hu = this.volume?.huAt(at) ?? Number.NaN;
    const { labels } = this;
    if (!Number.isFinite(hu)) {
      this.store.setState({ probe: null });
      return;
    }
    const [i, j, k] = labels ? applyToPoint(invert(labels.affine), at) : [0, 0, 0];
    const structures = labels?.structuresAt(Math.round(k), Math.round(j), Math.round(i)) ?? [];
    this.store.setState({ probe: { at, hu, structures } });
  }

  /** Remember a stroke that has been painted; a cancelled one is taken back. */
  recordMask(delta: MaskDelta, cancelled = false): void {
    if (cancelled) {
      if (this.labels) turnStroke(this.labels, delta);
      return;
    }
    this.history.push(delta);
    this.events.onMaskChanged?.(delta.structure);
  }

  /** Round a structure off, or close its holes, as one edit that can be undone. */
  reshape(structure: number, how: "smooth" | "fill"): void {
    if (!this.labels) return;
    const delta = (how === "smooth" ? smoothMask : fillHoles)(this.labels, structure);
    if (delta) this.recordMask(delta);
  }

  private turnMask(delta: MaskDelta): void {
    if (!this.labels) return;
    turnStroke(this.labels, delta);
    this.events.onMaskChanged?.(delta.structure);
  }

  private changed(now: ViewerState, before: ViewerState): void {
    const image =
      now.window !== before.window ||
      now.structures !== before.structures ||
      now.labelOpacity !== before.labelOpacity ||
      now.overlaysHidden !== before.overlaysHidden;
    if (now.structures !== before.structures) this.showStructures();
    if (image) this.shown = null;
    for (const pane of this.panes) {
      pane.overlayDirty = true;
      pane.imageDirty ||= image || this.movesPlane(pane, now, before);
    }
    this.requestFrame();
  }

  private showStructures(): void {
    for (const { id, visible } of this.store.getState().structures) this.labels?.setVisible(id, visible);
  }

  private movesPlane(pane: Pane, now: ViewerState, before: ViewerState): boolean {
    const onNeedle = pane.kind === "in-line" || pane.kind === "probe-eye";
    if (onNeedle && pane.held) return false;
    return onNeedle
      ? now.needles !== before.needles ||
          now.selectedNeedle !== before.selectedNeedle ||
          now.rollDeg !== before.rollDeg ||
          now.probeDepthMm !== before.probeDepthMm ||
          (now.needles.length === 0 && now.cursor !== before.cursor)
      : now.cursor !== before.cursor;
  }

  /** Draw everything again with the next frame. */
  invalidate(): void {
    for (const pane of this.panes) {
      pane.imageDirty = true;
      pane.overlayDirty = true;
    }
    this.requestFrame();
  }

  requestFrame(): void {
    this.frames.request();
  }

  /** Draw what is dirty now; the frame loop calls it, and whoever measures. */
  render(): void {
    for (const pane of this.panes) pane.render();
  }

  dispose(): void {
    this.frames.cancel();
    window.clearTimeout(this.acrossTimer);
    for (const stop of this.stops) stop();
    this.stopLabels();
    for (const pane of [...this.panes]) pane.dispose();
    this.renderer.dispose();
    this.history.clear();
    this.volume = null;
    this.labels = null;
    this.field = null;
  }
}
