import { hub } from "@app/hub/hub";
import { useDevices, usePlans, useStructures } from "@app/hub/queries";
import { useHasRole, useSession } from "@app/hub/useSession";
import { useLanguage } from "@app/i18n/useLanguage";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Page } from "@app/shell/Page";
import { useShowPlanInFooter } from "@app/shell/planInFooter";
import { HubError, type Job } from "@teleneedle/protocol";
import { EmptyState, showToast } from "@teleneedle/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { dropDraft, keepDraft, readDraft } from "./desk/autosave";
import { PlanningDesk } from "./desk/planningDesk";
import { DeskContext, useDeskState, viewerWords } from "./desk/useDesk";
import { fetchAccessMap } from "./load/accessMap";
import { AccessPanel } from "./panels/AccessPanel";
import { AlternativesBar } from "./panels/AlternativesBar";
import { ChecksPanel } from "./panels/ChecksPanel";
import { ClearancesPanel, CoveragePanel, NeedlePanel, SettingsPanel } from "./panels/NeedlePanel";
import { PhysicsPanel } from "./panels/PhysicsPanel";
import { PlanActions } from "./panels/PlanActions";
import { ProposeBar, RunningJob } from "./panels/ProposeBar";
import { StructuresPanel } from "./panels/StructuresPanel";
import { ToolsPanel } from "./panels/ToolsPanel";
import { VersionsPanel } from "./panels/VersionsPanel";
import { PaneGrid } from "./panes/PaneGrid";
import type { ClearanceRule, PlanDocument } from "./planDocument";
import { usePlanningJobs } from "./usePlanningJobs";
import { usePlanningKeys } from "./usePlanningKeys";

/** The planning workspace of a case: six pictures, what is planned on them, and what it costs. */
export function PlanningPage() {
  const { t } = useTranslation("planning");
  const { case: shown } = useCaseContext();
  const series = shown.series.find(({ is_primary }) => is_primary) ?? shown.series[0];
  const [desk, setDesk] = useState<PlanningDesk | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the series is the same as long as its id is
  useEffect(() => {
    if (!series) return;
    const made = new PlanningDesk(viewerWords(t));
    setDesk(made);
    made.open(series.id, 0.5);
    return () => {
      setDesk(null);
      made.dispose();
    };
  }, [series?.id, t]);

  if (!series)
    return (
      <Page title={t("title")}>
        <EmptyState title={t("noSeries")} />
      </Page>
    );
  return desk ? (
    <DeskContext value={desk}>
      <Workbench desk={desk} seriesId={series.id} />
    </DeskContext>
  ) : null;
}

