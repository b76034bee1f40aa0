"""DICOM stations, rules of sending and storage commitments.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from teleneedle.adapters.sql.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "dicom_station",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ae_title", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("uses_tls", sa.Boolean(), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("sees", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_dicom_station_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dicom_station")),
        sa.UniqueConstraint("ae_title", name=op.f("uq_dicom_station_ae_title")),
    )
    op.create_table(
        "forwarding_rule",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("station_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["dicom_station.id"], name=op.f("fk_forwarding_rule_station_id_dicom_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwarding_rule")),
    )
    op.create_index(op.f("ix_forwarding_rule_station_id"), "forwarding_rule", ["station_id"])
    op.create_table(
        "storage_commitment",
        sa.Column("transaction_uid", sa.String(length=64), nullable=False),
        sa.Column("station_id", sa.String(length=36), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("instances", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("transaction_uid", name=op.f("pk_storage_commitment")),
    )
    op.create_index(op.f("ix_storage_commitment_job_id"), "storage_commitment", ["job_id"])
