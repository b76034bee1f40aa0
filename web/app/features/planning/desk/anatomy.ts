import { type Lps, toLps } from "@teleneedle/geometry";
import type { StructureState } from "@teleneedle/protocol";
import { type Edit, Labels, Mask, type Structure, type Workspace } from "@teleneedle/viewer";
import type { StoreApi } from "zustand/vanilla";
import { fetchMask } from "../load/fetchBytes";
import { PatientLoader } from "../load/patientLoader";
import type { LoadedStructure } from "../load/structureLoader";
import type { ClearanceRule, SeriesGeometry } from "../planDocument";
import type { DeskState } from "./deskState";
import type { StructureField } from "./liveNumbers";
import { differenceOf, looksOfDifference, middleOf } from "./maskDifference";
import { isTarget, structuresToDraw } from "./structureLooks";
import { SurfaceScene } from "./surfaceScene";

export interface AnatomyEvents {
  /** A mask or a distance field of this structure is there or has changed. */
  onStructure(structure: StructureState): void;
}

/**
 * The patient on the desk: images, masks, surfaces, distances.
 *
 * It knows which version of a structure each mask in the picture began as. A version that somebody else saves
 * never replaces a mask that is being edited here.
 */
export class Anatomy {
  readonly scene = new SurfaceScene();
  readonly fields = new Map<string, StructureField>();
  private readonly loader: PatientLoader;
  private readonly bases = new Map<string, string>();
  private readonly strokes = new Map<string, number>();
  private structures: readonly StructureState[] = [];
  private labels: Labels | null = null;

  constructor(
    private readonly workspace: Workspace,
    private readonly store: StoreApi<DeskState>,
    private readonly events: AnatomyEvents,
  ) {
    this.scene.follow(workspace.store, (name) => this.kindOf(name));
    this.loader = new PatientLoader({
      onGeometry: (geometry) => this.takeGeometry(geometry),
      onVolume: (volume) => {
        const isFirst = !workspace.volume;
        workspace.setVolume(volume);
        if (isFirst) this.scene.frame(volume.centre, workspace.extentMm * 0.55);
      },
      onSlices: (from, to) => workspace.slicesChanged(from, to),
      onLevel: (level) => store.setState({ level }),
      onParts: (parts) => this.takeParts(parts),
      nearness: (structure) => this.nearness(structure),
      onProblem: (problem) => store.setState({ problem }),
    });
  }

  open(seriesId: string, targetShare: number, rules: Promise<readonly ClearanceRule[]>): void {
    this.loader.followRules(rules);
    void this.loader.loadSeries(seriesId, targetShare);
  }

  setStructures(structures: readonly StructureState[]): void {
    this.structures = structures;
    const { store } = this.workspace;
    store.setState({ structures: structuresToDraw(structures, store.getState().structures) });
    this.aimBrush();
    if (this.labels) void this.loader.loadStructures(structures);
  }

  get all(): readonly StructureState[] {
    return this.structures;
  }

  kindOf(name: string): string {
    return this.structures.find((structure) => structure.name === name)?.kind ?? name;
  }

  private numberOf(name: string): number | undefined {
    return this.workspace.store.getState().structures.find((structure) => structure.name === name)?.id;
  }

  maskOf(name: string): Mask | undefined {
    const id = this.numberOf(name);
    return id === undefined ? undefined : this.labels?.maskOf(id);
  }

  get affine(): readonly number[] | null {
    return this.labels?.affine ?? null;
  }

  /** The version that the mask in the picture began as; what somebody else saved since does not change it. */
  baseOf(name: string): string | undefined {
    return this.bases.get(name);
  }

