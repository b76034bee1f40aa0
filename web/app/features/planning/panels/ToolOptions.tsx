import { useLanguage } from "@app/i18n/useLanguage";
import type { StructureState } from "@teleneedle/protocol";
import { Button } from "@teleneedle/ui";
import type { TargetBox } from "@teleneedle/viewer";
import { useTranslation } from "react-i18next";
import { useDesk, useViewerState } from "../desk/useDesk";

const FIELD = "rounded border border-edge bg-ground px-1 tabular-nums";
/** Painted first: from water to enhanced liver and tumour, HU. */
const FIRST_LIMITS = [0, 200] as const;
const BAR = "flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-panel px-3 py-1 text-label";

interface Props {
  structures: readonly StructureState[];
  onSegmentBox: (box: TargetBox) => void;
}

/** What the tool in hand can be set to. */
export function ToolOptions({ structures, onSegmentBox }: Props) {
  const tool = useViewerState((state) => state.tool);
  const box = useViewerState((state) => state.targetBox);
  return (
    <>
      {(tool === "brush" || tool === "erase") && <BrushOptions structures={structures} />}
      {box && <BoxOptions box={box} onSegmentBox={onSegmentBox} />}
    </>
  );
}

function BrushOptions({ structures }: { structures: readonly StructureState[] }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const { store } = useDesk().workspace;
  const brush = useViewerState((state) => state.brush);
  const drawn = useViewerState((state) => state.structures);
  const set = (part: Partial<typeof brush>) => store.setState({ brush: { ...brush, ...part } });
  const limit = (n: 0 | 1, hu: number) => {
    if (!brush.limits || Number.isNaN(hu)) return;
    set({ limits: n === 0 ? [hu, brush.limits[1]] : [brush.limits[0], hu] });
  };
  return (
    <fieldset className={BAR} data-testid="brush-options">
      <legend className="sr-only">{t("tool.brush")}</legend>
      <label className="flex items-center gap-1">
        {t("paints")}
        <select
          className={FIELD}
          value={brush.structure}
          onChange={(event) => set({ structure: Number(event.currentTarget.value) })}
        >
          {drawn.map(({ id, name }) => (
            <option key={id} value={id}>
              {structures.find((one) => one.name === name)?.label[language] ?? name}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2">
        {t("brushSize", { mm: brush.radiusMm })}
        <input
          type="range"
          min={1}
          max={20}
          value={brush.radiusMm}
          onChange={(event) => set({ radiusMm: Number(event.currentTarget.value) })}
        />
      </label>
      <label className="flex items-center gap-1">
        <input
          type="checkbox"
          checked={brush.ball}
          onChange={(event) => set({ ball: event.currentTarget.checked })}
        />
        {t("ball")}
      </label>
      <span className="flex items-center gap-1">
        <label className="flex items-center gap-1">
          <input
            type="checkbox"
            checked={brush.limits !== null}
            onChange={(event) => set({ limits: event.currentTarget.checked ? FIRST_LIMITS : null })}
          />
          {t("threshold")}
        </label>
        {brush.limits &&
          ([0, 1] as const).map((n) => (
            <input
              key={n}
              type="number"
              step={5}
              aria-label={t(n === 0 ? "thresholdLow" : "thresholdHigh")}
              aria-invalid={(brush.limits?.[0] ?? 0) > (brush.limits?.[1] ?? 0) || undefined}
              className={`${FIELD} w-16 aria-invalid:border-stop`}
              value={brush.limits?.[n]}
              onChange={(event) => limit(n, event.currentTarget.valueAsNumber)}
            />
          ))}
        {brush.limits && "HU"}
      </span>
    </fieldset>
  );
}

const SIDES = ["right", "left", "front", "back", "lower", "upper"] as const;

function BoxOptions({ box, onSegmentBox }: { box: TargetBox; onSegmentBox: (box: TargetBox) => void }) {
  const { t } = useTranslation("planning");
  const { store, history } = useDesk().workspace;
  const setSide = (n: number, value: number) => {
    if (Number.isNaN(value)) return;
    const after = box.map((side, m) => (m === n ? value : side)) as unknown as TargetBox;
    const put = (targetBox: TargetBox) => store.setState({ targetBox });
    history.push({ kind: "app", name: "box", undo: () => put(box), redo: () => put(after) });
    put(after);
  };
  const isTurned = [0, 2, 4].some((n) => (box[n as 0] ?? 0) >= (box[(n + 1) as 1] ?? 0));
  return (
    <fieldset className={BAR} data-testid="box-options">
      <legend className="sr-only">{t("box")}</legend>
      <span className="text-quiet">{t("box")}</span>
      {SIDES.map((side, n) => (
        <label key={side} className="flex items-center gap-1">
          {t(`sides.${side}`)}
          <input
            type="number"
            step={1}
            aria-invalid={isTurned || undefined}
            className={`${FIELD} w-16 aria-invalid:border-stop`}
            value={Math.round((box[n as 0] ?? 0) * 10) / 10}
            onChange={(event) => setSide(n, event.currentTarget.valueAsNumber)}
          />
        </label>
      ))}
      <Button look="primary" className="ml-auto" disabled={isTurned} onClick={() => onSegmentBox(box)}>
        {t("segmentBox")}
      </Button>
    </fieldset>
  );
}
