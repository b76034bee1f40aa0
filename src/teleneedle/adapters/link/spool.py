"""What arrived at the gateway and is not yet at the hub: one file for each instance, and no database.

``keep`` returns when the instance is on the disk under its name, so whoever sent it may be told so. Several
processes may use one spool: a name is taken by linking to it, which never replaces what is there.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teleneedle.adapters.full_disk import storage_full
from teleneedle.adapters.link.notices import Notice, NoticeSender
from teleneedle.adapters.link.receipts import Receipts, sync_folder
from teleneedle.adapters.link.spool_file import SUFFIX, Content, Entry, Instance, read_entry
from teleneedle.core.errors import NotReadableError, StorageFullError

RECOUNT_S = 1.0
"""How often at most the bytes in a full spool are counted again."""
FULL = "the gateway's spool is full"
FULL_REMEDY = "see why the hub cannot be reached, or give the gateway more room; then send again"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The instance is new and safe."""

    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """The very same instance waits already."""

    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Another dataset has this SOP Instance UID; the new one lies in quarantine at `place`."""

    sop_uid: str
    place: Path


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Bytes that the spool and the quarantine take, and what is free on their disk."""

    instances: int
    used_bytes: int
    quota_bytes: int
    free_bytes: int
    reserve_bytes: int


@dataclass(frozen=True, kw_only=True)
class Spooled:
    """An instance read back."""

    entry: Entry
    dataset: memoryview


