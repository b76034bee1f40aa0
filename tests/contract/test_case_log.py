"""Every case log keeps the same promises: in memory, on SQLite and, when the environment asks, PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from teleneedle.adapters.sql.base import Base
from teleneedle.adapters.sql.case_log import SqlCaseLog
from teleneedle.adapters.sql.database import open_engine, open_sessions, writing
from teleneedle.core.casefile.approval import binding_sha256
from teleneedle.core.casefile.events import first_broken_seq
from teleneedle.core.casefile.state import patient_key
from teleneedle.core.errors import ConflictError, InputError, TeleneedleError
from teleneedle.ports.case_log import CaseFilter, CaseLog
from teleneedle.testing.case_people import (
    EXPERT,
    HOSPITAL,
    MDT,
    OPERATOR,
    OTHER_HOSPITAL,
    Story,
    sha,
)
from teleneedle.testing.memory_case_log import MemoryCaseLog

POSTGRES = os.environ.get("TELENEEDLE_TEST_DATABASE", "")
LOGS = ["memory", "sqlite", *(["postgres"] if POSTGRES.startswith("postgres") else [])]


@pytest.fixture(params=LOGS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CaseLog]:
    if request.param == "memory":
        yield MemoryCaseLog()
        return
    url = f"sqlite:///{tmp_path}/hub.sqlite3"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    yield SqlCaseLog(open_sessions(engine))
    engine.dispose()


class TestCaseLog:
    def test_a_case_is_the_fold_of_its_events(self, log: CaseLog) -> None:
        story = Story(log)
        plan = story.submitted()
        story.sign(plan, EXPERT)
        done = story.sign(plan, OPERATOR)
        assert [e.kind for e in done.events] == ["plan.signed", "plan.approved"]
        events = log.events_after(story.case_id)
        assert first_broken_seq(events) is None
        assert log.load(story.case_id) == done.case
        assert done.case.approval is not None
        assert done.case.approval.binding_sha256 == binding_sha256(done.case.plans[plan])
        assert [e.seq for e in log.events_after(story.case_id, 3)] == list(range(4, len(events) + 1))

    def test_the_same_command_again_gets_the_first_answer(self, log: CaseLog) -> None:
        story = Story(log)
        assert story.refer().is_replay
        body = {"signed_on": "2026-01-04", "document_note": ""}
        first = story.send("consent.recorded", body, OPERATOR, command_id="c1")
        story.send("checklist.answered", {"answers": {"inr": 1}}, OPERATOR)
        again = story.send("consent.recorded", body, OPERATOR, command_id="c1")
        assert again.is_replay
        assert (again.events, again.case) == (first.events, first.case)
        assert len(log.events_after(story.case_id)) == 3

    def test_the_second_signature_replays_with_its_approval(self, log: CaseLog) -> None:
        story = Story(log)
        plan = story.submitted()
        story.sign(plan, EXPERT)
        first = story.sign(plan, OPERATOR, command_id="last")
        again = story.sign(plan, OPERATOR, command_id="last")
        assert again.events == first.events
        assert len(again.events) == 2

    def test_a_command_id_used_for_something_else_is_a_conflict(self, log: CaseLog) -> None:
        story = Story(log)
        story.send("consent.recorded", {"signed_on": "2026-01-04"}, OPERATOR, command_id="c1")
        with pytest.raises(ConflictError, match="something else"):
            story.send("consent.recorded", {"signed_on": "2026-01-05"}, OPERATOR, command_id="c1")

    def test_an_expected_seq_that_is_no_longer_the_last_says_what_happened(self, log: CaseLog) -> None:
        story = Story(log)
        story.papers()
        with pytest.raises(ConflictError) as caught:
            story.send("consent.recorded", {"signed_on": "2026-01-05"}, OPERATOR, expected_seq=1)
        assert [line.split()[1] for line in caught.value.details] == [
            "consent.recorded",
            "checklist.answered",
        ]
        story.send("consent.recorded", {"signed_on": "2026-01-05"}, OPERATOR, expected_seq=3)

    def test_what_is_refused_leaves_nothing(self, log: CaseLog) -> None:
        story = Story(log)
        with pytest.raises(TeleneedleError):
            story.send("treatment.recorded", {"at": "2026-01-05"}, OPERATOR, command_id="c1")
        assert len(log.events_after(story.case_id)) == 1
        story.send("consent.recorded", {"signed_on": "2026-01-04"}, OPERATOR, command_id="c1")

    def test_an_unknown_case_is_a_lookup_error(self, log: CaseLog) -> None:
        story = Story(log)
        story.case_id = "nowhere"
        with pytest.raises(LookupError):
            story.send("consent.recorded", {"signed_on": "2026-01-04"}, OPERATOR)
        assert log.load("nowhere") is None
        assert log.site_of("nowhere") is None

    def test_lists_by_site_state_and_text_page_by_page(self, log: CaseLog) -> None:
        stories = [Story(log, name=f"s{n}") for n in range(5)]
        stories[0].papers()
        stories[0].images(is_reviewed=False)
        assert log.site_of(stories[0].case_id) == HOSPITAL
        seen, cursor = [], None
        while True:
            page = log.list(CaseFilter(sites=frozenset({HOSPITAL})), cursor=cursor, limit=2)
            seen += [row.id for row in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert sorted(seen) == sorted(s.case_id for s in stories)
        assert [r.id for r in log.list(CaseFilter(state="structures")).items] == [stories[0].case_id]
        assert len(log.list(CaseFilter(text="segment viii")).items) == 5
        key = patient_key(HOSPITAL, "P-001")
        assert len(log.list(CaseFilter(patient_key=key)).items) == 5
        assert log.list(CaseFilter(patient_key="other")).items == ()
        assert log.list(CaseFilter(text="王%")).items == ()
        assert log.list(CaseFilter(sites=frozenset({OTHER_HOSPITAL}))).items == ()

    def test_many_threads_approve_once(self, log: CaseLog) -> None:
        story = Story(log)
        plan = story.submitted()
        story.sign(plan, EXPERT)
        barrier, errors = threading.Barrier(8), []

        def sign(n: int) -> None:
            barrier.wait()
            try:
                story.sign(plan, OPERATOR, command_id=f"sign-{n % 3}")
            except ConflictError as error:
                errors.append(error)

        threads = [threading.Thread(target=sign, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kinds = [e.kind for e in log.events_after(story.case_id)]
        assert kinds.count("plan.approved") == 1
        assert kinds.count("plan.signed") == 2
        assert first_broken_seq(log.events_after(story.case_id)) is None
        assert errors

    def test_many_threads_refer_once(self, log: CaseLog) -> None:
        barrier, ids = threading.Barrier(6), []

        def refer() -> None:
            barrier.wait()
            ids.append(Story(log, name="same").case_id)

        threads = [threading.Thread(target=refer) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ids) == 6
        assert len(set(ids)) == 1
        assert len(log.events_after(ids[0])) == 1


def test_system_events_stand_and_fall_with_a_transaction(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.sqlite3")
    Base.metadata.create_all(engine)
    sessions = open_sessions(engine)
    told: list[str] = []
    story = Story(SqlCaseLog(sessions), tell=lambda event: told.append(event.kind))
    body = {"id": "s", "sha256": sha("s")}

    def add(command_id: str, *, then_fail: bool) -> None:
        with writing(sessions) as session, session.begin():
            done = story.life.append_system(
                story.case_id, command_id=command_id, kind="series.added", body=body, within=session
            )
            if then_fail:
                raise RuntimeError
        story.life.announce(done)

    with pytest.raises(RuntimeError):
        add("a", then_fail=True)
    assert story.life.load(story.case_id).series == ()
    add("a", then_fail=False)
    assert len(story.life.load(story.case_id).series) == 1
    assert told == ["case.referred", "series.added"]


def test_a_foreign_cursor_is_refused(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.sqlite3")
    Base.metadata.create_all(engine)
    with pytest.raises(InputError, match="cursor"):
        SqlCaseLog(open_sessions(engine)).list(CaseFilter(), cursor="!!")


def test_a_changed_row_breaks_the_chain(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.sqlite3")
    Base.metadata.create_all(engine)
    log = SqlCaseLog(open_sessions(engine))
    story = Story(log)
    story.submitted()
    story.send("opinion.given", {"plan_sha256": sha("plan"), "verdict": "object", "text": "too close"}, MDT)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE case_event SET body = replace(body, 'object', 'agree') WHERE kind = 'opinion.given'")
        )
    last = len(log.events_after(story.case_id))
    assert log.broken_seq(story.case_id) == last
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM case_event WHERE kind = 'opinion.given'"))
    assert log.broken_seq(story.case_id) == last
    whole = Story(log, name="whole")
    assert log.broken_seq(whole.case_id) is None
