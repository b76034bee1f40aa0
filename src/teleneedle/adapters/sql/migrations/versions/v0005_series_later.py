"""What of a series is ready only after its pictures can be seen.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; series of before have everything in `about`."""
    with op.batch_alter_table("series") as series:
        series.add_column(sa.Column("later", sa.Text(), nullable=False, server_default=""))
