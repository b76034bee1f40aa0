"""Sites, people, passwords, one-time codes and sign-ins."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.identity_tables import MembershipRow, PersonRow, SessionRow, SiteRow
from teleneedle.core.access import Membership, Person, Role
from teleneedle.core.errors import ConflictError

TRIES = 5
BLOCK = timedelta(minutes=5)
"""After five wrong passwords in a row an account waits five minutes."""
TOTP_STEP_S = 30


class SignInError(Exception):
    """`code` is ``sign-in-failed``, ``totp-required`` or ``too-many``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A live sign-in; `token` is known at its start only."""

    person: Person
    email: str
    locale: str
    csrf_token: str
    expires_at: datetime
    sites: dict[str, tuple[str, str]]
    token: str = ""


def token_hash(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


class IdentityStore:
    """Who may sign in, and who has.

    Parameters
    ----------
    session_hours : callable
        How long a sign-in lasts from its start, used or not, h; asked for at every request, so that a
        shorter time ends older sign-ins at once. A longer one holds for new sign-ins.
    """

    def __init__(
        self, sessions: Sessions, now: Callable[[], datetime], *, session_hours: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._now = now
        self._hours = session_hours
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._decoy = self._hasher.hash(secrets.token_urlsafe(8))

    def is_empty(self) -> bool:
        """Whether nobody exists yet: the hub waits for its first-run page."""
        with self._sessions() as session:
            return session.scalar(select(func.count()).select_from(PersonRow)) == 0

    def add_site(self, name: str, kind: str) -> SiteRow:
        """A new centre or hospital."""
        row = SiteRow(id=str(uuid.uuid4()), name=name, kind=kind, is_active=True)
        with writing(self._sessions) as session, session.begin():
            session.add(row)
        return row

    def change_site(self, site_id: str, *, name: str | None, is_active: bool | None) -> SiteRow | None:
        """Rename a site, or take it out of use."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(SiteRow, site_id)
            if row is not None:
                row.name = name if name is not None else row.name
                row.is_active = is_active if is_active is not None else row.is_active
            return row

    def sites(self) -> Sequence[SiteRow]:
        """Every site, by name."""
        with self._sessions() as session:
            return session.scalars(select(SiteRow).order_by(SiteRow.name)).all()

    def site(self, site_id: str) -> SiteRow | None:
        """One site."""
        with self._sessions() as session:
            return session.get(SiteRow, site_id)

    def add_person(
        self,
        *,
        name: str,
        email: str,
        password: str,
        memberships: Sequence[tuple[str, Role]],
        locale: str = "zh",
        only_first: bool = False,
    ) -> PersonRow | None:
        """A new person; None when the e-mail is taken, or when `only_first` and somebody exists."""
        row = PersonRow(id=str(uuid.uuid4()), name=name, email=email.lower(), locale=locale)
        row.password_hash = self._hasher.hash(password) if password else ""
        with writing(self._sessions) as session, session.begin():
            taken = session.scalar(select(PersonRow.id).where(PersonRow.email == row.email))
            if taken or (only_first and session.scalar(select(func.count()).select_from(PersonRow))):
                return None
            session.add(row)
            session.flush()
            _set_memberships(session, row.id, memberships)
        return row

    def change_person(
        self,
        person_id: str,
        *,
        name: str | None = None,
        password: str | None = None,
        is_active: bool | None = None,
        memberships: Sequence[tuple[str, Role]] | None = None,
    ) -> PersonRow | None:
        """Change what is given; a new password, new roles or a lock end every sign-in of that person."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(PersonRow, person_id)
            if row is None:
                return None
            row.name = name if name is not None else row.name
            row.is_active = is_active if is_active is not None else row.is_active
            if password:
                row.password_hash = self._hasher.hash(password)
            if memberships is not None:
                session.execute(delete(MembershipRow).where(MembershipRow.person_id == person_id))
                _set_memberships(session, person_id, memberships)
            if password or memberships is not None or is_active is False:
                session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
            return row

    def people(self) -> Sequence[tuple[PersonRow, Sequence[MembershipRow]]]:
        """Everybody with their roles, by name."""
        with self._sessions() as session:
            rows = session.scalars(select(PersonRow).order_by(PersonRow.name)).all()
            return [(row, _memberships(session, row.id)) for row in rows]

    def sign_in(self, email: str, password: str, totp: str | None) -> SignIn:
        """Check password and one-time code and start a sign-in.

        Raises
        ------
        SignInError
        """
        with self._sessions() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.email == email.lower()))
        if row is not None and row.blocked_until and row.blocked_until > self._now():
            raise SignInError("too-many")
        if not self._matches(row, password) or row is None or not row.is_active:
            self._count_failure(row)
            raise SignInError("sign-in-failed")
        if row.totp_confirmed and not totp:
            raise SignInError("totp-required")
        if row.totp_confirmed and not self._accept_code(row.id, totp or ""):
            self._count_failure(row)
            raise SignInError("sign-in-failed")
        return self.start(row.id)

    def sign_in_by_email(self, email: str) -> SignIn | None:
        """Start a sign-in for somebody whom a trusted provider has checked; None when unknown here."""
        with self._sessions() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.email == email.lower()))
        return self.start(row.id) if row is not None and row.is_active else None

    def start(self, person_id: str) -> SignIn:
        """A new sign-in; the secret token is in the answer and nowhere else."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        now = self._now()
        with writing(self._sessions) as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
            row = session.get_one(PersonRow, person_id)
            row.failed_sign_ins, row.blocked_until = 0, None
            session.add(
                SessionRow(
                    token_sha256=token_hash(token),
                    csrf_token=csrf,
                    person_id=person_id,
                    created_at=now,
                    expires_at=now + self._lasting(),
                )
            )
        found = self.find(token)
        if found is None:
            raise SignInError("sign-in-failed")
        return SignIn(**{**found.__dict__, "token": token})

    def find(self, token: str) -> SignIn | None:
        """The live sign-in behind a token; every request asks, so two small queries and no objects."""
        live = (
            select(PersonRow.id, PersonRow.name, PersonRow.email, PersonRow.locale)
            .add_columns(SessionRow.csrf_token, SessionRow.created_at, SessionRow.expires_at)
            .join(SessionRow, SessionRow.person_id == PersonRow.id)
            .where(SessionRow.token_sha256 == token_hash(token), PersonRow.is_active)
        )
        with self._sessions() as session:
            row = session.execute(live).first()
            if row is None:
                return None
            expires_at = min(row.expires_at, row.created_at + self._lasting())
            if expires_at <= self._now():
                return None
            members = session.execute(
                select(MembershipRow.site_id, MembershipRow.role, SiteRow.name, SiteRow.kind)
                .join(SiteRow, SiteRow.id == MembershipRow.site_id)
                .where(MembershipRow.person_id == row.id, SiteRow.is_active)
                .order_by(MembershipRow.id)
            ).all()
        return SignIn(
            person=Person(
                id=row.id,
                name=row.name,
                memberships=tuple(Membership(site_id=m.site_id, role=Role(m.role)) for m in members),
            ),
            email=row.email,
            locale=row.locale,
            csrf_token=row.csrf_token,
            expires_at=expires_at,
            sites={m.site_id: (m.name, m.kind) for m in members},
        )

    def end(self, token: str) -> None:
        """Sign out."""
        with writing(self._sessions) as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.token_sha256 == token_hash(token)))

    def propose_totp(self, person_id: str) -> tuple[str, str]:
        """A new secret and its ``otpauth`` address; it counts once a code from it was confirmed."""
        secret = pyotp.random_base32()
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(PersonRow, person_id)
            if row.totp_confirmed:
                raise ConflictError("a second factor is in force already / 已启用动态验证码")
            row.totp_secret = secret
            uri = pyotp.TOTP(secret).provisioning_uri(name=row.email, issuer_name="Teleneedle")
        return secret, uri

    def confirm_totp(self, person_id: str, code: str) -> bool:
        """Whether `code` comes from the proposed secret; from then on it is asked for."""
        if not self._accept_code(person_id, code):
            return False
        with writing(self._sessions) as session, session.begin():
            session.get_one(PersonRow, person_id).totp_confirmed = True
        return True

    def remove_totp(self, person_id: str) -> bool:
        """Forget somebody's second factor and end their sign-ins; whether there is such a person."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(PersonRow, person_id)
            if row is None:
                return False
            row.totp_secret, row.totp_confirmed, row.totp_last_step = "", False, 0
            session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
        return True

    def _lasting(self) -> timedelta:
        return timedelta(hours=self._hours())

    def _accept_code(self, person_id: str, code: str) -> bool:
        """Whether `code` is right now (or one step off) and was not used before."""
        now = self._now()
        with writing(self._sessions) as session, session.begin():
            row = session.get_one(PersonRow, person_id)
            step = int(now.timestamp()) // TOTP_STEP_S
            for candidate in (step, step - 1, step + 1):
                right = pyotp.TOTP(row.totp_secret).generate_otp(candidate)
                if candidate > row.totp_last_step and secrets.compare_digest(right.encode(), code.encode()):
                    row.totp_last_step = candidate
                    return True
        return False

    def _matches(self, row: PersonRow | None, password: str) -> bool:
        """Takes the same time whether the person exists or not."""
        try:
            return self._hasher.verify((row and row.password_hash) or self._decoy, password)
        except Argon2Error:
            return False

    def _count_failure(self, row: PersonRow | None) -> None:
        if row is None:
            return
        with writing(self._sessions) as session, session.begin():
            fresh = session.get_one(PersonRow, row.id)
            fresh.failed_sign_ins += 1
            if fresh.failed_sign_ins >= TRIES:
                fresh.failed_sign_ins, fresh.blocked_until = 0, self._now() + BLOCK


def _set_memberships(session: Session, person_id: str, memberships: Sequence[tuple[str, Role]]) -> None:
    for site_id, role in dict.fromkeys(memberships):
        session.add(MembershipRow(person_id=person_id, site_id=site_id, role=role.value))


def _memberships(session: Session, person_id: str) -> Sequence[MembershipRow]:
    return session.scalars(
        select(MembershipRow).where(MembershipRow.person_id == person_id).order_by(MembershipRow.id)
    ).all()
