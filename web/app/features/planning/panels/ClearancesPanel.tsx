import { StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import { Panel } from "./Panel";

/** Most rows that are shown: what is farther away than these is far. */
const MOST_ROWS = 8;

/** Distances to what must be spared, what blocks first; they follow the needle while it is dragged. */
export function ClearancesPanel({ labelOf }: { labelOf: (name: string) => string }) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const live = useDeskState((state) => state.live);
  const rules = useDeskState((state) => state.rules);
  const { all, fields } = desk.anatomy;
  const missing = all.filter(
    ({ name, kind }) => rules.some((rule) => rule.kind === kind) && !fields.has(name),
  ).length;
  return (
    <Panel title={t("clearances")}>
      {(missing > 0 || rules.length === 0) && (
        <p>
          <StateMark mark="unknown">{t("notMeasured", { count: missing })}</StateMark>
        </p>
      )}
      <div data-testid="clearances">
        {live?.clearances.slice(0, MOST_ROWS).map(({ structure, part, at, verdict, ...figure }) => {
          const { mm, isAtLeast, requiredMm, softMm } = figure;
          const isSoft = requiredMm === null || (verdict !== "stop" && mm < softMm);
          return (
            <div
              key={`${structure}-${part}`}
              className="flex items-baseline justify-between gap-2 border-b border-line/60 py-0.5 last:border-0"
              data-structure={structure}
              data-part={part}
              data-mm={mm.toFixed(3)}
              data-limit={verdict === "stop" ? "hard" : verdict === "warn" ? "soft" : "kept"}
            >
              <button
                type="button"
                className="min-w-0 cursor-pointer text-left leading-tight"
                onClick={() => desk.jumpTo(at)}
              >
                {labelOf(structure)}
                {part !== "whole" && <span className="text-quiet"> {t(`parts.${part}`)}</span>}
              </button>
              <span className="text-right whitespace-nowrap tabular-nums">
                <StateMark mark={verdict}>
                  {isAtLeast ? "≥ " : ""}
                  {mm.toFixed(1)} mm
                </StateMark>
                <span className="text-quiet"> {isSoft ? t("soft", { mm: softMm }) : `≥ ${requiredMm}`}</span>
              </span>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}
