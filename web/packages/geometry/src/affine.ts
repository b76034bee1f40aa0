import { type Index, index, type Lps, lps, type Vec3 } from "./points";

/** 4×4 map, 16 numbers row-major; the last row is 0 0 0 1. Maps voxel (i, j, k) to LPS mm unless said otherwise. */
export type Affine = readonly number[];

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

const at = (m: Affine, n: number): number => m[n] ?? 0;

function mapped(m: Affine, p: Vec3, w: number): [number, number, number] {
  const row = (r: number) => at(m, r) * p[0] + at(m, r + 1) * p[1] + at(m, r + 2) * p[2] + at(m, r + 3) * w;
  return [row(0), row(4), row(8)];
}

export const applyToPoint = (m: Affine, p: Vec3): Vec3 => mapped(m, p, 1);
export const applyToVector = (m: Affine, v: Vec3): Vec3 => mapped(m, v, 0);
export const toLps = (indexToLps: Affine, p: Index): Lps => lps(...mapped(indexToLps, p, 1));
export const toIndex = (lpsToIndex: Affine, p: Lps): Index => index(...mapped(lpsToIndex, p, 1));

/** `a` after `b`: (a ∘ b)(p) = a(b(p)). */
export function compose(a: Affine, b: Affine): Affine {
  const out: number[] = [];
  for (let r = 0; r < 4; r++) {
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (let n = 0; n < 4; n++) sum += at(a, 4 * r + n) * at(b, 4 * n + c);
      out.push(sum);
    }
  }
  return out;
}

/** Inverse of an affine map; a map that flattens space has none and is refused. */
export function invert(m: Affine): Affine {
  const [a, b, c, x] = [at(m, 0), at(m, 1), at(m, 2), at(m, 3)];
  const [d, e, f, y] = [at(m, 4), at(m, 5), at(m, 6), at(m, 7)];
  const [g, h, i, z] = [at(m, 8), at(m, 9), at(m, 10), at(m, 11)];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!Number.isFinite(det) || Math.abs(det) < 1e-15) throw new RangeError("this affine map has no inverse");
  const [A, B, C] = [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det];
  const [D, E, F] = [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det];
  const [G, H, I] = [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det];
  return [
    ...[A, B, C, -(A * x + B * y + C * z)],
    ...[D, E, F, -(D * x + E * y + F * z)],
    ...[G, H, I, -(G * x + H * y + I * z)],
    ...[0, 0, 0, 1],
  ];
}

/** Voxel edge lengths along i, j, k, mm. */
export function spacing(m: Affine): Vec3 {
  const column = (n: number) => Math.hypot(at(m, n), at(m, 4 + n), at(m, 8 + n));
  return [column(0), column(1), column(2)];
}
