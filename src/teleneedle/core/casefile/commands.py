"""What a person may append to a case: decided from the case alone, without any I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from teleneedle.core.access import Action, Person, Role
from teleneedle.core.casefile.approval import binding_sha256, blocks
from teleneedle.core.casefile.events import Actor, Body, Draft
from teleneedle.core.casefile.rules import RULES, nothing_more, open_plan, plan_of
from teleneedle.core.casefile.state import CaseFile, PlanVersion
from teleneedle.core.errors import ApprovalBlockedError, ConflictError, InputError, NotAllowedError

ACTIONS: Mapping[str, Action] = {
    "consent.recorded": Action.RECORD_CONSENT,
    "checklist.answered": Action.ANSWER_CHECKLIST,
    "structure.reviewed": Action.EDIT_STRUCTURES,
    "plan.submitted": Action.SUBMIT_PLAN,
    "opinion.given": Action.GIVE_OPINION,
    "objection.answered": Action.ANSWER_OBJECTION,
    "objection.withdrawn": Action.GIVE_OPINION,
    "plan.signed": Action.SIGN_AS_EXPERT,
    "treatment.recorded": Action.RECORD_TREATMENT,
    "report.filed": Action.FILE_REPORT,
    "task.added": Action.KEEP_TASKS,
    "task.done": Action.KEEP_TASKS,
    "case.closed": Action.CLOSE_CASE,
}
"""What each kind of event needs; ``plan.signed`` needs the operator's right for the second signature."""


def decide(case: CaseFile, kind: str, body: Body, *, by: Person, at: datetime) -> list[Draft]:
    """The events that a person's command appends.

    Raises
    ------
    InputError
        If the command is unknown or names something that the case does not have.
    NotAllowedError
        If no role of the person on this case grants it.
    ConflictError
        If the case has moved on: it is closed, the plan is approved, the mask is no longer current.
    ApprovalBlockedError
        If the plan may not be signed yet.
    """
    if kind not in ACTIONS:
        raise InputError("no person may append this kind of event", where=kind)
    if kind == "plan.signed":
        return _sign(case, body, by)
    actor = _actor(case, ACTIONS[kind], by)
    _require_open(case)
    RULES.get(kind, nothing_more)(case, body, actor, at)
    return [Draft(kind=kind, body=body, actor=actor)]


def decide_referral(
    *,
    site_id: str,
    site_name: str,
    patient: Mapping[str, str],
    modality: str,
    indication: str,
    by: Person,
) -> list[Draft]:
    """The event that opens a case at a hospital.

    Raises
    ------
    NotAllowedError, InputError
    """
    role = by.role_for(Action.REFER_CASE, site_id=site_id)
    if role is None:
        raise NotAllowedError("nobody but this hospital's staff or an expert opens its cases", where=site_id)
    if not patient.get("id") or not patient.get("name"):
        raise InputError("the patient needs an id and a name", remedy="enter both as the hospital has them")
    body = {
        "site_id": site_id,
        "site_name": site_name,
        "patient": dict(patient),
        "modality": modality,
        "indication": indication,
    }
    return [Draft(kind="case.referred", body=body, actor=_as_actor(by, role))]


def _as_actor(person: Person, role: Role) -> Actor:
    return Actor(id=person.id, name=person.name, role=role.value)


def _actor(case: CaseFile, action: Action, by: Person) -> Actor:
    role = by.role_for(action, site_id=case.site_id)
    if role is None:
        raise NotAllowedError(
            "no role of yours on this case permits this / 您在本病例中的角色无此权限", where=action.value
        )
    return _as_actor(by, role)


def _require_open(case: CaseFile) -> None:
    if case.closed_at is not None:
        raise ConflictError("the case is closed / 病例已结案", where=case.id)


def _sign(case: CaseFile, body: Body, by: Person) -> list[Draft]:
    plan = plan_of(case, body)
    first = case.signature_of(plan.plan_sha256, Role.EXPERT)
    action = Action.SIGN_AS_EXPERT if first is None else Action.SIGN_AS_OPERATOR
    if first is None and by.role_for(action, site_id=case.site_id) is None:
        _actor(case, Action.SIGN_AS_OPERATOR, by)
        raise NotAllowedError("the expert signs first / 须由专家先签署", where=plan.plan_sha256)
    actor = _actor(case, action, by)
    _require_open(case)
    open_plan(case, plan.plan_sha256)
    if first is not None and first.person.id == by.id:
        raise NotAllowedError("two different people sign a plan / 方案须由两人分别签署", where=by.name)
    if body.get("plan_hash_read") != plan.plan_sha256:
        raise ApprovalBlockedError(
            "what was read is not the plan that is signed / 所读方案与所签方案不一致",
            where=str(body.get("plan_hash_read", "")),
            remedy="open the plan again and read it / 请重新打开并阅读方案",
        )
    _require_unblocked(case, plan)
    signed = Draft(kind="plan.signed", body=body, actor=actor)
    return [signed] if first is None else [signed, _approval(plan, actor)]


def _require_unblocked(case: CaseFile, plan: PlanVersion) -> None:
    found = blocks(case, plan)
    if found:
        raise ApprovalBlockedError(
            f"{found[0].en} / {found[0].zh}",
            where=", ".join(dict.fromkeys(block.code for block in found)),
            remedy="put this right, then sign / 处理后再签署",
            details=tuple(f"{block.code}: {block.en} / {block.zh}" for block in found),
        )


def _approval(plan: PlanVersion, actor: Actor) -> Draft:
    body = {
        "plan_sha256": plan.plan_sha256,
        "structures": dict(plan.structures),
        "series_sha256": plan.series_sha256,
        "binding_sha256": binding_sha256(plan),
    }
    return Draft(kind="plan.approved", body=body, actor=actor)