  strokesOn(name: string): number {
    return this.strokes.get(name) ?? 0;
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

  private takeParts(parts: readonly LoadedStructure[]): void {
    this.takeMasks(parts);
    for (const { structure, mesh, field } of parts) {
      const id = this.numberOf(structure.name);
      if (id === undefined) continue;
      if (mesh) this.scene.setSurface(id, mesh, this.workspace.store.getState().structures);
      if (field) this.fields.set(structure.name, { kind: structure.kind, ...field });
      if (!mesh) this.events.onStructure(structure);
    }
  }

  private takeMasks(parts: readonly LoadedStructure[]): void {
    const masks: [number, Mask][] = [];
    for (const { structure, mask } of parts) {
      const id = this.numberOf(structure.name);
      if (!mask || id === undefined || this.store.getState().editedMasks.has(structure.name)) continue;
      masks.push([id, mask]);
      this.bases.set(structure.name, structure.sha256);
    }
    this.labels?.setMasks(masks);
  }

  /** The least distance that the plan states between a needle and the structure, mm. */
  private nearness({ name }: StructureState): number {
    const stated = this.store
      .getState()
      .plan?.needles.flatMap(({ clearances }) => clearances ?? [])
      .filter(({ structure }) => structure === name);
    return Math.min(1e6, ...(stated ?? []).map(({ min_distance_mm }) => min_distance_mm));
  }

  /** A stroke has ended, or was undone or redone. */
  maskPainted(id: number): void {
    const name = this.workspace.store.getState().structures.find((one) => one.id === id)?.name;
    if (name) this.markEdited(name);
  }

  private markEdited(name: string): void {
    this.strokes.set(name, this.strokesOn(name) + 1);
    this.store.setState({ editedMasks: new Set(this.store.getState().editedMasks).add(name) });
    const structure = this.structures.find((one) => one.name === name);
    if (structure) this.events.onStructure(structure);
  }

  /** The hub has the mask as it was after `strokes` edits; later ones stay to be saved, on top of that version. */
  markSaved(name: string, sha256: string, strokes: number): void {
    this.bases.set(name, sha256);
    if (this.strokesOn(name) === strokes) this.forgetEdit(name);
  }

  private forgetEdit(name: string): void {
    const editedMasks = new Set(this.store.getState().editedMasks);
    editedMasks.delete(name);
    this.store.setState({ editedMasks });
  }

  /** Put the version that somebody else saved into the picture; undo brings the own mask back, unsaved. */
  async takeTheirs(name: string, sha256: string): Promise<void> {
    const theirs = await fetchMask(sha256);
    const mine = this.maskOf(name);
    const id = this.numberOf(name);
    const labels = this.labels;
    if (id === undefined || !labels || !mine) return;
    const kept = new Mask(mine, mine.bits.slice());
    const put = (mask: Mask) => labels.setMask(id, new Mask(mask, mask.bits.slice()));
    const take = () => {
      put(theirs);
      this.forgetEdit(name);
    };
    this.bases.set(name, sha256);
    take();
    const edit: Edit = {
      kind: "app",
      name: "their mask",
      undo: () => {
        put(kept);
        this.markEdited(name);
      },
      redo: take,
    };
    this.workspace.history.push(edit);
  }

  /**
   * Lay what only the own mask and what only theirs holds over the pictures, until `hide` is called; `at` is the
   * middle of the larger part, null where there is no difference.
   */
  async showDifference(name: string, sha256: string): Promise<{ at: Lps | null; hide: () => void }> {
    const theirs = await fetchMask(sha256);
    const mine = this.maskOf(name);
    const { labels } = this;
    const { store } = this.workspace;
    if (!mine || !labels) return { at: null, hide: () => {} };
    const taken = new Set(store.getState().structures.map(({ id }) => id));
    const looks = looksOfDifference(taken);
    const parts = differenceOf(mine, theirs);
    const own = new Set<Structure>(looks);
    looks.forEach(({ id }, n) => {
      labels.setMask(id, parts[n as 0 | 1]);
    });
    const before = store.getState().structures;
    const others = before.map((one) => ({ ...one, fill: one.name === name ? 0 : one.fill * 0.4 }));
    store.setState({ structures: [...others, ...looks] });
    const larger = parts[0].count() > parts[1].count() ? parts[0] : parts[1];
    const middle = middleOf(larger);
    const hide = () => {
      for (const { id } of looks) labels.removeMask(id);
      const kept = store.getState().structures.filter((one) => !own.has(one));
      store.setState({ structures: structuresToDraw(this.structures, kept) });
    };
    return { at: middle && toLps(labels.affine, middle), hide };
  }

  dispose(): void {
    this.loader.dispose();
    this.scene.dispose();
    this.labels?.dispose();
    this.labels = null;
    this.fields.clear();
  }
}
