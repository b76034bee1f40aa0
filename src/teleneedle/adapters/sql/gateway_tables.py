"""Tables of hospitals' gateways, the certificates they hold and the one-time codes they join with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class GatewayRow(Base):
    """A gateway of a site; revoked, it stays here and is let in no more."""

    __tablename__ = "gateway"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    software: Mapped[str] = mapped_column(Text, default="")
    clock_difference_s: Mapped[float | None] = mapped_column(default=None)


class GatewayCertificateRow(Base):
    """A certificate that was issued; the one before it is good until it ends, should the new one be lost."""

    __tablename__ = "gateway_certificate"

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    gateway_id: Mapped[str] = mapped_column(ForeignKey("gateway.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GatewayCodeRow(Base):
    """A code by which one gateway of a site may join, once and for a short time; only its hash is kept."""

    __tablename__ = "gateway_code"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
