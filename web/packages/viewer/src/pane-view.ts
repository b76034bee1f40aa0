import {
  applyToPoint,
  distanceToPlane,
  inLinePlane,
  type Lps,
  mix,
  move,
  normalOf,
  orthogonalPlane,
  type Plane,
  type PlaneView,
  probeEyePlane,
  screen,
  screenToLps,
  type Vec3,
} from "@teleneedle/geometry";
import type { Needle, PaneKind, ViewerState } from "./state";
import type { Volume } from "./volume";

export const selectedNeedle = (state: ViewerState): Needle | undefined =>
  state.needles.find((needle) => needle.id === state.selectedNeedle) ?? state.needles[0];

/** The plane through `through` with the pane's middle as near to `centre` as that allows. */
function shifted(plane: Plane, through: Lps): Plane {
  const height = distanceToPlane(plane, through);
  return { ...plane, origin: move(plane.origin, normalOf(plane), height) };
}

/** The plane of a pane for a state. Needle panes without a needle show the coronal and the axial plane. */
export function planeOf(kind: PaneKind, state: ViewerState, centre: Lps, hint?: Vec3): Plane {
  const needle = selectedNeedle(state);
  if (needle && kind === "in-line") {
    const middle = mix(needle.entry, needle.tip, 0.5);
    return inLinePlane(needle.entry, needle.tip, middle, state.rollDeg, hint);
  }
  if (needle && kind === "probe-eye")
    return probeEyePlane(needle.entry, needle.tip, state.probeDepthMm, hint);
  const orientation = kind === "in-line" ? "coronal" : kind === "probe-eye" ? "axial" : kind;
  return shifted(orthogonalPlane(orientation, centre), state.cursor);
}

/** Millimetres from one slice to the next along a direction. */
export function sliceStepMm(volume: Volume | null, normal: Vec3): number {
  if (!volume) return 1;
  const [i, j, k] = volume.spacingMm;
  const { affine } = volume;
  const share = (column: number, size: number) =>
    Math.abs(
      normal[0] * (affine[column] ?? 0) +
        normal[1] * (affine[4 + column] ?? 0) +
        normal[2] * (affine[8 + column] ?? 0),
    ) / size;
  const shares = [share(0, i), share(1, j), share(2, k)];
  const main = shares.indexOf(Math.max(...shares));
  return [i, j, k][main] ?? 1;
}

/** The lowest and the highest slice coordinate in a picture. */
export function sliceRange(view: PlaneView, volume: Volume): readonly [number, number] {
  const corners = [
    [0, 0],
    [view.width, 0],
    [0, view.height],
    [view.width, view.height],
  ] as const;
  const depths = corners.map(([x, y]) => applyToPoint(volume.lpsToIndex, screenToLps(view, screen(x, y)))[2]);
  return [Math.min(...depths), Math.max(...depths)];
}
