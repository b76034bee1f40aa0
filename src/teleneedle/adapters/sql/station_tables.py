"""DICOM stations that may ask the hub for images or get them sent, rules of sending, and what they keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class StationRow(Base):
    """A station by its AE title.

    `sees` is JSON: a list of the sites whose cases it may see, or null for every site. Nothing is seen by
    default. `certificate_sha256`, when it is not empty, is what the station's certificate must have.
    """

    __tablename__ = "dicom_station"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ae_title: Mapped[str] = mapped_column(String(16), unique=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int]
    uses_tls: Mapped[bool] = mapped_column(default=False)
    certificate_sha256: Mapped[str] = mapped_column(String(64), default="")
    sees: Mapped[str] = mapped_column(Text, default="[]")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ForwardingRuleRow(Base):
    """What goes to a station by itself: `site_id` and `modality` empty for any; `kinds` is a JSON list."""

    __tablename__ = "forwarding_rule"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    station_id: Mapped[str] = mapped_column(ForeignKey("dicom_station.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(36), default="")
    modality: Mapped[str] = mapped_column(String(16), default="")
    kinds: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommitmentRow(Base):
    """A storage commitment that was asked for; `missing` is a JSON list of SOP Instance UIDs."""

    __tablename__ = "storage_commitment"

    transaction_uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    station_id: Mapped[str] = mapped_column(String(36))
    job_id: Mapped[str] = mapped_column(String(36), index=True)
    instances: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    missing: Mapped[str] = mapped_column(Text, default="[]")
