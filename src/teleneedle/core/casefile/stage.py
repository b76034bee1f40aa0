"""Where a case stands, and what has to happen next."""

from __future__ import annotations

from teleneedle.core.casefile.approval import blocks, unanswered_questions
from teleneedle.core.casefile.state import CaseFile, PlanVersion

STATES = (
    "referred",
    "imaging",
    "structures",
    "planning",
    "mdt",
    "approved",
    "treated",
    "follow_up",
    "closed",
)

Words = tuple[str, str]
"""The same in Chinese and in English."""


def stage_of(case: CaseFile) -> str:
    """One of `STATES`, derived from what happened."""
    reviewed = [s.is_reviewed for s in case.structures.values()]
    conditions = {
        "closed": case.closed_at is not None,
        "follow_up": any(r.is_after_treatment for r in case.reports),
        "treated": bool(case.treatments),
        "approved": bool(case.approvals),
        "mdt": any(p.submitted_at for p in case.plans.values()),
        "planning": bool(case.plans) or (bool(reviewed) and all(reviewed)),
        "structures": bool(reviewed),
        "imaging": bool(case.series),
    }
    return next((state for state, holds in conditions.items() if holds), "referred")


def plan_in_hand(case: CaseFile) -> PlanVersion | None:
    """The plan people are working on: the one submitted last, else the newest; None when all are approved."""
    waiting = [p for p in case.plans.values() if case.approval_of(p.plan_sha256) is None]
    submitted = [p for p in waiting if p.submitted_at is not None]
    if submitted:
        return max(submitted, key=lambda p: (p.submitted_at or p.at, p.seq))
    return max(waiting, key=lambda p: p.seq, default=None)


def next_action(case: CaseFile) -> Words:
    """What has to happen next, and by whom."""
    if case.closed_at is not None:
        return "病例已结案", "The case is closed"
    if case.treatments:
        return _after_treatment(case)
    if case.approvals:
        return "医院：按已批准方案治疗并记录", "Hospital: treat by the approved plan and record it"
    return _before_planning(case) or _planning(case)


def _before_planning(case: CaseFile) -> Words | None:
    if case.consent is None:
        return "医院：记录患者知情同意", "Hospital: record the patient's consent"
    if case.checklist is None or not case.checklist.answers or unanswered_questions(case):
        return "医院：填写术前核对表", "Hospital: answer the pre-operative checklist"
    if not case.series:
        return "医院：上传术前 CT", "Hospital: send the CT"
    if not case.structures:
        return "专家：生成结构", "Expert: have the structures proposed"
    waiting = sum(not s.is_reviewed for s in case.structures.values())
    if waiting and not case.plans:
        return f"专家：审核 {waiting} 个结构", f"Expert: review {waiting} structure{'s' * (waiting > 1)}"
    return None


def _planning(case: CaseFile) -> Words:
    plan = plan_in_hand(case)
    if plan is None:
        return "专家：生成方案", "Expert: have a plan proposed"
    found = [b for b in blocks(case, plan) if b.code != "not-submitted"]
    if found:
        return f"签署前须处理：{found[0].zh}", f"Before signing: {found[0].en}"
    if plan.submitted_at is None:
        return "专家：提交多学科讨论", "Expert: submit the plan to the MDT"
    if case.signature_of(plan.plan_sha256, "expert") is None:
        return "专家：签署方案", "Expert: sign the plan"
    return "医院术者：会签方案", "Hospital operator: co-sign the plan"


def _after_treatment(case: CaseFile) -> Words:
    if not any(r.is_after_treatment for r in case.reports):
        return "提交治疗报告", "File the report of the treatment"
    open_tasks = sorted((t for t in case.tasks.values() if t.done_at is None), key=lambda t: t.due or "9999")
    if open_tasks:
        task = open_tasks[0]
        due = (f"（{task.due} 前）", f" (by {task.due})") if task.due else ("", "")
        return f"随访：{task.text}{due[0]}", f"Follow-up: {task.text}{due[1]}"
    return "专家：结案", "Expert: close the case"
