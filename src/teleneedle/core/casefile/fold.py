"""Events into a case: one small function for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from teleneedle.core.case import Patient
from teleneedle.core.casefile.events import Event
from teleneedle.core.casefile.state import (
    Answers,
    Approval,
    CaseFile,
    Consent,
    Opinion,
    PlanVersion,
    Report,
    Review,
    Series,
    Signature,
    Structure,
    Task,
    Treatment,
)

Change = Callable[[CaseFile, Event], CaseFile]


def fold(events: Iterable[Event]) -> CaseFile | None:
    """The case after its events in order; None when there are none."""
    case: CaseFile | None = None
    for event in events:
        case = apply(case, event)
    return case


def apply(case: CaseFile | None, event: Event) -> CaseFile:
    """The case after one more event.

    Raises
    ------
    ValueError
        If the event is not the next one, or its kind is unknown: the log is not one of ours.
    """
    if case is None:
        case = _referred(event)
    elif event.seq == case.seq + 1 and event.kind in CHANGES:
        case = CHANGES[event.kind](case, event)
    else:
        raise ValueError(f"event {event.seq} ({event.kind}) does not follow event {case.seq}")
    return replace(case, seq=event.seq, last_sha256=event.sha256, updated_at=event.at)


def _referred(event: Event) -> CaseFile:
    if (event.kind, event.seq) != ("case.referred", 1):
        raise ValueError("a case starts with its referral")
    body = event.body
    return CaseFile(
        id=event.case_id,
        site_id=body["site_id"],
        site_name=body["site_name"],
        patient=Patient(**{k: body["patient"].get(k, "") for k in ("id", "name", "sex", "birth_date")}),
        modality=body["modality"],
        indication=body["indication"],
        created_at=event.at,
        updated_at=event.at,
    )


def _consent(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    return replace(
        case,
        consent=Consent(
            signed_on=body["signed_on"],
            document_note=body.get("document_note", ""),
            recorded_by=event.actor,
            at=event.at,
        ),
    )


def _checklist(case: CaseFile, event: Event) -> CaseFile:
    answers = dict(event.body["answers"])
    return replace(case, checklist=Answers(answers=answers, answered_by=event.actor, at=event.at))


def _series(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    series = Series(
        id=body["id"],
        sha256=body["sha256"],
        is_primary=bool(body.get("is_primary", not case.series)),
        facts=body,
        at=event.at,
    )
    kept = tuple(
        replace(s, is_primary=s.is_primary and not series.is_primary)
        for s in case.series
        if s.id != series.id
    )
    return replace(case, series=(*kept, series))


def _structure(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    before = case.structures.get(body["name"])
    facts: Mapping[str, Any] = {**(before.facts if before else {}), **body}
    structure = Structure(
        name=body["name"],
        sha256=body["sha256"],
        version=body.get("version", before.version + 1 if before else 1),
        facts=facts,
        review=before.review if before else None,
    )
    return replace(case, structures={**case.structures, structure.name: structure})


def _reviewed(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    review = Review(sha256=body["sha256"], reviewer=event.actor, note=body.get("note", ""), at=event.at)
    structure = replace(case.structures[body["name"]], review=review)
    return replace(case, structures={**case.structures, structure.name: structure})


def _plan(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    plan = PlanVersion(
        plan_sha256=body["plan_sha256"],
        seq=event.seq,
        version=body.get("version", len(case.plans) + 1),
        structures=dict(body["structures"]),
        series_sha256=body["series_sha256"],
        failed_checks=tuple(body.get("failed_checks", ())),
        answers=case.checklist.answers if case.checklist else None,
        facts=body,
        author=event.actor,
        at=event.at,
    )
    return replace(case, plans={**case.plans, plan.plan_sha256: plan})


def _submitted(case: CaseFile, event: Event) -> CaseFile:
    plan = case.plans[event.body["plan_sha256"]]
    plan = replace(plan, submitted_by=event.actor, submitted_at=event.at)
    return replace(case, plans={**case.plans, plan.plan_sha256: plan})


def _opinion(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    opinion = Opinion(
        seq=event.seq,
        plan_sha256=body["plan_sha256"],
        person=event.actor,
        verdict=body["verdict"],
        text=body.get("text", ""),
        at=event.at,
    )
    return replace(case, opinions=(*case.opinions, opinion))


def _change_opinion(case: CaseFile, seq: int, **changes: Any) -> CaseFile:
    opinions = tuple(replace(o, **changes) if o.seq == seq else o for o in case.opinions)
    return replace(case, opinions=opinions)


def _answered(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    return _change_opinion(
        case, body["opinion_seq"], answer=body["text"], answered_by=event.actor, answered_at=event.at
    )


def _withdrawn(case: CaseFile, event: Event) -> CaseFile:
    return _change_opinion(case, event.body["opinion_seq"], withdrawn_at=event.at)


def _signed(case: CaseFile, event: Event) -> CaseFile:
    signature = Signature(
        seq=event.seq,
        plan_sha256=event.body["plan_sha256"],
        role=event.actor.role,
        person=event.actor,
        at=event.at,
    )
    return replace(case, signatures=(*case.signatures, signature))


def _approved(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    approval = Approval(
        seq=event.seq, plan_sha256=body["plan_sha256"], binding_sha256=body["binding_sha256"], at=event.at
    )
    earlier = tuple(
        a if a.superseded_by else replace(a, superseded_by=approval.plan_sha256) for a in case.approvals
    )
    return replace(case, approvals=(*earlier, approval))


def _treated(case: CaseFile, event: Event) -> CaseFile:
    treatment = Treatment(
        treated_at=event.body["at"],
        note=event.body.get("note", ""),
        plan_sha256=case.approval.plan_sha256 if case.approval else None,
        recorded_by=event.actor,
        at=event.at,
    )
    return replace(case, treatments=(*case.treatments, treatment))


def _report(case: CaseFile, event: Event) -> CaseFile:
    report = Report(
        seq=event.seq,
        title=event.body["title"],
        text=event.body["text"],
        author=event.actor,
        at=event.at,
        is_after_treatment=bool(case.treatments),
    )
    return replace(case, reports=(*case.reports, report))


def _task_added(case: CaseFile, event: Event) -> CaseFile:
    body = event.body
    task = Task(id=body["id"], text=body["text"], due=body.get("due"), added_by=event.actor)
    return replace(case, tasks={**case.tasks, task.id: task})


def _task_done(case: CaseFile, event: Event) -> CaseFile:
    task = replace(case.tasks[event.body["id"]], done_by=event.actor, done_at=event.at)
    return replace(case, tasks={**case.tasks, task.id: task})


def _closed(case: CaseFile, event: Event) -> CaseFile:
    return replace(case, closed_at=event.at)


CHANGES: Mapping[str, Change] = {
    "consent.recorded": _consent,
    "checklist.answered": _checklist,
    "series.added": _series,
    "structure.proposed": _structure,
    "structure.edited": _structure,
    "structure.reviewed": _reviewed,
    "plan.proposed": _plan,
    "plan.edited": _plan,
    "plan.submitted": _submitted,
    "opinion.given": _opinion,
    "objection.answered": _answered,
    "objection.withdrawn": _withdrawn,
    "plan.signed": _signed,
    "plan.approved": _approved,
    "treatment.recorded": _treated,
    "report.filed": _report,
    "task.added": _task_added,
    "task.done": _task_done,
    "case.closed": _closed,
}
