"""``teleneedle backup``, ``restore``, ``audit verify``, ``retention``: what whoever runs a hub needs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes, print_json
from teleneedle.core.errors import InputError, NotReadableError

Folder = Annotated[Path, typer.Option(help="Folder of the hub.")]
Database = Annotated[str | None, typer.Option(help="postgresql+psycopg://… when the hub uses PostgreSQL.")]
audit = typer.Typer(no_args_is_help=True, help="The record of who saw and did what.")


def _database(folder: Path, database: str | None) -> str:
    from teleneedle.apps.hub.settings import settings_from_environment

    url = settings_from_environment(folder, host="", port=0, database=database).database
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).is_file():
        raise NotReadableError("there is no hub in this folder", where=str(folder))
    return url


def backup(
    folder: Folder, out: Annotated[Path, typer.Option(help="File to write.")], database: Database = None
) -> None:
    """Copy database and objects to one file; the hub may be running."""
    from teleneedle.adapters.sql.backup import write_backup

    with failures_as_exit_codes():
        manifest = write_backup(folder, _database(folder, database), out)
        print_json({"backup": str(out), "bytes": out.stat().st_size, "files": len(manifest["files"])})


def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="FILE", help="File that `backup` wrote.")],
    folder: Annotated[Path, typer.Option(help="New folder of the hub.")],
    database: Database = None,
) -> None:
    """Put a backup into a new folder, every hash checked."""
    from teleneedle.adapters.sql.backup import restore_backup

    with failures_as_exit_codes():
        manifest = restore_backup(backup_file, folder, database or "")
        print_json({"folder": str(folder), "files": len(manifest["files"])})


@audit.command("verify")
def verify(
    folder: Folder,
    database: Database = None,
    anchor: Annotated[
        str, typer.Option(help="SEQ:SHA256 noted earlier: shows that no record after it was cut off.")
    ] = "",
) -> None:
    """Recompute the chain of hashes; exit code 1 when a record was changed, lost or put in."""
    from teleneedle.adapters.sql.audit_store import AuditStore
    from teleneedle.adapters.sql.database import open_engine, open_sessions

    with failures_as_exit_codes():
        found = AuditStore(open_sessions(open_engine(_database(folder, database)))).verify(anchor=anchor)
        print_json(
            {
                "ok": found.ok,
                "records": found.records,
                "first_broken_seq": found.first_broken_seq,
                "anchor": found.anchor,
            }
        )
    if not found.ok:
        raise typer.Exit(1)


def retention(
    folder: Folder,
    database: Database = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List only.")] = False,
) -> None:
    """List closed cases that are older than the hub must keep them; nothing is deleted by this version."""
    from teleneedle.adapters.sql.database import open_engine, open_sessions
    from teleneedle.adapters.sql.retention import find_expired

    with failures_as_exit_codes():
        if not dry_run:
            raise InputError(
                "records are kept; only a list can be made",
                where="retention",
                remedy="add --dry-run",
            )
        sessions = open_sessions(open_engine(_database(folder, database)))
        print_json(find_expired(sessions, datetime.now(UTC)))
