"""What stands between a plan and its approval, and what the approval binds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from teleneedle.core.casefile.events import digest
from teleneedle.core.casefile.state import CaseFile, PlanVersion


@dataclass(frozen=True, kw_only=True)
class Block:
    """One named reason why a plan may not be signed yet."""

    code: str
    zh: str
    en: str
    check: str = ""
    """Id of the failed check, where one is the reason."""


def binding_sha256(plan: PlanVersion) -> str:
    """Hash over the hashes of the plan, of every structure it was made on, and of the series."""
    return digest(
        {
            "plan_sha256": plan.plan_sha256,
            "structures": dict(plan.structures),
            "series_sha256": plan.series_sha256,
        }
    )


def blocks(case: CaseFile, plan: PlanVersion) -> tuple[Block, ...]:
    """Everything that must be put right before `plan` can be signed; empty when it may be."""
    return (
        *_missing_papers(case, plan),
        *_wrong_images(case, plan),
        *_failed_checks(plan),
        *_open_round(case, plan),
    )


def _missing_papers(case: CaseFile, plan: PlanVersion) -> Iterator[Block]:
    if case.consent is None:
        yield Block(
            code="consent-missing",
            zh="未记录患者知情同意",
            en="the patient's consent is not recorded",
        )
    unanswered = unanswered_questions(case)
    if case.checklist is None or not case.checklist.answers:
        yield Block(
            code="checklist-unanswered",
            zh="术前核对表未填写",
            en="the pre-operative checklist is not answered",
        )
    elif unanswered:
        yield Block(
            code="checklist-unanswered",
            zh=f"术前核对表有未答项：{'、'.join(unanswered)}",
            en=f"questions of the pre-operative checklist are open: {', '.join(unanswered)}",
        )
    elif plan.answers is not None and dict(plan.answers) != dict(case.checklist.answers):
        yield Block(
            code="checklist-changed",
            zh="方案核查后，术前核对表有改动；请重新评估方案",
            en="the checklist changed after the plan was checked; evaluate the plan again",
        )


def unanswered_questions(case: CaseFile) -> tuple[str, ...]:
    """Questions of the checklist that have no answer, sorted."""
    answers = case.checklist.answers if case.checklist else {}
    return tuple(sorted(key for key, answer in answers.items() if answer is None or answer == ""))


def _wrong_images(case: CaseFile, plan: PlanVersion) -> Iterator[Block]:
    if plan.series_sha256 not in {series.sha256 for series in case.series}:
        yield Block(
            code="series-unknown",
            zh="方案所用的图像序列不在本病例中",
            en="the series the plan was made on is not in this case",
        )
    if not plan.structures:
        yield Block(code="no-structures", zh="方案未列出所用结构", en="the plan names no structures")
    for name, sha256 in sorted(plan.structures.items()):
        current = case.structures.get(name)
        if current is None or current.sha256 != sha256:
            yield Block(
                code="structure-changed",
                zh=f"结构 {name} 在方案生成后已改动；请重新评估方案",
                en=f"structure {name} changed after the plan was made; evaluate the plan again",
            )
        elif not current.is_reviewed:
            yield Block(
                code="structure-unreviewed",
                zh=f"结构 {name} 的当前版本未经专家审核",
                en=f"the current version of structure {name} has not been reviewed",
            )


def _failed_checks(plan: PlanVersion) -> Iterator[Block]:
    for check in plan.failed_checks:
        yield Block(
            code="check-failed",
            zh=f"核查项未通过：{check}",
            en=f"a check of the plan failed: {check}",
            check=check,
        )
    counted = plan.facts.get("checks", {}).get("fail", 0)
    if counted and not plan.failed_checks:
        yield Block(
            code="check-failed", zh=f"{counted} 项核查未通过", en=f"{counted} checks of the plan failed"
        )


def _open_round(case: CaseFile, plan: PlanVersion) -> Iterator[Block]:
    if plan.submitted_at is None:
        yield Block(
            code="not-submitted",
            zh="方案尚未提交多学科讨论",
            en="the plan has not been submitted to the MDT",
        )
    for objection in case.open_objections(plan.plan_sha256):
        yield Block(
            code="objection-open",
            zh=f"{objection.person.name}的反对意见（第 {objection.seq} 条）尚未答复",
            en=f"the objection of {objection.person.name} (event {objection.seq}) is not answered",
        )
