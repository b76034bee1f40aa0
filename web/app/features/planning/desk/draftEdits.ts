import type { Device } from "@teleneedle/protocol";
import type { Needle, Workspace } from "@teleneedle/viewer";
import type { StoreApi } from "zustand/vanilla";
import type { DeviceZone, PlanAlternative, PlanDocument } from "../planDocument";
import type { DeskState } from "./deskState";
import {
  type Draft,
  type DraftApplication,
  draftOf,
  isSameDraft,
  point,
  statedTipToCentre,
  zonesOf,
  zonesStated,
} from "./draft";
import { nearestSkin } from "./nearestSkin";

/** The plan on the desk as a draft: every change is one edit that can be undone. */
export class DraftEdits {
  constructor(
    private readonly workspace: Workspace,
    private readonly store: StoreApi<DeskState>,
    private readonly onChanged: () => void,
  ) {}

  get current(): Draft {
    return {
      needles: this.workspace.store.getState().needles,
      applications: this.store.getState().applications,
    };
  }

  /** Show a plan, or the draft that was kept of it; what was undone before belongs to another plan. */
  show(plan: PlanDocument, planSha: string, device: Device | null, kept: Draft | null): void {
    const draft = kept ?? draftOf(plan);
    const { store } = this.workspace;
    this.store.setState({
      plan,
      planSha,
      device,
      zones: zonesStated(plan),
      applications: draft.applications,
      compared: null,
    });
    store.setState({
      needles: draft.needles,
      selectedNeedle: draft.needles[0]?.id ?? null,
      ghosts: { needles: [], zones: [] },
    });
    this.workspace.history.clear();
    this.workspace.setCursor(point(plan.target.centroid_lps));
    this.follow();
    this.note();
    this.store.setState({ isRestored: kept !== null && this.store.getState().isEdited });
  }

  /** Replace the draft, as one edit that can be undone. */
  edit(name: string, after: Draft): void {
    const before = this.current;
    const put = (draft: Draft) => {
      const selected = this.workspace.store.getState().selectedNeedle;
      const keeps = draft.needles.some(({ id }) => id === selected);
      this.store.setState({ applications: draft.applications });
      this.workspace.store.setState({
        needles: draft.needles,
        selectedNeedle: keeps ? selected : (draft.needles[0]?.id ?? null),
      });
      this.follow();
    };
    this.workspace.history.push({ kind: "app", name, undo: () => put(before), redo: () => put(after) });
    put(after);
  }

  editApplications(name: string, applications: readonly DraftApplication[]): void {
    this.edit(name, { ...this.current, applications });
  }

  adopt(alternative: PlanAlternative): void {
    const { plan } = this.store.getState();
    if (plan) this.edit("alternative", draftOf(plan, alternative));
  }

  discard(): void {
    const { plan } = this.store.getState();
    if (plan) this.edit("discard", draftOf(plan));
  }

  /** A needle from the skin nearest to the cursor to the cursor; null where no skin is near enough. */
  addNeedle(): string | null {
    const { volume } = this.workspace;
    const { cursor, needles } = this.workspace.store.getState();
    const { device } = this.store.getState();
    const entry = volume && nearestSkin(volume, cursor, device?.usable_length_mm ?? 200);
    if (!entry) return null;
    const numbers = needles.map(({ id }) => Number(id.replace(/\D/g, "")) || 0);
    const id = `N${Math.max(0, ...numbers) + 1}`;
    const needle: Needle = { id, label: id, entry, tip: cursor, radiusMm: needles[0]?.radiusMm ?? 0.8 };
    const last = this.current.applications.at(-1);
    const setting = device?.settings[0];
    const [powerW, timeS] = last ? [last.powerW, last.timeS] : (setting ?? [0, 0]);
    const applications = [...this.current.applications, { needle: id, tipBackMm: 0, powerW, timeS }];
    this.edit("needle", { needles: [...needles, needle], applications });
    this.workspace.store.setState({ selectedNeedle: id });
    return id;
  }

  removeNeedle(id: string): void {
    this.edit("needle", {
      needles: this.current.needles.filter((needle) => needle.id !== id),
      applications: this.current.applications.filter((application) => application.needle !== id),
    });
  }

  knowZone(key: string, zone: DeviceZone): void {
    this.store.setState({ zones: new Map(this.store.getState().zones).set(key, zone) });
    this.follow();
  }

  /** Draw needles and zones of another plan or alternative beside the draft; null takes them away. */
  compare(key: string | null, other: PlanDocument | PlanAlternative | null): void {
    const { plan, zones } = this.store.getState();
    const draft = plan && other ? draftOf(plan, other) : null;
    const known = other && "device" in other ? new Map([...zones, ...zonesStated(other)]) : zones;
    this.store.setState({ compared: draft ? key : null });
    this.workspace.store.setState({
      ghosts: {
        needles: draft?.needles.map((one) => ({ ...one, label: `${key} ${one.label}` })) ?? [],
        zones: draft ? zonesOf(draft, known, this.tipToCentre()) : [],
      },
    });
  }

  /** The device of the plan is known now: zones lie where its table says. */
  knowDevice(device: Device): void {
    if (this.store.getState().device === device) return;
    this.store.setState({ device });
    this.follow();
  }

  private tipToCentre(): number {
    const { plan, device } = this.store.getState();
    return device?.tip_to_centre_mm ?? statedTipToCentre(plan);
  }

  /** Zones go with their needles. */
  follow(): void {
    const { zones } = this.store.getState();
    this.workspace.store.setState({ zones: zonesOf(this.current, zones, this.tipToCentre()) });
    this.onChanged();
  }

  /** Note whether the draft differs from the plan that it began as. */
  note(): void {
    const { plan, isRestored } = this.store.getState();
    const isEdited = plan !== null && !isSameDraft(this.current, draftOf(plan));
    this.store.setState({ isEdited, isRestored: isRestored && isEdited });
  }
}
