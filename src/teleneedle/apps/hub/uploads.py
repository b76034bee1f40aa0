"""Uploads on the disk: every acknowledged byte is there, no name from outside becomes a path."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.image_tables import UploadFileRow, UploadRow
from teleneedle.apps.hub.problems import HubProblem, not_found

PART_BYTES = 4 << 20
ARCHIVES = (".zip", ".nii", ".nii.gz")


class Uploads:
    """Folders and archives on their way in.

    Parameters
    ----------
    folder : Path
        One folder below it for each upload; files in it are numbered.
    max_bytes : callable
        The limit on one upload, at this moment.
    """

    def __init__(
        self, sessions: Sessions, folder: Path, *, now: Callable[[], datetime], max_bytes: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._folder = folder
        self._now = now
        self._max_bytes = max_bytes

    def begin(self, case_id: str, command_id: str, files: Sequence[tuple[str, int]]) -> str:
        """A new upload, or the one this command began before."""
        total = sum(size for _, size in files)
        if total > self._max_bytes():
            raise HubProblem(
                "too-large",
                "上传内容超过上限",
                "the upload is larger than this hub allows",
                where=f"{total / 1e9:.1f} GB > {self._max_bytes() / 1e9:.1f} GB",
                remedy="send one series at a time",
            )
        with writing(self._sessions) as session, session.begin():
            found = session.scalar(
                select(UploadRow).where(UploadRow.case_id == case_id, UploadRow.command_id == command_id)
            )
            if found is not None:
                return found.id
            upload_id = str(uuid.uuid4())
            session.add(
                UploadRow(
                    id=upload_id, case_id=case_id, command_id=command_id, state="open", created_at=self._now()
                )
            )
            session.flush()
            session.add_all(
                UploadFileRow(upload_id=upload_id, n=n, path=path, size=size)
                for n, (path, size) in enumerate(files)
            )
        (self._folder / upload_id).mkdir(parents=True, exist_ok=True)
        return upload_id

    def get(self, upload_id: str) -> tuple[UploadRow, Sequence[UploadFileRow]]:
        """An upload and its files.

        Raises
        ------
        HubProblem
            not-found
        """
        with self._sessions() as session:
            row = session.get(UploadRow, upload_id)
            if row is None:
                raise not_found(f"upload {upload_id}")
            query = (
                select(UploadFileRow).where(UploadFileRow.upload_id == upload_id).order_by(UploadFileRow.n)
            )
            return row, session.scalars(query).all()

    def state(self, upload_id: str) -> dict[str, Any]:
        """How many bytes of each file are on the disk."""
        row, files = self.get(upload_id)
        return {
            "id": row.id,
            "case_id": row.case_id,
            "state": row.state,
            "part_bytes": PART_BYTES,
            "files": [
                {"path": f.path, "size": f.size, "received": self._received(upload_id, f.n)} for f in files
            ],
        }

    async def receive(self, upload_id: str, n: int, offset: int, body: AsyncIterator[bytes]) -> int:
        """Append a part; bytes on the disk afterwards.

        Raises
        ------
        HubProblem
            not-found, conflict (another offset is due), too-large
        """
        row, files = self.get(upload_id)
        if row.state != "open" or n >= len(files):
            raise not_found(f"upload {upload_id}, file {n}")
        size, place = files[n].size, self._folder / upload_id / str(n)
        due = self._received(upload_id, n)
        if offset != due:
            raise HubProblem(
                "conflict", "续传位置不符", "another part is due", where=f"file {n}", received=due
            )
        with place.open("ab") as out:
            async for chunk in body:
                if out.tell() + len(chunk) > size:
                    out.truncate(due)
                    raise HubProblem(
                        "too-large", "文件比声明的大", "more bytes than were announced", where=files[n].path
                    )
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
            return out.tell()

    def complete(self, upload_id: str) -> None:
        """Close an upload whose bytes are all there.

        Raises
        ------
        HubProblem
            conflict, naming the first file that is not whole
        """
        row, files = self.get(upload_id)
        for file in files:
            if self._received(upload_id, file.n) != file.size:
                raise HubProblem(
                    "conflict",
                    "上传尚未完成",
                    "the upload is not complete",
                    where=file.path,
                    remedy="send the missing parts",
                )
        self._set_state(row.id, "complete")

    def cancel(self, upload_id: str) -> None:
        """Forget an upload and its bytes."""
        self._set_state(upload_id, "cancelled")
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def clear(self, upload_id: str) -> None:
        """The bytes were read and are kept elsewhere."""
        self._set_state(upload_id, "read")
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def path(self, upload_id: str) -> Path:
        """What the reader is given: the folder, or the one archive under a name that shows its kind."""
        _, files = self.get(upload_id)
        folder = self._folder / upload_id
        if len(files) != 1:
            return folder
        kind = next((s for s in ARCHIVES if files[0].path.lower().endswith(s)), "")
        if not kind:
            return folder
        named = folder / f"upload{kind}"
        if not named.exists():
            os.link(folder / "0", named)
        return named

    def _received(self, upload_id: str, n: int) -> int:
        try:
            return (self._folder / upload_id / str(n)).stat().st_size
        except FileNotFoundError:
            return 0

    def _set_state(self, upload_id: str, state: str) -> None:
        with writing(self._sessions) as session, session.begin():
            row = session.get(UploadRow, upload_id)
            if row is not None:
                row.state = state
