import { useAppend } from "@app/hub/commands";
import { useLanguage } from "@app/i18n/useLanguage";
import type { StructureState } from "@teleneedle/protocol";
import { Button, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { isTarget } from "../desk/structureLooks";
import { useDesk, useDeskState, useViewerState } from "../desk/useDesk";
import { Panel } from "./Panel";

const MARKS = { green: "ok", amber: "warn", red: "stop" } as const;

interface Props {
  caseId: string;
  structures: readonly StructureState[];
  mayEdit: boolean;
  onPropose: () => void;
  onOpacity: (labelOpacity: number) => void;
}

/** Structures with gate and reviewer; reviewed one by one or all that are plausible. */
export function StructuresPanel({ caseId, structures, mayEdit, onPropose, onOpacity }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const drawn = useViewerState((state) => state.structures);
  const opacity = useViewerState((state) => state.labelOpacity);
  const edited = useDeskState((state) => state.editedMasks);
  const review = useAppend<{ name: string; sha256: string; note: string }>(caseId, "structure.reviewed");
  const targetsFirst = [...structures].sort((a, b) => Number(isTarget(b)) - Number(isTarget(a)));
  const open = structures.filter(({ state }) => state !== "reviewed");

  const reviewAll = async () => {
    for (const { name, sha256, gate } of open)
      if (gate === "green") await review.mutateAsync({ body: { name, sha256, note: "" } });
  };
  const toggle = (name: string) =>
    desk.workspace.store.setState({
      structures: drawn.map((one) => (one.name === name ? { ...one, visible: !one.visible } : one)),
    });
  return (
    <Panel
      title={t("structures")}
      actions={
        mayEdit && (
          <span className="flex gap-1">
            {structures.length === 0 && <Button onClick={onPropose}>{t("propose")}</Button>}
            {open.some(({ gate }) => gate === "green") && (
              <Button onClick={() => void reviewAll()} isBusy={review.isPending}>
                {t("reviewGreen")}
              </Button>
            )}
          </span>
        )
      }
    >
      <label className="mb-1 flex items-center justify-between gap-2 text-label">
        {t("opacity", { percent: Math.round(100 * opacity) })}
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          className="w-28"
          value={Math.round(100 * opacity)}
          onChange={(event) => onOpacity(Number(event.currentTarget.value) / 100)}
        />
      </label>
      {structures.length === 0 && <p className="text-quiet">{t("noStructures")}</p>}
      <ul>
        {targetsFirst.map((one) => {
          const isVisible = drawn.find(({ name }) => name === one.name)?.visible ?? false;
          const gate = (one.gate ?? "amber") as keyof typeof MARKS;
          return (
            <li
              key={one.name}
              className="border-b border-line/60 py-0.5"
              data-testid={`structure-${one.name}`}
            >
              <div
                className={`flex items-center justify-end gap-x-1.5 ${one.state === "reviewed" ? "" : "flex-wrap"}`}
              >
                <input
                  type="checkbox"
                  checked={isVisible}
                  onChange={() => toggle(one.name)}
                  aria-label={t("show", { name: one.label[language] })}
                  style={{ accentColor: one.colour }}
                />
                <span aria-hidden className="size-2.5 rounded-sm" style={{ background: one.colour }} />
                <span
                  className={`flex-1 leading-tight ${one.state === "reviewed" ? "min-w-0 [overflow-wrap:anywhere]" : "min-w-16 [overflow-wrap:break-word]"}`}
                >
                  {one.label[language]}
                  {edited.has(one.name) && <span className="text-warn"> ▲ {t("unsaved")}</span>}
                </span>
                <span className="tabular-nums text-quiet">{one.volume_ml?.toFixed(0)}</span>
                {one.state === "reviewed" ? (
                  <StateMark mark="ok">{one.reviewer}</StateMark>
                ) : (
                  <>
                    <StateMark mark={MARKS[gate]}>{t(`gates.${gate}`)}</StateMark>
                    {mayEdit && (
                      <button
                        type="button"
                        className="cursor-pointer text-accent hover:underline"
                        onClick={() =>
                          review.mutate({ body: { name: one.name, sha256: one.sha256, note: "" } })
                        }
                      >
                        {t("review")}
                      </button>
                    )}
                  </>
                )}
              </div>
              {one.state !== "reviewed" &&
                (one.reasons ?? []).map((reason) => (
                  <p key={reason.en} className="pl-6 text-label text-quiet">
                    {reason[language]}
                  </p>
                ))}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
