"""Long-lived tokens by which machines are known: a gateway, a FHIR or DICOMweb client."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.identity_store import token_hash
from teleneedle.adapters.sql.identity_tables import ApiTokenRow, SiteRow
from teleneedle.core.access import Membership, Person, Role

PREFIX = "tnk_"
"""Marks a token of this hub, so that one that leaks into a file is found by a search."""
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenStore:
    """Who of the machines may come in; a token's text is known once, here its hash is kept."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def issue(
        self, *, name: str, site_id: str, role: Role, valid_days: int, created_by: str
    ) -> tuple[ApiTokenRow, str]:
        """A new token and its text, which cannot be had again."""
        token, now = PREFIX + secrets.token_urlsafe(32), self._now()
        row = ApiTokenRow(
            id=str(uuid.uuid4()),
            name=name,
            token_sha256=token_hash(token),
            site_id=site_id,
            role=role.value,
            created_by=created_by,
            created_at=now,
            expires_at=now + timedelta(days=valid_days),
        )
        with writing(self._sessions) as session, session.begin():
            session.add(row)
        return row, token

    def tokens(self) -> Sequence[ApiTokenRow]:
        """Every token there ever was, the newest first."""
        with self._sessions() as session:
            return session.scalars(
                select(ApiTokenRow).order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id)
            ).all()

    def revoke(self, token_id: str) -> ApiTokenRow | None:
        """End a token now; None when there is none. The first time of revocation stays."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(ApiTokenRow, token_id)
            if row is not None and row.revoked_at is None:
                row.revoked_at = self._now()
            return row

    def find(self, token: str) -> Person | None:
        """The machine behind a live token, at its one site in its one role."""
        if not token.startswith(PREFIX):
            return None
        now = self._now()
        live = (
            select(ApiTokenRow)
            .join(SiteRow, SiteRow.id == ApiTokenRow.site_id)
            .where(ApiTokenRow.token_sha256 == token_hash(token), SiteRow.is_active)
        )
        with self._sessions() as session:
            row = session.scalar(live)
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            return None
        if row.last_used_at is None or row.last_used_at <= now - USE_NOTED_EVERY:
            self._note_use(row.id, now)
        membership = Membership(site_id=row.site_id, role=Role(row.role))
        return Person(id=row.id, name=row.name, memberships=(membership,), is_machine=True)

    def _note_use(self, token_id: str, now: datetime) -> None:
        with writing(self._sessions) as session, session.begin():
            session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=now))
