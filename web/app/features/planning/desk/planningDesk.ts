import { type Lps, lps, move } from "@teleneedle/geometry";
import type { Device } from "@teleneedle/protocol";
import {
  type Handle,
  keepRenderer,
  type Pane,
  type PaneKind,
  Stroke,
  type ViewerWords,
  Workspace,
} from "@teleneedle/viewer";
import type { ClearanceRule, PlanDocument } from "../planDocument";
import { Anatomy } from "./anatomy";
import { createDeskStore } from "./deskState";
import { type Draft, point } from "./draft";
import { DraftEdits } from "./draftEdits";
import { LiveFigures } from "./liveFigures";

/** Half of the side of a tumour box before anybody has set it, mm. */
const BOX_HALF_MM = 20;

/** Everything that one planning page holds: the patient, the draft, its live numbers. Let go as a whole. */
export class PlanningDesk {
  readonly store = createDeskStore();
  readonly workspace: Workspace;
  readonly anatomy: Anatomy;
  readonly edits: DraftEdits;
  readonly panes = new Map<PaneKind, Pane>();
  private active: PaneKind | "3d" = "axial";
  private readonly figures: LiveFigures;
  private readonly stops: (() => void)[] = [];

  constructor(words: ViewerWords) {
    this.workspace = new Workspace({
      words,
      start: { window: { centre: 60, width: 350 } },
      onNeedleDrag: () => this.edits.follow(),
      onNeedlesChanged: () => this.edits.follow(),
      onMaskChanged: (structure) => this.anatomy.maskPainted(structure),
    });
    this.anatomy = new Anatomy(this.workspace, this.store, {
      onStructure: (structure) => this.figures.structureChanged(structure),
    });
    this.edits = new DraftEdits(this.workspace, this.store, () => this.figures.recount());
    this.figures = new LiveFigures(this.workspace, this.store, this.anatomy, () => this.edits.note());
    this.stops.push(
      keepRenderer(this.workspace),
      this.workspace.history.onChange(() => {
        const { canUndo, canRedo } = this.workspace.history;
        this.store.setState({ canUndo, canRedo });
      }),
      this.store.subscribe((now, before) => {
        if (now.plan && before.level === null && now.level !== null)
          this.jumpTo(point(now.plan.target.centroid_lps));
      }),
      this.workspace.store.subscribe((now, before) => {
        if (now.selectedNeedle !== before.selectedNeedle) this.figures.recount();
      }),
    );
  }

  get scene() {
    return this.anatomy.scene;
  }

  /** Begin to bring the patient; `rules` say what a needle keeps away from. */
  open(seriesId: string, targetShare: number, rules: Promise<readonly ClearanceRule[]>): void {
    rules.then(
      (known) => {
        this.store.setState({ rules: known });
        this.figures.recount();
      },
      (problem: unknown) => this.store.setState({ problem }),
    );
    this.anatomy.open(seriesId, targetShare, rules);
  }

  showPlan(plan: PlanDocument, planSha: string, device: Device | null, kept: Draft | null): void {
    this.edits.show(plan, planSha, device, kept);
    this.figures.measureTarget();
    this.figures.measureMargin();
    this.figures.recount();
  }

  get draft(): Draft {
    return this.edits.current;
  }

  /** Show the tumour box, around the cursor the first time; hidden, it limits nothing. */
  showBox(isShown: boolean): void {
    const { store } = this.workspace;
    const { cursor, targetBox } = store.getState();
    const [x, y, z] = cursor;
    const h = BOX_HALF_MM;
    const box = this.store.getState().boxKept ?? [x - h, x + h, y - h, y + h, z - h, z + h];
    if (!isShown) this.store.setState({ boxKept: targetBox });
    store.setState({ targetBox: isShown ? (targetBox ?? box) : null });
  }

  /** Keys that are about one picture mean the one that was touched last. */
  activate(kind: PaneKind | "3d"): void {
    this.active = kind;
  }

  /** The picture that keys mean; any other one while that is not shown. */
  get activePane(): Pane | undefined {
    return (this.active === "3d" ? undefined : this.panes.get(this.active)) ?? [...this.panes.values()][0];
  }

  /** Make one picture large, or all as before. */
  enlarge(kind: PaneKind | "3d" = this.active): void {
    const { store } = this.workspace;
    store.setState({ enlarged: store.getState().enlarged ? null : kind });
  }

  /** Move the cursor in the plane of the active picture, mm right and down. */
  moveCursor(rightMm: number, downMm: number): void {
    const view = this.activePane?.view;
    if (!view) return;
    const { cursor } = this.workspace.store.getState();
    this.workspace.setCursor(move(move(cursor, view.right, rightMm), view.down, downMm));
  }

  /** One dab of brush or eraser at the cursor, for whoever works without a pointer. */
  paintAtCursor(): void {
    const { labels, volume, store } = this.workspace;
    const pane = this.activePane;
    const { brush, cursor, tool } = store.getState();
    if (!labels || !pane) return;
    const stroke = new Stroke(labels, volume, brush, pane.view, tool === "erase");
    stroke.dab(cursor);
    const delta = stroke.finish();
    if (delta) this.workspace.recordMask(delta);
  }

  selectNextNeedle(): void {
    const { store } = this.workspace;
    const { needles, selectedNeedle } = store.getState();
    const at = needles.findIndex(({ id }) => id === selectedNeedle);
    const next = needles[(at + 1) % Math.max(1, needles.length)];
    if (next) store.setState({ selectedNeedle: next.id });
  }

  /** Centre and enlarge every picture on a point until the returned function is called. */
  lookAt(at: Lps, acrossMm: number): () => void {
    const before = [...this.panes.values()].map((pane) => ({
      pane,
      panMm: pane.panMm,
      mmPerPixel: pane.mmPerPixel,
    }));
    this.jumpTo(at);
    for (const { pane } of before) {
      const { width, height } = pane.view;
      pane.mmPerPixel = acrossMm / Math.max(1, Math.min(width, height));
      pane.centreOn(at);
    }
    return () => {
      for (const { pane, panMm, mmPerPixel } of before) {
        pane.panMm = panMm;
        pane.mmPerPixel = mmPerPixel;
        pane.invalidate();
      }
    };
  }

  /** Put one end of a needle at a point, as one edit that can be undone. */
  placeNeedle(id: string, handle: Handle, at: Lps): void {
    this.workspace.moveHandle(id, handle, at, this.workspace.store.getState().needles);
  }

  jumpTo(at: Lps): void {
    this.workspace.setCursor(lps(at[0], at[1], at[2]));
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.figures.dispose();
    this.anatomy.dispose();
    this.panes.clear();
    this.store.setState({ access: null, plan: null });
    this.workspace.dispose();
  }
}
