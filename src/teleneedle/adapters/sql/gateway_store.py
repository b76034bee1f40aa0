"""Which gateways the hub knows, by which certificates, and the codes by which new ones join."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.gateway_tables import GatewayCertificateRow, GatewayCodeRow, GatewayRow
from teleneedle.adapters.sql.identity_tables import SiteRow

CODE_VALID = timedelta(minutes=30)
SECRET_BYTES = 15
SEEN_NOTED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway that may come in, and the hospital that it belongs to."""

    id: str
    site_id: str
    name: str


class GatewayStore:
    """Gateways in the hub's database."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def make_code(self, *, site_id: str, name: str, created_by: str) -> tuple[GatewayCodeRow, str]:
        """A new code and its secret, which cannot be had again."""
        secret, now = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii"), self._now()
        row = GatewayCodeRow(
            secret_sha256=_digest(secret),
            site_id=site_id,
            name=name,
            created_by=created_by,
            created_at=now,
            expires_at=now + CODE_VALID,
        )
        with writing(self._sessions) as session, session.begin():
            session.add(row)
        return row, secret

    def redeem(self, secret: str) -> Gateway | None:
        """The new gateway of a live code, which opens nothing any more; None for any other code."""
        now = self._now()
        with writing(self._sessions) as session, session.begin():
            code = session.get(GatewayCodeRow, _digest(secret), with_for_update=True)
            if code is None or code.used_at is not None or code.expires_at <= now:
                return None
            code.used_at = now
            row = GatewayRow(id=str(uuid.uuid4()), site_id=code.site_id, name=code.name, created_at=now)
            session.add(row)
            return Gateway(id=row.id, site_id=row.site_id, name=row.name)

    def add_certificate(self, gateway_id: str, *, serial: str, expires_at: datetime) -> None:
        """The gateway is known by one more certificate."""
        row = GatewayCertificateRow(
            serial=serial, gateway_id=gateway_id, issued_at=self._now(), expires_at=expires_at
        )
        with writing(self._sessions) as session, session.begin():
            session.add(row)

    def find(self, serial: str) -> Gateway | None:
        """The gateway behind a certificate, unless it, its certificate or its hospital is out of use."""
        live = (
            select(GatewayRow)
            .join(GatewayCertificateRow, GatewayCertificateRow.gateway_id == GatewayRow.id)
            .join(SiteRow, SiteRow.id == GatewayRow.site_id)
            .where(
                GatewayCertificateRow.serial == serial,
                GatewayCertificateRow.expires_at > self._now(),
                GatewayRow.revoked_at.is_(None),
                SiteRow.is_active,
            )
        )
        with self._sessions() as session:
            row = session.scalar(live)
        return None if row is None else Gateway(id=row.id, site_id=row.site_id, name=row.name)

    def gateways(self) -> Sequence[tuple[GatewayRow, datetime | None]]:
        """Every gateway there ever was, and when its last certificate ends; the newest first."""
        with self._sessions() as session:
            rows = session.scalars(select(GatewayRow).order_by(GatewayRow.created_at.desc(), GatewayRow.id))
            ends: dict[str, datetime] = {}
            for held in session.scalars(select(GatewayCertificateRow)):
                ends[held.gateway_id] = max(held.expires_at, ends.get(held.gateway_id, held.expires_at))
            return [(row, ends.get(row.id)) for row in rows]

    def rename(self, gateway_id: str, name: str) -> GatewayRow | None:
        """Give the gateway another name; None when there is none."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(GatewayRow, gateway_id)
            if row is not None:
                row.name = name
            return row

    def revoke(self, gateway_id: str) -> GatewayRow | None:
        """None of its certificates is good any more; the first time of revocation stays."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(GatewayRow, gateway_id)
            if row is not None and row.revoked_at is None:
                row.revoked_at = self._now()
            return row

    def note_seen(self, gateway_id: str) -> None:
        """The gateway was here just now; written at most twice a minute."""
        now = self._now()
        with self._sessions() as session:
            row = session.get(GatewayRow, gateway_id)
            if row is None or (row.last_seen_at and row.last_seen_at > now - SEEN_NOTED_EVERY):
                return
        with writing(self._sessions) as session, session.begin():
            row = session.get(GatewayRow, gateway_id)
            if row is not None:
                row.last_seen_at = now

    def note_hello(self, gateway_id: str, *, software: str, clock_difference_s: float | None) -> None:
        """What the gateway said of itself; its clock's difference is positive when it is ahead, s."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(GatewayRow, gateway_id)
            if row is not None:
                row.last_seen_at = self._now()
                row.software = software[:200]
                row.clock_difference_s = clock_difference_s


def serial_text(serial: int) -> str:
    """A certificate's serial number as the table keeps it."""
    return f"{serial:040x}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
