import type { Device } from "@teleneedle/protocol";
import { createStore } from "zustand/vanilla";
import type { AccessMap } from "../load/accessMap";
import type { ClearanceRule, DeviceZone, PlanDocument } from "../planDocument";
import type { DraftApplication } from "./draft";
import type { LiveNumbers } from "./liveNumbers";

/** Low and high corner of the tumour box, LPS mm: x0, x1, y0, y1, z0, z1. */
export type Box6 = readonly [number, number, number, number, number, number];

export type Layout = "six" | "needle" | "orthogonal";

export interface DeskState {
  readonly plan: PlanDocument | null;
  readonly planSha: string | null;
  readonly applications: readonly DraftApplication[];
  readonly isEdited: boolean;
  readonly isRestored: boolean;
  readonly keptAt: string | null;
  readonly device: Device | null;
  readonly zones: ReadonlyMap<string, DeviceZone>;
  readonly rules: readonly ClearanceRule[];
  readonly live: LiveNumbers | null;
  /** Finest level of the image that is complete; null before the first. */
  readonly level: number | null;
  readonly masks: { readonly done: number; readonly all: number };
  readonly fields: { readonly done: number; readonly all: number };
  readonly editedMasks: ReadonlySet<string>;
  readonly box: Box6 | null;
  readonly isBoxShown: boolean;
  readonly access: AccessMap | null;
  readonly isAccessShown: boolean;
  readonly layout: Layout;
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
    keptAt: null,
    device: null,
    zones: new Map(),
    rules: [],
    live: null,
    level: null,
    masks: { done: 0, all: 0 },
    fields: { done: 0, all: 0 },
    editedMasks: new Set(),
    box: null,
    isBoxShown: false,
    access: null,
    isAccessShown: false,
    layout: "six",
    problem: null,
    canUndo: false,
    canRedo: false,
  }));
