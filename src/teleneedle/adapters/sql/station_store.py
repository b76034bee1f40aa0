"""Stations, rules of sending and storage commitments: written by administrators, read by the DICOM port."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.identity_tables import SiteRow
from teleneedle.adapters.sql.station_tables import CommitmentRow, ForwardingRuleRow, StationRow


@dataclass(frozen=True, kw_only=True)
class Station:
    """A station as the DICOM services see it; `sites` is None when it sees every site."""

    id: str
    ae_title: str
    host: str
    port: int
    uses_tls: bool
    certificate_sha256: str
    sites: frozenset[str] | None

    def may_see(self, site_id: str | None) -> bool:
        """Whether cases of a site may be shown to it; a case of no site to nobody."""
        return site_id is not None and (self.sites is None or site_id in self.sites)


@dataclass(frozen=True, kw_only=True)
class ForwardingRule:
    """What goes to a station by itself."""

    id: str
    station_id: str
    site_id: str
    modality: str
    kinds: frozenset[str]
    created_at: datetime

    def takes(self, *, kind: str, site_id: str, modality: str) -> bool:
        """Whether something is sent by this rule."""
        return kind in self.kinds and self.site_id in ("", site_id) and self.modality in ("", modality)


class StationStore:
    """Every change is committed when the call returns."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def rows(self) -> Sequence[StationRow]:
        """Every station, by title."""
        with self._sessions() as session:
            return session.scalars(select(StationRow).order_by(StationRow.ae_title)).all()

    def find(self, ae_title: str) -> Station | None:
        """The station in use that has a title, at a site in use."""
        return self._one(StationRow.ae_title == ae_title)

    def get(self, station_id: str) -> Station | None:
        """A station in use, at a site in use."""
        return self._one(StationRow.id == station_id)

    def _one(self, condition: Any) -> Station | None:
        query = select(StationRow).join(SiteRow, SiteRow.id == StationRow.site_id)
        with self._sessions() as session:
            row = session.scalar(query.where(condition, StationRow.is_active, SiteRow.is_active))
            return None if row is None else _station(row)

    def add(self, facts: Mapping[str, Any], created_by: str) -> StationRow | None:
        """A new station; None when its title is taken."""
        with writing(self._sessions) as session, session.begin():
            if session.scalar(select(StationRow).where(StationRow.ae_title == facts["ae_title"])):
                return None
            row = StationRow(
                id=str(uuid.uuid4()), created_by=created_by, created_at=self._now(), **_as_columns(facts)
            )
            session.add(row)
            return row

    def change(self, station_id: str, facts: Mapping[str, Any]) -> StationRow | None:
        """Change a station; None when there is none."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(StationRow, station_id)
            if row is not None:
                for name, value in _as_columns(facts).items():
                    setattr(row, name, value)
            return row

    def remove(self, station_id: str) -> bool:
        """Forget a station and its rules."""
        with writing(self._sessions) as session, session.begin():
            session.execute(delete(ForwardingRuleRow).where(ForwardingRuleRow.station_id == station_id))
            row = session.get(StationRow, station_id)
            if row is not None:
                session.delete(row)
            return row is not None

    def rule_rows(self) -> Sequence[ForwardingRuleRow]:
        """Every rule, oldest first."""
        with self._sessions() as session:
            return session.scalars(select(ForwardingRuleRow).order_by(ForwardingRuleRow.created_at)).all()

    def rules(self) -> list[ForwardingRule]:
        """Rules in use."""
        return [_rule(row) for row in self.rule_rows() if row.is_active]

    def add_rule(
        self, *, station_id: str, site_id: str, modality: str, kinds: Sequence[str], created_by: str
    ) -> ForwardingRuleRow:
        """A new rule."""
        row = ForwardingRuleRow(
            id=str(uuid.uuid4()),
            station_id=station_id,
            site_id=site_id,
            modality=modality,
            kinds=json.dumps(sorted(kinds)),
            created_by=created_by,
            created_at=self._now(),
        )
        with writing(self._sessions) as session, session.begin():
            session.add(row)
        return row

    def remove_rule(self, rule_id: str) -> bool:
        """Forget a rule."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(ForwardingRuleRow, rule_id)
            if row is not None:
                session.delete(row)
            return row is not None

    def ask_commitment(self, transaction_uid: str, *, station_id: str, job_id: str, instances: int) -> None:
        """Remember a request before it is made, since its answer may come at once."""
        with writing(self._sessions) as session, session.begin():
            session.add(
                CommitmentRow(
                    transaction_uid=transaction_uid,
                    station_id=station_id,
                    job_id=job_id,
                    instances=instances,
                    asked_at=self._now(),
                )
            )

    def settle_commitment(self, job_id: str, instances: int) -> None:
        """How many instances the job's last request was about; without any it was not made."""
        with writing(self._sessions) as session, session.begin():
            query = select(CommitmentRow).where(CommitmentRow.job_id == job_id, CommitmentRow.instances == 0)
            for row in session.scalars(query):
                if instances:
                    row.instances = instances
                else:
                    session.delete(row)

    def answer_commitment(self, transaction_uid: str, *, station_id: str, missing: Sequence[str]) -> bool:
        """Keep a station's answer; False when this station was not asked."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(CommitmentRow, transaction_uid)
            if row is None or row.station_id != station_id:
                return False
            row.answered_at, row.missing = self._now(), json.dumps(list(missing))
            return True

    def commitments(self, job_id: str) -> Sequence[CommitmentRow]:
        """What was asked for a job's instances."""
        query = select(CommitmentRow).where(CommitmentRow.job_id == job_id).order_by(CommitmentRow.asked_at)
        with self._sessions() as session:
            return session.scalars(query).all()


def _as_columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if name == "sees" else value for name, value in facts.items()}


def _station(row: StationRow) -> Station:
    sees = json.loads(row.sees)
    return Station(
        id=row.id,
        ae_title=row.ae_title,
        host=row.host,
        port=row.port,
        uses_tls=row.uses_tls,
        certificate_sha256=row.certificate_sha256,
        sites=None if sees is None else frozenset(sees),
    )


def _rule(row: ForwardingRuleRow) -> ForwardingRule:
    return ForwardingRule(
        id=row.id,
        station_id=row.station_id,
        site_id=row.site_id,
        modality=row.modality,
        kinds=frozenset(json.loads(row.kinds)),
        created_at=row.created_at,
    )
