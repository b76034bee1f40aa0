import { distanceToPlane, type Plane, type PlaneView, projectToScreen } from "./planes";
import { dot, type Lps, normalize, subtract, type Vec3 } from "./points";

/** An ellipsoid of revolution: `longMm` and `shortMm` are whole diameters along and across `axis`. */
export interface Ellipsoid {
  readonly centre: Lps;
  readonly axis: Vec3;
  readonly longMm: number;
  readonly shortMm: number;
}

/** An ellipse on the screen, as SVG wants it: half axes in pixels, angle of the first half axis in degrees. */
export interface ScreenEllipse {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  readonly angleDeg: number;
}

/** (p − c)ᵀ M (p − c) for the ellipsoid, M = I/b² + (1/a² − 1/b²) n nᵀ: < 1 inside. */
export function ellipsoidLevel(e: Ellipsoid, p: Lps): number {
  const n = normalize(e.axis);
  const d = subtract(p, e.centre);
  const along = dot(d, n);
  const a = e.longMm / 2;
  const b = e.shortMm / 2;
  return (along * along) / (a * a) + (dot(d, d) - along * along) / (b * b);
}

/**
 * The exact cut of an ellipsoid by a plane, or null when they do not meet.
 * On the plane p = o + u·right + v·down the level is a quadratic form in (u, v); its minimum is the centre,
 * its eigenvectors the axes, and what is left of 1 at the minimum scales them.
 */
export function cutEllipsoid(e: Ellipsoid, view: PlaneView): ScreenEllipse | null {
  const n = normalize(e.axis);
  const across = 4 / (e.shortMm * e.shortMm);
  const along = 4 / (e.longMm * e.longMm) - across;
  const nr = dot(n, view.right);
  const nd = dot(n, view.down);
  const height = -distanceToPlane(view, e.centre);
  const normal = planeNormal(view);
  const nn = dot(n, normal);
  const q11 = across + along * nr * nr;
  const q12 = along * nr * nd;
  const q22 = across + along * nd * nd;
  const g1 = along * nr * nn * height;
  const g2 = along * nd * nn * height;
  const det = q11 * q22 - q12 * q12;
  const u = (-g1 * q22 + g2 * q12) / det;
  const v = (-g2 * q11 + g1 * q12) / det;
  const left = 1 - (height * height * (across + along * nn * nn) + g1 * u + g2 * v);
  if (!(left > 0)) return null;
  const mean = (q11 + q22) / 2;
  const spread = Math.hypot((q11 - q22) / 2, q12);
  const [x, y] = projectToScreen(view, e.centre);
  return {
    cx: x + u / view.mmPerPixel,
    cy: y + v / view.mmPerPixel,
    rx: Math.sqrt(left / (mean - spread)) / view.mmPerPixel,
    ry: Math.sqrt(left / (mean + spread)) / view.mmPerPixel,
    angleDeg: spread < 1e-15 ? 0 : (Math.atan2(mean - spread - q11, q12 || 1e-30) * 180) / Math.PI,
  };
}

const planeNormal = (p: Plane): Vec3 => [
  p.right[1] * p.down[2] - p.right[2] * p.down[1],
  p.right[2] * p.down[0] - p.right[0] * p.down[2],
  p.right[0] * p.down[1] - p.right[1] * p.down[0],
];
