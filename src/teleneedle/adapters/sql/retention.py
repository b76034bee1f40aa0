"""Cases past the centre's own retention: listed, held for the law, and deleted with everything of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.orm import Session

from teleneedle.adapters.sql.case_tables import CaseRecord, LegalHold
from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.image_tables import DerivedRow, SeriesRow, UploadRow
from teleneedle.adapters.sql.schema import schema
from teleneedle.adapters.sql.site_settings import Limits
from teleneedle.core.errors import ConflictError, InputError

SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
CASE_TABLE = "case_record"


def find_expired(sessions: Sessions, now: datetime) -> dict[str, Any]:
    """Closed cases in which nothing has happened for the years that records are kept; held ones apart."""
    years = int(Limits(sessions).all()["retention_years"])
    before = _years_before(now, years)
    query = (
        select(CaseRecord.id, CaseRecord.updated_at, LegalHold.reason)
        .outerjoin(LegalHold, LegalHold.case_id == CaseRecord.id)
        .where(CaseRecord.state == "closed", CaseRecord.updated_at < before)
        .order_by(CaseRecord.updated_at)
    )
    with sessions() as session:
        rows = session.execute(query).all()
    listed = [({"id": row.id, "updated_at": row.updated_at.isoformat()}, row.reason) for row in rows]
    return {
        "retention_years": years,
        "before": before.isoformat(),
        "cases": [case for case, reason in listed if reason is None],
        "held": [{**case, "reason": reason} for case, reason in listed if reason is not None],
    }


def place_hold(sessions: Sessions, case_id: str, *, by: str, reason: str, now: datetime) -> None:
    """Keep a case whatever its age.

    Raises
    ------
    InputError
        If there is no such case, or nobody and nothing is named.
    """
    if not by.strip() or not reason.strip():
        raise InputError("a hold names who places it and why", where=case_id)
    with writing(sessions) as session, session.begin():
        if session.get(CaseRecord, case_id) is None:
            raise InputError("there is no such case", where=case_id)
        session.merge(LegalHold(case_id=case_id, placed_by=by, reason=reason, placed_at=now))


def release_hold(sessions: Sessions, case_id: str) -> None:
    """Let a case go with its age again.

    Raises
    ------
    InputError
        If it is not held.
    """
    with writing(sessions) as session, session.begin():
        hold = session.get(LegalHold, case_id)
        if hold is None:
            raise InputError("this case is not held", where=case_id)
        session.delete(hold)


def delete_case(sessions: Sessions, case_id: str, now: datetime) -> tuple[list[str], list[str]]:
    """Delete every row of an expired case in one transaction.

    Returns
    -------
    objects, uploads : list of str
        SHA-256 of objects that no row names any more, and ids of its uploads: their bytes may go.

    Raises
    ------
    ConflictError
        If the case is open, held, or not old enough; nothing is deleted.
    """
    before = _years_before(now, int(Limits(sessions).all()["retention_years"]))
    with writing(sessions) as session, session.begin():
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        record = session.get(CaseRecord, case_id, with_for_update=True, populate_existing=True)
        if record is None or record.state != "closed" or record.updated_at >= before:
            raise ConflictError("this case is open, or not past the retention", where=case_id)
        if session.get(LegalHold, case_id) is not None:
            raise ConflictError("this case is held", where=case_id)
        series = session.scalars(select(SeriesRow.id).where(SeriesRow.case_id == case_id)).all()
        uploads = session.scalars(select(UploadRow.id).where(UploadRow.case_id == case_id)).all()
        tables = [(table, of_case(table, case_id)) for table in reversed(schema().sorted_tables)]
        named = set()
        for table, condition in tables:
            if condition is not None:
                named |= _hashes(session, table, condition)
        for row in session.scalars(select(DerivedRow)).all():
            if set(row.source.split("/")) & set(series):
                named.add(row.sha256)
                session.delete(row)
        session.flush()
        for table, condition in tables:
            if condition is not None:
                session.execute(delete(table).where(condition))
        for table, condition in tables:
            if condition is not None or table.name == DerivedRow.__tablename__:
                named -= _hashes(session, table, None)
    return sorted(named), list(uploads)


def of_case(table: Table, case_id: str) -> ColumnElement[bool] | None:
    """Rows of `table` that belong to a case, by its id or the row they hang on; None for no such table."""
    if table.name == CASE_TABLE:
        return table.c.id == case_id
    if "case_id" in table.c:
        return table.c.case_id == case_id
    for key in table.foreign_keys:
        parent = of_case(key.column.table, case_id)
        if parent is not None:
            return key.parent.in_(select(key.column).where(parent))
    return None


def _hashes(session: Session, table: Table, condition: ColumnElement[bool] | None) -> set[str]:
    """Every SHA-256 that rows of `table` name, in whatever column."""
    query = select(table) if condition is None else select(table).where(condition)
    found: set[str] = set()
    for row in session.execute(query.execution_options(yield_per=500)):
        found |= _in_texts(row)
    return found


def _in_texts(values: Iterable[Any]) -> set[str]:
    return {sha for value in values if isinstance(value, str) for sha in SHA256.findall(value)}


def _years_before(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)
