"""What each kind of command needs of the case, beyond the role of who sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from teleneedle.core.casefile.events import Actor, Body
from teleneedle.core.casefile.state import CaseFile, Opinion, PlanVersion
from teleneedle.core.errors import ConflictError, InputError, NotAllowedError

VERDICTS = ("agree", "agree_with_changes", "object")


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


def open_plan(case: CaseFile, sha256: str) -> PlanVersion:
    """A plan of this case that is not approved yet.

    Raises
    ------
    InputError, ConflictError
    """
    plan = plan_of(case, {"plan_sha256": sha256})
    if case.approval_of(plan.plan_sha256) is not None:
        raise ConflictError(
            "the plan is approved and cannot change / 方案已批准，不可更改",
            where=plan.plan_sha256,
            remedy="make a new version / 请生成新版本",
        )
    return plan


def nothing_more(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
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
    if open_plan(case, str(body.get("plan_sha256", ""))).submitted_at is not None:
        raise ConflictError("the plan is submitted already / 方案已提交", where=str(body["plan_sha256"]))


def _opinion(case: CaseFile, body: Body, actor: Actor, at: datetime) -> None:
    if body.get("verdict") not in VERDICTS:
        raise InputError("the verdict is none of those known", where=str(body.get("verdict")))
    if body["verdict"] != "agree" and not str(body.get("text", "")).strip():
        raise InputError("an objection or a change needs words / 反对或修改意见须写明理由")
    if open_plan(case, str(body.get("plan_sha256", ""))).submitted_at is None:
        raise ConflictError("the plan has not been submitted / 方案尚未提交", where=str(body["plan_sha256"]))


def _open_objection(case: CaseFile, body: Body) -> Opinion:
    seq = body.get("opinion_seq")
    opinion = next((o for o in case.opinions if o.seq == seq and o.verdict == "object"), None)
    if opinion is None:
        raise InputError("the case has no such objection / 本病例没有该反对意见", where=str(seq))
    if not opinion.is_open_objection:
        raise ConflictError("the objection is settled already / 该反对意见已处理", where=str(seq))
    open_plan(case, opinion.plan_sha256)
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
