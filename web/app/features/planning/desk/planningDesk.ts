import { type Lps, lps, mix } from "@teleneedle/geometry";
import type { Device, StructureState } from "@teleneedle/protocol";
import {
  type DistanceField,
  type Edit,
  keepRenderer,
  Labels,
  type MaskDelta,
  type Needle,
  TargetPoints,
  type ViewerWords,
  Workspace,
} from "@teleneedle/viewer";
import { type LoadedStructure, PatientLoader } from "../load/patientLoader";
import type { DeviceZone, PlanAlternative, PlanDocument, SeriesGeometry } from "../planDocument";
import { type Box6, createDeskStore } from "./deskState";
import {
  type Draft,
  type DraftApplication,
  draftOf,
  isSameDraft,
  point,
  zonesOf,
  zonesStated,
} from "./draft";
import { clearancesOf, coverageOf, planningTarget } from "./liveNumbers";
import { nearestSkin } from "./nearestSkin";
import { smoothMask } from "./smoothMask";
import { isTarget, structuresToDraw } from "./structureLooks";
import { SurfaceScene } from "./surfaceScene";

/** Everything that one planning page holds: images, structures, the draft, its live numbers. Let go as a whole. */
export class PlanningDesk {
  readonly store = createDeskStore();
  readonly workspace: Workspace;
  readonly scene = new SurfaceScene();
  private readonly loader: PatientLoader;
  private readonly stops: (() => void)[] = [];
  private readonly fields = new Map<
    string,
    { kind: string; field: DistanceField; affine: readonly number[] }
  >();
  private structures: readonly StructureState[] = [];
  private labels: Labels | null = null;
  private targetPoints: TargetPoints | null = null;
  private planningPoints: TargetPoints | null = null;
  private frame = 0;

  constructor(words: ViewerWords) {
    this.workspace = new Workspace({
      words,
      start: { window: { centre: 60, width: 350 } },
      onNeedleDrag: () => this.followNeedles(),
      onNeedlesChanged: () => this.followNeedles(),
      onMaskChanged: (structure) => this.maskChanged(structure),
    });
    this.stops.push(
      keepRenderer(this.workspace),
      this.workspace.history.onChange(() => {
        const { canUndo, canRedo } = this.workspace.history;
        this.store.setState({ canUndo, canRedo });
      }),
      this.workspace.store.subscribe((now, before) => {
        if (now.selectedNeedle !== before.selectedNeedle) this.recount();
      }),
    );
    this.scene.follow(this.workspace.store, (name) => this.kindOf(name));
    this.loader = new PatientLoader({
      onGeometry: (geometry) => this.takeGeometry(geometry),
      onVolume: (volume) => {
        this.workspace.setVolume(volume);
        if (this.store.getState().level === null)
          this.scene.frame(volume.centre, this.workspace.extentMm * 0.55);
        this.store.setState({ level: volume.level });
      },
      onPart: (part) => this.takePart(part),
      onProblem: (problem) => this.store.setState({ problem }),
    });
  }

  open(seriesId: string, targetShare: number): void {
    void this.loader.loadSeries(seriesId, targetShare);
  }

  setStructures(structures: readonly StructureState[]): void {
    this.structures = structures;
    const { store } = this.workspace;
    store.setState({ structures: structuresToDraw(structures, store.getState().structures) });
    this.aimBrush();
    const all = structures.filter(({ sha256 }) => sha256).length;
    const { masks, fields } = this.store.getState();
    this.store.setState({ masks: { ...masks, all }, fields: { ...fields, all } });
    if (this.labels) void this.loader.loadStructures(structures);
  }

  kindOf(name: string): string {
    return this.structures.find((structure) => structure.name === name)?.kind ?? name;
  }

  numberOf(name: string): number | undefined {
    return this.workspace.store.getState().structures.find((structure) => structure.name === name)?.id;
  }

  private aimBrush(): void {
    const { store } = this.workspace;
    const target = this.structures.find(isTarget);
    const id = target && this.numberOf(target.name);
    const { brush, structures } = store.getState();
    const isKnown = structures.some((one) => one.id === brush.structure);
    if (id && (!isKnown || brush.structure === 1)) store.setState({ brush: { ...brush, structure: id } });
  }

  private takeGeometry(geometry: SeriesGeometry): void {
    this.labels = new Labels(geometry.shape, geometry.affine);
    this.workspace.setLabels(this.labels);
    if (geometry.window) this.workspace.setWindow({ ...geometry.window });
    void this.loader.loadStructures(this.structures);
  }

