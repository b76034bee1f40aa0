"""Uploads on the disk: every acknowledged byte is there, no name from outside becomes a path."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, select

from teleneedle.adapters.full_disk import require_room
from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.image_tables import UploadFileRow, UploadRow
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.apps.hub.upload_parts import UploadParts

PART_BYTES = 4 << 20
GATHERING, READ, REFUSED = "gathering", "read", "refused"
HOPELESS = frozenset({"hostile-input", "not-readable", "series-geometry"})
"""Codes of refusals after which reading the same bytes once more cannot help."""
GATHERED = "#"
"""No client's command id begins so."""
ARCHIVES = (".zip", ".nii", ".nii.gz")


class Uploads:
    """Folders and archives on their way in.

    Parameters
    ----------
    folder : Path
        One folder below it for each upload.
    max_bytes : callable
        The limit on one upload, at this moment.
    reserve_bytes : int
        Room that images leave on the disk, so that the cases go on when it is full; 0 for none.
    """

    def __init__(
        self,
        sessions: Sessions,
        folder: Path,
        *,
        now: Callable[[], datetime],
        max_bytes: Callable[[], float],
        reserve_bytes: int,
    ) -> None:
        self._sessions = sessions
        self._parts = UploadParts(folder)
        self._now = now
        self._max_bytes = max_bytes
        self._reserve_bytes = reserve_bytes
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

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
        self.require_room(total)
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
        return upload_id

    def require_room(self, size: int) -> None:
        """Refuse images for which there is no room.

        Raises
        ------
        StorageFullError
        """
        require_room(self._folder, size, reserve_bytes=self._reserve_bytes)

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
                {"path": f.path, "size": f.size, "received": self._parts.received(upload_id, f.n)}
                for f in files
            ],
        }

    async def receive(self, upload_id: str, n: int, offset: int, body: AsyncIterator[bytes]) -> int:
        """Take in a part; acknowledged bytes of the file afterwards, all of them on the disk.

        Raises
        ------
        HubProblem
            not-found, conflict (another offset is due), too-large
        """
        size = await run_in_threadpool(self._open_size, upload_id, n)
        self.require_room(min(PART_BYTES, size))
        try:
            return await self._parts.receive(upload_id, n, offset, size, body)
        finally:
            await run_in_threadpool(self._forget_if_cancelled, upload_id)

    def _open_size(self, upload_id: str, n: int) -> int:
        with self._sessions() as session:
            row = session.get(UploadRow, upload_id)
            file = session.get(UploadFileRow, (upload_id, n))
        if row is None or row.state != "open" or file is None:
            raise not_found(f"upload {upload_id}, file {n}")
        return file.size

    def _forget_if_cancelled(self, upload_id: str) -> None:
        """A part that ended after the upload was cancelled leaves nothing."""
        with self._sessions() as session:
            row = session.get(UploadRow, upload_id)
        if row is None or row.state == "cancelled":
            self._parts.remove(upload_id)

    def gather(self, case_id: str, command_id: str) -> str:
        """A new upload whose files are not known beforehand; it closes when it is read.

        `command_id` begins with `GATHERED`; what follows up to its last slash says what belongs together.
        """
        with writing(self._sessions) as session, session.begin():
            row = UploadRow(
                id=str(uuid.uuid4()),
                case_id=case_id,
                command_id=command_id,
                state=GATHERING,
                created_at=self._now(),
            )
            session.add(row)
            return row.id

    def add(self, upload_id: str, files: Sequence[tuple[str, Callable[[], bytes]]]) -> bool:
        """Put whole files into a gathering upload; False, and nothing of them counts, when it has closed."""
        with self._sessions() as session:
            start = session.scalar(select(func.count()).where(UploadFileRow.upload_id == upload_id)) or 0
        sizes: list[int] = []
        try:
            for n, (_, read) in enumerate(files, start):
                content = read()
                self._parts.put(upload_id, n, content)
                sizes.append(len(content))
        except OSError:
            self._parts.take_back(upload_id, range(start, start + len(sizes)))
            raise
        with writing(self._sessions) as session, session.begin():
            row = session.get(UploadRow, upload_id, populate_existing=True)
            if row is None or row.state != GATHERING:
                return False
            session.add_all(
                UploadFileRow(upload_id=upload_id, n=n, path=path, size=size)
                for n, ((path, _), size) in enumerate(zip(files, sizes, strict=True), start)
            )
        return True

    def gathered(self, case_id: str, prefix: str) -> Sequence[tuple[str, Path]]:
        """Name and place of every file of gathered uploads that are still there, oldest first."""
        query = (
            select(UploadFileRow)
            .join(UploadRow, UploadRow.id == UploadFileRow.upload_id)
            .where(UploadRow.case_id == case_id, UploadRow.command_id.startswith(prefix, autoescape=True))
            .where(UploadRow.state.in_((GATHERING, "complete")))
            .order_by(UploadRow.created_at, UploadFileRow.n)
        )
        with self._sessions() as session:
            rows = session.scalars(query).all()
        return [(row.path, self._parts.files(row.upload_id) / str(row.n)) for row in rows]

    def complete(self, upload_id: str) -> None:
        """Close an upload whose bytes are all there; nothing happens to one that was read or refused.

        Raises
        ------
        HubProblem
            conflict, naming the first file that is not whole
        """
        row, files = self.get(upload_id)
        if row.state in (READ, REFUSED):
            return
        if row.state == "cancelled":
            raise not_found(f"upload {upload_id}")
        for file in files:
            self._parts.join(upload_id, file.n, file.size)
            if self._parts.received(upload_id, file.n) != file.size:
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
        self._parts.remove(upload_id)

    def refuse(self, upload_id: str, code: str) -> None:
        """Forget the bytes of an upload that cannot become a series, whatever a person answers.

        What machines sent one by one stays: the rest of its series may still come.
        """
        row, _ = self.get(upload_id)
        if code in HOPELESS and not row.command_id.startswith(GATHERED):
            self._set_state(upload_id, REFUSED)
            self._parts.remove(upload_id)

    def clear(self, upload_id: str) -> None:
        """The bytes were read and are kept elsewhere, with them those of gathered uploads before it."""
        row, _ = self.get(upload_id)
        for one in (upload_id, *self._gathered_before(row)):
            self._set_state(one, READ)
            self._parts.remove(one)

    def _gathered_before(self, row: UploadRow) -> Sequence[str]:
        """Closed uploads whose files were put into this one, too."""
        if not row.command_id.startswith(GATHERED):
            return ()
        prefix = row.command_id.rpartition("/")[0]
        query = select(UploadRow.id).where(
            UploadRow.case_id == row.case_id,
            UploadRow.command_id.startswith(prefix + "/", autoescape=True),
            UploadRow.state == "complete",
            UploadRow.created_at < row.created_at,
        )
        with self._sessions() as session:
            return session.scalars(query).all()

    def path(self, upload_id: str) -> Path:
        """What the reader is given: the folder, or the one archive under a name that shows its kind."""
        row, files = self.get(upload_id)
        if row.state == GATHERING:
            self._set_state(upload_id, "complete")
            return self._parts.files(upload_id)
        folder = self._parts.files(upload_id)
        if len(files) != 1 or files[0].size == 0:
            return folder
        kind = next((s for s in ARCHIVES if files[0].path.lower().endswith(s)), "")
        if not kind:
            return folder
        named = folder / f"upload{kind}"
        if not named.exists():
            os.link(folder / "0", named)
        return named

    def _set_state(self, upload_id: str, state: str) -> None:
        with writing(self._sessions) as session, session.begin():
            row = session.get(UploadRow, upload_id)
            if row is not None:
                row.state = state
