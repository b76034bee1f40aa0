"""Series, uploads, versions of structures and plans: what is known of them; the bytes are objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from teleneedle.adapters.sql.base import Base, UtcDateTime


class SeriesRow(Base):
    """A CT series of a case.

    `about` is JSON, and what `sha256` is over: geometry, identity, warnings, objects of each level. `later`
    is JSON of what is ready after the pictures, code streams and originals; empty until then.
    """

    __tablename__ = "series"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    about: Mapped[str] = mapped_column(Text)
    later: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UploadRow(Base):
    """A folder or archive on its way in."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("case_id", "command_id", name="uq_upload_command"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    command_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UploadFileRow(Base):
    """One file of an upload: its name is only shown, never used as a path."""

    __tablename__ = "upload_file"

    upload_id: Mapped[str] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)


class StructureRow(Base):
    """One version of a structure; `sha256` names its packed mask."""

    __tablename__ = "structure_version"

    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    series_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(Text)
    engine_sha256: Mapped[str] = mapped_column(String(64), default="")
    gate: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[str] = mapped_column(Text)
    volume_ml: Mapped[float]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanRow(Base):
    """One immutable version of a plan; `files` maps the plan folder's names to objects."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("case_id", "version", name="uq_plan_version"),)

    plan_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    version: Mapped[int]
    parent_sha256: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    files: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DerivedRow(Base):
    """An object computed from another: a mesh, a distance field, an access map."""

    __tablename__ = "derived"

    source: Mapped[str] = mapped_column(String(160), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