class Spool:
    """The spool in the gateway's folder, with ``quarantine`` and ``receipts`` beside it.

    Parameters
    ----------
    folder : Path
        The gateway's folder; the instances lie in its ``spool/<series key>/<instance key>.tnsp``.
    quota_bytes : int
        Most that instances and quarantine may take.
    reserve_bytes : int
        What is left free on the disk, whatever the quota.
    """

    def __init__(self, folder: Path, *, quota_bytes: int, reserve_bytes: int) -> None:
        self.folder = folder / "spool"
        self.quarantine_folder = folder / "quarantine"
        self._quota, self._reserve = quota_bytes, reserve_bytes
        for place in (self.folder, self.quarantine_folder):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.receipts = Receipts(folder / "receipts")
        self._notices = NoticeSender(self.folder)
        self._lock = threading.Lock()
        self._making_folder = threading.Lock()
        self._known: dict[str, Entry] = {}
        self._used, self._counted_at = self._count()[1], time.monotonic()

    def keep(self, instance: Instance) -> Kept | Duplicate | Conflict:
        """Put an instance on the disk, and tell the sender's process.

        Raises
        ------
        StorageFullError
            If the quota or the disk's reserve is reached; nothing of it is kept then.
        """
        present = self._present(instance.instance_key, first=instance.series_key)
        if present is not None:
            return self._compared(instance, present)
        digests = self.receipts.digests(instance.layout.facts.sop_uid)
        if digests and instance.dataset_sha256 not in digests:
            return self._conflict(instance)
        place = self.folder / instance.series_key / f"{instance.instance_key}{SUFFIX}"
        head = instance.head()
        self._require_room(len(head) + len(instance.dataset))
        try:
            self._write(head, instance.dataset, place)
        except FileExistsError:
            return self._compared(instance, read_entry(place))
        entry = Entry.of(instance, place, len(head))
        self._notices.tell(Notice(kind="kept", key=entry.key))
        return Kept(entry=entry)

    def close_series(self, series_key: str) -> None:
        """Tell the sender's process that whoever sent this series has ended its association."""
        self._notices.tell(Notice(kind="closed", key=series_key))

    def entries(self) -> Iterator[Entry]:
        """Every instance that waits; a file that is no instance goes to quarantine."""
        for place in sorted(self._files()):
            with suppress(FileNotFoundError):
                try:
                    yield self._entry(place)
                except NotReadableError:
                    place.replace(self.quarantine_folder / f"damaged-{place.name}")

    def open(self, key: str) -> Spooled:
        """Read an instance.

        Raises
        ------
        NotReadableError
            If it is not there, or damaged.
        """
        place = self._place(key)
        try:
            entry = self._entry(place)
            content = place.read_bytes()
        except FileNotFoundError as error:
            raise NotReadableError("the spool does not hold this instance", where=key[:80]) from error
        return Spooled(entry=entry, dataset=memoryview(content)[entry.dataset_start :])

    def drop(self, key: str) -> None:
        """Forget an instance that the hub has acknowledged; nothing happens when it is not there."""
        place = self._place(key)
        self._known.pop(key, None)
        with suppress(FileNotFoundError):
            size = place.stat().st_size
            place.unlink()
            with self._lock:
                self._used -= size
        with suppress(OSError):
            place.parent.rmdir()

    def quarantine(self, key: str) -> Path:
        """Take an instance that may not go on out of the spool; where it lies now.

        Raises
        ------
        NotReadableError
            If it is not there.
        """
        place = self._place(key)
        try:
            target = self.quarantine_folder / f"{place.stem}-{self._entry(place).dataset_sha256[:16]}{SUFFIX}"
            place.replace(target)
        except FileNotFoundError as error:
            raise NotReadableError("the spool does not hold this instance", where=key[:80]) from error
        self._known.pop(key, None)
        sync_folder(self.quarantine_folder)
        with suppress(OSError):
            place.parent.rmdir()
        return target

    def quarantined(self) -> Iterator[Entry]:
        """Every instance in quarantine that can still be read."""
        for place in sorted(self.quarantine_folder.glob(f"*{SUFFIX}")):
            with suppress(FileNotFoundError, NotReadableError):
                yield read_entry(place)

    def save_receipt(self, series_uid: str, receipt: Mapping[str, Any]) -> None:
        """Keep a receipt of the hub, before its instances are dropped."""
        self.receipts.save(series_uid, receipt)

    def is_safe(self, sop_uid: str, instance_key: str) -> bool:
        """Whether an instance waits here, or the hub has acknowledged it (storage commitment)."""
        return self._present(instance_key) is not None or bool(self.receipts.digests(sop_uid))

    def usage(self) -> Usage:
        """How full the spool is; counted anew."""
        instances, used = self._count()
        with self._lock:
            self._used, self._counted_at = used, time.monotonic()
        free = _free(self.folder)
        return Usage(
            instances=instances,
            used_bytes=used,
            quota_bytes=self._quota,
            free_bytes=free,
            reserve_bytes=self._reserve,
        )

    def close(self) -> None:
        """Let go of the socket; the files stay."""
        self._notices.close()

    def _place(self, key: str) -> Path:
        series_key, _, instance_key = key.partition("/")
        if not (_is_key(series_key) and _is_key(instance_key)):
            raise NotReadableError("this is no name of an instance", where=key[:80])
        return self.folder / series_key / f"{instance_key}{SUFFIX}"

    def _entry(self, place: Path) -> Entry:
        key = f"{place.parent.name}/{place.stem}"
        if key not in self._known or not place.exists():
            self._known.pop(key, None)
            self._known[key] = read_entry(place)
        return self._known[key]

    def _present(self, instance_key: str, first: str = "") -> Entry | None:
        """The instance of this key, in whichever series it lies."""
        series = [first] if first else []
        series += [one for one in os.listdir(self.folder) if one != first and _is_key(one)]
        for key in series:
            place = f"{self.folder}/{key}/{instance_key}{SUFFIX}"
            if os.path.exists(place):
                with suppress(FileNotFoundError):
                    return read_entry(Path(place))
        return None

    def _compared(self, instance: Instance, present: Entry) -> Duplicate | Conflict:
        is_same = instance.dataset_sha256 == present.dataset_sha256
        return Duplicate(entry=present) if is_same else self._conflict(instance)

    def _conflict(self, instance: Instance) -> Conflict:
        name = f"{instance.instance_key}-{instance.dataset_sha256[:16]}{SUFFIX}"
        place = self.quarantine_folder / name
        if not place.exists():
            head = instance.head()
            self._require_room(len(head) + len(instance.dataset))
            with suppress(FileExistsError):
                self._write(head, instance.dataset, place)
        return Conflict(sop_uid=instance.layout.facts.sop_uid, place=place)

    def _write(self, head: bytes, dataset: Content, place: Path) -> None:
        """Put a file at `place`, whole and for good.

        It has no name until all of it is on the disk: of what a killed writer leaves, nothing remains.

        Raises
        ------
        FileExistsError
            If there is a file of that name.
        """
        try:
            handle = os.open(self.folder, os.O_WRONLY | os.O_TMPFILE, 0o600)
            try:
                _write_all(handle, head, dataset)
                os.fsync(handle)
                self._link(handle, place)
            finally:
                os.close(handle)
        except OSError as error:
            if storage_full(error) is None:
                raise
            raise StorageFullError(FULL, remedy=FULL_REMEDY) from error
        with self._lock:
            self._used += len(head) + len(dataset)

    def _link(self, handle: int, place: Path) -> None:
        """Give an open file its name; the folder may be removed by `drop` in between."""
        for _ in range(100):
            try:
                os.link(f"/proc/self/fd/{handle}", place, src_dir_fd=handle)
                with self._making_folder:  # whoever is making it has made its name last, too
                    pass
                sync_folder(place.parent)
            except FileNotFoundError:
                with self._making_folder:
                    place.parent.mkdir(exist_ok=True, mode=0o700)
                    sync_folder(self.folder)
            else:
                return
        raise FileNotFoundError(str(place.parent))

    def _require_room(self, size: int) -> None:
        with self._lock:
            if self._used + size > self._quota and time.monotonic() - self._counted_at > RECOUNT_S:
                self._used, self._counted_at = self._count()[1], time.monotonic()
            is_over = self._used + size > self._quota
        if is_over or _free(self.folder) - size < self._reserve:
            raise StorageFullError(FULL, remedy=FULL_REMEDY)

    def _files(self) -> Iterator[Path]:
        """Files of instances; the folder of a series may go while others are looked at."""
        for folder in self.folder.iterdir():
            with suppress(FileNotFoundError, NotADirectoryError):
                yield from [place for place in folder.iterdir() if place.suffix == SUFFIX]

    def _count(self) -> tuple[int, int]:
        instances, used = 0, 0
        for places, weight in ((self._files(), 1), (self.quarantine_folder.iterdir(), 0)):
            for place in places:
                with suppress(FileNotFoundError):
                    used += place.stat().st_size
                    instances += weight
        return instances, used


def _write_all(handle: int, head: bytes, dataset: Content) -> None:
    written = os.writev(handle, (head, dataset))
    rest = memoryview(head + bytes(dataset))[written:] if written < len(head) + len(dataset) else b""
    while rest:
        rest = rest[os.write(handle, rest) :]


def _free(folder: Path) -> int:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize


def _is_key(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef")
