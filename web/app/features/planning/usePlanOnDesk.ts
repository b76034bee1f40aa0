import { hub } from "@app/hub/hub";
import type { Device, PlanState } from "@teleneedle/protocol";
import { HubError } from "@teleneedle/protocol";
import { useEffect, useRef, useState } from "react";
import { dropDraft, keepDraft, readDraft } from "./desk/autosave";
import { type Draft, isSameDraft } from "./desk/draft";
import { useDesk, useDeskState } from "./desk/useDesk";
import { newestOf } from "./opening";
import type { PlanDocument } from "./planDocument";

interface Options {
  caseId: string;
  personId: string;
  plans: readonly PlanState[];
  devices: readonly Device[];
}

/**
 * Which plan lies on the desk, and the draft of it.
 *
 * The newest version is shown until the person chooses another one. While a draft is edited its version stays:
 * `movedTo` then says which newer one somebody else has made. What is edited is kept in this browser, also over a
 * reload and while the hub evaluates what was sent.
 */
export function usePlanOnDesk({ caseId, personId, plans, devices }: Options) {
  const desk = useDesk();
  const isEdited = useDeskState((state) => state.isEdited);
  const onDesk = useDeskState((state) => state.planSha);
  const [chosen, setChosen] = useState<string | null>(() => readDraft(caseId, personId)?.baseSha256 ?? null);
  const sent = useRef<Draft | null>(null);
  const [isSaving, setSaving] = useState(false);
  /** A version that comes on the desk whatever is edited: just saved, or taken instead of the draft. */
  const [coming, setComing] = useState<string | null>(null);
  const newest = newestOf(plans);
  // What was just saved lies on the desk before the list of versions tells of it.
  const isKnown = chosen === onDesk || plans.some(({ plan_sha256 }) => plan_sha256 === chosen);
  const known = isKnown ? chosen : null;
  const isComing = coming !== null && coming !== onDesk;
  const wanted = isComing ? coming : isEdited && onDesk ? onDesk : (known ?? newest?.plan_sha256 ?? null);
  const shown = plans.find(({ plan_sha256 }) => plan_sha256 === wanted);
  const movedTo =
    isEdited && !isSaving && !isComing && shown && newest && newest.version > shown.version ? newest : null;

  const deviceList = devices.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: devices are the same as long as their list is
  useEffect(() => {
    if (!wanted || desk.store.getState().planSha === wanted) return;
    const stop = new AbortController();
    void hub.get<PlanDocument>(`/api/plans/${wanted}`, { signal: stop.signal }).then((plan) => {
      const later = sent.current && !isSameDraft(desk.draft, sent.current) ? desk.draft : null;
      sent.current = null;
      const stored = readDraft(caseId, personId);
      const kept = later ?? (stored?.baseSha256 === wanted ? stored : null);
      const device = devices.find(({ id }) => id === plan.device.id) ?? null;
      desk.showPlan(plan, wanted, device, kept);
    }, ignoreAbort);
    return () => stop.abort();
  }, [desk, wanted, caseId, personId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: devices are the same as long as their list is
  useEffect(() => {
    const { plan } = desk.store.getState();
    const device = devices.find(({ id }) => id === plan?.device.id);
    if (device) desk.edits.knowDevice(device);
  }, [desk, deviceList, onDesk]);
  useEffect(
    () =>
      desk.store.subscribe((now, before) => {
        if (now.isEdited && now.planSha && (now.live !== before.live || !before.isEdited))
          keepDraft(caseId, personId, {
            ...desk.draft,
            baseSha256: now.planSha,
            keptAt: new Date().toISOString(),
          });
        else if (before.isEdited && !now.isEdited && now.planSha === before.planSha)
          dropDraft(caseId, personId);
      }),
    [desk, caseId, personId],
  );

  /** Leave the draft of the version on the desk and show another version. */
  const show = (planSha: string) => {
    dropDraft(caseId, personId);
    setChosen(planSha);
    setComing(planSha);
  };
  return {
    planSha: wanted,
    shown,
    movedTo,
    /** The hub is evaluating what was sent. */
    isSaving,
    /** Show a version that the person chose; an edited draft stays where it is. */
    choose: (planSha: string) => !isEdited && setChosen(planSha),
    takeTheirs: show,
    /** The draft as it is now goes to the hub. */
    noteSent: () => {
      sent.current = desk.draft;
      setSaving(true);
    },
    /** The hub has ended what was sent: its version comes on the desk, with what was edited meanwhile on top. */
    takeSaved: (planSha: string | null) => {
      setSaving(false);
      if (planSha) show(planSha);
      else sent.current = null;
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError") && !(error instanceof HubError))
    throw error;
}