  private takePart({ structure, mask, mesh, field }: LoadedStructure): void {
    const id = this.numberOf(structure.name);
    if (id === undefined) return;
    const { masks, fields } = this.store.getState();
    if (mask && !this.store.getState().editedMasks.has(structure.name)) {
      this.labels?.setMask(id, mask);
      this.store.setState({ masks: { ...masks, done: Math.min(masks.all, masks.done + 1) } });
      if (this.isOwnTarget(structure)) this.measureTarget();
    }
    if (mesh) this.scene.setSurface(id, mesh, this.workspace.store.getState().structures);
    if (field) {
      this.fields.set(structure.name, { kind: structure.kind, ...field });
      this.store.setState({ fields: { ...fields, done: Math.min(fields.all, fields.done + 1) } });
      if (this.isOwnTarget(structure) || structure.kind === "liver") this.measureMargin();
    }
    this.recount();
  }

  private isOwnTarget(structure: StructureState): boolean {
    const named = this.store.getState().plan?.target.name;
    return named ? structure.name === named : isTarget(structure);
  }

  private measureTarget(): void {
    const target = this.structures.find((structure) => this.isOwnTarget(structure));
    const id = target && this.numberOf(target.name);
    const mask = id === undefined ? undefined : this.labels?.maskOf(id);
    this.targetPoints = mask && this.labels ? TargetPoints.fromMask(mask, this.labels.affine) : null;
  }

  private measureMargin(): void {
    const target = this.structures.find((structure) => this.isOwnTarget(structure));
    const own = target && this.fields.get(target.name);
    const organ = [...this.fields.values()].find(({ kind }) => kind === "liver");
    const margin = this.store.getState().plan?.target.margin_mm;
    this.planningPoints =
      own && margin !== undefined ? planningTarget(own.field, own.affine, margin, organ?.field) : null;
  }

  /** Show a plan as the draft; what was undone before belongs to another plan. */
  showPlan(plan: PlanDocument, planSha: string, device: Device | null, kept: Draft | null): void {
    const draft = kept ?? draftOf(plan);
    const { store } = this.workspace;
    this.store.setState({
      plan,
      planSha,
      device,
      zones: zonesStated(plan),
      applications: draft.applications,
    });
    store.setState({ needles: draft.needles, selectedNeedle: draft.needles[0]?.id ?? null });
    this.workspace.history.clear();
    this.workspace.setCursor(point(plan.target.centroid_lps));
    this.measureTarget();
    this.measureMargin();
    this.followNeedles();
    this.store.setState({ isRestored: kept !== null && this.store.getState().isEdited });
  }

  get draft(): Draft {
    return {
      needles: this.workspace.store.getState().needles,
      applications: this.store.getState().applications,
    };
  }

  /** Replace the draft, as one edit that can be undone. */
  editDraft(name: string, after: Draft): void {
    const before = this.draft;
    const put = (draft: Draft) => {
      const selected = this.workspace.store.getState().selectedNeedle;
      const keeps = draft.needles.some(({ id }) => id === selected);
      this.store.setState({ applications: draft.applications });
      this.workspace.store.setState({
        needles: draft.needles,
        selectedNeedle: keeps ? selected : (draft.needles[0]?.id ?? null),
      });
      this.followNeedles();
    };
    this.remember({ kind: "app", name, undo: () => put(before), redo: () => put(after) });
    put(after);
  }

  editApplications(name: string, applications: readonly DraftApplication[]): void {
    this.editDraft(name, { ...this.draft, applications });
  }

  adopt(alternative: PlanAlternative): void {
    const { plan } = this.store.getState();
    if (plan) this.editDraft("alternative", draftOf(plan, alternative));
  }

  addNeedle(): string | null {
    const { volume } = this.workspace;
    const { cursor, needles } = this.workspace.store.getState();
    const { device } = this.store.getState();
    const entry = volume && nearestSkin(volume, cursor, device?.usable_length_mm ?? 200);
    if (!entry) return null;
    const numbers = needles.map(({ id }) => Number(id.replace(/\D/g, "")) || 0);
    const id = `N${Math.max(0, ...numbers) + 1}`;
    const needle: Needle = { id, label: id, entry, tip: cursor, radiusMm: needles[0]?.radiusMm ?? 0.8 };
    const last = this.draft.applications.at(-1);
    const setting = device?.settings[0];
    const [powerW, timeS] = last ? [last.powerW, last.timeS] : (setting ?? [0, 0]);
    const applications = [...this.draft.applications, { needle: id, tipBackMm: 0, powerW, timeS }];
    this.editDraft("needle", { needles: [...needles, needle], applications });
    this.workspace.store.setState({ selectedNeedle: id });
    return id;
  }

