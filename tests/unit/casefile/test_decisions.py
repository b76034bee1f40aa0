"""What may be appended to a case, and what is refused with which words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from teleneedle.core.access import Membership, Person, Role
from teleneedle.core.casefile.approval import blocks
from teleneedle.core.casefile.events import first_broken_seq
from teleneedle.core.casefile.stage import next_action, plan_in_hand, stage_of
from teleneedle.core.errors import (
    ApprovalBlockedError,
    ConflictError,
    InputError,
    NotAllowedError,
)
from teleneedle.testing.case_people import (
    CENTRE,
    EXPERT,
    HOSPITAL,
    MDT,
    OPERATOR,
    SECOND_EXPERT,
    STRANGER,
    TECHNOLOGIST,
    Story,
    sha,
)
from teleneedle.testing.memory_case_log import MemoryCaseLog


@pytest.fixture
def story() -> Story:
    return Story(MemoryCaseLog())


def codes(story: Story, plan: str) -> list[str]:
    case = story.life.load(story.case_id)
    return [block.code for block in blocks(case, case.plans[plan])]


def test_a_case_from_referral_to_its_close(story: Story) -> None:
    stages, actions = [], []

    def look() -> None:
        case = story.life.load(story.case_id)
        if not stages or stages[-1] != stage_of(case):
            stages.append(stage_of(case))
        actions.append(next_action(case)[1])

    look()
    story.papers()
    look()
    story.images(is_reviewed=False)
    look()
    for name in ("liver", "tumour"):
        story.send("structure.reviewed", {"name": name, "sha256": sha(name)}, EXPERT)
    look()
    plan = story.plan()
    look()
    story.send("plan.submitted", {"plan_sha256": plan}, EXPERT)
    look()
    story.send("opinion.given", {"plan_sha256": plan, "verdict": "agree"}, MDT)
    story.sign(plan, EXPERT)
    look()
    story.sign(plan, OPERATOR)
    look()
    story.send("treatment.recorded", {"at": "2026-01-05T10:00:00Z", "note": ""}, OPERATOR)
    look()
    story.send("report.filed", {"title": "Ablation", "text": "done"}, OPERATOR)
    story.send("task.added", {"id": "t1", "text": "CT", "due": "2026-02-05"}, OPERATOR)
    look()
    story.send("task.done", {"id": "t1"}, OPERATOR)
    look()
    story.send("case.closed", {}, EXPERT)
    look()
    assert stages == [
        "referred",
        "structures",
        "planning",
        "mdt",
        "approved",
        "treated",
        "follow_up",
        "closed",
    ]
    assert actions == [
        "Hospital: record the patient's consent",
        "Hospital: send the CT",
        "Expert: review 2 structures",
        "Expert: have a plan proposed",
        "Expert: submit the plan to the MDT",
        "Expert: sign the plan",
        "Hospital operator: co-sign the plan",
        "Hospital: treat by the approved plan and record it",
        "File the report of the treatment",
        "Follow-up: CT (by 2026-02-05)",
        "Expert: close the case",
        "The case is closed",
    ]
    with pytest.raises(ConflictError, match="closed"):
        story.send("report.filed", {"title": "More", "text": ""}, OPERATOR)


def test_a_series_alone_is_imaging(story: Story) -> None:
    story.hub("series.added", {"id": "s", "sha256": sha("s")})
    assert stage_of(story.life.load(story.case_id)) == "imaging"


def test_a_newer_mask_takes_the_review_back(story: Story) -> None:
    plan = story.submitted()
    assert codes(story, plan) == []
    story.hub("structure.edited", {"name": "tumour", "sha256": sha("tumour 2")})
    case = story.life.load(story.case_id)
    assert not case.structures["tumour"].is_reviewed
    assert case.structures["tumour"].version == 2
    assert codes(story, plan) == ["structure-changed"]
    with pytest.raises(ConflictError, match="no longer"):
        story.send("structure.reviewed", {"name": "tumour", "sha256": sha("tumour")}, EXPERT)
    with pytest.raises(ApprovalBlockedError) as caught:
        story.sign(plan, EXPERT)
    assert caught.value.where == "structure-changed"
    assert "tumour" in caught.value.what


def test_each_block_has_its_name(story: Story) -> None:
    story.hub("series.added", {"id": "s", "sha256": sha("other series")})
    for name in ("liver", "tumour"):
        story.hub("structure.proposed", {"name": name, "sha256": sha(name)})
    plan = story.plan(failed=("inr",))
    assert codes(story, plan) == [
        "consent-missing",
        "checklist-unanswered",
        "series-unknown",
        "structure-unreviewed",
        "structure-unreviewed",
        "check-failed",
        "not-submitted",
    ]


def test_an_open_question_and_a_changed_answer_block(story: Story) -> None:
    plan = story.submitted()
    story.send("checklist.answered", {"answers": {"inr": None, "pacemaker": False}}, OPERATOR)
    assert codes(story, plan) == ["checklist-unanswered"]
    story.send("checklist.answered", {"answers": {"inr": 2.4, "pacemaker": False}}, OPERATOR)
    assert codes(story, plan) == ["checklist-changed"]
    story.send("checklist.answered", {"answers": {"inr": 1.1, "pacemaker": False}}, OPERATOR)
    assert codes(story, plan) == []


def test_failed_checks_that_are_only_counted_block_too(story: Story) -> None:
    story.papers()
    story.images()
    body = {"plan_sha256": sha("p"), "structures": {"liver": sha("liver")}, "series_sha256": sha("series")}
    story.hub("plan.proposed", {**body, "checks": {"pass": 3, "fail": 1}})
    assert codes(story, sha("p")) == ["check-failed", "not-submitted"]


def test_an_objection_blocks_until_answered_by_another_or_withdrawn_by_its_author(story: Story) -> None:
    plan = story.submitted()
    objection = {"plan_sha256": plan, "verdict": "object", "text": "too close"}
    first = story.send("opinion.given", objection, MDT).events[0].seq
    second = story.send("opinion.given", {**objection, "text": "too hot"}, EXPERT).events[0].seq
    assert codes(story, plan) == ["objection-open", "objection-open"]
    with pytest.raises(NotAllowedError, match="only its author"):
        story.send("objection.withdrawn", {"opinion_seq": first}, EXPERT)
    with pytest.raises(NotAllowedError, match="own objection"):
        story.send("objection.answered", {"opinion_seq": second, "text": "no"}, EXPERT)
    story.send("objection.answered", {"opinion_seq": first, "text": "moved by 4 mm"}, EXPERT)
    with pytest.raises(ApprovalBlockedError, match="objection"):
        story.sign(plan, EXPERT)
    story.send("objection.withdrawn", {"opinion_seq": second}, EXPERT)
    with pytest.raises(ConflictError, match="settled"):
        story.send("objection.withdrawn", {"opinion_seq": second}, EXPERT)
    story.sign(plan, EXPERT)


def test_who_signs_and_in_which_order(story: Story) -> None:
    plan = story.submitted()
    with pytest.raises(NotAllowedError, match="expert signs first"):
        story.sign(plan, OPERATOR)
    for outsider in (MDT, STRANGER, TECHNOLOGIST):
        with pytest.raises(NotAllowedError):
            story.sign(plan, outsider)
    with pytest.raises(ApprovalBlockedError, match="what was read"):
        story.send("plan.signed", {"plan_sha256": plan, "plan_hash_read": sha("else")}, EXPERT)
    story.sign(plan, EXPERT)
    for other in (EXPERT, SECOND_EXPERT, STRANGER):
        with pytest.raises(NotAllowedError):
            story.sign(plan, other)
    done = story.sign(plan, OPERATOR)
    assert done.events[1].body["plan_sha256"] == plan


def test_one_person_with_both_roles_signs_once(story: Story) -> None:
    both = Person(
        id="both",
        name="both",
        memberships=(
            Membership(site_id=CENTRE, role=Role.EXPERT),
            Membership(site_id=HOSPITAL, role=Role.OPERATOR),
        ),
    )
    plan = story.submitted()
    story.sign(plan, both)
    with pytest.raises(NotAllowedError, match="two different people"):
        story.sign(plan, both)
    story.sign(plan, OPERATOR)


def test_nothing_of_an_approved_plan_changes_and_a_newer_one_supersedes_it(story: Story) -> None:
    plan = story.submitted()
    story.sign(plan, EXPERT)
    story.sign(plan, OPERATOR)
    opinion = {"plan_sha256": plan, "verdict": "object", "text": "late"}
    for kind, body, by in (
        ("opinion.given", opinion, MDT),
        ("plan.submitted", {"plan_sha256": plan}, EXPERT),
        ("plan.signed", {"plan_sha256": plan, "plan_hash_read": plan}, OPERATOR),
    ):
        with pytest.raises(ConflictError, match="approved"):
            story.send(kind, body, by)
    newer = story.plan("newer")
    case = story.life.load(story.case_id)
    assert case.approval is not None
    assert case.approval.plan_sha256 == plan
    assert case.approval.superseded_by is None
    assert plan_in_hand(case) == case.plans[newer]
    story.send("plan.submitted", {"plan_sha256": newer}, EXPERT)
    story.sign(newer, EXPERT)
    case = story.sign(newer, OPERATOR).case
    assert [(a.plan_sha256, a.superseded_by) for a in case.approvals] == [(plan, newer), (newer, None)]


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("case.referred", {}, InputError),
        ("plan.approved", {}, InputError),
        ("series.added", {}, InputError),
        ("checklist.answered", {"answers": {}}, InputError),
        ("structure.reviewed", {"name": "spleen", "sha256": sha("x")}, InputError),
        ("plan.submitted", {"plan_sha256": sha("none")}, InputError),
        ("plan.submitted", {"plan_sha256": sha("plan")}, ConflictError),
        ("opinion.given", {"plan_sha256": sha("plan"), "verdict": "maybe"}, InputError),
        ("opinion.given", {"plan_sha256": sha("plan"), "verdict": "object", "text": " "}, InputError),
        ("objection.answered", {"opinion_seq": 1, "text": "x"}, InputError),
        ("treatment.recorded", {"at": "2026-01-05"}, ConflictError),
        ("report.filed", {"title": " ", "text": ""}, InputError),
        ("task.added", {"id": "", "text": "x"}, InputError),
        ("task.done", {"id": "none"}, InputError),
    ],
)
def test_what_is_refused(story: Story, kind: str, body: dict[str, object], error: type[Exception]) -> None:
    story.submitted()
    everybody = Person(
        id="all",
        name="all",
        memberships=tuple(Membership(site_id=HOSPITAL, role=role) for role in Role),
    )
    before = story.life.load(story.case_id)
    with pytest.raises(error):
        story.send(kind, body, everybody)
    assert story.life.load(story.case_id) == before


def test_each_kind_needs_its_role(story: Story) -> None:
    plan = story.submitted()
    nobody = Person(id="n", name="n", memberships=(Membership(site_id=HOSPITAL, role=Role.OBSERVER),))
    kinds = {
        "consent.recorded": (OPERATOR,),
        "checklist.answered": (OPERATOR,),
        "structure.reviewed": (EXPERT,),
        "plan.submitted": (EXPERT,),
        "opinion.given": (EXPERT, MDT),
        "report.filed": (EXPERT, OPERATOR),
        "task.added": (EXPERT, OPERATOR),
        "treatment.recorded": (OPERATOR,),
        "case.closed": (EXPERT,),
    }
    body = {"plan_sha256": plan, "id": "t", "text": "x", "name": "liver", "sha256": sha("liver")}
    for kind, allowed in kinds.items():
        for person in {EXPERT, MDT, OPERATOR, TECHNOLOGIST, STRANGER, nobody} - set(allowed):
            with pytest.raises(NotAllowedError):
                story.send(kind, body, person)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("consent.recorded", {}),
        ("series.added", {"id": "s", "sha256": "short"}),
        ("series.added", {"sha256": sha("s")}),
        ("structure.proposed", {"name": "", "sha256": sha("s")}),
        ("plan.proposed", {"plan_sha256": sha("p"), "series_sha256": sha("s")}),
        ("plan.proposed", {"plan_sha256": sha("p"), "series_sha256": sha("s"), "structures": {"a": "b"}}),
    ],
)
def test_what_the_hub_may_not_append(story: Story, kind: str, body: dict[str, object]) -> None:
    with pytest.raises(InputError):
        story.hub(kind, body)


def test_the_same_plan_is_not_proposed_twice(story: Story) -> None:
    story.images()
    story.plan()
    with pytest.raises(ConflictError):
        story.plan()


def test_only_its_staff_or_an_expert_opens_a_hospitals_case(story: Story) -> None:
    for by in (STRANGER, MDT):
        with pytest.raises(NotAllowedError):
            story.life.refer(
                command_id="x",
                site_id=HOSPITAL,
                site_name="",
                patient=story.life.load(story.case_id).patient,
                modality="MWA",
                indication="",
                by=by,
            )


def test_any_change_to_the_log_breaks_its_chain(story: Story) -> None:
    plan = story.submitted()
    story.sign(plan, EXPERT)
    story.sign(plan, OPERATOR)
    events = list(story.life.log.events_after(story.case_id))
    assert first_broken_seq(events) is None
    for n, event in enumerate(events):
        for changed in (
            replace(event, body={**event.body, "note": "changed"}),
            replace(event, actor=replace(event.actor, name="somebody else")),
            replace(event, at=event.at.replace(microsecond=7)),
            replace(event, kind="task.done"),
            replace(event, command_id="another"),
        ):
            assert first_broken_seq([*events[:n], changed, *events[n + 1 :]]) == n + 1
        assert first_broken_seq([*events[:n], *events[n + 1 :]]) == (n + 1 if n + 1 < len(events) else None)
    for n, (a, b) in enumerate(pairwise(events)):
        assert first_broken_seq([*events[:n], b, a, *events[n + 2 :]]) == n + 1
