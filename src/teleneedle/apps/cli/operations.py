"""``teleneedle backup``, ``restore``, ``audit verify``, ``retention``: what whoever runs a hub needs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes, print_json
from teleneedle.core.errors import InputError, NotReadableError

if TYPE_CHECKING:
    from teleneedle.apps.hub.context import Hub

Folder = Annotated[Path, typer.Option(help="Folder of the hub.")]
Database = Annotated[str | None, typer.Option(help="postgresql+psycopg://… when the hub uses PostgreSQL.")]
Objects = Annotated[str | None, typer.Option(help="s3://… when the hub keeps its objects elsewhere.")]
audit = typer.Typer(no_args_is_help=True, help="The record of who saw and did what.")


def _database(folder: Path, database: str | None) -> str:
    from teleneedle.apps.hub.settings import settings_from_environment

    url = settings_from_environment(folder, host="", port=0, database=database).database
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).is_file():
        raise NotReadableError("there is no hub in this folder", where=str(folder))
    return url


def _object_url(objects: str | None) -> str:
    from teleneedle.apps.hub.settings import settings_from_environment

    return settings_from_environment(Path(), host="", port=0, objects=objects).object_url


def backup(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="File to write.")],
    database: Database = None,
    objects: Objects = None,
) -> None:
    """Copy database, objects and running uploads to one file; the hub may be running."""
    from teleneedle.adapters.objects.store import ObjectStore
    from teleneedle.adapters.sql.backup import write_backup

    with failures_as_exit_codes():
        url = _database(folder, database)
        manifest = write_backup(folder, url, out, ObjectStore(_object_url(objects), folder))
        print_json({"backup": str(out), "bytes": out.stat().st_size, "files": len(manifest["files"])})


def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="FILE", help="File that `backup` wrote.")],
    folder: Annotated[Path, typer.Option(help="New folder of the hub.")],
    database: Database = None,
    objects: Objects = None,
) -> None:
    """Put a backup into a new folder, every hash checked."""
    from teleneedle.adapters.sql.backup import restore_backup

    with failures_as_exit_codes():
        manifest = restore_backup(backup_file, folder, database or "", _object_url(objects))
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
    objects: Objects = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List only.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Delete what is listed, after asking.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    hold: Annotated[str, typer.Option(help="Case to keep whatever its age.")] = "",
    release: Annotated[str, typer.Option(help="Case to hold no longer.")] = "",
    by: Annotated[str, typer.Option(help="Who does it; kept in the record.")] = "",
    reason: Annotated[str, typer.Option(help="Why a case is held.")] = "",
) -> None:
    """List, hold and delete closed cases that are older than the hub must keep them."""
    from teleneedle.adapters.sql.retention import find_expired

    with failures_as_exit_codes():
        if sum((dry_run, apply, bool(hold), bool(release))) != 1:
            raise InputError(
                "say what to do", where="retention", remedy="one of --dry-run, --apply, --hold, --release"
            )
        if not dry_run and not by.strip():
            raise InputError("this is recorded with a name", where="--by", remedy="add --by NAME")
        hub = _hub(folder, database, objects)
        if hold or release:
            _hold_or_release(hub, hold, release, by, reason)
            return
        found = find_expired(hub.sessions, datetime.now(UTC))
        print_json(found)
        if apply and found["cases"]:
            _give_up(hub, [case["id"] for case in found["cases"]], by=by, is_sure=yes)


def _hub(folder: Path, database: str | None, objects: str | None) -> Hub:
    from teleneedle.apps.hub.bootstrap import make_hub
    from teleneedle.apps.hub.settings import settings_from_environment

    _database(folder, database)
    settings = settings_from_environment(folder, host="", port=0, database=database, objects=objects)
    return make_hub(settings)


def _give_up(hub: Hub, case_ids: list[str], *, by: str, is_sure: bool) -> None:
    from teleneedle.apps.hub.give_up import give_up_cases

    question = f"永久删除这 {len(case_ids)} 个病例？Delete these {len(case_ids)} cases for good?"
    if not is_sure and not typer.confirm(question, err=True):
        raise typer.Exit(1)
    print_json({"deleted": give_up_cases(hub, case_ids, by=by)})


def _hold_or_release(hub: Hub, hold: str, release: str, by: str, reason: str) -> None:
    from teleneedle.adapters.sql.audit_store import Access
    from teleneedle.adapters.sql.retention import place_hold, release_hold

    now = datetime.now(UTC)
    if hold:
        place_hold(hub.sessions, hold, by=by, reason=reason, now=now)
    else:
        release_hold(hub.sessions, release)
    did = {"action": f"retention: {'hold' if hold else 'release'} case", "object": f"case/{hold or release}"}
    who = {"person_id": "", "person_name": by, "outcome": "done", "address": ""}
    hub.audit.record(Access(**did, **who), at=now)
    print_json({"held" if hold else "released": hold or release})
