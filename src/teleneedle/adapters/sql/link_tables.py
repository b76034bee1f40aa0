"""Series that come over the image link, as lists show them; their bytes, and the truth, are in journals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class ArrivingSeriesRow(Base):
    """A series of a hospital on its way in.

    `state` is ``arriving``, ``held`` (waits for a person), ``importing``, ``landed`` or ``dismissed``;
    `why` says why it is held. `facts` is JSON of what its announcements say of patient, study and geometry.
    """

    __tablename__ = "arriving_series"
    __table_args__ = (UniqueConstraint("site_id", "series_uid", name="uq_arriving_series_uid"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(36), index=True)
    gateway_id: Mapped[str] = mapped_column(String(64))
    series_uid: Mapped[str] = mapped_column(String(64))
    study_uid: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), index=True)
    why: Mapped[str] = mapped_column(String(32), default="", server_default="")
    case_id: Mapped[str] = mapped_column(String(36), index=True, default="", server_default="")
    job_id: Mapped[str] = mapped_column(String(36), default="", server_default="")
    facts: Mapped[str] = mapped_column(Text)
    announced: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArrivingInstanceRow(Base):
    """One instance that was announced first: whoever names its UID with another digest is set aside."""

    __tablename__ = "arriving_instance"
    __table_args__ = (Index("ix_arriving_instance_sop_uid", "sop_uid"),)

    series_id: Mapped[str] = mapped_column(ForeignKey("arriving_series.id"), primary_key=True)
    sop_uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    dataset_sha256: Mapped[str] = mapped_column(String(64))
    is_verified: Mapped[bool] = mapped_column(default=False)


class LinkQuarantineRow(Base):
    """An instance that the hub set aside, and why; nothing of what was there before changed."""

    __tablename__ = "link_quarantine"
    __table_args__ = (UniqueConstraint("series_id", "sop_uid", "dataset_sha256", name="uq_link_quarantine"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    series_id: Mapped[str] = mapped_column(ForeignKey("arriving_series.id"), index=True)
    sop_uid: Mapped[str] = mapped_column(String(64))
    dataset_sha256: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkReceiptRow(Base):
    """A receipt that the hub signed: `instances` is JSON of pairs of SOP Instance UID and digest."""

    __tablename__ = "link_receipt"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    series_id: Mapped[str] = mapped_column(ForeignKey("arriving_series.id"), index=True)
    instances: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
