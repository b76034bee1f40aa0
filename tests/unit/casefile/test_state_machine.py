"""Whatever commands arrive in whatever order: what is accepted folds, and the promises hold after each."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from teleneedle.core.access import Person
from teleneedle.core.casefile.approval import binding_sha256, blocks
from teleneedle.core.casefile.events import first_broken_seq
from teleneedle.core.casefile.fold import fold
from teleneedle.core.casefile.stage import STATES, next_action, stage_of
from teleneedle.core.casefile.state import CaseFile
from teleneedle.core.errors import TeleneedleError
from teleneedle.testing.case_people import (
    EXPERT,
    MDT,
    OPERATOR,
    SECOND_EXPERT,
    STRANGER,
    Story,
    sha,
)
from teleneedle.testing.memory_case_log import MemoryCaseLog

PLAN = st.sampled_from([sha("plan 1"), sha("plan 2")])
MASK = st.sampled_from([sha("mask 1"), sha("mask 2")])
STRUCTURE = st.sampled_from(["liver", "tumour"])
PERSON = st.sampled_from([EXPERT, SECOND_EXPERT, MDT, OPERATOR, STRANGER])


class CaseMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.story = Story(MemoryCaseLog())
        self.kept: dict[str, CaseFile] = {}

    def case(self) -> CaseFile:
        return self.story.life.load(self.story.case_id)

    def attempt(self, kind: str, body: dict[str, Any], by: Person | None = None) -> None:
        before = self.case()
        try:
            if by is None:
                self.story.hub(kind, body)
            else:
                self.story.send(kind, body, by)
        except TeleneedleError:
            assert self.case() == before

    @rule(by=PERSON)
    def consent(self, by: Person) -> None:
        self.attempt("consent.recorded", {"signed_on": "2026-01-04"}, by)

    @rule(by=PERSON, inr=st.sampled_from([1.0, 1.0, 2.5, None]))
    def checklist(self, by: Person, inr: float | None) -> None:
        self.attempt("checklist.answered", {"answers": {"inr": inr}}, by)

    @rule()
    def series(self) -> None:
        self.attempt("series.added", {"id": "s", "sha256": sha("series")})

    @rule(name=STRUCTURE, mask=MASK)
    def structure(self, name: str, mask: str) -> None:
        self.attempt("structure.edited", {"name": name, "sha256": mask})

    @rule(name=STRUCTURE, mask=MASK, by=PERSON)
    def review(self, name: str, mask: str, by: Person) -> None:
        self.attempt("structure.reviewed", {"name": name, "sha256": mask}, by)

    @rule(plan=PLAN, failed=st.sampled_from([[], [], [], ["inr"]]))
    def propose(self, plan: str, failed: list[str]) -> None:
        masks = {s.name: s.sha256 for s in self.case().structures.values()}
        self.attempt(
            "plan.proposed",
            {
                "plan_sha256": plan,
                "structures": masks,
                "series_sha256": sha("series"),
                "failed_checks": failed,
            },
        )

    @rule(plan=PLAN)
    def submit(self, plan: str) -> None:
        self.attempt("plan.submitted", {"plan_sha256": plan}, EXPERT)

    @rule(plan=PLAN, by=PERSON, verdict=st.sampled_from(["agree", "object"]))
    def opinion(self, plan: str, by: Person, verdict: str) -> None:
        self.attempt("opinion.given", {"plan_sha256": plan, "verdict": verdict, "text": "words"}, by)

    @rule(by=PERSON, kind=st.sampled_from(["objection.answered", "objection.withdrawn"]), n=st.integers(0, 3))
    def settle(self, by: Person, kind: str, n: int) -> None:
        seqs = [o.seq for o in self.case().opinions]
        self.attempt(kind, {"opinion_seq": seqs[n % len(seqs)] if seqs else 0, "text": "words"}, by)

    @rule(plan=PLAN, read=PLAN, by=PERSON)
    def sign(self, plan: str, read: str, by: Person) -> None:
        self.attempt("plan.signed", {"plan_sha256": plan, "plan_hash_read": read}, by)

    @rule(plan=PLAN)
    def sign_properly(self, plan: str) -> None:
        for by in (EXPERT, OPERATOR):
            self.attempt("plan.signed", {"plan_sha256": plan, "plan_hash_read": plan}, by)

    @rule(plan=PLAN)
    def everything_for(self, plan: str) -> None:
        self.consent(OPERATOR)
        self.checklist(OPERATOR, 1.0)
        self.series()
        self.structure("liver", sha("mask 1"))
        for s in self.case().structures.values():
            self.review(s.name, s.sha256, EXPERT)
        self.propose(plan, [])
        self.submit(plan)

    @rule()
    def treat(self) -> None:
        self.attempt("treatment.recorded", {"at": "2026-01-05T10:00:00Z"}, OPERATOR)

    @invariant()
    def the_log_is_whole_and_folds_to_the_case(self) -> None:
        events = self.story.life.log.events_after(self.story.case_id)
        assert first_broken_seq(events) is None
        assert fold(events) == self.case()

    @invariant()
    def there_is_always_a_stage_and_a_next_action(self) -> None:
        case = self.case()
        assert stage_of(case) in STATES
        assert all(next_action(case))

    @invariant()
    def approvals_never_change(self) -> None:
        case = self.case()
        for approval in case.approvals:
            plan = case.plans[approval.plan_sha256]
            assert approval.binding_sha256 == binding_sha256(plan)
            first = self.kept.setdefault(approval.plan_sha256, case)
            if first is case:
                assert blocks(case, plan) == ()
            assert first.plans[plan.plan_sha256] == plan
            for what in ("opinions", "signatures"):
                then = [x for x in getattr(first, what) if x.plan_sha256 == plan.plan_sha256]
                assert [x for x in getattr(case, what) if x.plan_sha256 == plan.plan_sha256] == then


CaseMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, derandomize=True
)
TestCaseMachine = CaseMachine.TestCase