function Workbench({ desk, seriesId }: { desk: PlanningDesk; seriesId: string }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const { case: shown } = useCaseContext();
  const session = useSession();
  const mayEdit = useHasRole("expert");
  const structures = useStructures(shown.id).data ?? [];
  const plans = usePlans(shown.id).data ?? [];
  const devices = (useDevices().data ?? []).filter(({ modality }) => modality === shown.modality);
  const [chosen, setChosen] = useState<string | null>(null);
  const newest = [...plans].sort((a, b) => b.version - a.version)[0];
  const planSha = chosen ?? newest?.plan_sha256 ?? null;
  const current = shown.plans.find(({ plan_sha256 }) => plan_sha256 === planSha);
  const labelOf = (name: string) =>
    structures.find((one) => one.name === name || one.kind === name)?.label[language] ?? name;

  const jobs = usePlanningJobs(shown.id, (job) => void jobEnded(job));
  const jobEnded = async (job: Job) => {
    if (job.state === "failed") {
      const { title, detail } = job.error ?? {};
      showToast(
        `${title?.[language] ?? ""} ${typeof detail === "string" ? detail : (detail?.[language] ?? "")}`,
        "stop",
      );
    } else if (job.state === "done" && (job.kind === "proposal" || job.kind === "evaluation")) {
      dropDraft(shown.id, session.person.id);
      setChosen(String((job.result as { plan_sha256?: string })?.plan_sha256 ?? "") || null);
    } else if (job.state === "done" && job.kind === "access-map") {
      const access = await fetchAccessMap(shown.id, String((job.result as { sha256?: string })?.sha256));
      desk.store.setState({ access, isAccessShown: true });
      desk.scene.setAccessMap(access.container);
    }
  };
  const order = (route: string, body: object) =>
    void jobs.order(route, body).catch((error: unknown) => {
      if (error instanceof HubError) showToast(error.problem.title[language], "stop");
    });

  useShowPlanInFooter(current?.version, current?.plan_sha256);
  usePlanningKeys(desk, mayEdit);
  useEffect(() => {
    document.title = `${t("title")} · Teleneedle`;
  }, [t]);
  useEffect(() => desk.setStructures(structures), [desk, structures]);
  useEffect(() => {
    const modality = shown.modality === "rfa" ? "rfa" : "mwa";
    void hub.get<ClearanceRule[]>(`/api/clearance-rules?modality=${modality}`).then((rules) => {
      desk.store.setState({ rules: rules.filter(({ is_hard }) => is_hard) });
      desk.recount();
    });
  }, [desk, shown.modality]);
  const deviceList = devices.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: devices are the same as long as their list is
  useEffect(() => {
    if (!planSha) return;
    const stop = new AbortController();
    void hub.get<PlanDocument>(`/api/plans/${planSha}`, { signal: stop.signal }).then((plan) => {
      const kept = readDraft(shown.id, session.person.id);
      const device = devices.find(({ id }) => id === plan.device.id) ?? null;
      desk.showPlan(plan, planSha, device, kept?.baseSha256 === planSha ? kept : null);
    }, ignoreAbort);
    return () => stop.abort();
  }, [desk, planSha, shown.id, session.person.id, deviceList]);
  useEffect(
    () =>
      desk.store.subscribe((now, before) => {
        if (now.isEdited && now.planSha && (now.live !== before.live || !before.isEdited))
          keepDraft(shown.id, session.person.id, {
            ...desk.draft,
            baseSha256: now.planSha,
            keptAt: new Date().toISOString(),
          });
        else if (before.isEdited && !now.isEdited && now.planSha === before.planSha)
          dropDraft(shown.id, session.person.id);
      }),
    [desk, shown.id, session.person.id],
  );

  return (
    <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 outline-none">
      <h1 className="sr-only">{t("title")}</h1>
      <aside
        aria-label={t("structures")}
        className="w-60 shrink-0 overflow-auto border-r border-line bg-panel"
      >
        {jobs.running.map((job) => (
          <RunningJob key={job.id} job={job} onCancel={() => void jobs.cancel(job)} />
        ))}
        <StructuresPanel
          caseId={shown.id}
          structures={structures}
          mayEdit={mayEdit}
          onPropose={() => order("segmentations", { series_id: seriesId })}
        />
        <ToolsPanel
          mayEdit={mayEdit}
          onSegmentBox={(box) => order("segmentations", { series_id: seriesId, target_box: box, only: [] })}
        />
        <AccessPanel
          labelOf={labelOf}
          canMake={mayEdit && devices.length > 0 && structures.length > 0}
          onMake={() => order("access-maps", { series_id: seriesId, device_id: devices[0]?.id })}
        />
        <VersionsPanel plans={plans} shown={planSha} onShow={setChosen} />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <PaneGrid />
        <AlternativesBar mayEdit={mayEdit} />
        <ImageState />
      </div>
      <aside aria-label={t("needle")} className="w-64 shrink-0 overflow-auto border-l border-line bg-panel">
        {mayEdit && structures.length > 0 && devices.length > 0 && (
          <ProposeBar
            devices={devices}
            onPropose={(choice) => order("proposals", { series_id: seriesId, ...choice })}
          />
        )}
        <NeedlePanel mayEdit={mayEdit} />
        <ClearancesPanel labelOf={labelOf} />
        <CoveragePanel />
        <SettingsPanel mayEdit={mayEdit} />
        <PlanActions
          caseId={shown.id}
          mayEdit={mayEdit}
          isSubmitted={current?.state !== "draft"}
          onEvaluate={(body) => order("evaluations", body)}
        />
        <PhysicsPanel />
        <ChecksPanel />
      </aside>
    </main>
  );
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError") && !(error instanceof HubError))
    throw error;
}

function ImageState() {
  const { t } = useTranslation("planning");
  const level = useDeskState((state) => state.level);
  const word = level === null ? "none" : level === 0 ? "fine" : "coarse";
  return (
    <p
      className="flex justify-between border-t border-line bg-panel px-2 text-label text-quiet"
      data-testid="image-state"
    >
      <span data-level={level ?? ""}>{t(`level.${word}`)}</span>
      <span>{t("keys")}</span>
    </p>
  );
}
