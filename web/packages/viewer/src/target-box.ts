import { type Lps, lps, type PlaneView, projectToScreen, type Screen, type Vec3 } from "@teleneedle/geometry";

/** Low and high sides of a box along the patient's axes, LPS mm: x0, x1, y0, y1, z0, z1. */
export type TargetBox = readonly [number, number, number, number, number, number];

/** Sides by their place in a `TargetBox`. */
export type BoxSide = 0 | 1 | 2 | 3 | 4 | 5;

/** What can be taken hold of in a picture: one side, two sides that meet in a corner, or all four to move the box. */
export interface BoxHandle {
  readonly sides: readonly BoxSide[];
  readonly at: Screen;
  readonly kind: "side" | "corner" | "middle";
}

/** A box is never thinner than this, mm. */
const LEAST_MM = 2;

const axisOf = (side: BoxSide) => (side >> 1) as 0 | 1 | 2;

/** The box with some sides moved by a way in the patient, mm; a side stops before the one that it faces. */
export function movedBox(box: TargetBox, sides: readonly BoxSide[], way: Vec3): TargetBox {
  const next = [...box] as [number, number, number, number, number, number];
  for (const side of sides) {
    const moved = box[side] + way[axisOf(side)];
    const facing = (side ^ 1) as BoxSide;
    if (sides.includes(facing)) next[side] = moved;
    else if (side % 2 === 0) next[side] = Math.min(moved, box[facing] - LEAST_MM);
    else next[side] = Math.max(moved, box[facing] + LEAST_MM);
  }
  return next;
}

/** The patient's axis that a direction runs along, or null for an oblique one. */
function alongAxis(direction: Vec3): 0 | 1 | 2 | null {
  const n = direction.findIndex((part) => Math.abs(part) > 1 - 1e-6);
  return n < 0 ? null : (n as 0 | 1 | 2);
}

/** Where a box can be taken hold of in a picture along the patient's axes; nowhere in an oblique one. */
export function boxHandles(box: TargetBox, view: PlaneView): BoxHandle[] {
  const [u, v] = [alongAxis(view.right), alongAxis(view.down)];
  if (u === null || v === null) return [];
  const w = (3 - u - v) as 0 | 1 | 2;
  const side = (axis: number, end: 0 | 1) => (2 * axis + end) as BoxSide;
  const middleOf = (axis: number) => (box[side(axis, 0)] + box[side(axis, 1)]) / 2;
  const place = (a: number, b: number): Screen => {
    const p: [number, number, number] = [0, 0, 0];
    p[u] = a;
    p[v] = b;
    p[w] = middleOf(w);
    return projectToScreen(view, lps(...p));
  };
  const all = [side(u, 0), side(u, 1), side(v, 0), side(v, 1)];
  const handles: BoxHandle[] = [{ kind: "middle", sides: all, at: place(middleOf(u), middleOf(v)) }];
  const ends = [0, 1] as const;
  for (const a of ends) {
    handles.push({ kind: "side", sides: [side(u, a)], at: place(box[side(u, a)], middleOf(v)) });
    handles.push({ kind: "side", sides: [side(v, a)], at: place(middleOf(u), box[side(v, a)]) });
    for (const b of ends) {
      const sides = [side(u, a), side(v, b)];
      handles.push({ kind: "corner", sides, at: place(box[side(u, a)], box[side(v, b)]) });
    }
  }
  return handles;
}

/** Corners of the box's cut with the plane of a picture, around; fewer than three where they miss each other. */
export function cutBox(box: TargetBox, view: PlaneView, normal: Vec3): Screen[] {
  const corner = (n: number): Lps =>
    lps(box[(n & 1) as BoxSide], box[(2 + ((n >> 1) & 1)) as BoxSide], box[(4 + ((n >> 2) & 1)) as BoxSide]);
  const height = (p: Lps) =>
    (p[0] - view.origin[0]) * normal[0] +
    (p[1] - view.origin[1]) * normal[1] +
    (p[2] - view.origin[2]) * normal[2];
  const points: Screen[] = [];
  for (let a = 0; a < 8; a++) {
    for (const bit of [1, 2, 4]) {
      if (a & bit) continue;
      const [p, q] = [corner(a), corner(a | bit)];
      const [hp, hq] = [height(p), height(q)];
      if (hp === hq || hp * hq > 0) continue;
      const t = hp / (hp - hq);
      points.push(
        projectToScreen(
          view,
          lps(p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])),
        ),
      );
    }
  }
  const x = points.reduce((sum, p) => sum + p[0], 0) / points.length;
  const y = points.reduce((sum, p) => sum + p[1], 0) / points.length;
  return points.sort((p, q) => Math.atan2(p[1] - y, p[0] - x) - Math.atan2(q[1] - y, q[0] - x));
}

/** Sides named in a handle's `data-box`. */
export const sidesNamed = (names: string): BoxSide[] =>
  names.split(",").flatMap((name) => {
    const side = Number(name);
    return Number.isInteger(side) && side >= 0 && side < 6 ? [side as BoxSide] : [];
  });
