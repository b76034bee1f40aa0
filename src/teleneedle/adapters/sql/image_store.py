"""Series, structures, plans and what is derived from them, as rows; the bytes are objects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from teleneedle.adapters.sql.case_tables import CaseRecord
from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.image_tables import DerivedRow, PlanRow, SeriesRow, StructureRow


class ImageStore:
    """Every change is committed when the call returns."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def add_series(
        self, within: Session, series_id: str, case_id: str, about: Mapping[str, Any]
    ) -> tuple[str, str]:
        """Keep a series; its id, and the hash over voxels and everything known of it."""
        text = json.dumps(about, ensure_ascii=False, sort_keys=True)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if within.get(SeriesRow, series_id) is None:
            within.add(
                SeriesRow(id=series_id, case_id=case_id, sha256=sha256, about=text, created_at=self._now())
            )
            within.flush()
        return series_id, sha256

    def series(self, series_id: str) -> tuple[SeriesRow, dict[str, Any]] | None:
        """A series and what is known of it."""
        with self._sessions() as session:
            row = session.get(SeriesRow, series_id)
            return None if row is None else (row, all_about(row))

    def abouts(self, case_id: str) -> Sequence[dict[str, Any]]:
        """What is known of each series of a case, oldest first."""
        query = select(SeriesRow).where(SeriesRow.case_id == case_id).order_by(SeriesRow.created_at)
        with self._sessions() as session:
            return [all_about(row) for row in session.scalars(query)]

    def complete_series(self, series_id: str, later: Mapping[str, Any]) -> None:
        """Keep what of a series is ready after its pictures."""
        with writing(self._sessions) as session, session.begin():
            session.get_one(SeriesRow, series_id).later = json.dumps(later, ensure_ascii=False)

    @contextmanager
    def change(self, case_id: str) -> Iterator[Session]:
        """A transaction in which nobody else changes the case: all of it is kept, or none."""
        with writing(self._sessions) as session, session.begin():
            session.get(CaseRecord, case_id, with_for_update=True)
            yield session

    def last_structure(self, within: Session, case_id: str, name: str) -> StructureRow | None:
        """The latest version of a structure, as an open transaction sees it."""
        return within.scalar(
            select(StructureRow)
            .where(StructureRow.case_id == case_id, StructureRow.name == name)
            .order_by(StructureRow.version.desc())
            .limit(1)
        )

    def add_structure(
        self,
        within: Session,
        *,
        case_id: str,
        name: str,
        sha256: str,
        series_id: str,
        kind: str,
        engine: str,
        engine_sha256: str,
        gate: str,
        reasons: Sequence[Sequence[str]],
        volume_ml: float,
        created_by: str,
    ) -> tuple[StructureRow, bool]:
        """A new version of a structure and True; the latest and False when its mask did not change."""
        last = self.last_structure(within, case_id, name)
        if last is not None and last.sha256 == sha256 and last.series_id == series_id:
            return last, False
        row = StructureRow(
            case_id=case_id,
            name=name,
            version=1 if last is None else last.version + 1,
            sha256=sha256,
            series_id=series_id,
            kind=kind,
            engine=engine,
            engine_sha256=engine_sha256,
            gate=gate,
            reasons=json.dumps([list(r) for r in reasons], ensure_ascii=False),
            volume_ml=volume_ml,
            created_by=created_by,
            created_at=self._now(),
        )
        within.add(row)
        within.flush()
        return row, True

    def structures(self, case_id: str) -> Sequence[StructureRow]:
        """The latest version of every structure of a case, by name."""
        newest = (
            select(StructureRow.name, func.max(StructureRow.version).label("version"))
            .where(StructureRow.case_id == case_id)
            .group_by(StructureRow.name)
            .subquery()
        )
        query = (
            select(StructureRow)
            .join(newest, (StructureRow.name == newest.c.name) & (StructureRow.version == newest.c.version))
            .where(StructureRow.case_id == case_id)
            .order_by(StructureRow.name)
        )
        with self._sessions() as session:
            return session.scalars(query).all()

    def structure_by_hash(self, sha256: str) -> Sequence[StructureRow]:
        """Every version with this mask, in whatever case."""
        with self._sessions() as session:
            return session.scalars(select(StructureRow).where(StructureRow.sha256 == sha256)).all()

    def add_plan(
        self,
        within: Session,
        *,
        plan_sha256: str,
        case_id: str,
        parent_sha256: str,
        kind: str,
        label: str,
        author: str,
        summary: Mapping[str, Any],
        files: Mapping[str, str],
    ) -> PlanRow:
        """A new version of a plan; the same bytes are kept once."""
        found = within.get(PlanRow, plan_sha256)
        if found is not None:
            return found
        count = within.scalar(select(func.count()).where(PlanRow.case_id == case_id)) or 0
        row = PlanRow(
            plan_sha256=plan_sha256,
            case_id=case_id,
            version=count + 1,
            parent_sha256=parent_sha256,
            kind=kind,
            label=label,
            author=author,
            summary=json.dumps(summary, ensure_ascii=False),
            files=json.dumps(files),
            created_at=self._now(),
        )
        within.add(row)
        within.flush()
        return row

    def plan(self, plan_sha256: str) -> PlanRow | None:
        """One version."""
        with self._sessions() as session:
            return session.get(PlanRow, plan_sha256)

    def plans(self, case_id: str) -> Sequence[PlanRow]:
        """Versions of a case, newest first."""
        query = select(PlanRow).where(PlanRow.case_id == case_id).order_by(PlanRow.version.desc())
        with self._sessions() as session:
            return session.scalars(query).all()

    def derived(self, source: str) -> str | None:
        """The object computed from `source`, if it was."""
        with self._sessions() as session:
            row = session.get(DerivedRow, source)
            return None if row is None else row.sha256

    def keep_derived(self, source: str, sha256: str) -> None:
        """Remember the object computed from `source`."""
        with writing(self._sessions) as session, session.begin():
            session.merge(DerivedRow(source=source, sha256=sha256))


def all_about(row: SeriesRow) -> dict[str, Any]:
    """What is known of a series by now."""
    return {**json.loads(row.about), **(json.loads(row.later) if row.later else {})}
