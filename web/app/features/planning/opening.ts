import { begin, beginAndRead } from "@app/hub/begun";
import type { Case, PlanState, StructureState } from "@teleneedle/protocol";
import { isTarget } from "./desk/structureLooks";
import type { SeriesGeometry } from "./planDocument";

/** The series that a case is planned on. */
export const primarySeries = ({ series }: Case) => series.find(({ is_primary }) => is_primary) ?? series[0];

export const rulesPath = ({ modality }: Pick<Case, "modality">) =>
  `/api/clearance-rules?modality=${modality === "rfa" ? "rfa" : "mwa"}`;

export const newestOf = (plans: readonly PlanState[]): PlanState | undefined =>
  [...plans].sort((a, b) => b.version - a.version)[0];

/** Ask for what the planning page needs first, so that the hub works while the page's script is read. */
export function openPlanning(caseId: string, shown: Promise<Case | undefined>): void {
  const path = `/api/cases/${caseId}`;
  const structures = beginAndRead<StructureState[]>(`${path}/structures`);
  const plans = beginAndRead<PlanState[]>(`${path}/plans`);
  void begin("/api/devices");
  for (const step of [openImages(shown), openTarget(structures), openPlan(plans)])
    step.catch(() => undefined);
}

async function openImages(shown: Promise<Case | undefined>): Promise<void> {
  const found = await shown;
  const series = found && primarySeries(found);
  if (!found || !series) return;
  void begin(rulesPath(found));
  await beginAndRead<SeriesGeometry>(`/api/series/${series.id}`);
}

async function openTarget(structures: Promise<StructureState[] | undefined>): Promise<void> {
  const target = (await structures)?.find(isTarget);
  if (target) await begin(`/api/structures/${target.sha256}/mask`);
}

async function openPlan(plans: Promise<PlanState[] | undefined>): Promise<void> {
  const newest = newestOf((await plans) ?? []);
  if (newest) await begin(`/api/plans/${newest.plan_sha256}`);
}
