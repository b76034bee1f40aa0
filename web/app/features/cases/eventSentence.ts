import { useLanguage } from "@app/i18n/useLanguage";
import type { Case, CaseEvent } from "@teleneedle/protocol";
import { inLanguage } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import type { eventsEn } from "./eventWords";

export type EventKey = keyof typeof eventsEn;

const KINDS: Record<string, EventKey> = {
  "case.referred": "case_referred",
  "consent.recorded": "consent_recorded",
  "checklist.answered": "checklist_answered",
  "series.added": "series_added",
  "structure.proposed": "structure_proposed",
  "structure.edited": "structure_edited",
  "structure.reviewed": "structure_reviewed",
  "plan.proposed": "plan_proposed",
  "plan.edited": "plan_edited",
  "plan.submitted": "plan_submitted",
  "objection.answered": "objection_answered",
  "objection.withdrawn": "objection_withdrawn",
  "plan.signed": "plan_signed",
  "plan.approved": "plan_approved",
  "treatment.recorded": "treatment_recorded",
  "report.filed": "report_filed",
  "task.added": "task_added",
  "task.done": "task_done",
  "case.closed": "case_closed",
};

export function eventKey(event: Pick<CaseEvent, "kind" | "body">): EventKey {
  if (event.kind !== "opinion.given") return KINDS[event.kind] ?? "other";
  const { verdict } = event.body;
  return verdict === "agree" || verdict === "agree_with_changes" || verdict === "object"
    ? `opinion_${verdict}`
    : "other";
}

/** What an event says, with plans by their version and structures by their name in the reader's language. */
export function useEventSentence(shown: Case): (event: CaseEvent) => string {
  const { t } = useTranslation("cases");
  const language = useLanguage();
  return (event) => {
    const said = event.body as Record<string, string | undefined>;
    const plan = shown.plans.find((one) => one.plan_sha256 === said.plan_sha256);
    const structure = shown.structures.find((one) => one.name === said.name);
    const task = shown.tasks.find((one) => one.id === said.id);
    return t(`events.${eventKey(event)}`, {
      kind: event.kind,
      plan: plan ? `v${plan.version}` : (said.plan_sha256?.slice(0, 8) ?? ""),
      name: structure ? inLanguage(structure.label, language) : (said.name ?? ""),
      text: said.text || task?.text || "",
      title: said.title ?? "",
      note: said.note ?? "",
      description: said.description ?? "",
      signed_on: said.signed_on ?? "",
    });
  };
}
