import { hub } from "@app/hub/hub";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Page } from "@app/shell/Page";
import { EmptyState } from "@teleneedle/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { PlanningDesk } from "./desk/planningDesk";
import { DeskContext, viewerWords } from "./desk/useDesk";
import { primarySeries, rulesPath } from "./opening";
import type { ClearanceRule } from "./planDocument";
import { Workbench } from "./Workbench";

/** The planning workspace of a case: pictures, what is planned on them, and what it costs. */
export function PlanningPage() {
  const { t } = useTranslation("planning");
  const { case: shown } = useCaseContext();
  const series = primarySeries(shown);
  const [desk, setDesk] = useState<PlanningDesk | null>(null);
  const rules = rulesPath(shown);

  useEffect(() => {
    document.title = `${t("title")} · Teleneedle`;
  }, [t]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the series is the same as long as its id is
  useEffect(() => {
    if (!series) return;
    const made = new PlanningDesk(viewerWords(t));
    setDesk(made);
    made.open(series.id, 0.5, hub.get<ClearanceRule[]>(rules));
    return () => {
      setDesk(null);
      made.dispose();
    };
  }, [series?.id, rules, t]);

  if (!series)
    return (
      <Page title={t("title")}>
        <EmptyState title={t("noSeries")} />
      </Page>
    );
  return desk ? (
    <DeskContext value={desk}>
      <Workbench seriesId={series.id} />
    </DeskContext>
  ) : null;
}
