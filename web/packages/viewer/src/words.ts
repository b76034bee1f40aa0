import type { Handle, PaneKind } from "./state";
import type { BoxSide } from "./target-box";

/** Every text that the viewer shows or reads out; the app gives them in the person's language. */
export interface ViewerWords {
  pane(kind: PaneKind): string;
  handle(needle: string, handle: Handle): string;
  /** One side of the tumour box, two that meet in a corner, or four that move together. */
  boxHandle(sides: readonly BoxSide[]): string;
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
  boxHandle: (sides) =>
    sides.length > 2
      ? "Tumour box"
      : `Tumour box, ${sides.map((side) => ["right", "left", "front", "back", "lower", "upper"][side]).join(" ")}`,
  position: (x, y, z) => `${x.toFixed(1)}, ${y.toFixed(1)}, ${z.toFixed(1)} mm`,
  ellipse: (mean, deviation, area) =>
    `${mean.toFixed(0)} ± ${deviation.toFixed(0)} HU · ${(area / 100).toFixed(1)} cm²`,
};
