import { type Lps, lps } from "@teleneedle/geometry";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Isolines } from "./isolines";
import type { LabelStyle } from "./labels";
import type { Window } from "./slice-renderer";
import type { TargetBox } from "./target-box";

export type Tool =
  | "cursor"
  | "window"
  | "pan"
  | "zoom"
  | "probe"
  | "distance"
  | "angle"
  | "ellipse"
  | "brush"
  | "erase";

export type PaneKind = "axial" | "coronal" | "sagittal" | "in-line" | "probe-eye";
export type Handle = "entry" | "tip";

export interface Structure extends LabelStyle {
  /** 1 to 32; a higher number is drawn over a lower one. */
  readonly id: number;
  readonly name: string;
  readonly visible: boolean;
}

export interface Needle {
  readonly id: string;
  readonly label: string;
  readonly entry: Lps;
  readonly tip: Lps;
  readonly radiusMm: number;
  /** A needle that was found in a control scan cannot be moved. */
  readonly found?: boolean;
}

export interface Axes {
  readonly longMm: number;
  readonly shortMm: number;
}

/** A zone that one application makes: half of all devices reach at least p50, one in ten falls short of p10. */
export interface Zone {
  readonly id: string;
  readonly needleId: string;
  readonly centre: Lps;
  readonly axis: readonly [number, number, number];
  readonly p10: Axes;
  readonly p50: Axes;
  readonly p90: Axes;
}

export type Measure =
  | { readonly id: string; readonly kind: "distance"; readonly points: readonly [Lps, Lps] }
  | { readonly id: string; readonly kind: "angle"; readonly points: readonly [Lps, Lps, Lps] }
  | {
      readonly id: string;
      readonly kind: "ellipse";
      /** Opposite corners of the box around the ellipse, and the directions of its sides. */
      readonly points: readonly [Lps, Lps];
      readonly right: readonly [number, number, number];
      readonly down: readonly [number, number, number];
    };

export interface Probe {
  readonly at: Lps;
  readonly hu: number;
  readonly structures: readonly number[];
}

export interface Brush {
  readonly structure: number;
  readonly radiusMm: number;
  /** Paint a ball, or a disc in the pane's plane. */
  readonly ball: boolean;
  /** Only voxels with HU in this range are painted. */
  readonly limits: readonly [number, number] | null;
}

export interface ViewerState {
  readonly cursor: Lps;
  readonly window: Window;
  readonly tool: Tool;
  readonly structures: readonly Structure[];
  readonly labelOpacity: number;
  readonly needles: readonly Needle[];
  readonly zones: readonly Zone[];
  readonly selectedNeedle: string | null;
  /** Depth of the probe's eye from the tip, negative towards the hub. */
  readonly probeDepthMm: number;
  readonly rollDeg: number;
  readonly overlaysHidden: boolean;
  readonly enlarged: PaneKind | "3d" | null;
  readonly measures: readonly Measure[];
  readonly probe: Probe | null;
  readonly brush: Brush;
  /** The box that limits what is segmented as tumour; null while it is not shown. */
  readonly targetBox: TargetBox | null;
  /** Needles and zones of another plan, drawn beside the own ones. */
  readonly ghosts: { readonly needles: readonly Needle[]; readonly zones: readonly Zone[] };
  /** Lines of equal temperature or dose, or the bounds of a zone; null while none are shown. */
  readonly isolines: Isolines | null;
}

export type ViewerStore = StoreApi<ViewerState>;

export const WINDOW_PRESETS: readonly Window[] = [
  { centre: 60, width: 150 },
  { centre: 50, width: 350 },
  { centre: -600, width: 1500 },
  { centre: 400, width: 1000 },
  { centre: 300, width: 3000 },
];

export const createViewerStore = (start: Partial<ViewerState> = {}): ViewerStore =>
  createStore<ViewerState>(() => ({
    cursor: lps(0, 0, 0),
    window: { centre: 50, width: 350 },
    tool: "cursor",
    structures: [],
    labelOpacity: 1,
    needles: [],
    zones: [],
    selectedNeedle: null,
    probeDepthMm: 0,
    rollDeg: 0,
    overlaysHidden: false,
    enlarged: null,
    measures: [],
    probe: null,
    brush: { structure: 1, radiusMm: 5, ball: false, limits: null },
    targetBox: null,
    ghosts: { needles: [], zones: [] },
    isolines: null,
    ...start,
  }));

/** Styles by structure number, as the renderers want them. */
export function stylesOf(structures: readonly Structure[]): (LabelStyle | undefined)[] {
  const styles: (LabelStyle | undefined)[] = [];
  for (const structure of structures) if (structure.visible) styles[structure.id] = structure;
  return styles;
}
