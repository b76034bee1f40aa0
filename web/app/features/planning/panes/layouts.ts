import type { PaneKind } from "@teleneedle/viewer";

export type AnyPane = PaneKind | "3d";

/** Which pictures are shown for a task, and where; `areas` as in CSS grids. */
interface Arrangement {
  readonly panes: readonly AnyPane[];
  readonly areas: readonly string[];
  readonly columns: string;
  readonly rows: string;
}

const AREA: Readonly<Record<AnyPane, string>> = {
  axial: "axial",
  coronal: "coronal",
  sagittal: "sagittal",
  "in-line": "line",
  "probe-eye": "eye",
  "3d": "scene",
};

export const areaOf = (kind: AnyPane): string => AREA[kind];

export const LAYOUT_NAMES = ["six", "needle", "orthogonal", "scene"] as const;
export type Layout = (typeof LAYOUT_NAMES)[number];

export const LAYOUTS: Readonly<Record<Layout, Arrangement>> = {
  six: {
    panes: ["axial", "coronal", "3d", "in-line", "probe-eye", "sagittal"],
    areas: ["axial coronal scene", "line eye sagittal"],
    columns: "1fr 1fr 1fr",
    rows: "1fr 1fr",
  },
  needle: {
    panes: ["in-line", "probe-eye", "axial", "3d"],
    areas: ["line eye axial", "line eye scene"],
    columns: "1.25fr 1.25fr 1fr",
    rows: "1fr 1fr",
  },
  orthogonal: {
    panes: ["axial", "coronal", "sagittal"],
    areas: ["axial coronal", "axial sagittal"],
    columns: "1.6fr 1fr",
    rows: "1fr 1fr",
  },
  scene: {
    panes: ["3d", "axial", "in-line", "probe-eye"],
    areas: ["scene axial", "scene line", "scene eye"],
    columns: "2.2fr 1fr",
    rows: "1fr 1fr 1fr",
  },
};
