"""The hub's signed receipts: which instances it has verified and holds, by series."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from teleneedle.adapters.link.spool_file import uid_key

SETTLED_NS = 1_000_000_000
"""A folder that changed longer ago than this shows its next change by another time."""


class Receipts:
    """The folder of receipts; one file for each series holds all that came for it.

    A receipt is kept as the hub sent it. Its ``instances`` are pairs of SOP Instance UID and digest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}
        self._looked_at = 0
        self._digests: dict[str, set[str]] = {}

    def save(self, series_uid: str, receipt: Mapping[str, Any]) -> None:
        """Keep one more receipt; it is on the disk when this returns."""
        place = self._folder / f"{uid_key(series_uid)}.json"
        content = json.dumps({"series_uid": series_uid, "receipts": [*self.of(series_uid), dict(receipt)]})
        part = place.with_name(f".{uuid.uuid4().hex}")
        with part.open("x", encoding="utf-8") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
        sync_folder(self._folder)

    def of(self, series_uid: str) -> list[Mapping[str, Any]]:
        """All receipts of a series, oldest first."""
        return _read(self._folder / f"{uid_key(series_uid)}.json")

    def digests(self, sop_uid: str) -> frozenset[str]:
        """SHA-256 of every dataset of this UID that the hub has acknowledged."""
        with self._lock:
            self._refresh()
            return frozenset(self._digests.get(sop_uid, ()))

    def _refresh(self) -> None:
        changed_ns = self._folder.stat().st_mtime_ns
        if changed_ns == self._looked_at and time.time_ns() - changed_ns > SETTLED_NS:
            return
        self._looked_at = changed_ns
        for place in self._folder.glob("*.json"):
            changed_ns = place.stat().st_mtime_ns
            if self._seen.get(place.name) == changed_ns:
                continue
            self._seen[place.name] = changed_ns
            for receipt in _read(place):
                for sop_uid, digest in receipt["instances"]:
                    self._digests.setdefault(str(sop_uid), set()).add(str(digest))


def sync_folder(folder: Path) -> None:
    """Make names in `folder` last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(place: Path) -> list[Mapping[str, Any]]:
    try:
        found: list[Mapping[str, Any]] = json.loads(place.read_text(encoding="utf-8"))["receipts"]
    except FileNotFoundError:
        return []
    return found
