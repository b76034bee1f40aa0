"""Parts of uploaded files on the disk: a part is a file of its own, and counts once it is whole and synced.

::

    UPLOAD/parts/N/OFFSET      acknowledged parts of file N
    UPLOAD/parts/N/.RANDOM     a part on its way in; forgotten when it is cut
    UPLOAD/files/N             file N once every part is there

Names come from numbers of the hub alone.
"""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from weakref import WeakValueDictionary

from fastapi.concurrency import run_in_threadpool

from teleneedle.apps.hub.problems import HubProblem

COPY_BYTES = 1 << 20


class UploadParts:
    """The disk's side of uploads.

    Parameters
    ----------
    folder : Path
        One folder below it for each upload.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: WeakValueDictionary[tuple[str, int], _Guard] = WeakValueDictionary()
        self._locks_lock = threading.Lock()

    def files(self, upload_id: str) -> Path:
        """Folder of the whole files; made when it is not there."""
        place = self._folder / upload_id / "files"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def remove(self, upload_id: str) -> None:
        """Forget every byte of an upload."""
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def received(self, upload_id: str, n: int) -> int:
        """Acknowledged bytes of file `n` from its start."""
        in_parts = _end(self._parts(upload_id, n))
        try:
            return (self._folder / upload_id / "files" / str(n)).stat().st_size
        except FileNotFoundError:
            return in_parts

    async def receive(
        self, upload_id: str, n: int, offset: int, size: int, body: AsyncIterator[bytes]
    ) -> int:
        """Take in the part of file `n` at `offset`; acknowledged bytes of the file afterwards.

        Of two parts that come at once for the same offset the first to be whole counts.

        Raises
        ------
        HubProblem
            conflict (another offset is due), too-large (beyond `size`)
        """
        self._require_due(upload_id, n, offset)
        parts = self._parts(upload_id, n)
        parts.mkdir(parents=True, exist_ok=True)
        coming = parts / f".{uuid.uuid4().hex}"
        try:
            with coming.open("xb") as out:
                async for chunk in body:
                    if offset + out.tell() + len(chunk) > size:
                        raise HubProblem(
                            "too-large",
                            "文件比声明的大",
                            "more bytes than were announced",
                            where=f"file {n}",
                        )
                    out.write(chunk)
                length = out.tell()
                out.flush()
                await run_in_threadpool(os.fsync, out.fileno())
            return await run_in_threadpool(self._keep, upload_id, n, offset, size, coming, length)
        finally:
            coming.unlink(missing_ok=True)

    def put(self, upload_id: str, n: int, content: bytes) -> None:
        """Keep a whole file as file `n`; it is on the disk when this returns."""
        place = self.files(upload_id)
        coming = place.parent / f".{uuid.uuid4().hex}"
        try:
            with coming.open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            coming.rename(place / str(n))
        finally:
            coming.unlink(missing_ok=True)
        sync_folder(place)

    def take_back(self, upload_id: str, numbers: Iterable[int]) -> None:
        """Forget whole files that do not count yet."""
        for n in numbers:
            (self._folder / upload_id / "files" / str(n)).unlink(missing_ok=True)

    def _keep(self, upload_id: str, n: int, offset: int, size: int, coming: Path, length: int) -> int:
        with self._guard(upload_id, n).lock:
            self._require_due(upload_id, n, offset)
            if length:
                parts = self._parts(upload_id, n)
                coming.rename(parts / str(offset))
                sync_folder(parts)
            self.join(upload_id, n, size)
            return self.received(upload_id, n)

    def join(self, upload_id: str, n: int, size: int) -> None:
        """Make one file of the parts once they are all there."""
        parts, whole = self._parts(upload_id, n), self.files(upload_id) / str(n)
        if whole.exists() or _end(parts) != size:
            return
        names = _offsets(parts)
        if len(names) == 1:
            (parts / str(names[0])).rename(whole)
        elif names:
            joined = parts / f".{uuid.uuid4().hex}"
            try:
                with joined.open("xb") as out:
                    for name in names:
                        with (parts / str(name)).open("rb") as part:
                            shutil.copyfileobj(part, out, COPY_BYTES)
                    out.flush()
                    os.fsync(out.fileno())
                joined.rename(whole)
            finally:
                joined.unlink(missing_ok=True)
        sync_folder(whole.parent)
        shutil.rmtree(parts, ignore_errors=True)

    def _require_due(self, upload_id: str, n: int, offset: int) -> None:
        due = self.received(upload_id, n)
        if offset != due:
            raise HubProblem(
                "conflict", "续传位置不符", "another part is due", where=f"file {n}", received=due
            )

    def _parts(self, upload_id: str, n: int) -> Path:
        return self._folder / upload_id / "parts" / str(n)

    def _guard(self, upload_id: str, n: int) -> _Guard:
        with self._locks_lock:
            return self._locks.setdefault((upload_id, n), _Guard())


class _Guard:
    """A lock that goes with its last user."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def _offsets(parts: Path) -> list[int]:
    try:
        return sorted(int(entry.name) for entry in os.scandir(parts) if entry.name.isdecimal())
    except FileNotFoundError:
        return []


def _end(parts: Path) -> int:
    """Where the parts that follow one another from the start end."""
    end = 0
    for offset in _offsets(parts):
        if offset != end:
            break
        end += (parts / str(offset)).stat().st_size
    return end


def sync_folder(folder: Path) -> None:
    """Put the names in `folder` on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
