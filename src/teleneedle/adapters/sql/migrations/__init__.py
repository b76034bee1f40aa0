"""Bring a database to the schema of this version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from teleneedle.adapters.sql.schema import schema
from teleneedle.core.errors import NotReadableError

FOLDER = Path(__file__).parent
LOCK_KEY = 7_125_000
"""Advisory lock under which one of several hubs that start on one PostgreSQL migrates."""


def head() -> str:
    """The newest revision."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def upgrade(engine: Engine) -> None:
    """Run every step that the database lacks, all of them or none.

    Raises
    ------
    NotReadableError
        If a newer version of the hub made this database.
    """
    script = ScriptDirectory(str(FOLDER))
    known = {revision.revision for revision in script.walk_revisions()}

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)

    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        context = migration_context(connection, fn=steps)
        newer = set(context.get_current_heads()) - known
        if newer:
            raise NotReadableError(
                "a newer version made this database",
                where=f"revision {', '.join(sorted(newer))}",
                remedy="start the version that made it, or restore a backup of this version",
            )
        with Operations.context(context):
            context.run_migrations()


def migration_context(connection: Connection, **options: Any) -> MigrationContext:
    """Alembic's view of the database against the tables of this version."""
    return MigrationContext.configure(
        connection, opts={"target_metadata": schema(), "compare_type": True, **options}
    )
