import {
  cutEllipsoid,
  distanceToPlane,
  edgeLetters,
  type Lps,
  mix,
  type PlaneView,
  projectToScreen,
  segmentInSlab,
} from "@teleneedle/geometry";
import { ellipseOf, ellipseStatistics, measuredDeg, measuredMm } from "./measure";
import { drawTargetBox } from "./overlay-box";
import { drawGhosts } from "./overlay-ghost";
import { drawIsolines } from "./overlay-isolines";
import type { Pane } from "./pane";
import type { Axes, Handle, Measure, Needle, ViewerState, Zone } from "./state";

/** Needles within this of the plane are drawn solid. */
const SLAB_MM = 3;
const COLOURS = { needle: "#FFD54A", found: "#35B58A", zone: "#F0E442", ink: "#E7ECF3", accent: "#56B4E9" };
/** Handles nearer than this lie over each other, pixels. */
const HANDLE_REACH = 24;
/** A dark rim keeps thin lines and text readable over bright tissue. */
const TEXT = { "font-size": 11, "paint-order": "stroke", stroke: "#000000B0", "stroke-width": 3 };

/** Draw everything that lies over a pane's picture. */
export function drawOverlay(pane: Pane, view: PlaneView): void {
  const state = pane.workspace.store.getState();
  const { layer } = pane;
  layer.begin();
  if (!state.overlaysHidden) {
    if (state.isolines) drawIsolines(pane, view, state.isolines);
    drawCross(pane, view, state.cursor);
    drawGhosts(pane, view, state.ghosts.needles, state.ghosts.zones);
    for (const zone of state.zones) drawZone(pane, view, zone);
    const selected = state.needles.find(({ id }) => id === state.selectedNeedle);
    for (const needle of state.needles) drawNeedle(pane, view, needle, selected);
    for (const measure of state.measures) drawMeasure(pane, view, measure);
    if (state.targetBox) drawTargetBox(pane, view, state.targetBox);
  }
  drawFrame(pane, view, state);
  layer.end();
}

function drawCross(pane: Pane, view: PlaneView, cursor: Lps): void {
  const [x, y] = projectToScreen(view, cursor);
  const line = {
    stroke: COLOURS.accent,
    "stroke-opacity": 0.55,
    "stroke-width": 1,
    "pointer-events": "none",
  };
  const gap = 14;
  const arms = [
    [0, y, x - gap, y],
    [x + gap, y, view.width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, view.height],
  ];
  arms.forEach(([x1, y1, x2, y2], n) => {
    if (x1 === undefined || x2 === undefined || y1 === undefined || y2 === undefined) return;
    if (x2 > x1 || y2 > y1) pane.layer.draw(`cross:${n}`, "line", { ...line, x1, y1, x2, y2 });
  });
}

function drawZone(pane: Pane, view: PlaneView, zone: Zone): void {
  const cut = (axes: Axes) => cutEllipsoid({ centre: zone.centre, axis: zone.axis, ...axes }, view);
  const drawn: readonly [string, Axes, string | undefined][] = [
    ["p10", zone.p10, "5 4"],
    ["p50", zone.p50, undefined],
    ["p90", zone.p90, "2 4"],
  ];
  for (const [name, axes, dash] of drawn) {
    const ellipse = cut(axes);
    if (!ellipse) continue;
    pane.layer.draw(`zone:${zone.id}:${name}`, "ellipse", {
      cx: 0,
      cy: 0,
      rx: ellipse.rx,
      ry: ellipse.ry,
      transform: `translate(${ellipse.cx.toFixed(2)} ${ellipse.cy.toFixed(2)}) rotate(${ellipse.angleDeg.toFixed(3)})`,
      fill: "none",
      stroke: COLOURS.zone,
      "stroke-width": name === "p50" ? 1.75 : 1,
      "stroke-dasharray": dash,
      "pointer-events": "none",
      "data-testid": `zone-${zone.id}-${name}`,
    });
  }
}

function drawNeedle(pane: Pane, view: PlaneView, needle: Needle, selected: Needle | undefined): void {
  const colour = needle.found ? COLOURS.found : COLOURS.needle;
  const line = (key: string, from: number, to: number, dash?: string) => {
    const [x1, y1] = projectToScreen(view, mix(needle.entry, needle.tip, from));
    const [x2, y2] = projectToScreen(view, mix(needle.entry, needle.tip, to));
    pane.layer.draw(`needle:${needle.id}:${key}`, "line", {
      x1,
      y1,
      x2,
      y2,
      stroke: colour,
      "stroke-width": needle === selected ? 2.5 : 1.75,
      "stroke-opacity": dash ? 0.75 : 1,
      "stroke-dasharray": dash,
      "pointer-events": "none",
      "data-testid": `needle-${needle.id}-${key}`,
    });
  };
  const near = segmentInSlab(view, needle.entry, needle.tip, SLAB_MM);
  if (!near) line("far", 0, 1, "6 5");
  else {
    if (near[0] > 0) line("before", 0, near[0], "6 5");
    line("near", near[0], near[1]);
    if (near[1] < 1) line("after", near[1], 1, "6 5");
  }
  for (const handle of ["entry", "tip"] as const) {
    const isCovered = selected !== undefined && needle !== selected && covers(view, selected, needle[handle]);
    drawHandle(pane, view, needle, handle, colour, isCovered);
  }
}

