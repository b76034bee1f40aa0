import { Button } from "@teleneedle/ui";
import type { Tool } from "@teleneedle/viewer";
import { useTranslation } from "react-i18next";
import type { Box6 } from "../desk/deskState";
import { useDesk, useDeskState, useViewerState } from "../desk/useDesk";
import { Panel } from "./Panel";

const TOOLS: readonly Exclude<Tool, "pan" | "zoom" | "probe" | "angle" | "ellipse">[] = [
  "cursor",
  "window",
  "distance",
  "brush",
  "erase",
];
const AXES = ["x0", "x1", "y0", "y1", "z0", "z1"] as const;

/** What the pointer does; the target box; undo and redo over every edit. */
export function ToolsPanel({
  mayEdit,
  onSegmentBox,
}: {
  mayEdit: boolean;
  onSegmentBox: (box: Box6) => void;
}) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const tool = useViewerState((state) => state.tool);
  const brush = useViewerState((state) => state.brush);
  const hidden = useViewerState((state) => state.overlaysHidden);
  const { canUndo, canRedo } = useDeskState((state) => state);
  const box = useDeskState((state) => state.box);
  const isBoxShown = useDeskState((state) => state.isBoxShown);
  const { store, history } = desk.workspace;
  const painting = tool === "brush" || tool === "erase";

  const setEdge = (n: number, value: number) => {
    if (!box || Number.isNaN(value)) return;
    const next = box.map((edge, m) => (m === n ? value : edge)) as unknown as Box6;
    desk.setBox(next, box);
  };

  return (
    <Panel
      title={t("tools")}
      actions={
        <span className="flex gap-1">
          <Button disabled={!canUndo} onClick={() => history.undo()}>
            {t("undo")}
          </Button>
          <Button disabled={!canRedo} onClick={() => history.redo()}>
            {t("redo")}
          </Button>
        </span>
      }
    >
      <div className="grid grid-cols-4 gap-1">
        {TOOLS.filter((one) => mayEdit || (one !== "brush" && one !== "erase")).map((one) => (
          <Button
            key={one}
            look={tool === one ? "primary" : "plain"}
            aria-pressed={tool === one}
            className="px-1"
            onClick={() => store.setState({ tool: one })}
          >
            {t(`tool.${one}`)}
          </Button>
        ))}
        {mayEdit && (
          <>
            <Button className="px-1" onClick={() => desk.smooth()}>
              {t("tool.smooth")}
            </Button>
            <Button
              className="px-1"
              aria-pressed={isBoxShown}
              look={isBoxShown ? "primary" : "plain"}
              onClick={() => desk.showBox(!isBoxShown)}
            >
              {t("tool.box")}
            </Button>
          </>
        )}
        <Button
          className="px-1"
          aria-pressed={hidden}
          look={hidden ? "primary" : "plain"}
          onClick={() => store.setState({ overlaysHidden: !hidden })}
        >
          {t("tool.hide")}
        </Button>
      </div>
      {painting && (
        <div className="mt-2 flex flex-col gap-1">
          <label className="flex items-center justify-between gap-2">
            {t("brushSize", { mm: brush.radiusMm })}
            <input
              type="range"
              min={1}
              max={20}
              value={brush.radiusMm}
              onChange={(event) =>
                store.setState({ brush: { ...brush, radiusMm: Number(event.currentTarget.value) } })
              }
            />
          </label>
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={brush.limits !== null}
              onChange={(event) =>
                store.setState({ brush: { ...brush, limits: event.currentTarget.checked ? [0, 200] : null } })
              }
            />
            {t("threshold")}
          </label>
        </div>
      )}
      {isBoxShown && box && (
        <fieldset className="mt-2">
          <legend className="text-label text-quiet">{t("box")}</legend>
          <div className="grid grid-cols-2 gap-1">
            {AXES.map((name, n) => (
              <label key={name} className="flex items-center gap-1 text-label">
                {name}
                <input
                  type="number"
                  className="w-full rounded border border-edge bg-ground px-1 tabular-nums"
                  value={Math.round(box[n] ?? 0)}
                  onChange={(event) => setEdge(n, event.currentTarget.valueAsNumber)}
                />
              </label>
            ))}
          </div>
          <Button look="primary" className="mt-1 w-full" onClick={() => onSegmentBox(box)}>
            {t("segmentBox")}
          </Button>
        </fieldset>
      )}
    </Panel>
  );
}
