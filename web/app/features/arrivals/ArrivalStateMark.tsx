import type { ArrivalState } from "@teleneedle/protocol";
import { type Mark, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

const MARKS: Record<ArrivalState, Mark> = {
  arriving: "unknown",
  incomplete: "warn",
  held: "warn",
  quarantined: "stop",
  complete: "ok",
};

/** Where a series on its way stands. */
export function ArrivalStateMark({ state }: { state: ArrivalState }) {
  const { t } = useTranslation("arrivals");
  return (
    <StateMark mark={MARKS[state]} className="whitespace-nowrap">
      {t(`state.${state}`)}
    </StateMark>
  );
}