/** Where handles lie over each other, the pointer takes that of the selected needle. */
function covers(view: PlaneView, selected: Needle, at: Lps): boolean {
  const [x, y] = projectToScreen(view, at);
  return [selected.entry, selected.tip].some((other) => {
    const [u, v] = projectToScreen(view, other);
    return Math.hypot(x - u, y - v) < HANDLE_REACH;
  });
}

function drawHandle(
  pane: Pane,
  view: PlaneView,
  needle: Needle,
  handle: Handle,
  colour: string,
  isCovered: boolean,
): void {
  const at = needle[handle];
  const [x, y] = projectToScreen(view, at);
  const { words } = pane.workspace;
  const near = Math.abs(distanceToPlane(view, at)) <= SLAB_MM;
  const key = `handle:${needle.id}:${handle}`;
  const group = pane.layer.draw(key, "g", {
    role: needle.found ? "img" : "slider",
    tabindex: needle.found ? undefined : 0,
    "aria-label": words.handle(needle.label, handle),
    "aria-valuenow": needle.found ? undefined : Math.round(distanceToPlane(view, at)),
    "aria-valuetext": needle.found ? undefined : words.position(at[0], at[1], at[2]),
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
    "pointer-events": isCovered ? "none" : undefined,
    "data-testid": `needle-${needle.id}-${handle}`,
    "data-needle": needle.id,
    "data-handle": handle,
    style: needle.found ? "pointer-events:none" : "cursor:grab",
  });
  pane.layer.draw(`${key}:touch`, "circle", { r: 14, fill: "transparent" }, undefined, group);
  pane.layer.draw(
    `${key}:ring`,
    "circle",
    {
      r: handle === "entry" ? 6 : 4,
      fill: handle === "tip" && near ? colour : "none",
      stroke: colour,
      "stroke-width": 2,
      "stroke-dasharray": near ? undefined : "2 2",
    },
    undefined,
    group,
  );
}

function drawMeasure(pane: Pane, view: PlaneView, measure: Measure): void {
  if (measure.points.some((p) => Math.abs(distanceToPlane(view, p)) > SLAB_MM)) return;
  const stroke = { stroke: COLOURS.accent, "stroke-width": 1.5, fill: "none", "pointer-events": "none" };
  const corners = measure.points.map((p) => projectToScreen(view, p));
  const end = corners.at(-1) ?? [0, 0];
  let text = "";
  if (measure.kind === "ellipse") {
    const { centre, rx, ry } = ellipseOf(measure);
    const [cx, cy] = projectToScreen(view, centre);
    const size = { cx, cy, rx: rx / view.mmPerPixel, ry: ry / view.mmPerPixel };
    pane.layer.draw(`measure:${measure.id}`, "ellipse", { ...stroke, ...size });
    const { volume, words } = pane.workspace;
    const found = volume && ellipseStatistics(volume, measure);
    text = found ? words.ellipse(found.mean, found.deviation, found.areaMm2) : "";
  } else {
    const points = corners.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    pane.layer.draw(`measure:${measure.id}`, "polyline", { ...stroke, points });
    text =
      measure.kind === "distance"
        ? `${measuredMm(measure).toFixed(1)} mm`
        : `${measuredDeg(measure).toFixed(1)}°`;
  }
  const place = { x: end[0] + 8, y: end[1] + 4, fill: COLOURS.ink, "pointer-events": "none", ...TEXT };
  pane.layer.draw(`measure:${measure.id}:text`, "text", { ...place, "data-testid": measure.id }, text);
}

/** Orientation letters, scale bar and the CT number under the pointer. */
function drawFrame(pane: Pane, view: PlaneView, state: ViewerState): void {
  const { layer } = pane;
  const { left, right, top, bottom } = edgeLetters(view);
  const letter = (key: string, x: number, y: number, text: string) => {
    const anchor = { x, y, fill: COLOURS.ink, "text-anchor": "middle", "pointer-events": "none", ...TEXT };
    layer.draw(`letter:${key}`, "text", { ...anchor, "data-testid": `letter-${key}` }, text);
  };
  letter("left", 12, view.height / 2 + 4, left);
  letter("right", view.width - 12, view.height / 2 + 4, right);
  letter("top", view.width / 2, 14, top);
  letter("bottom", view.width / 2, view.height - 6, bottom);
  const mm = [100, 50, 20, 10, 5, 2, 1].find((size) => size / view.mmPerPixel < view.width / 3) ?? 1;
  const x2 = view.width - 10;
  const y = view.height - 10;
  const bar = { x1: x2 - mm / view.mmPerPixel, y1: y, x2, y2: y, stroke: COLOURS.ink, "stroke-width": 2 };
  layer.draw("scale", "line", { ...bar, "pointer-events": "none" });
  const label = {
    x: x2,
    y: y - 5,
    fill: COLOURS.ink,
    "text-anchor": "end",
    "pointer-events": "none",
    ...TEXT,
  };
  layer.draw("scale:text", "text", label, `${mm} mm`);
  const { probe } = state;
  if (!probe || Math.abs(distanceToPlane(view, probe.at)) > 0.1) return;
  const [px, py] = projectToScreen(view, probe.at);
  if (px < 0 || py < 0 || px > view.width || py > view.height) return;
  const place = { x: 10, y: view.height - 10, fill: COLOURS.ink, "pointer-events": "none", ...TEXT };
  layer.draw("probe", "text", { ...place, "data-testid": "probe" }, `${Math.round(probe.hu)} HU`);
}
