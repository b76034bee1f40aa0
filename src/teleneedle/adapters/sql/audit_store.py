"""Write and verify the audit record."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from teleneedle.adapters.sql.audit_tables import AuditRow
from teleneedle.adapters.sql.database import Sessions, writing

LOCK_KEY = 7_125_001
"""Advisory lock that orders writers of the chain in PostgreSQL; SQLite has one writer anyway."""
START = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Access:
    """One access to be recorded."""

    person_id: str
    person_name: str
    action: str
    object: str
    outcome: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """Whether the chain holds, over how many records, and the first that does not."""

    ok: bool
    records: int
    first_broken_seq: int | None = None
    anchor: str = ""
    """``SEQ:SHA256`` of the last record: noted elsewhere, it shows later that nothing was cut off."""


def chain_hash(previous: str, seq: int, at: datetime, access: Access) -> str:
    """SHA-256 over the hash before and every field of the record."""
    fields = [seq, at.isoformat(), access.person_id, access.person_name]
    fields += [access.action, access.object, access.outcome, access.address]
    return hashlib.sha256((previous + json.dumps(fields, ensure_ascii=False)).encode()).hexdigest()


@dataclass(kw_only=True)
class _Waiting:
    """One access on its way to the disk."""

    access: Access
    at: datetime
    is_kept: bool = False
    error: Exception | None = None


class AuditStore:
    """The record of who saw and did what."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._write = threading.Lock()
        self._queue: list[_Waiting] = []
        self._queue_lock = threading.Lock()

    def record(self, access: Access, *, at: datetime) -> None:
        """Append one record; it is on the disk when this returns.

        Records that come while another is being written go to the disk together, in one transaction: fifty
        people who ask at once wait for one or two flushes, not for fifty.
        """
        mine = _Waiting(access=access, at=at)
        with self._queue_lock:
            self._queue.append(mine)
        with self._write:
            if not mine.is_kept and mine.error is None:
                self._write_queue()
        if mine.error is not None:
            raise mine.error

    def _write_queue(self) -> None:
        with self._queue_lock:
            batch, self._queue = self._queue, []
        try:
            self._append(batch)
        except Exception as error:
            for waiting in batch:
                waiting.error = error
            return
        for waiting in batch:
            waiting.is_kept = True

    def _append(self, batch: Sequence[_Waiting]) -> None:
        with writing(self._sessions) as session, session.begin():
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
            last = session.execute(
                select(AuditRow.seq, AuditRow.sha256).order_by(AuditRow.seq.desc()).limit(1)
            ).first()
            seq, sha256 = (last.seq, last.sha256) if last else (0, START)
            rows = []
            for waiting in batch:
                seq += 1
                sha256 = chain_hash(sha256, seq, waiting.at, waiting.access)
                rows.append({"seq": seq, "at": waiting.at, "sha256": sha256, **asdict(waiting.access)})
            session.execute(insert(AuditRow), rows)

    def verify(self, *, anchor: str = "") -> Verification:
        """Recompute every hash; a changed, missing or inserted record breaks the chain.

        Parameters
        ----------
        anchor : str
            ``SEQ:SHA256`` noted earlier; a chain that was cut off or written anew does not hold it.
        """
        previous, expected, is_held = START, 1, not anchor
        query = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500)
        with self._sessions() as session:
            for row in session.scalars(query):
                if row.seq != expected or row.sha256 != chain_hash(previous, row.seq, row.at, _access(row)):
                    return Verification(ok=False, records=expected - 1, first_broken_seq=expected)
                previous, expected = row.sha256, expected + 1
                is_held = is_held or anchor == f"{row.seq}:{row.sha256}"
        last = expected - 1
        if not is_held:
            return Verification(ok=False, records=last, first_broken_seq=min(_seq(anchor), expected))
        return Verification(ok=True, records=last, anchor=f"{last}:{previous}" if last else "")

    def page(
        self, *, person_id: str = "", object_prefix: str = "", before: int | None = None, limit: int = 100
    ) -> Sequence[AuditRow]:
        """Newest records first, older than `before`."""
        query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
        if person_id:
            query = query.where(AuditRow.person_id == person_id)
        if object_prefix:
            query = query.where(AuditRow.object.startswith(object_prefix, autoescape=True))
        if before is not None:
            query = query.where(AuditRow.seq < before)
        with self._sessions() as session:
            return _all(session, query)


def _seq(anchor: str) -> int:
    seq = anchor.partition(":")[0]
    return int(seq) if seq.isdigit() else 1


def _all(session: Session, query: object) -> Sequence[AuditRow]:
    return session.scalars(query).all()  # type: ignore[call-overload,no-any-return] # a select of AuditRow


def _access(row: AuditRow) -> Access:
    return Access(
        person_id=row.person_id,
        person_name=row.person_name,
        action=row.action,
        object=row.object,
        outcome=row.outcome,
        address=row.address,
    )
