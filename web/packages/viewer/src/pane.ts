import {
  type Lps,
  move,
  type PlaneView,
  projectToScreen,
  type Screen,
  screen,
  screenToLps,
  type Vec3,
} from "@teleneedle/geometry";
import { drawOverlay } from "./overlay";
import { PaneInput } from "./pane-input";
import { planeOf } from "./pane-view";
import type { PaneKind } from "./state";
import { SvgLayer } from "./svg-layer";
import type { Workspace } from "./workspace";

/** One picture with its overlay. It draws when the workspace's frame comes and something it shows has changed. */
export class Pane {
  readonly canvas = document.createElement("canvas");
  readonly layer: SvgLayer;
  /** Pan in the plane, mm, and zoom. */
  panMm: readonly [number, number] = [0, 0];
  mmPerPixel = 0;
  /** While a needle is dragged in this pane its plane stands still. */
  held: PlaneView | null = null;
  imageDirty = true;
  overlayDirty = true;
  private hint: Vec3 | undefined;
  private readonly context: CanvasRenderingContext2D;
  private readonly input: PaneInput;
  private readonly observer: ResizeObserver;
  private size: readonly [number, number] = [0, 0];

  constructor(
    readonly host: HTMLElement,
    readonly kind: PaneKind,
    readonly workspace: Workspace,
  ) {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser draws no canvas");
    this.context = context;
    this.layer = new SvgLayer(workspace.words.pane(kind));
    Object.assign(host.style, {
      position: "relative",
      overflow: "hidden",
      touchAction: "none",
      userSelect: "none",
      background: "#000",
    });
    Object.assign(this.canvas.style, {
      position: "absolute",
      width: "100%",
      height: "100%",
      display: "block",
    });
    host.dataset.testid ??= `pane-${kind}`;
    if (host.tabIndex < 0) host.tabIndex = 0;
    host.append(this.canvas, this.layer.root);
    this.input = new PaneInput(this);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.resize();
  }

  get view(): PlaneView {
    if (this.held) return this.held;
    const { workspace } = this;
    const plane = planeOf(this.kind, workspace.store.getState(), workspace.centre, this.hint);
    const origin = move(move(plane.origin, plane.right, this.panMm[0]), plane.down, this.panMm[1]);
    return { ...plane, origin, width: this.size[0], height: this.size[1], mmPerPixel: this.scaleMm() };
  }

  get middle(): Screen {
    return screen(this.size[0] / 2, this.size[1] / 2);
  }

  at(point: Screen): Lps {
    return screenToLps(this.view, point);
  }

  /** Zoom by `factor`, keeping the point under `around` where it is. */
  zoom(factor: number, around: Screen): void {
    const before = this.view;
    const next = Math.max(0.02, Math.min(5, before.mmPerPixel * factor));
    const grow = before.mmPerPixel - next;
    this.pan((around[0] - before.width / 2) * grow, (around[1] - before.height / 2) * grow);
    this.mmPerPixel = next;
  }

  /** Move the picture's middle, mm along right and down. */
  pan(rightMm: number, downMm: number): void {
    this.panMm = [this.panMm[0] + rightMm, this.panMm[1] + downMm];
    this.invalidate();
  }

  /** Put a point of the patient in the middle. */
  centreOn(point: Lps): void {
    const view = this.view;
    const [x, y] = projectToScreen(view, point);
    this.pan((x - view.width / 2) * view.mmPerPixel, (y - view.height / 2) * view.mmPerPixel);
  }

  reset(): void {
    this.panMm = [0, 0];
    this.mmPerPixel = 0;
    this.hint = undefined;
    this.invalidate();
  }

  invalidate(): void {
    this.imageDirty = true;
    this.overlayDirty = true;
    this.workspace.requestFrame();
  }

  /** Draw what has changed; called by the workspace once a frame. */
  render(): void {
    const [width, height] = this.size;
    if (width < 2 || height < 2) return;
    const view = this.view;
    if (this.kind === "in-line" && this.workspace.store.getState().rollDeg === 0) this.hint = view.right;
    if (this.imageDirty) this.drawImage(view);
    if (this.overlayDirty || this.imageDirty) drawOverlay(this, view);
    this.imageDirty = false;
    this.overlayDirty = false;
  }

  private drawImage(view: PlaneView): void {
    const { renderer, picture } = this.workspace;
    const ratio = Math.min(
      window.devicePixelRatio || 1,
      Math.sqrt(renderer.mostPixels / (view.width * view.height)),
    );
    const width = Math.max(2, Math.round(view.width * ratio));
    const height = Math.max(2, Math.round(view.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const scaled = { ...view, width, height, mmPerPixel: (view.mmPerPixel * view.width) / width };
    renderer.draw({ ...picture(), view: scaled }, this.context);
  }

  private scaleMm(): number {
    if (this.mmPerPixel > 0) return this.mmPerPixel;
    const extent = this.workspace.extentMm;
    return Math.max(0.02, extent / Math.max(1, Math.min(this.size[0], this.size[1])));
  }

  private resize(): void {
    this.size = [this.host.clientWidth, this.host.clientHeight];
    this.invalidate();
  }

  dispose(): void {
    this.observer.disconnect();
    this.input.dispose();
    this.layer.dispose();
    this.canvas.width = 0;
    this.canvas.height = 0;
    this.canvas.remove();
    this.workspace.detach(this);
  }
}
