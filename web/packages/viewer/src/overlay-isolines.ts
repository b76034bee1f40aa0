import type { PlaneView } from "@teleneedle/geometry";
import { FieldRaster, type Isolines } from "./isolines";
import type { Pane } from "./pane";

interface Drawn {
  readonly of: Isolines;
  readonly view: PlaneView;
  readonly paths: readonly string[];
  readonly band: string;
}

/** Labels nearer to each other than this are left out; the outer line keeps its own. */
const LABEL_PX = 13;
/** What each pane shows, so that a needle being dragged traces no line anew. */
const drawn = new WeakMap<Pane, Drawn>();

/** Draw the lines of equal value of a field, and the band between two of its values. */
export function drawIsolines(pane: Pane, view: PlaneView, isolines: Isolines): void {
  const { paths, band } = traced(pane, view, isolines);
  if (band && isolines.band)
    pane.layer.draw("iso:band", "path", {
      d: band,
      fill: isolines.band.colour,
      "fill-opacity": 0.22,
      "fill-rule": "evenodd",
      "pointer-events": "none",
      "data-testid": "isoband",
    });
  const labels: (readonly [number, number])[] = [];
  isolines.lines.forEach(({ value, colour, dash, label }, n) => {
    const d = paths[n];
    if (!d) return;
    const line = { d, fill: "none", "stroke-linejoin": "round", "pointer-events": "none" };
    pane.layer.draw(`iso:rim:${n}`, "path", { ...line, stroke: "#000000A0", "stroke-width": 3.5 });
    pane.layer.draw(`iso:${n}`, "path", {
      ...line,
      stroke: colour,
      "stroke-width": 1.75,
      "stroke-dasharray": dash,
      "data-testid": "isoline",
      "data-value": String(value),
    });
    const [x, y] = highest(d);
    if (labels.some(([u, v]) => Math.abs(u - x) < 40 && Math.abs(v - y) < LABEL_PX)) return;
    labels.push([x, y]);
    pane.layer.draw(
      `iso:label:${n}`,
      "text",
      {
        x,
        y: y - 3,
        fill: colour,
        "font-size": 11,
        "text-anchor": "middle",
        "paint-order": "stroke",
        stroke: "#000000B0",
        "stroke-width": 3,
        "pointer-events": "none",
      },
      label,
    );
  });
}

function traced(pane: Pane, view: PlaneView, isolines: Isolines): Drawn {
  const known = drawn.get(pane);
  if (known && known.of === isolines && isSameView(known.view, view)) return known;
  const raster = new FieldRaster(isolines.field, view);
  const { band } = isolines;
  const made = {
    of: isolines,
    view,
    paths: isolines.lines.map(({ value }) => raster.path(value)),
    band: band ? raster.path(band.from) + raster.path(band.to) : "",
  };
  drawn.set(pane, made);
  return made;
}

const isSameView = (a: PlaneView, b: PlaneView): boolean =>
  a.width === b.width &&
  a.height === b.height &&
  a.mmPerPixel === b.mmPerPixel &&
  [0, 1, 2].every((c) => a.origin[c] === b.origin[c] && a.right[c] === b.right[c] && a.down[c] === b.down[c]);

/** The point of a path that is highest in the picture. */
function highest(path: string): readonly [number, number] {
  let best: readonly [number, number] = [0, Number.POSITIVE_INFINITY];
  for (const [, x, y] of path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g))
    if (Number(y) < best[1]) best = [Number(x), Number(y)];
  return best;
}
