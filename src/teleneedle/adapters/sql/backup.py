"""Copy a running hub's database and objects to one file, and put them back, every hash checked."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from teleneedle.core.errors import NotReadableError, OutputError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
CHUNK = 1 << 20


def write_backup(folder: Path, database_url: str, out: Path) -> dict[str, Any]:
    """Write everything the hub holds to `out`; its manifest.

    The database is copied first: an object is on the disk before a row names it, so every object that the
    copy names is in the backup.

    Raises
    ------
    OutputError
        If `out` exists, cannot be written, or the database cannot be copied.
    """
    if out.exists():
        raise OutputError("the file exists already", where=str(out), remedy="name another file")
    part = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as work:
            copy = Path(work) / DATABASE
            _copy_database(database_url, copy)
            files = {DATABASE: _sha256(copy)}
            with tarfile.open(part, "w") as archive:
                archive.add(copy, DATABASE, recursive=False)
                for path in _objects(folder):
                    name = path.relative_to(folder).as_posix()
                    files[name] = _sha256(path)
                    archive.add(path, name, recursive=False)
                kind = make_url(database_url).get_backend_name()
                manifest = {"format": FORMAT, "database": kind, "files": files}
                _add_json(archive, manifest)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OutputError):
            raise
        raise OutputError("the backup cannot be written", where=str(out)) from error
    return manifest


def restore_backup(backup: Path, folder: Path, database_url: str = "") -> dict[str, Any]:
    """Put a backup into an empty `folder`; its manifest. Nothing is kept unless every hash is right.

    Parameters
    ----------
    database_url : str
        An empty PostgreSQL database, for a backup of one.

    Raises
    ------
    OutputError
        If the folder is not empty.
    NotReadableError
        If the backup is incomplete or was changed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise OutputError("the folder is not empty", where=str(folder), remedy="name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restore-") as work:
        made = Path(work) / "hub"
        made.mkdir()
        try:
            with tarfile.open(backup, "r:") as archive:
                archive.extractall(made, filter="data")
            manifest = json.loads((made / MANIFEST).read_text(encoding="utf-8"))
            expected: dict[str, str] = manifest["files"]
        except (tarfile.TarError, OSError, ValueError, KeyError) as error:
            raise NotReadableError("this is no complete backup", where=str(backup)) from error
        _require_whole(made, expected, backup)
        (made / MANIFEST).unlink()
        if manifest["database"] == "sqlite":
            (made / DATABASE).rename(made / "hub.db")
        else:
            _restore_postgres(made / DATABASE, database_url)
            (made / DATABASE).unlink()
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    return dict(manifest)


def _require_whole(made: Path, expected: dict[str, str], backup: Path) -> None:
    present = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()} - {MANIFEST}
    wrong = sorted(present ^ set(expected))
    wrong += [name for name in sorted(present & set(expected)) if _sha256(made / name) != expected[name]]
    if wrong:
        raise NotReadableError(
            "the backup was changed or is incomplete",
            where=str(backup),
            details=tuple(wrong[:5]),
            remedy="use another backup",
        )


def _copy_database(url: str, to: Path) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        source_path = Path(parsed.database or "")
        if not source_path.is_file():
            raise OutputError("there is no hub here", where=str(source_path))
        with (
            closing(sqlite3.connect(f"file:{source_path}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    _run(["pg_dump", "--format=custom", "--file", str(to), "--dbname", _libpq(url)], "pg_dump")


def _restore_postgres(dump: Path, url: str) -> None:
    if not url:
        raise OutputError("this is a backup of PostgreSQL", remedy="name an empty database with --database")
    command = ["pg_restore", "--exit-on-error", "--no-owner", "--single-transaction"]
    _run([*command, "--dbname", _libpq(url), str(dump)], "pg_restore")


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: list[str], name: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise OutputError(f"{name} is missing", remedy="apt-get install postgresql-client") from error
    except subprocess.CalledProcessError as error:
        lines = tuple(str(error.stderr).splitlines()[-3:])
        raise OutputError(f"{name} failed", details=lines) from error


def _objects(folder: Path) -> Iterator[Path]:
    for path in sorted((folder / "objects").rglob("*")):
        if path.is_file() and path.parent.name == path.name[:2] and "." not in path.name:
            yield path


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _add_json(archive: tarfile.TarFile, document: dict[str, Any]) -> None:
    content = json.dumps(document, indent=1).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
