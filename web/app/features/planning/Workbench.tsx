import { useDevices, usePlans, useStructures } from "@app/hub/queries";
import { useHasRole, useSession } from "@app/hub/useSession";
import { useLanguage } from "@app/i18n/useLanguage";
import { useCaseContext } from "@app/shell/CaseFrame";
import { useShowPlanInFooter } from "@app/shell/planInFooter";
import { HubError, type Job } from "@teleneedle/protocol";
import { showToast } from "@teleneedle/ui";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { draftBody } from "./desk/draft";
import { saveMasks } from "./desk/saveMasks";
import { useDesk } from "./desk/useDesk";
import { fetchAccessMap } from "./load/accessMap";
import { AccessPanel } from "./panels/AccessPanel";
import { AlternativesBar } from "./panels/AlternativesBar";
import { MaskConflictDialog } from "./panels/MaskConflictDialog";
import { PlanMovedDialog } from "./panels/PlanMovedDialog";
import { RunningJob } from "./panels/ProposeBar";
import { RightPanel } from "./panels/RightPanel";
import { SaveState } from "./panels/SaveState";
import { StructuresPanel } from "./panels/StructuresPanel";
import { SubmitPlan } from "./panels/SubmitPlan";
import { ToolOptions } from "./panels/ToolOptions";
import { ToolRail } from "./panels/ToolRail";
import { VersionsPanel } from "./panels/VersionsPanel";
import { PaneGrid } from "./panes/PaneGrid";
import { usePlanningActions } from "./usePlanningActions";
import { usePlanningJobs } from "./usePlanningJobs";
import { usePlanOnDesk } from "./usePlanOnDesk";
import { useWorkbenchLook } from "./useWorkbenchLook";

/** Pictures in the middle, tools beside them, panels that can be put away, the plan's choices below. */
export function Workbench({ seriesId }: { seriesId: string }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const { case: shown, stream } = useCaseContext();
  const { person } = useSession();
  const mayEdit = useHasRole("expert");
  const structures = useStructures(shown.id).data ?? [];
  const plans = usePlans(shown.id).data ?? [];
  const devices = (useDevices().data ?? []).filter(({ modality }) => modality === shown.modality);
  const isReviewed = structures.length > 0 && structures.every(({ state }) => state === "reviewed");
  const bench = useWorkbenchLook(person.id, isReviewed || shown.plans.length > 0);
  const onDesk = usePlanOnDesk({ caseId: shown.id, personId: person.id, plans, devices });
  const labelOf = (name: string) =>
    structures.find((one) => one.name === name || one.kind === name)?.label[language] ?? name;

  const tellProblem = useCallback(
    (error: unknown) => {
      if (!(error instanceof HubError)) throw error;
      showToast(error.problem.title[language], "stop");
    },
    [language],
  );
  const jobs = usePlanningJobs(shown.id, stream.isLive, (job) => void jobEnded(job));
  const jobEnded = async (job: Job) => {
    if (job.state === "failed") {
      const { title, detail } = job.error ?? {};
      showToast(
        `${title?.[language] ?? ""} ${typeof detail === "string" ? detail : (detail?.[language] ?? "")}`,
        "stop",
      );
    }
    const made = job.state === "done" ? (job.result as Record<string, unknown> | null) : null;
    if (job.kind === "evaluation") onDesk.takeSaved(made ? String(made.plan_sha256) : null);
    else if (job.kind === "proposal" && made) onDesk.choose(String(made.plan_sha256));
    else if (job.kind === "access-map" && made) {
      const access = await fetchAccessMap(shown.id, String(made.sha256));
      desk.store.setState({ access, isAccessShown: true });
      desk.scene.setAccessMap(access.container);
    }
  };
  const order = (route: string, body: object) => jobs.order(route, body).catch(tellProblem);
  const saveOnTopOf = (base: string | null) => {
    if (!base || onDesk.isSaving) return;
    onDesk.noteSent();
    void jobs
      .order("evaluations", { base_sha256: base, ...draftBody(desk.draft) })
      .catch((error: unknown) => {
        onDesk.takeSaved(null);
        tellProblem(error);
      });
  };
  const saveDraft = () => saveOnTopOf(onDesk.planSha);
  const keepMasks = () => void saveMasks(desk, shown.id).catch(tellProblem);
  const saveAll = () => {
    const { isEdited, editedMasks } = desk.store.getState();
    if (editedMasks.size > 0) keepMasks();
    if (isEdited) saveDraft();
  };

  useShowPlanInFooter(onDesk.shown?.version, onDesk.planSha ?? undefined);
  useEffect(() => desk.anatomy.setStructures(structures), [desk, structures]);
  useEffect(
    () => desk.workspace.store.setState({ labelOpacity: bench.look.labelOpacity }),
    [desk, bench.look.labelOpacity],
  );
  const segmentAll = () => {
    const { targetBox } = desk.workspace.store.getState();
    void order("segmentations", { series_id: seriesId, ...(targetBox && { target_box: targetBox }) });
  };
  const actions = usePlanningActions({ mayEdit, bench, onSave: saveAll });
  const planState = shown.plans.find(({ plan_sha256 }) => plan_sha256 === onDesk.planSha)?.state;

  return (
    <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 outline-none">
      <h1 className="sr-only">{t("title")}</h1>
      <ToolRail actions={actions} />
      {bench.isLeft && (
        <aside
          aria-label={t("structures")}
          className="w-58 shrink-0 overflow-auto border-r border-line bg-panel"
        >
          <StructuresPanel
            caseId={shown.id}
            structures={structures}
            mayEdit={mayEdit}
            onPropose={segmentAll}
            onOpacity={(labelOpacity) => bench.change({ labelOpacity })}
          />
          <AccessPanel
            labelOf={labelOf}
            canMake={mayEdit && devices.length > 0 && structures.length > 0}
            onMake={() => void order("access-maps", { series_id: seriesId, device_id: devices[0]?.id })}
          />
          <VersionsPanel plans={plans} shown={onDesk.planSha} onShow={onDesk.choose} />
        </aside>
      )}
      <div className="relative flex min-w-0 flex-1 flex-col">
        {jobs.running.map((job) => (
          <RunningJob key={job.id} job={job} onCancel={() => void jobs.cancel(job)} />
        ))}
        {mayEdit && (
          <>
            <MaskConflictDialog caseId={shown.id} labelOf={labelOf} onProblem={tellProblem} />
            <PlanMovedDialog
              movedTo={onDesk.movedTo}
              onKeepMine={saveOnTopOf}
              onTakeTheirs={onDesk.takeTheirs}
            />
            <ToolOptions
              structures={structures}
              onSegmentBox={(box) =>
                void order("segmentations", { series_id: seriesId, target_box: box, only: [] })
              }
            />
          </>
        )}
        <PaneGrid layout={bench.look.layout} />
        <AlternativesBar mayEdit={mayEdit} isTable={bench.isTable} onTable={bench.toggleTable}>
          <SaveState
            mayEdit={mayEdit}
            isSaving={onDesk.isSaving}
            onSave={saveDraft}
            onSaveMasks={keepMasks}
          />
        </AlternativesBar>
      </div>
      {bench.isRight && (
        <RightPanel
          tab={bench.look.tab}
          onTab={(tab) => bench.change({ tab })}
          mayEdit={mayEdit}
          labelOf={labelOf}
          devices={structures.length > 0 ? devices : []}
          onPropose={(choice) => void order("proposals", { series_id: seriesId, ...choice })}
        />
      )}
      <SubmitPlan caseId={shown.id} mayEdit={mayEdit} isSubmitted={planState !== "draft"} />
    </main>
  );
}
