/** Points and vectors. The brand says in which space the three numbers live; it costs nothing at run time. */
export type Vec3 = readonly [number, number, number];
declare const space: unique symbol;
/** DICOM patient coordinates, millimetres. */
export type Lps = Vec3 & { readonly [space]: "lps" };
/** Voxel indices in the order i (column), j (row), k (slice); voxel centres are whole numbers. */
export type Index = Vec3 & { readonly [space]: "index" };
/** CSS pixels from the top left corner of a pane. */
export type Screen = readonly [number, number] & { readonly [space]: "screen" };

export const lps = (x: number, y: number, z: number): Lps => [x, y, z] as unknown as Lps;
export const index = (i: number, j: number, k: number): Index => [i, j, k] as unknown as Index;
export const screen = (x: number, y: number): Screen => [x, y] as unknown as Screen;

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const norm = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Unit vector; `fallback` for a vector without length. */
export function normalize(a: Vec3, fallback: Vec3 = [0, 0, 1]): Vec3 {
  const length = norm(a);
  return length > 1e-12 ? scale(a, 1 / length) : fallback;
}

/** `from` moved by `distanceMm` along `direction`. */
export function move(from: Lps, direction: Vec3, distanceMm: number): Lps {
  return lps(
    from[0] + direction[0] * distanceMm,
    from[1] + direction[1] * distanceMm,
    from[2] + direction[2] * distanceMm,
  );
}

/** Point at fraction `t` of the way from `a` to `b`. */
export const mix = (a: Lps, b: Lps, t: number): Lps =>
  lps(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t);

/** The part of `a` at right angles to the unit vector `axis`, with unit length. */
export const perpendicular = (a: Vec3, axis: Vec3, fallback?: Vec3): Vec3 =>
  normalize(subtract(a, scale(axis, dot(a, axis))), fallback);
