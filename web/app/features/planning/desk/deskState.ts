import type { Device } from "@teleneedle/protocol";
import type { TargetBox } from "@teleneedle/viewer";
import { createStore } from "zustand/vanilla";
import type { AccessMap } from "../load/accessMap";
import type { ClearanceRule, DeviceZone, PlanDocument } from "../planDocument";
import type { DraftApplication } from "./draft";
import type { LiveNumbers } from "./liveNumbers";

/** A mask that was saved here and by somebody else since the same version. */
export interface MaskConflict {
  readonly name: string;
  readonly theirs: { readonly sha256: string; readonly who: string; readonly at: string | null };
  /** When the own edit was to be saved, ISO. */
  readonly mineAt: string;
}

export interface DeskState {
  readonly plan: PlanDocument | null;
  readonly planSha: string | null;
  readonly applications: readonly DraftApplication[];
  readonly isEdited: boolean;
  readonly isRestored: boolean;
  readonly device: Device | null;
  readonly zones: ReadonlyMap<string, DeviceZone>;
  readonly rules: readonly ClearanceRule[];
  readonly live: LiveNumbers | null;
  /** Finest level of the image that is complete; null before the first. */
  readonly level: number | null;
  readonly editedMasks: ReadonlySet<string>;
  readonly maskConflict: MaskConflict | null;
  /** The tumour box as it was when it was hidden. */
  readonly boxKept: TargetBox | null;
  readonly access: AccessMap | null;
  readonly isAccessShown: boolean;
  /** Label of the alternative, or of the version, whose ghost needles are drawn. */
  readonly compared: string | null;
  readonly problem: unknown;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export const createDeskStore = () =>
  createStore<DeskState>(() => ({
    plan: null,
    planSha: null,
    applications: [],
    isEdited: false,
    isRestored: false,
    device: null,
    zones: new Map(),
    rules: [],
    live: null,
    level: null,
    editedMasks: new Set(),
    maskConflict: null,
    boxKept: null,
    access: null,
    isAccessShown: false,
    compared: null,
    problem: null,
    canUndo: false,
    canRedo: false,
  }));
