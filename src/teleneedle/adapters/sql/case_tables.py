"""Tables of the cases: the log, and one row for each case as lists show it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class CaseRecord(Base):
    """A case as lists show it, made anew from its events with each append."""

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case_record_newest", "updated_at", "id"),
        Index("ix_case_record_site", "site_id", "updated_at"),
        Index("ix_case_record_patient", "patient_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(64))
    patient_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seq: Mapped[int]
    last_sha256: Mapped[str] = mapped_column(String(64))
    search: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)


class CaseEvent(Base):
    """One event; rows are only ever added. `body` is the canonical JSON its hash was taken over."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "command_id", name="uq_case_event_command"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    command_id: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(Text)
    actor_role: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class LegalHold(Base):
    """A case that is kept whatever its age, for as long as this row is there."""

    __tablename__ = "legal_hold"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    placed_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
