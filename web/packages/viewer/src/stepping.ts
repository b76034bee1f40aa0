import {
  type Affine,
  applyToPoint,
  applyToVector,
  type PlaneView,
  scale,
  screen,
  screenToLps,
} from "@teleneedle/geometry";
import type { Shape } from "./volume";

/** Index coordinates along a picture: those of pixel (0, 0), and what one pixel right and one down adds. */
export interface Steps {
  readonly start: readonly [number, number, number];
  readonly right: readonly [number, number, number];
  readonly down: readonly [number, number, number];
}

export function stepsOf(view: PlaneView, lpsToIndex: Affine): Steps {
  return {
    start: applyToPoint(lpsToIndex, screenToLps(view, screen(0.5, 0.5))),
    right: applyToVector(lpsToIndex, scale(view.right, view.mmPerPixel)),
    down: applyToVector(lpsToIndex, scale(view.down, view.mmPerPixel)),
  };
}

/** The pixels [from, to) of a row whose index coordinates lie in [low, size − 1 − low] on every axis. */
export class RowSpan {
  from = 0;
  to = 0;

  find(
    i: number,
    j: number,
    k: number,
    step: readonly [number, number, number],
    width: number,
    shape: Shape,
    low: number,
  ) {
    this.from = 0;
    this.to = width;
    this.clip(i, step[0], low, shape[2] - 1 - low);
    this.clip(j, step[1], low, shape[1] - 1 - low);
    this.clip(k, step[2], low, shape[0] - 1 - low);
  }

  private clip(start: number, step: number, low: number, high: number): void {
    if (Math.abs(step) < 1e-12) {
      if (start < low || start > high) this.to = 0;
      return;
    }
    const a = (low - start) / step;
    const b = (high - start) / step;
    this.from = Math.max(this.from, Math.ceil(Math.min(a, b)));
    this.to = Math.min(this.to, Math.floor(Math.max(a, b)) + 1);
  }
}
