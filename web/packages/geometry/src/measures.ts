import { dot, type Lps, norm, normalize, scale, subtract, type Vec3 } from "./points";

export const distanceMm = (a: Lps, b: Lps): number => norm(subtract(a, b));

/** Angle between two directions, degrees, 0 to 180. */
export function angleBetweenDeg(a: Vec3, b: Vec3): number {
  const cosine = dot(normalize(a), normalize(b));
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}

/** Angle at `corner` between the arms to `a` and `b`, degrees. */
export const angleDeg = (a: Lps, corner: Lps, b: Lps): number =>
  angleBetweenDeg(subtract(a, corner), subtract(b, corner));

/** Distance of `p` from the segment a–b, mm. */
export function distanceToSegmentMm(p: Lps, a: Lps, b: Lps): number {
  const d = subtract(b, a);
  const t = Math.max(0, Math.min(1, dot(subtract(p, a), d) / Math.max(dot(d, d), 1e-12)));
  return norm(subtract(subtract(p, a), scale(d, t)));
}
