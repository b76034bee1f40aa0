"""What engines computed for versions of plans; the bytes are objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class PlanResultRow(Base):
    """One result of one version; rows are only ever added. `facts` is the JSON header of its container."""

    __tablename__ = "plan_result"

    plan_sha256: Mapped[str] = mapped_column(ForeignKey("plan_version.plan_sha256"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    facts: Mapped[str] = mapped_column(Text)
    job_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
