import {
  add,
  type Lps,
  lps,
  projectToScreen,
  type Screen,
  scale,
  screen,
  type Vec3,
} from "@teleneedle/geometry";
import type { Pane } from "./pane";
import { type Handle, type Needle, WINDOW_PRESETS } from "./state";
import { type BoxSide, movedBox, sidesNamed, type TargetBox } from "./target-box";
import { type ToolDrag, toolOf } from "./tools";

/** Pointer, wheel, touch and keys of one pane. */
export class PaneInput {
  private readonly stop = new AbortController();
  private readonly pointers = new Map<number, Screen>();
  private drag: ToolDrag | null = null;
  private pinch = 0;

  constructor(private readonly pane: Pane) {
    const { host } = pane;
    const { signal } = this.stop;
    host.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    host.addEventListener("pointerdown", (event) => this.down(event), { signal });
    host.addEventListener("pointermove", (event) => this.move(event), { signal });
    for (const end of ["pointerup", "pointercancel"] as const) {
      host.addEventListener(end, (event) => this.up(event), { signal });
    }
    host.addEventListener("pointerleave", () => pane.workspace.store.setState({ probe: null }), { signal });
    host.addEventListener("dblclick", () => this.enlarge(), { signal });
    host.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    host.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    host.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  private point(event: MouseEvent): Screen {
    const box = this.pane.host.getBoundingClientRect();
    return screen(event.clientX - box.left, event.clientY - box.top);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const ticks = Math.sign(event.deltaY || event.deltaX);
    if (event.ctrlKey || event.metaKey) this.pane.zoom(1.1 ** ticks, this.point(event));
    else this.pane.workspace.scroll(this.pane, -ticks * (event.shiftKey ? 5 : 1));
    this.probe(this.point(event));
  }

  private down(event: PointerEvent): void {
    const at = this.point(event);
    this.pane.host.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2) {
      this.drag?.end?.(at, true);
      this.drag = null;
      this.pinch = this.spread();
      return;
    }
    const handle = handleOf(event.target);
    const sides = boxSidesOf(event.target);
    if (sides && event.button === 0) {
      (event.target as Element).closest<SVGElement>("[data-box]")?.focus();
      this.drag = this.boxDrag(sides, at);
    } else if (handle && event.button === 0) {
      (event.target as Element).closest<SVGElement>("[data-needle]")?.focus();
      this.drag = this.handleDrag(handle.needle, handle.handle, at);
    } else {
      this.pane.host.focus({ preventScroll: true });
      const tool = event.button === 1 ? "pan" : event.button === 2 ? "zoom" : event.altKey ? "window" : null;
      this.drag = toolOf(tool ?? this.pane.workspace.store.getState().tool, this.pane, at);
    }
  }

