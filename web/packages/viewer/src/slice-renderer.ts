import type { PlaneView } from "@teleneedle/geometry";
import type { LabelStyle, Labels } from "./labels";
import type { Box } from "./mask";
import type { ScalarField } from "./scalar-field";
import type { Volume } from "./volume";

/** Window of CT numbers, HU. */
export interface Window {
  readonly centre: number;
  readonly width: number;
}

/** What one picture of a pane shows. */
export interface SlicePicture {
  readonly view: PlaneView;
  readonly window: Window;
  /** Style by structure number; absent means not drawn. */
  readonly styles: readonly (LabelStyle | undefined)[];
  readonly labelOpacity: number;
}

/** Draws planes of a volume. The processor and the graphics card do it alike, within one grey level. */
export interface SliceRenderer {
  readonly kind: "cpu" | "gl";
  /** Panes with more pixels than this are drawn smaller and scaled up. */
  readonly mostPixels: number;
  setVolume(volume: Volume | null): void;
  /** Voxels of the volume have become others inside `box`. */
  volumeChanged(box: Box): void;
  setLabels(labels: Labels | null): void;
  setField(field: ScalarField | null): void;
  /** Draw into the whole of `target`, whose size is the view's. */
  draw(picture: SlicePicture, target: CanvasRenderingContext2D): void;
  dispose(): void;
}
