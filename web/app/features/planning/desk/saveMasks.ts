import { hub } from "@app/hub/hub";
import { type CaseEvent, HubError } from "@teleneedle/protocol";
import { maskBytes } from "@teleneedle/viewer";
import type { MaskConflict } from "./deskState";
import type { PlanningDesk } from "./planningDesk";

/**
 * Save every mask that was painted on, each on top of the version that it began as.
 *
 * Where somebody else was faster nothing is written and nothing is lost: the conflict is put on the desk, and the
 * person decides. Other problems are thrown.
 */
export async function saveMasks(desk: PlanningDesk, caseId: string): Promise<void> {
  for (const name of desk.store.getState().editedMasks) {
    const base = desk.anatomy.baseOf(name);
    if (base) await saveMask(desk, caseId, name, base);
  }
}

const onTheirWay = new WeakMap<PlanningDesk, Set<string>>();

/**
 * Save one mask on top of version `base`; false where that is no longer the newest one.
 *
 * While a mask is on its way a second order for it does nothing: it would only meet its own new version.
 */
export async function saveMask(
  desk: PlanningDesk,
  caseId: string,
  name: string,
  base: string,
): Promise<boolean> {
  const mask = desk.anatomy.maskOf(name);
  const saving = onTheirWay.get(desk) ?? new Set();
  if (!mask || saving.has(name)) return false;
  onTheirWay.set(desk, saving.add(name));
  const strokes = desk.anatomy.strokesOn(name);
  try {
    const response = await hub.respond("PUT", `/api/cases/${caseId}/structures/${name}/mask`, {
      bytes: maskBytes(mask),
      headers: { "If-Match": `"${base}"` },
    });
    const { sha256 } = (await response.json()) as { sha256: string };
    desk.anatomy.markSaved(name, sha256, strokes);
    return true;
  } catch (error) {
    if (!(error instanceof HubError) || error.status !== 412) throw error;
    desk.store.setState({ maskConflict: await conflictOf(caseId, name, error) });
    return false;
  } finally {
    saving.delete(name);
  }
}

async function conflictOf(caseId: string, name: string, { problem }: HubError): Promise<MaskConflict> {
  const sha256 = String(problem.current_sha256);
  const { events } = await hub.get<{ events: CaseEvent[] }>(`/api/cases/${caseId}/events`);
  const made = events.findLast(({ body }) => body.name === name && body.sha256 === sha256);
  return {
    name,
    theirs: { sha256, who: made?.actor.name ?? String(problem.changed_by), at: made?.at ?? null },
    mineAt: new Date().toISOString(),
  };
}
