"""Open the database: SQLite (WAL, synchronous=FULL) or PostgreSQL, by URL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]
THREADS = 40
"""Requests are answered by so many threads at once; fewer connections would make them wait for each other."""


def open_engine(url: str) -> Engine:
    """Engine for ``sqlite:///PATH`` or ``postgresql+psycopg://…``.

    On SQLite every transaction is ``BEGIN IMMEDIATE``: writers queue instead of failing half way, and an
    acknowledged commit is on the disk (``synchronous=FULL``).
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=THREADS, pool_pre_ping=True)
    engine = create_engine(
        url, pool_size=THREADS, max_overflow=20, connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def open_sessions(engine: Engine) -> Sessions:
    """Sessions on `engine`; objects stay usable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def writing(sessions: Sessions) -> Session:
    """A session whose transaction takes the write lock at its start (SQLite); a context manager.

    Use as ``with writing(sessions) as session, session.begin(): …``.
    """
    engine = sessions.kw["bind"]
    return sessions(bind=engine.execution_options(writes=True))
