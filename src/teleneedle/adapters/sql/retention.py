"""Which cases may be given up, by the centre's own retention settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.sql.case_tables import CaseRecord
from teleneedle.adapters.sql.database import Sessions
from teleneedle.adapters.sql.site_settings import Limits


def find_expired(sessions: Sessions, now: datetime) -> dict[str, Any]:
    """Closed cases in which nothing has happened for the years that records are kept."""
    years = int(Limits(sessions).all()["retention_years"])
    before = _years_before(now, years)
    query = select(CaseRecord.id, CaseRecord.updated_at).where(
        CaseRecord.state == "closed", CaseRecord.updated_at < before
    )
    with sessions() as session:
        rows = session.execute(query.order_by(CaseRecord.updated_at)).all()
    return {
        "retention_years": years,
        "before": before.isoformat(),
        "cases": [{"id": row.id, "updated_at": row.updated_at.isoformat()} for row in rows],
    }


def _years_before(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)
