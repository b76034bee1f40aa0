/** The patient, the needle and the camera positions of ours.ts, as plain arrays in LPS millimetres. */
import { AFFINE, BALLS, phantomLabels, phantomVolume, SHAPE } from "../phantom";

export type Point = [number, number, number];

export const DIMENSIONS: Point = [SHAPE[2], SHAPE[1], SHAPE[0]];
const at = (place: number) => AFFINE[place] as number;
export const SPACING: Point = [at(0), at(5), at(10)];
export const ORIGIN: Point = [at(3), at(7), at(11)];
export const PANE = 512;
export const WINDOW = { low: 50 - 175, high: 50 + 175 };
export const FILL = 0.25;
export const STRUCTURES = BALLS.map((ball, n) => ({ ...ball, centre: [...ball.centre] as Point, id: n + 1 }));

export const hu = (): Int16Array => phantomVolume().data;
export const labelNumbers = (): Uint8Array => phantomLabels().data;

const ENTRY: Point = [-150, -80, 5];

/** Axial position of a frame of the scroll, mm. */
export const scrollMm = (n: number): number => -100 + ((n * 1.25) % 200);
export const cursorOf = (n: number): Point => [-60 + (n % 80), -40 + (n % 90), -50 + (n % 100)];
export const tipOf = (n: number): Point => [-60 + 8 * Math.sin(n / 9), -10 + 8 * Math.cos(n / 7), 5];
export const needleTo = (tip: Point) => ({ entry: ENTRY, tip, radiusMm: 0.75 });

const normalized = (v: Point): Point => {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
};
const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** A plane through the needle, turned about it: its normal and what is up in the picture. */
export function inLine(tip: Point, rollDeg: number): { normal: Point; up: Point } {
  const along = normalized([tip[0] - ENTRY[0], tip[1] - ENTRY[1], tip[2] - ENTRY[2]]);
  const side = normalized(cross(along, [0, 0, 1]));
  const other = cross(along, side);
  const [c, s] = [Math.cos((rollDeg * Math.PI) / 180), Math.sin((rollDeg * Math.PI) / 180)];
  const mix = (a: number, b: number) => c * a + s * b;
  const normal: Point = [mix(side[0], other[0]), mix(side[1], other[1]), mix(side[2], other[2])];
  return { normal, up: cross(normal, along) };
}
