"""Series that come over the image link, as rows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.link_tables import (
    ArrivingInstanceRow,
    ArrivingSeriesRow,
    LinkQuarantineRow,
    LinkReceiptRow,
)

MOST_LISTED = 500
BATCH = 500
"""Parameters of one query; SQLite allows some thousand."""


class LinkStore:
    """Every change is committed when the call returns."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def open_series(
        self, *, site_id: str, gateway_id: str, series_uid: str, study_uid: str, facts: Mapping[str, Any]
    ) -> ArrivingSeriesRow:
        """The series of a hospital by its UID; a new one when it was never announced."""
        with writing(self._sessions) as session, session.begin():
            row = session.scalar(
                select(ArrivingSeriesRow).where(
                    ArrivingSeriesRow.site_id == site_id, ArrivingSeriesRow.series_uid == series_uid
                )
            )
            if row is None:
                row = ArrivingSeriesRow(
                    id=str(uuid.uuid4()),
                    site_id=site_id,
                    gateway_id=gateway_id,
                    series_uid=series_uid,
                    study_uid=study_uid,
                    state="arriving",
                    facts=json.dumps(facts, ensure_ascii=False),
                    announced=0,
                    verified=0,
                    created_at=self._now(),
                    updated_at=self._now(),
                )
                session.add(row)
            return row

    def series(self, series_id: str) -> ArrivingSeriesRow | None:
        """One series."""
        with self._sessions() as session:
            return session.get(ArrivingSeriesRow, series_id)

    def open_ones(self) -> Sequence[ArrivingSeriesRow]:
        """Every series whose journal may still be needed, oldest first."""
        query = select(ArrivingSeriesRow).where(ArrivingSeriesRow.state != "dismissed")
        with self._sessions() as session:
            return session.scalars(query.order_by(ArrivingSeriesRow.created_at)).all()

    def list(self, *, sites: Iterable[str] | None, case_id: str = "") -> Sequence[ArrivingSeriesRow]:
        """Series that are not dismissed, the one that changed last first; `sites` None means every site."""
        query = select(ArrivingSeriesRow).where(ArrivingSeriesRow.state != "dismissed")
        if sites is not None:
            query = query.where(ArrivingSeriesRow.site_id.in_(sorted(sites)))
        if case_id:
            query = query.where(ArrivingSeriesRow.case_id == case_id)
        with self._sessions() as session:
            return session.scalars(
                query.order_by(ArrivingSeriesRow.updated_at.desc()).limit(MOST_LISTED)
            ).all()

    def change(self, series_id: str, **fields: Any) -> ArrivingSeriesRow:
        """Set columns of a series."""
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(ArrivingSeriesRow, series_id)
            for name, value in fields.items():
                setattr(row, name, value)
            row.updated_at = self._now()
            return row

    def known_elsewhere(self, site_id: str, series_id: str, sop_uids: Sequence[str]) -> dict[str, str]:
        """Digests of instances that other series of the hospital announced, by SOP Instance UID."""
        found: dict[str, str] = {}
        with self._sessions() as session:
            for start in range(0, len(sop_uids), BATCH):
                query = (
                    select(ArrivingInstanceRow.sop_uid, ArrivingInstanceRow.dataset_sha256)
                    .join(ArrivingSeriesRow, ArrivingSeriesRow.id == ArrivingInstanceRow.series_id)
                    .where(ArrivingSeriesRow.site_id == site_id, ArrivingSeriesRow.id != series_id)
                    .where(ArrivingInstanceRow.sop_uid.in_(sop_uids[start : start + BATCH]))
                )
                found |= {row.sop_uid: row.dataset_sha256 for row in session.execute(query)}
        return found

    def instances(self, series_id: str) -> Sequence[ArrivingInstanceRow]:
        """Announced instances of a series in the order of their numbers."""
        query = select(ArrivingInstanceRow).where(ArrivingInstanceRow.series_id == series_id)
        with self._sessions() as session:
            return session.scalars(query.order_by(ArrivingInstanceRow.number)).all()

    def announce(self, series_id: str, new: Iterable[tuple[str, int, str]]) -> None:
        """Add instances: SOP Instance UID, number within the series, digest."""
        with writing(self._sessions) as session, session.begin():
            rows = [
                ArrivingInstanceRow(series_id=series_id, sop_uid=uid, number=number, dataset_sha256=digest)
                for uid, number, digest in new
            ]
            session.add_all(rows)
            row = session.get_one(ArrivingSeriesRow, series_id)
            row.announced, row.updated_at = row.announced + len(rows), self._now()

    def verify(self, series_id: str, sop_uids: Sequence[str]) -> None:
        """Mark instances as whole."""
        with writing(self._sessions) as session, session.begin():
            count = 0
            for start in range(0, len(sop_uids), BATCH):
                done = session.execute(
                    update(ArrivingInstanceRow)
                    .where(ArrivingInstanceRow.series_id == series_id)
                    .where(ArrivingInstanceRow.sop_uid.in_(sop_uids[start : start + BATCH]))
                    .where(ArrivingInstanceRow.is_verified.is_(False))
                    .values(is_verified=True)
                )
                count += int(getattr(done, "rowcount", 0))
            row = session.get_one(ArrivingSeriesRow, series_id)
            row.verified, row.updated_at = row.verified + count, self._now()

    def set_aside(self, series_id: str, sop_uid: str, dataset_sha256: str, why: str) -> None:
        """Remember an instance that was not taken; once."""
        with writing(self._sessions) as session, session.begin():
            if session.scalar(
                select(LinkQuarantineRow.id).where(
                    LinkQuarantineRow.series_id == series_id,
                    LinkQuarantineRow.sop_uid == sop_uid,
                    LinkQuarantineRow.dataset_sha256 == dataset_sha256,
                )
            ):
                return
            session.add(
                LinkQuarantineRow(
                    id=str(uuid.uuid4()),
                    series_id=series_id,
                    sop_uid=sop_uid,
                    dataset_sha256=dataset_sha256,
                    why=why,
                    at=self._now(),
                )
            )

    def quarantine(self, series_id: str) -> Sequence[LinkQuarantineRow]:
        """What was set aside of a series, oldest first."""
        query = select(LinkQuarantineRow).where(LinkQuarantineRow.series_id == series_id)
        with self._sessions() as session:
            return session.scalars(query.order_by(LinkQuarantineRow.at)).all()

    def add_receipt(
        self, series_id: str, instances: Sequence[tuple[str, str]], signature: str, at: datetime
    ) -> None:
        """Keep a receipt before it is sent."""
        with writing(self._sessions) as session, session.begin():
            session.add(
                LinkReceiptRow(
                    id=str(uuid.uuid4()),
                    series_id=series_id,
                    instances=json.dumps(instances),
                    signature=signature,
                    at=at,
                )
            )