  removeNeedle(id: string): void {
    this.editDraft("needle", {
      needles: this.draft.needles.filter((needle) => needle.id !== id),
      applications: this.draft.applications.filter((application) => application.needle !== id),
    });
  }

  knowZone(key: string, zone: DeviceZone): void {
    this.store.setState({ zones: new Map(this.store.getState().zones).set(key, zone) });
    this.followNeedles();
  }

  private followNeedles(): void {
    const { plan, device, zones } = this.store.getState();
    const known = device?.tip_to_centre_mm ?? statedTipToCentre(plan);
    this.workspace.store.setState({ zones: zonesOf(this.draft, zones, known) });
    this.recount();
  }

  /** Live numbers once a frame, however often something moves. */
  recount(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { needles, selectedNeedle, zones } = this.workspace.store.getState();
      const { rules, plan, isRestored } = this.store.getState();
      const needle = needles.find(({ id }) => id === selectedNeedle);
      const isEdited = plan !== null && !isSameDraft(this.draft, draftOf(plan));
      this.store.setState({
        isEdited,
        isRestored: isRestored && isEdited,
        live: {
          clearances: needle ? clearancesOf(needle, this.fields, rules) : [],
          coverage:
            this.targetPoints && zones.length > 0
              ? coverageOf(this.targetPoints, this.planningPoints, zones)
              : null,
        },
      });
    });
  }

  private maskChanged(structure: number): void {
    const name = this.workspace.store.getState().structures.find(({ id }) => id === structure)?.name;
    if (!name) return;
    this.store.setState({ editedMasks: new Set(this.store.getState().editedMasks).add(name) });
    if (this.structures.some((one) => one.name === name && this.isOwnTarget(one))) this.measureTarget();
    this.recount();
  }

  maskOf(name: string) {
    const id = this.numberOf(name);
    return id === undefined ? undefined : this.labels?.maskOf(id);
  }

  markMaskSaved(name: string): void {
    const editedMasks = new Set(this.store.getState().editedMasks);
    editedMasks.delete(name);
    this.store.setState({ editedMasks });
  }

  smooth(): boolean {
    const { structure } = this.workspace.store.getState().brush;
    const delta: MaskDelta | null = this.labels ? smoothMask(this.labels, structure) : null;
    if (delta) this.workspace.recordMask(delta);
    return delta !== null;
  }

  /** Change the tumour box; `before` makes it an edit that can be undone. */
  setBox(box: Box6 | null, before?: Box6 | null): void {
    this.store.setState({ box });
    if (before === undefined) return;
    this.remember({
      kind: "app",
      name: "box",
      undo: () => this.setBox(before),
      redo: () => this.setBox(box),
    });
  }

  showBox(isBoxShown: boolean): void {
    if (isBoxShown && !this.store.getState().box) {
      const [x, y, z] = this.workspace.store.getState().cursor;
      this.setBox([x - 20, x + 20, y - 20, y + 20, z - 20, z + 20]);
    }
    this.store.setState({ isBoxShown });
  }

  jumpTo(at: Lps): void {
    this.workspace.setCursor(lps(at[0], at[1], at[2]));
  }

  middleOfNeedles(): Lps | null {
    const needle = this.workspace.store.getState().needles[0];
    return needle ? mix(needle.entry, needle.tip, 0.5) : null;
  }

  private remember(edit: Edit): void {
    this.workspace.history.push(edit);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.loader.dispose();
    for (const stop of this.stops) stop();
    this.scene.dispose();
    this.labels?.dispose();
    this.labels = null;
    this.fields.clear();
    this.targetPoints = null;
    this.planningPoints = null;
    this.store.setState({ access: null, plan: null });
    this.workspace.dispose();
  }
}

/** How far behind the tip the zone's middle lies, read off a plan when the device is not known here. */
function statedTipToCentre(plan: PlanDocument | null): number {
  const first = plan?.applications[0];
  if (!first) return 0;
  const [c, t] = [first.centre_lps, first.tip_lps];
  return Math.hypot(t[0] - c[0], t[1] - c[1], t[2] - c[2]);
}
