"""Write the step from the newest migration to the tables as they are.

``python scripts/write_migration.py NAME``; read the file it writes before committing it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code

from teleneedle.adapters.sql.base import UtcDateTime
from teleneedle.adapters.sql.database import open_engine
from teleneedle.adapters.sql.migrations import FOLDER, head, migration_context, upgrade
from teleneedle.adapters.sql.schema import schema

TEMPLATE = '''"""{title}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from teleneedle.adapters.sql.base import UtcDateTime

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """{title}."""
    {body}
'''


def main(name: str) -> None:
    """Compare an empty database after every known step with the tables, and write the difference."""
    revision = f"{len(list((FOLDER / 'versions').glob('v*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/hub.db")
        upgrade(engine)
        with engine.connect() as connection:
            context = migration_context(connection)
            steps = produce_migrations(context, schema()).upgrade_ops
            assert steps is not None  # noqa: S101 - one metadata has one list of steps
            body = render_python_code(steps, render_item=_render, migration_context=context)
        before = repr(head()) if head() else None
    path = FOLDER / "versions" / f"v{revision}_{name}.py"
    text = TEMPLATE.format(
        title=name.replace("_", " ").capitalize(), revision=revision, before=before, body=body
    )
    path.write_text(text, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix", path], check=False)
    subprocess.run([ruff, "format", "--quiet", path], check=True)
    print(path)


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


if __name__ == "__main__":
    main(sys.argv[1])
