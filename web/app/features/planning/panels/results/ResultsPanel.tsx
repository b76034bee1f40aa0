import { useStructures } from "@app/hub/queries";
import { useLanguage } from "@app/i18n/useLanguage";
import { useCaseContext } from "@app/shell/CaseFrame";
import type { CurvesResult, DoseVolumeResult, FieldResult, PlanResult } from "@teleneedle/protocol";
import { ErrorNote } from "@teleneedle/ui";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../../desk/useDesk";
import { Panel } from "../Panel";
import { CurvesChart } from "./CurvesChart";
import { DoseHistogram } from "./DoseHistogram";
import { FieldChoice } from "./FieldChoice";
import { usePlanResults } from "./usePlanResults";

const isDose = (result: PlanResult) =>
  result.kind === "dvh" || (result.kind === "field" && result.quantity === "dose_gy");

/** What engines computed for the version on the desk: heating, and dose where it is about seeds; or that there is nothing. */
export function ResultsPanel() {
  const { t } = useTranslation("results");
  const { case: shown } = useCaseContext();
  const planSha = useDeskState((state) => state.planSha);
  const results = usePlanResults(shown.id, planSha);
  if (!planSha) return null;
  if (!results.data) return <ErrorNote error={results.error} onRetry={() => void results.refetch()} />;
  const dose = results.data.filter(isDose);
  const heat = results.data.filter((result) => !isDose(result));
  return (
    <>
      {(shown.modality !== "seeds" || heat.length > 0) && (
        <ResultGroup title={t("heat")} absent={t("noHeat")} results={heat} name="heat" />
      )}
      {(shown.modality === "seeds" || dose.length > 0) && (
        <ResultGroup title={t("dose")} absent={t("noDose")} results={dose} name="dose" />
      )}
    </>
  );
}

interface GroupProps {
  title: string;
  absent: string;
  results: readonly PlanResult[];
  name: string;
}

function ResultGroup({ title, absent, results, name }: GroupProps) {
  const { t } = useTranslation("results");
  const language = useLanguage();
  const { case: shown } = useCaseContext();
  const isEdited = useDeskState((state) => state.isEdited);
  const structures = useStructures(shown.id).data;
  const labelOf = useCallback(
    (one: string) => structures?.find((structure) => structure.name === one)?.label[language] ?? one,
    [structures, language],
  );
  const fields = results.filter((result): result is FieldResult => result.kind === "field");
  const curves = results.filter((result): result is CurvesResult => result.kind === "curves");
  const histograms = results.filter((result): result is DoseVolumeResult => result.kind === "dvh");
  const origins = [
    ...new Set(
      results.map(({ origin: { engine, version, model } }) => t("origin", { engine, version, model })),
    ),
  ];
  return (
    <Panel title={title}>
      <div data-testid={`results-${name}`}>
        {results.length === 0 && <p className="text-quiet">{absent}</p>}
        {results.length > 0 && isEdited && <p className="text-warn">▲ {t("moved")}</p>}
        {fields.length > 0 && <FieldChoice fields={fields} name={name} />}
        {curves.map((result) => (
          <CurvesChart key={result.sha256} result={result} />
        ))}
        {histograms.map((result) => (
          <DoseHistogram key={result.sha256} result={result} labelOf={labelOf} />
        ))}
        {origins.map((origin) => (
          <p key={origin} className="text-label text-quiet">
            {origin}
          </p>
        ))}
      </div>
    </Panel>
  );
}
