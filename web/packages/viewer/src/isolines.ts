import type { PlaneView } from "@teleneedle/geometry";
import { resliceField } from "./reslice-field";
import type { ScalarField } from "./scalar-field";

/** A line of equal value. */
export interface Isoline {
  readonly value: number;
  readonly colour: string;
  readonly label: string;
  readonly dash?: string;
}

/** Lines of equal value of a field, and a band between two of its values, in every slice picture. */
export interface Isolines {
  /** Names what is shown, for whoever shows it. */
  readonly id: string;
  readonly field: ScalarField;
  readonly lines: readonly Isoline[];
  readonly band?: { readonly from: number; readonly to: number; readonly colour: string };
}

/** Pixels from one sample of the field to the next. */
const STEP_PX = 3;
/** Which edges of a cell a line joins, by which of its corners (top left, top right, bottom right, bottom left) are inside. */
const CASES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

type Point = readonly [number, number];

/** Values of a field on a coarse raster of a picture, one cell wider than it on every side. */
export class FieldRaster {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;

  constructor(field: ScalarField, view: PlaneView) {
    this.width = Math.ceil(view.width / STEP_PX) + 2;
    this.height = Math.ceil(view.height / STEP_PX) + 2;
    this.values = new Float32Array(this.width * this.height);
    const size = { width: this.width, height: this.height, mmPerPixel: view.mmPerPixel * STEP_PX };
    const [u, v] = [this.width * STEP_PX - view.width, this.height * STEP_PX - view.height];
    const shift = (c: 0 | 1 | 2) =>
      view.origin[c] +
      ((view.right[c] * u + view.down[c] * v) / 2 - STEP_PX * (view.right[c] + view.down[c])) *
        view.mmPerPixel;
    const origin = [shift(0), shift(1), shift(2)] as unknown as PlaneView["origin"];
    resliceField(field, { ...view, ...size, origin }, this.values);
  }

  /** The lines at a value as an SVG path in pixels of the picture; closed where they close. */
  path(value: number): string {
    const ends = new Map<string, { at: Point; to: string }>();
    for (let y = 0; y + 1 < this.height; y++)
      for (let x = 0; x + 1 < this.width; x++) this.cell(x, y, value, ends);
    return trace(ends);
  }

  private cell(x: number, y: number, value: number, ends: Map<string, { at: Point; to: string }>): void {
    const n = y * this.width + x;
    const corners = [n, n + 1, n + this.width + 1, n + this.width];
    let inside = 0;
    corners.forEach((corner, bit) => {
      if ((this.values[corner] as number) >= value) inside |= 1 << bit;
    });
    for (const [from, to] of CASES[inside] ?? []) {
      const key = (edge: number) =>
        edge === 0 ? `h${n}` : edge === 2 ? `h${n + this.width}` : edge === 3 ? `v${n}` : `v${n + 1}`;
      ends.set(key(from), { at: this.crossing(x, y, from, value), to: key(to) });
      if (!ends.has(key(to))) ends.set(key(to), { at: this.crossing(x, y, to, value), to: "" });
    }
  }

  /** Where the value is met on an edge of a cell; outside of the field the nearest sample inside it. */
  private crossing(x: number, y: number, edge: number, value: number): Point {
    const [ax, ay] = edge === 1 ? [x + 1, y] : edge === 2 ? [x, y + 1] : [x, y];
    const [bx, by] = edge === 0 ? [x + 1, y] : edge === 3 ? [x, y + 1] : [x + 1, y + 1];
    const a = this.values[ay * this.width + ax] as number;
    const b = this.values[by * this.width + bx] as number;
    const t = a === Number.NEGATIVE_INFINITY ? 1 : b === Number.NEGATIVE_INFINITY ? 0 : (value - a) / (b - a);
    return [(ax + t * (bx - ax) - 0.5) * STEP_PX, (ay + t * (by - ay) - 0.5) * STEP_PX];
  }
}

/** Join directed pieces to lines. */
function trace(ends: Map<string, { at: Point; to: string }>): string {
  const starts = new Set(ends.keys());
  for (const { to } of ends.values()) starts.delete(to);
  const parts: string[] = [];
  const follow = (first: string) => {
    const points: string[] = [];
    let key = first;
    for (;;) {
      const end = ends.get(key);
      if (!end) break;
      ends.delete(key);
      points.push(`${end.at[0].toFixed(2)} ${end.at[1].toFixed(2)}`);
      key = end.to;
    }
    if (points.length > 1) parts.push(`M${points.join("L")}${key === first ? "Z" : ""}`);
  };
  for (const start of starts) follow(start);
  for (const start of [...ends.keys()]) if (ends.has(start)) follow(start);
  return parts.join("");
}
