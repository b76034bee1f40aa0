"""Results of engines as rows, each beside the version of a plan it was computed for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.result_tables import PlanResultRow


class ResultStore:
    """Every change is committed when the call returns."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def add(self, *, plan_sha256: str, sha256: str, facts: Mapping[str, Any], job_id: str) -> None:
        """Keep a result; the same bytes of the same plan are kept once."""
        with writing(self._sessions) as session, session.begin():
            if session.get(PlanResultRow, (plan_sha256, sha256)) is None:
                session.add(
                    PlanResultRow(
                        plan_sha256=plan_sha256,
                        sha256=sha256,
                        facts=json.dumps(facts, ensure_ascii=False),
                        job_id=job_id,
                        created_at=self._now(),
                    )
                )

    def of_plan(self, plan_sha256: str) -> Sequence[PlanResultRow]:
        """Results of a version, oldest first."""
        query = (
            select(PlanResultRow)
            .where(PlanResultRow.plan_sha256 == plan_sha256)
            .order_by(PlanResultRow.created_at, PlanResultRow.sha256)
        )
        with self._sessions() as session:
            return session.scalars(query).all()

    def has(self, plan_sha256: str, sha256: str) -> bool:
        """Whether the version has this result."""
        with self._sessions() as session:
            return session.get(PlanResultRow, (plan_sha256, sha256)) is not None
