"""Ten thousand cases under retried, duplicated and reordered commands: approved once or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from teleneedle.adapters.sql.base import Base
from teleneedle.adapters.sql.case_log import SqlCaseLog
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.core.casefile.approval import binding_sha256
from teleneedle.core.casefile.events import Event, first_broken_seq
from teleneedle.core.casefile.fold import apply, fold
from teleneedle.core.casefile.state import CaseFile
from teleneedle.core.errors import TeleneedleError
from teleneedle.ports.case_log import CaseLog
from teleneedle.testing.case_people import EXPERT, MDT, OPERATOR, SECOND_EXPERT, Story, sha
from teleneedle.testing.memory_case_log import MemoryCaseLog

RUNS = 10_000
PLANS = ("one", "two")
Step = Callable[[Story], object]


def commands(chance: random.Random) -> list[tuple[str, Step]]:
    """One case's commands by id, some of them wrong, in the order they were meant."""
    steps: list[tuple[str, Step]] = []

    def add(step: Callable[[Story, str], object]) -> None:
        command_id = f"c{len(steps)}"
        steps.append((command_id, lambda story: step(story, command_id)))

    if chance.random() < 0.9:
        add(lambda s, c: s.send("consent.recorded", {"signed_on": "2026-01-04"}, OPERATOR, command_id=c))
    answers = {"inr": None if chance.random() < 0.1 else 1.1}
    add(lambda s, c: s.send("checklist.answered", {"answers": answers}, OPERATOR, command_id=c))
    add(lambda s, c: s.hub("series.added", {"id": "s1", "sha256": sha("series")}, c))
    add(lambda s, c: s.hub("structure.proposed", {"name": "liver", "sha256": sha("liver")}, c))
    review = {"name": "liver", "sha256": sha("liver")}
    add(lambda s, c: s.send("structure.reviewed", review, EXPERT, command_id=c))
    if chance.random() < 0.15:
        add(lambda s, c: s.hub("structure.edited", {"name": "liver", "sha256": sha("liver 2")}, c))
    for name in PLANS[: chance.choice((1, 1, 2))]:
        _plan_commands(name, chance, add)
    return steps


def _plan_commands(
    name: str, chance: random.Random, add: Callable[[Callable[[Story, str], object]], None]
) -> None:
    body = {
        "plan_sha256": sha(name),
        "structures": {"liver": sha("liver")},
        "series_sha256": sha("series"),
        "failed_checks": ["inr"] if chance.random() < 0.05 else [],
    }
    this = {"plan_sha256": sha(name)}
    read = {**this, "plan_hash_read": sha(name) if chance.random() < 0.95 else sha("another")}
    add(lambda s, c: s.hub("plan.proposed", body, c))
    add(lambda s, c: s.send("plan.submitted", this, EXPERT, command_id=c))
    if chance.random() < 0.5:
        objection = {**this, "verdict": "object", "text": "too close to the diaphragm"}
        add(lambda s, c: s.send("opinion.given", objection, MDT, command_id=c))
        if chance.random() < 0.7:
            add(lambda s, c: _settle(s, c, name))
    for by in (EXPERT, OPERATOR, *chance.sample((EXPERT, SECOND_EXPERT, OPERATOR), 2)):
        add(lambda s, c, by=by: s.send("plan.signed", read, by, command_id=c))


def _settle(story: Story, command_id: str, name: str) -> object:
    case = story.life.load(story.case_id)
    found = case.open_objections(sha(name))
    body = {"opinion_seq": found[0].seq if found else 0, "text": "moved by 4 mm"}
    return story.send("objection.answered", body, EXPERT, command_id=command_id)


def deliver(steps: list[tuple[str, Step]], chance: random.Random) -> list[Step]:
    """The same commands as a bad line delivers them: some twice or more, some late, some at once again."""
    timed = []
    for n, (_, step) in enumerate(steps):
        late = chance.choice((0, 0, 0, 2, 6))
        timed += [(n + chance.random() * late, step)]
        timed += [(n + chance.random() * 30, step) for _ in range(chance.choice((0, 0, 1, 2)))]
    return [step for _, step in sorted(timed, key=lambda item: item[0])]


def run(log: CaseLog, seed: int) -> tuple[tuple[Event, ...], CaseFile]:
    chance = random.Random(seed)
    story = Story(log, name=f"case-{seed}")
    answered: dict[str, str] = {}
    for step in deliver(commands(chance), chance):
        try:
            done = step(story)
        except TeleneedleError:
            continue
        first = done.events[0]  # type: ignore[attr-defined]  # a step returns what the log did
        assert answered.setdefault(first.command_id, first.sha256) == first.sha256
    events = log.events_after(story.case_id)
    assert len({e.command_id for e in events}) == len(events)
    assert set(answered.values()) <= {e.sha256 for e in events}
    case = log.load(story.case_id)
    assert case is not None
    return events, case


def require_sound(events: tuple[Event, ...]) -> int:
    """Walk through the log and judge each approval by the case as it stood before it; how many there are."""
    case: CaseFile | None = None
    approved: list[str] = []
    for event in events:
        if event.kind == "plan.approved":
            assert case is not None
            sha256 = event.body["plan_sha256"]
            plan = case.plans[sha256]
            signed = [s for s in case.signatures if s.plan_sha256 == sha256]
            assert [s.role for s in signed] == ["expert", "operator"]
            assert len({s.person.id for s in signed}) == 2
            assert case.open_objections(sha256) == ()
            assert not plan.failed_checks
            assert case.consent is not None
            assert case.checklist is not None
            assert None not in case.checklist.answers.values()
            for name, mask in plan.structures.items():
                assert case.structures[name].sha256 == mask
                assert case.structures[name].is_reviewed
            assert event.body["binding_sha256"] == binding_sha256(plan)
            assert events[event.seq - 2].kind == "plan.signed"
            approved.append(sha256)
        elif approved and event.kind in ("plan.signed", "opinion.given", "plan.submitted"):
            assert event.body["plan_sha256"] not in approved
        case = apply(case, event)
    assert len(approved) == len(set(approved))
    return len(approved)


@pytest.mark.timeout(120)
def test_ten_thousand_cases_are_approved_exactly_once_or_not() -> None:
    approved = superseded = 0
    for seed in range(RUNS):
        log = MemoryCaseLog()
        events, case = run(log, seed)
        count = require_sound(events)
        approved += bool(count)
        superseded += count > 1
        if seed % 50 == 0:
            assert first_broken_seq(events) is None
            assert fold(events) == case
    assert approved > RUNS // 10
    assert superseded > RUNS // 100


def test_the_same_on_a_database(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.sqlite3")
    Base.metadata.create_all(engine)
    log = SqlCaseLog(open_sessions(engine))
    approved = 0
    for seed in range(40):
        events, _ = run(log, seed)
        assert events == run(MemoryCaseLog(), seed)[0]
        assert first_broken_seq(events) is None
        approved += bool(require_sound(events))
    assert approved
