import { useLanguage } from "@app/i18n/useLanguage";
import { Button, StateMark } from "@teleneedle/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import { AlternativesTable } from "./AlternativesTable";
import { choicesOf } from "./choices";

interface Props {
  mayEdit: boolean;
  isTable: boolean;
  onTable: () => void;
  children: ReactNode;
}

/** The plan and its alternatives in one line; pressed, an alternative's needles are drawn beside the plan's. */
export function AlternativesBar({ mayEdit, isTable, onTable, children }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const plan = useDeskState((state) => state.plan);
  const compared = useDeskState((state) => state.compared);
  const choices = plan ? choicesOf(plan) : [];
  return (
    <section
      aria-label={t("alternatives")}
      className="relative flex min-h-10 shrink-0 flex-wrap items-center gap-1.5 border-t border-line bg-panel px-2 py-0.5"
    >
      {plan && isTable && <AlternativesTable plan={plan} mayEdit={mayEdit} onClose={onTable} />}
      {choices.map(({ label, coverage, other, minutes }) => (
        <button
          key={label}
          type="button"
          aria-pressed={other ? compared === label : undefined}
          disabled={!other}
          title={t(other ? "compareWith" : "current", { label })}
          onClick={() =>
            desk.edits.compare(
              ...((compared === label ? [null, null] : [label, other]) as [string | null, typeof other]),
            )
          }
          className={`flex min-h-8 items-center gap-1.5 rounded border px-2 whitespace-nowrap tabular-nums ${
            other ? "cursor-pointer border-line hover:border-edge aria-pressed:bg-raised" : "border-accent"
          }`}
        >
          <b>{label}</b>
          <span className="hidden min-[1600px]:inline">{other ? other.title[language] : t("current")}</span>
          <StateMark mark={coverage.target_pct >= 99.95 ? "ok" : "stop"}>
            {coverage.target_pct.toFixed(1)} %
          </StateMark>
          <span className="text-quiet">
            {coverage.min_margin_mm >= 0 ? "+" : "−"}
            {Math.abs(coverage.min_margin_mm).toFixed(1)} mm
          </span>
          <span className="hidden text-quiet min-[1600px]:inline">{minutes.toFixed(0)} min</span>
        </button>
      ))}
      {choices.length > 1 && (
        <Button aria-expanded={isTable} onClick={onTable}>
          {t("table")}
        </Button>
      )}
      {children}
    </section>
  );
}
