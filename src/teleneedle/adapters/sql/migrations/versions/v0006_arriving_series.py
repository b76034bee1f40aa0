"""Series on their way in over the image link.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from teleneedle.adapters.sql.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of arriving series, their instances, what was set aside, and receipts."""
    op.create_table(
        "arriving_series",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("gateway_id", sa.String(length=64), nullable=False),
        sa.Column("series_uid", sa.String(length=64), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("case_id", sa.String(length=36), nullable=False, server_default=""),
        sa.Column("job_id", sa.String(length=36), nullable=False, server_default=""),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arriving_series")),
        sa.UniqueConstraint("site_id", "series_uid", name="uq_arriving_series_uid"),
    )
    for column in ("site_id", "state", "case_id"):
        op.create_index(op.f(f"ix_arriving_series_{column}"), "arriving_series", [column])
    op.create_table(
        "arriving_instance",
        sa.Column("series_id", sa.String(length=36), nullable=False),
        sa.Column("sop_uid", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dataset_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        _of_series("arriving_instance"),
        sa.PrimaryKeyConstraint("series_id", "sop_uid", name=op.f("pk_arriving_instance")),
    )
    op.create_index("ix_arriving_instance_sop_uid", "arriving_instance", ["sop_uid"])
    op.create_table(
        "link_quarantine",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=False),
        sa.Column("sop_uid", sa.String(length=64), nullable=False),
        sa.Column("dataset_sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of_series("link_quarantine"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_quarantine")),
        sa.UniqueConstraint("series_id", "sop_uid", "dataset_sha256", name="uq_link_quarantine"),
    )
    op.create_index(op.f("ix_link_quarantine_series_id"), "link_quarantine", ["series_id"])
    op.create_table(
        "link_receipt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=False),
        sa.Column("instances", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of_series("link_receipt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_receipt")),
    )
    op.create_index(op.f("ix_link_receipt_series_id"), "link_receipt", ["series_id"])


def _of_series(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_series_id_arriving_series")
    return sa.ForeignKeyConstraint(["series_id"], ["arriving_series.id"], name=name)
