"""What the hub has of series at each moment, seen from outside: its journals and its database, only read."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from teleneedle.adapters.link.journal import CRC, HEAD, MAGIC, Kind
from teleneedle.adapters.link.wire_manifest import decode_manifest
from teleneedle.adapters.link.wire_parts import EIGHTH

POLL_S = 0.01
FRONT = HEAD.size + CRC.size


@dataclass(kw_only=True)
class SeriesProgress:
    """One series as its journal holds it; times are monotonic seconds, 0 while it is not so far."""

    coarse_missing: dict[int, int] = field(default_factory=dict)
    announced: int = 0
    part_bytes: int = 0
    repeated_bytes: int = 0
    preview_at: dict[int, float] = field(default_factory=dict)
    """When so many instances were there at 1/8."""


class JournalReader:
    """Reads what was added to one journal since the last time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._at = len(MAGIC)
        self.series_uid = ""
        self.progress = SeriesProgress()
        self._seen: dict[tuple[int, int], dict[int, int]] = {}

    def read_on(self, now: float) -> None:
        """Take in every whole record."""
        size = os.fstat(self._file.fileno()).st_size
        while self._at + FRONT <= size:
            head = os.pread(self._file.fileno(), FRONT, self._at)
            kind, layer, _, number, offset, length = HEAD.unpack_from(head)
            if self._at + FRONT + length > size:
                return
            if kind == Kind.ENTRY:
                self._announce(number, os.pread(self._file.fileno(), length, self._at + FRONT))
            elif kind == Kind.PART:
                self._take_part(number, layer, offset, length, now)
            self._at += FRONT + length

    def _announce(self, number: int, payload: bytes) -> None:
        (entry,) = decode_manifest(payload)
        self.series_uid = entry.series_uid
        self.progress.announced += 1
        self.progress.coarse_missing.setdefault(number, entry.layer_lengths().get(EIGHTH, 0))

    def _take_part(self, number: int, layer: int, offset: int, length: int, now: float) -> None:
        progress = self.progress
        progress.part_bytes += length
        seen = self._seen.setdefault((number, layer), {})
        if offset in seen:
            progress.repeated_bytes += min(length, seen[offset])
            return
        seen[offset] = length
        if layer == EIGHTH and number in progress.coarse_missing:
            progress.coarse_missing[number] -= length
            if progress.coarse_missing[number] <= 0:
                del progress.coarse_missing[number]
                progress.preview_at[len(progress.preview_at) + 1] = now


class HubWatch(threading.Thread):
    """Follows the hub in `folder` until stopped."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self._folder = folder
        self._readers: dict[Path, JournalReader] = {}
        self._ended = threading.Event()
        self.verified: dict[str, tuple[int, float]] = {}
        """Instances that are whole, and since when, by series UID."""

    def progress(self, series_uid: str) -> SeriesProgress:
        """What there is of a series."""
        for reader in list(self._readers.values()):
            if reader.series_uid == series_uid:
                return reader.progress
        return SeriesProgress()

    def run(self) -> None:
        """Look again and again."""
        with closing(sqlite3.connect(f"file:{self._folder / 'hub.db'}?mode=ro", uri=True)) as database:
            while not self._ended.wait(POLL_S):
                self._look(database)

    def _look(self, database: sqlite3.Connection) -> None:
        for path in self._folder.glob("link/journals/*"):
            with suppress(OSError):
                self._readers.setdefault(path, JournalReader(path))
        now = time.monotonic()
        for reader in self._readers.values():
            reader.read_on(now)
        with suppress(sqlite3.OperationalError):
            for series_uid, count in database.execute("select series_uid, verified from arriving_series"):
                if self.verified.get(series_uid, (0, 0.0))[0] != count:
                    self.verified[series_uid] = (count, time.monotonic())

    def stop(self) -> None:
        """End looking."""
        self._ended.set()
        self.join()


def digests_at_hub(folder: Path, series_uid: str) -> list[tuple[str, str]]:
    """SOP Instance UID and digest of every verified instance of a series."""
    query = (
        "select i.sop_uid, i.dataset_sha256 from arriving_instance i join arriving_series s on"
        " s.id = i.series_id where s.series_uid = ? and i.is_verified"
    )
    with closing(sqlite3.connect(f"file:{folder / 'hub.db'}?mode=ro", uri=True)) as database:
        return [(str(uid), str(digest)) for uid, digest in database.execute(query, (series_uid,))]
