"""What engines computed for versions of plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from teleneedle.adapters.sql.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of results."""
    op.create_table(
        "plan_result",
        sa.Column("plan_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_sha256"],
            ["plan_version.plan_sha256"],
            name=op.f("fk_plan_result_plan_sha256_plan_version"),
        ),
        sa.PrimaryKeyConstraint("plan_sha256", "sha256", name=op.f("pk_plan_result")),
    )
