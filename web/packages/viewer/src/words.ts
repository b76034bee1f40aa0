import type { Handle, PaneKind } from "./state";

/** Every text that the viewer shows or reads out; the app gives them in the person's language. */
export interface ViewerWords {
  pane(kind: PaneKind): string;
  handle(needle: string, handle: Handle): string;
  position(x: number, y: number, z: number): string;
  ellipse(mean: number, deviation: number, areaMm2: number): string;
}

export const ENGLISH: ViewerWords = {
  pane: (kind) =>
    ({
      axial: "Axial",
      coronal: "Coronal",
      sagittal: "Sagittal",
      "in-line": "In-line",
      "probe-eye": "Probe's eye",
    })[kind],
  handle: (needle, handle) => `Needle ${needle}, ${handle}`,
  position: (x, y, z) => `${x.toFixed(1)}, ${y.toFixed(1)}, ${z.toFixed(1)} mm`,
  ellipse: (mean, deviation, area) =>
    `${mean.toFixed(0)} ± ${deviation.toFixed(0)} HU · ${(area / 100).toFixed(1)} cm²`,
};
