"""The audit record: one chain whoever writes, and every kind of tampering shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from teleneedle.adapters.sql.audit_store import Access, AuditStore
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.adapters.sql.migrations import upgrade

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ACCESS = Access(
    person_id="p", person_name="王", action="GET /x", object="case/1", outcome="done", address="::1"
)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    is_postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if is_postgres else f"sqlite:///{tmp_path}/hub.db"
    made = open_engine(url)
    upgrade(made)
    yield made
    made.dispose()


def test_writers_in_several_hubs_make_one_chain(engine: Engine) -> None:
    def write() -> None:
        store = AuditStore(open_sessions(engine))
        for _ in range(15):
            store.record(ACCESS, at=AT)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = AuditStore(open_sessions(engine)).verify()
    assert (found.ok, found.records, found.first_broken_seq) == (True, 60, None)


def test_records_that_come_together_are_each_on_the_disk_when_their_caller_goes_on(engine: Engine) -> None:
    store, short = AuditStore(open_sessions(engine)), []

    def write(writer: int) -> None:
        for n in range(10):
            store.record(replace(ACCESS, object=f"case/{writer}/{n}"), at=AT)
            with engine.connect() as connection:
                kept = connection.execute(
                    text("SELECT count(*) FROM audit WHERE object = :o"), {"o": f"case/{writer}/{n}"}
                ).scalar_one()
            if kept != 1:
                short.append((writer, n))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(12)))
    assert short == []
    assert (store.verify().ok, store.verify().records) == (True, 120)


def test_nobody_goes_on_when_the_record_cannot_be_written(engine: Engine) -> None:
    store = AuditStore(open_sessions(engine))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO gone"))

    def write(_n: int) -> bool:
        try:
            store.record(ACCESS, at=AT)
        except SQLAlchemyError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert not any(pool.map(write, range(48)))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO audit"))
    store.record(ACCESS, at=AT)
    assert (store.verify().ok, store.verify().records) == (True, 1)


@pytest.mark.parametrize(
    ("statement", "first_broken"),
    [
        ("UPDATE audit SET person_name = 'x' WHERE seq = 3", 3),
        ("UPDATE audit SET outcome = 'refused' WHERE seq = 1", 1),
        ("UPDATE audit SET object = 'case/2' WHERE seq = 5", 5),
        ("UPDATE audit SET sha256 = 'x' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 5", 5),
        ("DELETE FROM audit", 5),
    ],
)
def test_tampering_shows_where_it_begins(engine: Engine, statement: str, first_broken: int) -> None:
    store = AuditStore(open_sessions(engine))
    for _ in range(5):
        store.record(ACCESS, at=AT)
    anchor = store.verify().anchor
    with engine.begin() as connection:
        connection.execute(text(statement))
    found = store.verify(anchor=anchor)
    assert not found.ok
    assert found.first_broken_seq in (first_broken, 1)


def test_a_chain_that_went_on_still_holds_its_anchor(engine: Engine) -> None:
    store = AuditStore(open_sessions(engine))
    store.record(ACCESS, at=AT)
    anchor = store.verify().anchor
    store.record(ACCESS, at=AT)
    assert store.verify(anchor=anchor).ok
    assert not store.verify(anchor=f"2:{'0' * 64}").ok
