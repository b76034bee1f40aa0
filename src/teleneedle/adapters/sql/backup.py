"""Copy a running hub's database and objects to one file, and put them back, every hash checked."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.engine import make_url

from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.core.errors import NotReadableError, OutputError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
LINK = "link"
"""Folder of the image link: its journals, and the keys by which gateways know this hub."""
CHUNK = 1 << 20


def write_backup(folder: Path, database_url: str, out: Path, objects: ObjectStore) -> dict[str, Any]:
    """Write everything the hub holds to `out`; its manifest.

    Uploads are caught first, then the database, then the image link's journals and keys, then the objects:
    an object is stored before a row names it, an upload is there before its row says that it was read, and a
    journal has an instance before a row says that it was verified; so whatever the copy names is there.
    What is computed anew (``cache``, ``jobs``) and bodies that were not acknowledged (``incoming``) are not.

    Parameters
    ----------
    objects : ObjectStore
        In the hub's folder or elsewhere; every object goes into the backup.

    Raises
    ------
    OutputError
        If `out` exists, cannot be written, or the database cannot be copied.
    """
    if out.exists():
        raise OutputError("the file exists already", where=str(out), remedy="name another file")
    part = out.with_name(f".{out.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as work,
            tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as caught,
        ):
            _catch_uploads(folder / "uploads", Path(caught))
            copy = Path(work) / DATABASE
            _copy_database(database_url, copy)
            _catch_uploads(folder / "uploads", Path(caught))
            files = {DATABASE: _sha256(copy)}
            with _private(part).open("wb") as target, tarfile.open(fileobj=target, mode="w") as archive:
                archive.add(copy, DATABASE, recursive=False)
                for path in sorted(p for p in Path(caught).rglob("*") if p.is_file()):
                    name = f"uploads/{path.relative_to(caught).as_posix()}"
                    files[name] = _sha256(path)
                    archive.add(path, name, recursive=False)
                for path in sorted(p for p in (folder / LINK).rglob("*") if p.is_file()):
                    _add_as_it_is(archive, path, path.relative_to(folder).as_posix(), files)
                for sha256 in objects.names():
                    files[f"objects/{sha256[:2]}/{sha256}"] = _add_object(archive, objects, sha256)
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


def _catch_uploads(uploads: Path, caught: Path) -> None:
    """Link every acknowledged byte of running uploads into `caught`; what goes meanwhile stays there."""
    for path in uploads.rglob("*"):
        if path.name.startswith("."):
            continue
        place = caught / path.relative_to(uploads)
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            if path.is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, place)


def _private(path: Path) -> Path:
    """An empty file that nobody else may read: patients' data and keys go into it."""
    path.unlink(missing_ok=True)  # of a backup that was killed
    path.touch(mode=0o600)
    return path


class _Hashed(io.RawIOBase):
    """What is read of `source` goes into `digest` as well."""

    def __init__(self, source: BinaryIO, digest: hashlib._Hash) -> None:
        self._source, self._digest = source, digest

    def read(self, length: int = -1) -> bytes:
        content = self._source.read(length)
        self._digest.update(content)
        return content


def _add_as_it_is(archive: tarfile.TarFile, path: Path, name: str, files: dict[str, str]) -> None:
    """Add a file that may grow or go meanwhile, as long as it is now, and its SHA-256 to `files`."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    with source:
        member = archive.gettarinfo(arcname=name, fileobj=source)
        digest = hashlib.sha256()
        archive.addfile(member, _Hashed(source, digest))
    files[name] = digest.hexdigest()


def _add_object(archive: tarfile.TarFile, objects: ObjectStore, sha256: str) -> str:
    """Add one object, checked against its name."""
    content = objects.get(sha256)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotReadableError(
            "a stored object was changed", where=sha256, remedy="restore it from an earlier backup"
        )
    _add_bytes(archive, f"objects/{sha256[:2]}/{sha256}", content)
    return sha256


def restore_backup(
    backup: Path, folder: Path, database_url: str = "", object_url: str = ""
) -> dict[str, Any]:
    """Put a backup into an empty `folder`; its manifest. Nothing is kept unless every hash is right.

    Parameters
    ----------
    database_url : str
        An empty PostgreSQL database, for a backup of one.
    object_url : str
        Where the objects go; empty for the folder.

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
        if object_url:
            _move_objects(made, object_url)
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


def _move_objects(made: Path, object_url: str) -> None:
    """Put restored objects into the store at `object_url`."""
    with tempfile.TemporaryDirectory(dir=made.parent) as scratch:
        store = ObjectStore(object_url, Path(scratch))
        for path in sorted((made / "objects").glob("??/*")):
            store.put_file(path)
    shutil.rmtree(made / "objects", ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _add_json(archive: tarfile.TarFile, document: dict[str, Any]) -> None:
    _add_bytes(archive, MANIFEST, json.dumps(document, indent=1).encode())


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
