import { normalOf, type PlaneView, type Screen } from "@teleneedle/geometry";
import type { Pane } from "./pane";
import { boxHandles, cutBox, type TargetBox } from "./target-box";

const COLOUR = "#E69F00";

/** The tumour box: where the plane cuts it solid, its outline dashed, and handles that can be dragged or focused. */
export function drawTargetBox(pane: Pane, view: PlaneView, box: TargetBox): void {
  const { layer } = pane;
  const { words } = pane.workspace;
  const handles = boxHandles(box, view);
  const corners = handles.filter(({ kind }) => kind === "corner").map(({ at }) => at);
  const stroke = { fill: "none", stroke: COLOUR, "stroke-width": 1.5, "pointer-events": "none" };
  if (corners.length === 4) {
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    const size = { width: Math.max(...xs) - x, height: Math.max(...ys) - y };
    layer.draw("box:outline", "rect", { ...stroke, x, y, ...size, "stroke-dasharray": "5 4" });
  }
  const cut = cutBox(box, view, normalOf(view));
  if (cut.length > 2) {
    const points = cut.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    layer.draw("box:cut", "polygon", { ...stroke, points, "data-testid": "box-cut" });
  }
  const reach = touchRadius(corners);
  for (const { sides, at, kind } of handles) {
    const name = sides.join(",");
    const key = `box:${name}`;
    const first = sides[0] ?? 0;
    const group = layer.draw(key, "g", {
      role: "slider",
      tabindex: kind === "corner" ? -1 : 0,
      "aria-label": words.boxHandle(sides),
      "aria-valuenow": Math.round(box[first]),
      "aria-valuetext": sides.map((side) => `${box[side].toFixed(1)} mm`).join(", "),
      transform: `translate(${at[0].toFixed(2)} ${at[1].toFixed(2)})`,
      "data-box": name,
      "data-testid": `box-${name.replaceAll(",", "-")}`,
      style: "cursor:move",
    });
    layer.draw(`${key}:touch`, "circle", { r: reach, fill: "transparent" }, undefined, group);
    const look =
      kind === "middle"
        ? { width: 8, height: 8, x: -4, y: -4, transform: "rotate(45)", fill: "none" }
        : { width: 8, height: 8, x: -4, y: -4, fill: kind === "side" ? COLOUR : "#0B0E13" };
    layer.draw(`${key}:mark`, "rect", { ...look, stroke: COLOUR, "stroke-width": 1.5 }, undefined, group);
  }
}

/** How far around a handle it can be taken, px: as much as a finger needs, less where handles stand close. */
function touchRadius(corners: readonly Screen[]): number {
  const size = (n: 0 | 1) =>
    Math.max(...corners.map((at) => at[n])) - Math.min(...corners.map((at) => at[n]));
  return Math.max(5, Math.min(14, Math.min(size(0), size(1)) / 4));
}
