import type { CaseState } from "@teleneedle/protocol";
import { type Mark, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

const MARKS: Partial<Record<CaseState, Mark>> = {
  approved: "ok",
  treated: "ok",
  follow_up: "ok",
  mdt: "warn",
};

/** Where a case stands. */
export function CaseStateMark({ state }: { state: CaseState }) {
  const { t } = useTranslation("cases");
  return (
    <StateMark mark={MARKS[state] ?? "unknown"} className="whitespace-nowrap">
      {t(`state.${state}`)}
    </StateMark>
  );
}