  private move(event: PointerEvent): void {
    const at = this.point(event);
    const before = this.pointers.get(event.pointerId);
    if (before) this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2 && before) this.pinchTo(before, at);
    else if (this.drag) this.drag.move(at, event.shiftKey);
    else this.probe(at);
  }

  private up(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId)) return;
    this.drag?.end?.(this.point(event), event.type === "pointercancel");
    this.drag = null;
  }

  private spread(): number {
    const [a, b] = [...this.pointers.values()];
    return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  }

  private pinchTo(before: Screen, at: Screen): void {
    const now = this.spread();
    const { mmPerPixel } = this.pane.view;
    this.pane.pan(((before[0] - at[0]) / 2) * mmPerPixel, ((before[1] - at[1]) / 2) * mmPerPixel);
    const [a, b] = [...this.pointers.values()];
    if (now > 5 && this.pinch > 5 && a && b) {
      this.pane.zoom(this.pinch / now, screen((a[0] + b[0]) / 2, (a[1] + b[1]) / 2));
    }
    this.pinch = now;
  }

  /** A handle keeps its distance from the plane: only its place in the picture moves. */
  private handleDrag(id: string, handle: Handle, start: Screen): ToolDrag | null {
    const { workspace } = this.pane;
    const before = workspace.store.getState().needles;
    const needle = before.find((n) => n.id === id);
    if (!needle || needle.found) return null;
    const view = this.pane.view;
    this.pane.held = view;
    const from = needle[handle];
    const grab = projectToScreen(view, from);
    const [dx, dy] = [grab[0] - start[0], grab[1] - start[1]];
    const target = (at: Screen): Lps =>
      along(
        from,
        view.right,
        (at[0] + dx - grab[0]) * view.mmPerPixel,
        view.down,
        (at[1] + dy - grab[1]) * view.mmPerPixel,
      );
    let last = from;
    return {
      move: (at) => {
        last = target(at);
        workspace.moveHandle(id, handle, last);
      },
      end: (_at, cancelled) => {
        this.pane.held = null;
        if (cancelled) workspace.moveHandle(id, handle, from);
        else if (last !== from) workspace.moveHandle(id, handle, last, before);
        this.pane.invalidate();
      },
    };
  }

  /** Sides follow the pointer by as much as it moves, so that nothing jumps at the first touch. */
  private boxDrag(sides: readonly BoxSide[], start: Screen): ToolDrag | null {
    const { workspace } = this.pane;
    const before = workspace.store.getState().targetBox;
    if (!before) return null;
    const { right, down, mmPerPixel } = this.pane.view;
    const moved = (at: Screen) =>
      movedBox(
        before,
        sides,
        add(scale(right, (at[0] - start[0]) * mmPerPixel), scale(down, (at[1] - start[1]) * mmPerPixel)),
      );
    return {
      move: (at) => workspace.store.setState({ targetBox: moved(at) }),
      end: (at, cancelled) => this.setBox(cancelled ? before : moved(at), cancelled ? null : before),
    };
  }

  private setBox(box: TargetBox, before: TargetBox | null): void {
    const { store, history } = this.pane.workspace;
    store.setState({ targetBox: box });
    if (!before || before.every((side, n) => side === box[n])) return;
    history.push({
      kind: "app",
      name: "box",
      undo: () => store.setState({ targetBox: before }),
      redo: () => store.setState({ targetBox: box }),
    });
  }

  private keyOnBox(event: KeyboardEvent, sides: readonly BoxSide[]): boolean {
    const step = ARROWS[event.key];
    const box = this.pane.workspace.store.getState().targetBox;
    if (!step || !box) return false;
    const mm = event.shiftKey ? 5 : 1;
    const { right, down } = this.pane.view;
    this.setBox(movedBox(box, sides, add(scale(right, step[0] * mm), scale(down, step[1] * mm))), box);
    return true;
  }

  private probe(at: Screen): void {
    const { workspace } = this.pane;
    workspace.probeAt(this.pane.at(at));
  }

  private enlarge(): void {
    const { store } = this.pane.workspace;
    store.setState({ enlarged: store.getState().enlarged === this.pane.kind ? null : this.pane.kind });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = handleOf(event.target);
    const sides = boxSidesOf(event.target);
    const done =
      (handle && this.keyOnHandle(event, handle)) ||
      (sides && this.keyOnBox(event, sides)) ||
      this.keyOnPane(event);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private keyOnHandle(
    event: KeyboardEvent,
    { needle: id, handle }: { needle: string; handle: Handle },
  ): boolean {
    const step = ARROWS[event.key];
    const { workspace } = this.pane;
    const before = workspace.store.getState().needles;
    const needle = before.find((n: Needle) => n.id === id);
    if (!step || !needle || needle.found) return false;
    const mm = event.shiftKey ? 5 : 1;
    const { right, down } = this.pane.view;
    workspace.moveHandle(id, handle, along(needle[handle], right, step[0] * mm, down, step[1] * mm), before);
    return true;
  }

  private keyOnPane(event: KeyboardEvent): boolean {
    const { workspace } = this.pane;
    const { store } = workspace;
    const fast = event.shiftKey ? 5 : 1;
    const preset = WINDOW_PRESETS[Number(event.key) - 1];
    if (preset) workspace.setWindow(preset);
    else if (event.key === "ArrowUp" || event.key === "PageUp")
      workspace.scroll(this.pane, fast * (event.key === "PageUp" ? 10 : 1));
    else if (event.key === "ArrowDown" || event.key === "PageDown") {
      workspace.scroll(this.pane, -fast * (event.key === "PageDown" ? 10 : 1));
    } else if (event.key === "+" || event.key === "=") this.zoomMiddle(0.9);
    else if (event.key === "-") this.zoomMiddle(1 / 0.9);
    else if (event.key === " ") workspace.jumpToTip();
    else if (event.key === "h" || event.key === "H")
      store.setState({ overlaysHidden: !store.getState().overlaysHidden });
    else if (event.key === "Enter") this.enlarge();
    else return false;
    return true;
  }

  private zoomMiddle(factor: number): void {
    const { width, height } = this.pane.view;
    this.pane.zoom(factor, screen(width / 2, height / 2));
  }

  dispose(): void {
    this.stop.abort();
    this.drag = null;
  }
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const along = (from: Lps, right: Vec3, rightMm: number, down: Vec3, downMm: number): Lps =>
  lps(...add(from, add(scale(right, rightMm), scale(down, downMm))));

function handleOf(target: EventTarget | null): { needle: string; handle: Handle } | null {
  const element = target instanceof Element ? target.closest<SVGElement>("[data-needle]") : null;
  const { needle, handle } = element?.dataset ?? {};
  return needle && (handle === "entry" || handle === "tip") ? { needle, handle } : null;
}

function boxSidesOf(target: EventTarget | null): BoxSide[] | null {
  const element = target instanceof Element ? target.closest<SVGElement>("[data-box]") : null;
  return element ? sidesNamed(element.dataset.box ?? "") : null;
}
