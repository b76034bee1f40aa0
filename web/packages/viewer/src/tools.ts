import { distanceMm, type Lps, type Screen } from "@teleneedle/geometry";
import { Stroke } from "./brush";
import type { Pane } from "./pane";
import type { Measure, Tool } from "./state";

/** A tool while the pointer is down. */
export interface ToolDrag {
  move(at: Screen, fast: boolean): void;
  end?(at: Screen, cancelled: boolean): void;
}

let lastMeasure = 0;

/** Begin `tool` at a point of a pane. */
export function toolOf(tool: Tool, pane: Pane, start: Screen): ToolDrag | null {
  if (tool === "window") return windowDrag(pane, start);
  if (tool === "pan") return panDrag(pane, start);
  if (tool === "zoom") return zoomDrag(pane, start);
  if (tool === "distance" || tool === "ellipse") return measureDrag(tool, pane, start);
  if (tool === "angle") return angleDrag(pane, start);
  if (tool === "brush" || tool === "erase") return brushDrag(pane, start, tool === "erase");
  if (tool === "probe") pane.workspace.probeAt(pane.at(start));
  else pane.workspace.setCursor(pane.at(start));
  return { move: (at) => toolOf(tool, pane, at) };
}

function windowDrag(pane: Pane, start: Screen): ToolDrag {
  const { workspace } = pane;
  const { centre, width } = workspace.store.getState().window;
  return {
    move: (at, fast) => {
      const gain = fast ? 4 : 1;
      workspace.setWindow({
        centre: centre + (at[1] - start[1]) * gain,
        width: width * Math.exp(((at[0] - start[0]) * gain) / 300),
      });
    },
  };
}

function panDrag(pane: Pane, start: Screen): ToolDrag {
  let last = start;
  return {
    move: (at) => {
      const { mmPerPixel } = pane.view;
      pane.pan((last[0] - at[0]) * mmPerPixel, (last[1] - at[1]) * mmPerPixel);
      last = at;
    },
  };
}

function zoomDrag(pane: Pane, start: Screen): ToolDrag {
  let last = start;
  return {
    move: (at) => {
      pane.zoom(Math.exp((at[1] - last[1]) / 150), start);
      last = at;
    },
  };
}

const replace = (pane: Pane, measure: Measure) => {
  const { store } = pane.workspace;
  const others = store.getState().measures.filter((m) => m.id !== measure.id);
  store.setState({ measures: [...others, measure] });
};

const remove = (pane: Pane, id: string) => {
  const { store } = pane.workspace;
  store.setState({ measures: store.getState().measures.filter((m) => m.id !== id) });
};

function measureDrag(kind: "distance" | "ellipse", pane: Pane, start: Screen): ToolDrag {
  const id = `measure-${++lastMeasure}`;
  const from = pane.at(start);
  const { right, down } = pane.view;
  const made = (to: Lps): Measure =>
    kind === "distance" ? { id, kind, points: [from, to] } : { id, kind, points: [from, to], right, down };
  return {
    move: (at) => replace(pane, made(pane.at(at))),
    end: (at, cancelled) => {
      if (cancelled || distanceMm(from, pane.at(at)) < 0.5) remove(pane, id);
    },
  };
}

/** The first drag draws one arm; the next press adds the other. */
function angleDrag(pane: Pane, start: Screen): ToolDrag {
  const { measures } = pane.workspace.store.getState();
  const open = measures.at(-1);
  const at = pane.at(start);
  if (open?.kind === "angle" && distanceMm(open.points[1], open.points[2]) === 0) {
    const move = (to: Screen) =>
      replace(pane, { ...open, points: [open.points[0], open.points[1], pane.at(to)] });
    move(start);
    return { move };
  }
  const id = `measure-${++lastMeasure}`;
  return {
    move: (to) => replace(pane, { id, kind: "angle", points: [at, pane.at(to), pane.at(to)] }),
    end: (to, cancelled) => {
      if (cancelled || distanceMm(at, pane.at(to)) < 0.5) remove(pane, id);
    },
  };
}

function brushDrag(pane: Pane, start: Screen, erase: boolean): ToolDrag | null {
  const { workspace } = pane;
  const { labels, volume } = workspace;
  const { brush } = workspace.store.getState();
  if (!labels) return null;
  const stroke = new Stroke(labels, volume, brush, pane.view, erase);
  stroke.dab(pane.at(start));
  return {
    move: (at) => stroke.lineTo(pane.at(at)),
    end: (_at, cancelled) => {
      const delta = stroke.finish();
      if (!delta) return;
      workspace.recordMask(delta, cancelled);
    },
  };
}
