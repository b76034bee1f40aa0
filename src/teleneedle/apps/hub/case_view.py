"""A case as JSON: its fold, with what follows from it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from teleneedle.adapters.rulebook.load import load_rule_book
from teleneedle.core.casefile.approval import Block, blocks
from teleneedle.core.casefile.events import Actor
from teleneedle.core.casefile.state import CaseFile, PlanVersion, Structure
from teleneedle.engines.checks import Rule
from teleneedle.services.case_log_rules import row_of

Json = dict[str, Any]


def case_json(case: CaseFile) -> Json:
    """Everything about a case."""
    approval = case.approval
    return {
        **row_of(case).summary,
        "consent": case.consent
        and {
            "signed_on": case.consent.signed_on,
            "document_note": case.consent.document_note,
            "recorded_by": _actor(case.consent.recorded_by),
            "at": _time(case.consent.at),
        },
        "checklist": case.checklist
        and {
            "answers": dict(case.checklist.answers),
            "answered_by": _actor(case.checklist.answered_by),
            "at": _time(case.checklist.at),
        },
        "series": [{**s.facts, "is_primary": s.is_primary} for s in case.series],
        "structures": [structure_json(s) for s in case.structures.values()],
        "plans": [plan_json(case, p) for p in case.plans.values()],
        "opinions": _opinions(case),
        "signatures": [
            {"plan_sha256": s.plan_sha256, "role": s.role, "person": _actor(s.person), "at": _time(s.at)}
            for s in case.signatures
        ],
        "approval": approval
        and {
            "plan_sha256": approval.plan_sha256,
            "binding_sha256": approval.binding_sha256,
            "at": _time(approval.at),
        },
        **_afterwards(case),
    }


def structure_json(structure: Structure) -> Json:
    """The current version of a structure, its engine's facts and its review."""
    review = structure.review if structure.is_reviewed else None
    return {
        "label": {"zh": structure.name, "en": structure.name},
        **structure.facts,
        "name": structure.name,
        "sha256": structure.sha256,
        "version": structure.version,
        "state": "reviewed" if review else "proposed",
        "reviewer": review.reviewer.name if review else "",
        "reviewed_at": _time(review.at) if review else None,
        "review_note": review.note if review else "",
    }


def plan_json(case: CaseFile, plan: PlanVersion) -> Json:
    """A version of a plan, where it stands, and what keeps it from being signed."""
    state = plan_state(case, plan)
    is_open = state in ("draft", "submitted")
    found = blocks(case, plan) if is_open else ()
    return {
        "created": _time(plan.at),
        "author": plan.author.name,
        **plan.facts,
        "version": plan.version,
        "failed_checks": list(plan.failed_checks),
        "state": state,
        "submitted_at": _time(plan.submitted_at),
        "blocked_by": [_block(block) for block in found],
    }


def _block(block: Block) -> Json:
    """A failed check is named by what its rule asks for and advises, in the words of the site's rule book."""
    rule = _rules().get(block.check)
    if rule is None:
        return {"code": block.code, "zh": block.zh, "en": block.en}
    (text_zh, text_en), (advice_zh, advice_en) = rule.text, rule.advice
    zh = f"核查项未通过：{text_zh}。{advice_zh}"
    en = f"a check of the plan failed: {text_en}. {advice_en}"
    return {"code": block.code, "zh": zh, "en": en}


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rule_book().rules}


def plan_state(case: CaseFile, plan: PlanVersion) -> str:
    """``draft``, ``submitted``, ``approved`` or ``superseded``."""
    approval = case.approval_of(plan.plan_sha256)
    if approval is not None:
        return "superseded" if approval.superseded_by else "approved"
    return "submitted" if plan.submitted_at else "draft"


def _opinions(case: CaseFile) -> list[Json]:
    return [
        {
            "seq": o.seq,
            "plan_sha256": o.plan_sha256,
            "person": _actor(o.person),
            "verdict": o.verdict,
            "text": o.text,
            "at": _time(o.at),
            "answer": o.answer,
            "answered_by": o.answered_by and _actor(o.answered_by),
            "answered_at": _time(o.answered_at),
            "withdrawn_at": _time(o.withdrawn_at),
            "is_open": o.is_open_objection,
        }
        for o in case.opinions
    ]


def _afterwards(case: CaseFile) -> Json:
    return {
        "treatments": [
            {
                "treated_at": t.treated_at,
                "note": t.note,
                "plan_sha256": t.plan_sha256,
                "recorded_by": _actor(t.recorded_by),
                "at": _time(t.at),
            }
            for t in case.treatments
        ],
        "reports": [
            {"seq": r.seq, "title": r.title, "text": r.text, "author": _actor(r.author), "at": _time(r.at)}
            for r in case.reports
        ],
        "tasks": [
            {"id": t.id, "text": t.text, "due": t.due, "done_at": _time(t.done_at)}
            for t in case.tasks.values()
        ],
    }


def _actor(actor: Actor) -> Json:
    return {"id": actor.id, "name": actor.name, "role": actor.role}


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
