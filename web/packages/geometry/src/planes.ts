import {
  add,
  cross,
  dot,
  type Lps,
  lps,
  move,
  normalize,
  perpendicular,
  type Screen,
  scale,
  screen,
  subtract,
  type Vec3,
} from "./points";

/** A plane as a pane shows it: `right` and `down` are unit vectors on the screen, `origin` is the pane's middle. */
export interface Plane {
  readonly origin: Lps;
  readonly right: Vec3;
  readonly down: Vec3;
}

/** A plane with its picture: pixel (x, y) of width × height shows the plane at `mmPerPixel`. */
export interface PlaneView extends Plane {
  readonly width: number;
  readonly height: number;
  readonly mmPerPixel: number;
}

export type Orientation = "axial" | "coronal" | "sagittal";

const AXES: Record<Orientation, { right: Vec3; down: Vec3 }> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
};

/** The usual radiological view through `origin`: axial from the feet, coronal from the front, sagittal from the left. */
export const orthogonalPlane = (orientation: Orientation, origin: Lps): Plane => ({
  origin,
  ...AXES[orientation],
});

export const normalOf = (plane: Plane): Vec3 => cross(plane.right, plane.down);

/** An axis that is not along `direction`: patient left, or patient back for a needle that comes from the side. */
const sideways = (direction: Vec3): Vec3 => (Math.abs(direction[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0]);

/**
 * The plane that contains the needle, hub up and tip down, turned about it by `rollDeg`.
 * `hint` is the `right` of the picture before, so that a needle being dragged does not make the picture jump.
 */
export function inLinePlane(entry: Lps, tip: Lps, origin: Lps, rollDeg = 0, hint?: Vec3): Plane {
  const down = normalize(subtract(tip, entry));
  const side = sideways(down);
  const level = perpendicular(hint ?? side, down, perpendicular(side, down));
  const roll = (rollDeg * Math.PI) / 180;
  const right = add(scale(level, Math.cos(roll)), scale(cross(down, level), Math.sin(roll)));
  return { origin, right: normalize(right), down };
}

/** The plane across the needle `depthMm` before (negative) or beyond (positive) the tip, seen from the hub. */
export function probeEyePlane(entry: Lps, tip: Lps, depthMm = 0, hint?: Vec3): Plane {
  const along = normalize(subtract(tip, entry));
  const side = sideways(along);
  const right = perpendicular(hint ?? side, along, perpendicular(side, along));
  return { origin: move(tip, along, depthMm), right, down: cross(along, right) };
}

/** Millimetres from the plane, positive on the side of its normal. */
export const distanceToPlane = (plane: Plane, p: Lps): number =>
  dot(subtract(p, plane.origin), normalOf(plane));

export function projectToScreen(view: PlaneView, p: Lps): Screen {
  const d = subtract(p, view.origin);
  return screen(
    view.width / 2 + dot(d, view.right) / view.mmPerPixel,
    view.height / 2 + dot(d, view.down) / view.mmPerPixel,
  );
}

/** The point of the plane under a pixel. */
export function screenToLps(view: PlaneView, p: Screen): Lps {
  const u = (p[0] - view.width / 2) * view.mmPerPixel;
  const v = (p[1] - view.height / 2) * view.mmPerPixel;
  const { origin: o, right: r, down: d } = view;
  return lps(o[0] + r[0] * u + d[0] * v, o[1] + r[1] * u + d[1] * v, o[2] + r[2] * u + d[2] * v);
}

/** The part of the segment a–b that is within `slabMm` of the plane, as fractions of it; null when there is none. */
export function segmentInSlab(
  plane: Plane,
  a: Lps,
  b: Lps,
  slabMm: number,
): readonly [number, number] | null {
  const da = distanceToPlane(plane, a);
  const db = distanceToPlane(plane, b);
  if (Math.abs(db - da) < 1e-9) return Math.abs(da) <= slabMm ? [0, 1] : null;
  const t0 = (-slabMm - da) / (db - da);
  const t1 = (slabMm - da) / (db - da);
  const from = Math.max(0, Math.min(t0, t1));
  const to = Math.min(1, Math.max(t0, t1));
  return from < to ? [from, to] : null;
}
