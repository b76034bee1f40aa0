"""Cases that must be kept whatever their age.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from teleneedle.adapters.sql.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of holds."""
    op.create_table(
        "legal_hold",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_legal_hold_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_legal_hold")),
    )
