"""What a person may append to a case: decided from the case alone, without any I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from teleneedle.core.access import Action, Person, Role
from teleneedle.core.casefile.approval import binding_sha256, blocks
from teleneedle.core.casefile.events import Actor, Body, Draft
from teleneedle.core.casefile.state import CaseFile, Opinion, PlanVersion
from teleneedle.core.errors import ApprovalBlockedError, ConflictError, InputError, NotAllowedError

VERDICTS = ("agree", "agree_with_changes", "object")

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
    RULES.get(kind, _nothing_more)(case, body, actor, at)
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


def plan_of(case: CaseFile, body: Body) -> PlanVersion:
    """The plan a command names, which must be one of this case.

    Raises
    ------
    InputError
    """
    plan = case.plans.get(str(body.get("plan_sha256", "")))
    if plan is None:
        raise InputError(
            "the case has no such plan / 本病例没有该方案", where=str(body.get("plan_sha256", ""))
        )
    return plan


def _open_plan(case: CaseFile, sha256: str) -> PlanVersion:
    plan = plan_of(case, {"plan_sha256": sha256})
    if case.approval_of(plan.plan_sha256) is not None:
        raise ConflictError(
            "the plan is approved and cannot change / 方案已批准，不可更改",
            where=plan.plan_sha256,
            remedy="make a new version / 请生成新版本",
        )
    return plan


def _sign(case: CaseFile, body: Body, by: Person) -> list[Draft]:
    plan = plan_of(case, body)
    first = case.signature_of(plan.plan_sha256, Role.EXPERT)
    action = Action.SIGN_AS_EXPERT if first is None else Action.SIGN_AS_OPERATOR
    if first is None and by.role_for(action, site_id=case.site_id) is None:
        _actor(case, Action.SIGN_AS_OPERATOR, by)
        raise NotAllowedError("the expert signs first / 须由专家先签署", where=plan.plan_sha256)
    actor = _actor(case, action, by)
    _require_open(case)
    _open_plan(case, plan.plan_sha256)
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


def _nothing_more(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    """The role is all that this kind needs."""


def _answers(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if not body.get("answers"):
        raise InputError("the checklist has no answers / 核对表没有答案")


def _review(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    structure = case.structures.get(str(body.get("name", "")))
    if structure is None:
        raise InputError("the case has no such structure / 本病例没有该结构", where=str(body.get("name", "")))
    if body.get("sha256") != structure.sha256:
        raise ConflictError(
            "the mask is no longer the current one / 该结构已有更新版本",
            where=structure.name,
            remedy="look at the current version and review that / 请查看并审核当前版本",
        )


def _submit(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if _open_plan(case, str(body.get("plan_sha256", ""))).submitted_at is not None:
        raise ConflictError("the plan is submitted already / 方案已提交", where=str(body["plan_sha256"]))


def _opinion(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if body.get("verdict") not in VERDICTS:
        raise InputError("the verdict is none of those known", where=str(body.get("verdict")))
    if body["verdict"] != "agree" and not str(body.get("text", "")).strip():
        raise InputError("an objection or a change needs words / 反对或修改意见须写明理由")
    if _open_plan(case, str(body.get("plan_sha256", ""))).submitted_at is None:
        raise ConflictError("the plan has not been submitted / 方案尚未提交", where=str(body["plan_sha256"]))


def _open_objection(case: CaseFile, body: Body) -> Opinion:
    seq = body.get("opinion_seq")
    opinion = next((o for o in case.opinions if o.seq == seq and o.verdict == "object"), None)
    if opinion is None:
        raise InputError("the case has no such objection / 本病例没有该反对意见", where=str(seq))
    if not opinion.is_open_objection:
        raise ConflictError("the objection is settled already / 该反对意见已处理", where=str(seq))
    _open_plan(case, opinion.plan_sha256)
    return opinion


def _answer(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if _open_objection(case, body).person.id == actor.id:
        raise NotAllowedError(
            "one's own objection is withdrawn, not answered / 本人的反对意见只能撤回，不能自行答复"
        )
    if not str(body.get("text", "")).strip():
        raise InputError("the answer has no words / 答复不能为空")


def _withdraw(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if _open_objection(case, body).person.id != actor.id:
        raise NotAllowedError("only its author withdraws an objection / 反对意见只能由本人撤回")


def _treat(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if case.approval is None:
        raise ConflictError(
            "no plan of this case is approved / 本病例没有已批准的方案",
            remedy="have the plan signed first / 请先签署方案",
        )


def _report(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if not str(body.get("title", "")).strip():
        raise InputError("the report has no title / 报告没有标题")


def _add_task(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if not body.get("id") or not str(body.get("text", "")).strip():
        raise InputError("a task needs an id and words / 任务须有编号和内容")
    if body["id"] in case.tasks:
        raise ConflictError("there is such a task already / 任务编号已存在", where=str(body["id"]))


def _finish_task(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    task = case.tasks.get(str(body.get("id", "")))
    if task is None:
        raise InputError("the case has no such task / 本病例没有该任务", where=str(body.get("id", "")))
    if task.done_at is not None:
        raise ConflictError("the task is done already / 任务已完成", where=task.id)


Rule = Callable[[CaseFile, Body, Actor, datetime], None]

RULES: Mapping[str, Rule] = {
    "checklist.answered": _answers,
    "structure.reviewed": _review,
    "plan.submitted": _submit,
    "opinion.given": _opinion,
    "objection.answered": _answer,
    "objection.withdrawn": _withdraw,
    "treatment.recorded": _treat,
    "report.filed": _report,
    "task.added": _add_task,
    "task.done": _finish_task,
}
