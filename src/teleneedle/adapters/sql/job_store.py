"""Jobs as rows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.job_tables import JobRow

OPEN = ("queued", "running")
MAX_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Job:
    """One piece of work as others see it."""

    id: str
    case_id: str
    kind: str
    payload: Mapping[str, Any]
    state: str
    stage: str
    fraction: float
    error: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    attempts: int
    person_id: str
    person_name: str
    role: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def failure(self) -> str:
        """Code of its error; empty when there is none."""
        return str((self.error or {}).get("type", "")).rpartition(":")[2]

    def as_json(self) -> dict[str, Any]:
        """The Job of the interface."""
        return {
            "id": self.id,
            "case_id": self.case_id,
            "kind": self.kind,
            "state": self.state,
            "stage": self.stage,
            "fraction": self.fraction,
            "error": self.error,
            "result": self.result,
            "created_at": self.created_at.isoformat(),
            "started_at": self.started_at and self.started_at.isoformat(),
            "ended_at": self.ended_at and self.ended_at.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class Orderer:
    """Who asked for a job, and in which role."""

    person_id: str
    name: str
    role: str


class JobStore:
    """Every change is committed when the call returns."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def add(
        self, *, case_id: str, command_id: str, kind: str, payload: Mapping[str, Any], by: Orderer
    ) -> tuple[Job, bool]:
        """A queued job and whether it is new; the same command again gives the first job."""
        with writing(self._sessions) as session, session.begin():
            found = session.scalar(
                select(JobRow).where(JobRow.case_id == case_id, JobRow.command_id == command_id)
            )
            if found is not None:
                return _job(found), False
            row = JobRow(
                id=str(uuid.uuid4()),
                case_id=case_id,
                command_id=command_id,
                kind=kind,
                payload=json.dumps(payload, ensure_ascii=False),
                state="queued",
                stage="",
                fraction=0.0,
                error="",
                result="",
                attempts=0,
                person_id=by.person_id,
                person_name=by.name,
                role=by.role,
                created_at=self._now(),
            )
            session.add(row)
            session.flush()
            return _job(row), True

    def get(self, job_id: str) -> Job | None:
        """One job."""
        with self._sessions() as session:
            row = session.get(JobRow, job_id)
            return None if row is None else _job(row)

    def by_command(self, case_id: str, command_id: str) -> Job | None:
        """The job that a command ordered."""
        query = select(JobRow).where(JobRow.case_id == case_id, JobRow.command_id == command_id)
        with self._sessions() as session:
            row = session.scalar(query)
            return None if row is None else _job(row)

    def open_jobs(self) -> Sequence[Job]:
        """Queued and running jobs, oldest first."""
        with self._sessions() as session:
            rows = session.scalars(select(JobRow).where(JobRow.state.in_(OPEN)).order_by(JobRow.created_at))
            return [_job(row) for row in rows]

    def of_case(self, case_id: str) -> Sequence[Job]:
        """Jobs of a case, newest first."""
        with self._sessions() as session:
            rows = session.scalars(
                select(JobRow).where(JobRow.case_id == case_id).order_by(JobRow.created_at.desc()).limit(50)
            )
            return [_job(row) for row in rows]

    def start(self, job_id: str) -> Job | None:
        """Mark as running; None when it is no longer open or was tried too often."""
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(JobRow, job_id)
            if row.state not in OPEN or row.attempts >= MAX_ATTEMPTS:
                return None
            row.state, row.started_at, row.attempts = "running", self._now(), row.attempts + 1
            return _job(row)

    def progress(self, job_id: str, stage: str, fraction: float) -> Job:
        """How far it is."""
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(JobRow, job_id)
            row.stage, row.fraction = stage, fraction
            return _job(row)

    def put_off(self, job_id: str, so_far: Mapping[str, Any]) -> Job:
        """Back into the queue, with what it knows so far; its attempts count anew."""
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(JobRow, job_id)
            if row.state in OPEN:
                row.state, row.attempts = "queued", 0
                row.result = json.dumps(so_far, ensure_ascii=False)
            return _job(row)

    def end(
        self,
        job_id: str,
        state: str,
        *,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> Job:
        """Done, failed or cancelled; an ended job does not change any more."""
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(JobRow, job_id)
            if row.state in OPEN:
                row.state, row.ended_at = state, self._now()
                row.fraction = 1.0 if state == "done" else row.fraction
                row.result = json.dumps(result, ensure_ascii=False) if result is not None else ""
                row.error = json.dumps(error, ensure_ascii=False) if error is not None else ""
            return _job(row)


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        payload=json.loads(row.payload),
        state=row.state,
        stage=row.stage,
        fraction=row.fraction,
        error=json.loads(row.error) if row.error else None,
        result=json.loads(row.result) if row.result else None,
        attempts=row.attempts,
        person_id=row.person_id,
        person_name=row.person_name,
        role=row.role,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
