"""The object store on obstore: files in the hub's folder by default, S3 by URL, memory in tests."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, MemoryStore, from_url

from teleneedle.core.errors import NotReadableError

CHUNK = 1 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")


class ObjectStore:
    """Objects by SHA-256.

    Parameters
    ----------
    url : str
        Empty for files under `folder`, ``memory://``, or a URL that obstore knows (``s3://…``).
    folder : Path
        Place of the files, and of the local copies that are mapped into memory.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._files = folder / "objects"
        self._cache = folder / "cache"
        self._files.mkdir(parents=True, exist_ok=True)
        self._cache.mkdir(parents=True, exist_ok=True)
        self._is_local = not url
        self._store: Any
        if not url:
            self._store = LocalStore(str(self._files))
        elif url == "memory://":
            self._store = MemoryStore()
        else:
            self._store = from_url(url)

    def put(self, content: bytes) -> str:
        """Store bytes; their SHA-256. They are on the disk when this returns."""
        digest = hashlib.sha256(content).hexdigest()
        if self._is_local:
            self._write_local(digest, content)
        else:
            obstore.put(self._store, _name(digest), content)
        return digest

    def put_file(self, path: Path) -> str:
        """Store a file's bytes; its SHA-256. The file itself may go afterwards."""
        digest = hashlib.sha256()
        with path.open("rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
            os.fsync(source.fileno())
        name = digest.hexdigest()
        if not self._is_local:
            obstore.put(self._store, _name(name), path)
        elif not self._local(name).is_file():
            self._local(name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, self._local(name))
            except OSError:
                self._write_local(name, path.read_bytes())
            _sync_folder(self._local(name).parent)
        return name

    def get(self, sha256: str) -> bytes:
        """The bytes of an object.

        Raises
        ------
        NotReadableError
            If there is no such object.
        """
        if self._is_local:
            try:
                return self._local(sha256).read_bytes()
            except OSError as error:
                raise NotReadableError("a stored object is missing", where=sha256) from error
        try:
            return bytes(obstore.get(self._store, _name(sha256)).bytes())
        except (FileNotFoundError, obstore.exceptions.BaseError) as error:
            raise NotReadableError("a stored object is missing", where=sha256) from error

    def names(self) -> Iterator[str]:
        """Every object that is there, in order of its name."""
        if self._is_local:
            yield from sorted(p.name for p in self._files.glob("??/*") if SHA256.fullmatch(p.name))
            return
        for batch in obstore.list(self._store):
            found = (str(entry["path"]).rpartition("/")[2] for entry in batch)
            yield from (name for name in found if SHA256.fullmatch(name))

    def remove(self, sha256: str) -> None:
        """Delete an object and its local copy; nothing happens when it is not there."""
        (self._cache / sha256).unlink(missing_ok=True)
        if self._is_local:
            self._local(sha256).unlink(missing_ok=True)
            return
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, _name(sha256))

    def path(self, sha256: str) -> Path:
        """A local file with the object's bytes, to be mapped into memory or given to a child process."""
        if self._is_local:
            return self._local(sha256)
        copy = self._cache / sha256
        if not copy.is_file():
            part = copy.with_name(f"{sha256}.{uuid.uuid4().hex}")
            try:
                part.write_bytes(self.get(sha256))
                part.replace(copy)
            finally:
                part.unlink(missing_ok=True)
        return copy

    def _local(self, sha256: str) -> Path:
        return self._files / _name(sha256)

    def _write_local(self, digest: str, content: bytes) -> None:
        place = self._local(digest)
        if place.is_file():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{uuid.uuid4().hex}")
        try:
            with part.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(place.parent)


def _name(sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise NotReadableError("this is no name of an object", where=sha256[:80])
    return f"{sha256[:2]}/{sha256}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
