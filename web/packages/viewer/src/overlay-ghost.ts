import { cutEllipsoid, type PlaneView, projectToScreen } from "@teleneedle/geometry";
import type { Pane } from "./pane";
import type { Needle, Zone } from "./state";

const COLOUR = "#B9A7E8";

/** Needles and zones of another plan to compare with: thin, dotted, lettered, and nothing to take hold of. */
export function drawGhosts(
  pane: Pane,
  view: PlaneView,
  needles: readonly Needle[],
  zones: readonly Zone[],
): void {
  const { layer } = pane;
  const stroke = { stroke: COLOUR, "stroke-dasharray": "1.5 4", "pointer-events": "none" };
  for (const { id, label, entry, tip } of needles) {
    const [x1, y1] = projectToScreen(view, entry);
    const [x2, y2] = projectToScreen(view, tip);
    const line = { ...stroke, x1, y1, x2, y2, "stroke-width": 2.5, "stroke-linecap": "round" };
    layer.draw(`ghost:${id}`, "line", { ...line, "data-testid": `ghost-${id}` });
    layer.draw(`ghost:${id}:tip`, "circle", { ...stroke, cx: x2, cy: y2, r: 4, fill: "none" });
    const text = { x: x1 + 6, y: y1 - 6, "font-size": 11, fill: COLOUR, "pointer-events": "none" };
    layer.draw(`ghost:${id}:label`, "text", text, label);
  }
  for (const zone of zones) {
    const cut = cutEllipsoid({ centre: zone.centre, axis: zone.axis, ...zone.p50 }, view);
    if (!cut) continue;
    layer.draw(`ghost:${zone.id}`, "ellipse", {
      ...stroke,
      rx: cut.rx,
      ry: cut.ry,
      transform: `translate(${cut.cx.toFixed(2)} ${cut.cy.toFixed(2)}) rotate(${cut.angleDeg.toFixed(3)})`,
      fill: "none",
      "stroke-width": 1.5,
    });
  }
}
