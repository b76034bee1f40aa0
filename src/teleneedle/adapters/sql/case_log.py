"""The case log on SQLite or PostgreSQL: one write transaction for each command."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from teleneedle.adapters.sql.case_tables import CaseEvent, CaseRecord
from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.core.casefile.events import Actor, Draft, Event, canonical_json, first_broken_seq
from teleneedle.core.casefile.fold import fold
from teleneedle.core.casefile.state import CaseFile, patient_key
from teleneedle.core.errors import InputError
from teleneedle.ports.case_log import Appended, CaseFilter, CasePage, CaseRow, Command, Decide
from teleneedle.services.case_log_rules import extend, replay, require_expected, row_of, search_text


class SqlCaseLog:
    """A `CaseLog` on a database.

    Parameters
    ----------
    sessions : Sessions
        SQLite serialises writers by ``BEGIN IMMEDIATE``; PostgreSQL by a lock on the case's row.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def create(self, case_id: str, command: Command, drafts: Sequence[Draft]) -> Appended:
        """Open a case with its referral; the same command again answers the same."""
        try:
            with writing(self._sessions) as session, session.begin():
                if session.get(CaseRecord, case_id) is None:
                    return _extend(session, None, case_id, command, drafts)
                return self._replayed(session, case_id, command)
        except IntegrityError:
            with self._sessions() as session:
                return self._replayed(session, case_id, command)

    @staticmethod
    def _replayed(session: Session, case_id: str, command: Command) -> Appended:
        first = session.get_one(CaseEvent, (case_id, 1))
        known = first.fingerprint if first.command_id == command.id else ""
        return replay(command, known, _events(session, case_id))

    def append(self, case_id: str, command: Command, decide: Decide, *, within: Any = None) -> Appended:
        """Decide on the case as it stands and append, in one transaction."""
        if within is not None:
            return _append(within, case_id, command, decide)
        with writing(self._sessions) as session, session.begin():
            return _append(session, case_id, command, decide)

    def load(self, case_id: str) -> CaseFile | None:
        """The case now."""
        return fold(self.events_after(case_id))

    def events_after(self, case_id: str, seq: int = 0) -> tuple[Event, ...]:
        """Its events after `seq`, in order."""
        with self._sessions() as session:
            return _events(session, case_id, seq)

    def list(self, chosen: CaseFilter, *, cursor: str | None = None, limit: int = 50) -> CasePage:
        """Cases that fit, the one that changed last first."""
        query = _chosen(chosen).order_by(CaseRecord.updated_at.desc(), CaseRecord.id.desc()).limit(limit + 1)
        if cursor:
            at, case_id = _read_cursor(cursor)
            query = query.where(tuple_(CaseRecord.updated_at, CaseRecord.id) < (at, case_id))
        with self._sessions() as session:
            found = session.scalars(query).all()
        rows = tuple(_row(record) for record in found[:limit])
        more = len(found) > limit
        return CasePage(items=rows, next=_cursor(rows[-1]) if more else None)

    def site_of(self, case_id: str) -> str | None:
        """The hospital that owns the case; None when there is no such case."""
        with self._sessions() as session:
            return session.scalar(select(CaseRecord.site_id).where(CaseRecord.id == case_id))

    def broken_seq(self, case_id: str) -> int | None:
        """The first event of a case that was changed, lost or put in from outside; None when all is whole."""
        with self._sessions() as session:
            events = _events(session, case_id)
            record = session.get_one(CaseRecord, case_id)
        broken = first_broken_seq(events)
        last = events[-1].sha256 if events else ""
        return len(events) + 1 if broken is None and last != record.last_sha256 else broken


def _append(session: Session, case_id: str, command: Command, decide: Decide) -> Appended:
    record = session.get(CaseRecord, case_id, with_for_update=True, populate_existing=True)
    if record is None:
        raise LookupError(case_id)
    events = _events(session, case_id)
    known = session.scalar(
        select(CaseEvent.fingerprint).where(CaseEvent.case_id == case_id, CaseEvent.command_id == command.id)
    )
    if known is not None:
        return replay(command, known, events)
    case = fold(events)
    if case is None:
        raise LookupError(case_id)
    require_expected(command, case, events)
    return _extend(session, case, case_id, command, decide(case))


def _extend(
    session: Session, case: CaseFile | None, case_id: str, command: Command, drafts: Sequence[Draft]
) -> Appended:
    events, after = extend(case, case_id, command, drafts)
    session.merge(_record(after))
    session.flush()
    session.add_all(_event_row(event, command.fingerprint) for event in events)
    session.flush()
    return Appended(events=events, case=after, is_replay=False)


def _record(case: CaseFile) -> CaseRecord:
    row = row_of(case)
    return CaseRecord(
        id=row.id,
        site_id=row.site_id,
        patient_key=patient_key(case.site_id, case.patient.id),
        state=row.state,
        updated_at=row.updated_at,
        seq=row.seq,
        last_sha256=case.last_sha256,
        search=search_text(case),
        summary=canonical_json(row.summary),
    )


def _row(record: CaseRecord) -> CaseRow:
    return CaseRow(
        id=record.id,
        site_id=record.site_id,
        state=record.state,
        updated_at=record.updated_at,
        seq=record.seq,
        summary=json.loads(record.summary),
    )


def _event_row(event: Event, fingerprint: str) -> CaseEvent:
    return CaseEvent(
        case_id=event.case_id,
        seq=event.seq,
        command_id=event.command_id,
        fingerprint=fingerprint,
        actor_id=event.actor.id,
        actor_name=event.actor.name,
        actor_role=event.actor.role,
        at=event.at,
        kind=event.kind,
        body=canonical_json(event.body),
        sha256=event.sha256,
    )


def _events(session: Session, case_id: str, seq: int = 0) -> tuple[Event, ...]:
    query = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.seq > seq).order_by(CaseEvent.seq)
    return tuple(
        Event(
            case_id=row.case_id,
            seq=row.seq,
            command_id=row.command_id,
            actor=Actor(id=row.actor_id, name=row.actor_name, role=row.actor_role),
            at=row.at,
            kind=row.kind,
            body=json.loads(row.body),
            sha256=row.sha256,
        )
        for row in session.scalars(query)
    )


def _chosen(chosen: CaseFilter) -> Select[CaseRecord]:
    query = select(CaseRecord)
    if chosen.sites is not None:
        query = query.where(CaseRecord.site_id.in_(sorted(chosen.sites)))
    if chosen.site_id is not None:
        query = query.where(CaseRecord.site_id == chosen.site_id)
    if chosen.state is not None:
        query = query.where(CaseRecord.state == chosen.state)
    if chosen.patient_key is not None:
        query = query.where(CaseRecord.patient_key == chosen.patient_key)
    if chosen.text:
        query = query.where(CaseRecord.search.contains(chosen.text.lower(), autoescape=True))
    return query


def _cursor(row: CaseRow) -> str:
    return urlsafe_b64encode(f"{row.updated_at.isoformat()} {row.id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, case_id = urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(at), case_id
    except ValueError as error:
        raise InputError("the cursor is not one of ours", where="cursor") from error
