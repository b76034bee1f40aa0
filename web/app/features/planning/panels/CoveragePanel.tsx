import { StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";

const one = (value: number) => value.toFixed(1);

/** How much of target and margin the expected zones hold, now. */
export function CoveragePanel() {
  const { t } = useTranslation("planning");
  const coverage = useDeskState((state) => state.live?.coverage ?? null);
  const margin = useDeskState((state) => state.plan?.target.margin_mm ?? null);
  if (!coverage) return null;
  const mark = (value: number, least: number) => (value >= least ? "ok" : value >= 0 ? "warn" : "stop");
  return (
    <Panel title={t("coverage")}>
      <div data-testid="coverage">
        <Fact what={t("target")}>
          <StateMark mark={coverage.targetPct >= 99.95 ? "ok" : "stop"}>
            {one(coverage.targetPct)} %
          </StateMark>
        </Fact>
        {coverage.ptvPct !== null && (
          <Fact what={t("ptv")}>
            <StateMark mark={coverage.ptvPct >= 99.5 ? "ok" : "warn"}>{one(coverage.ptvPct)} %</StateMark>
          </Fact>
        )}
        <Fact what={t("margin")}>
          <StateMark mark={mark(coverage.minMarginMm, margin ?? 5)}>{one(coverage.minMarginMm)} mm</StateMark>
          <span className="text-quiet"> ({one(coverage.minMarginP10Mm)})</span>
        </Fact>
      </div>
    </Panel>
  );
}
