"""What happened at the gateway, in JSON lines that the status page reads: no patient data in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "events.jsonl"
LARGEST_BYTES = 4 << 20
"""Of one file; the one before it is kept beside it."""


class EventLog:
    """The log in a folder; several processes may write to it, a line at a time."""

    def __init__(
        self, folder: Path, *, source: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / NAME
        self._source = source
        self._clock = clock
        self._lock = threading.Lock()

    def write(self, kind: str, **fields: Any) -> None:
        """Add one event; a log that cannot be written holds nothing up."""
        event = {"at": self._clock().isoformat(), "source": self._source, "kind": kind, **fields}
        line = json.dumps(event, ensure_ascii=False, default=str) + "\n"
        with self._lock:
            try:
                if self._path.exists() and self._path.stat().st_size > LARGEST_BYTES:
                    self._path.replace(self._path.with_suffix(".jsonl.1"))
                with self._path.open("ab", buffering=0) as out:
                    out.write(line.encode("utf-8"))
            except OSError:
                return

    def latest(self, count: int) -> list[dict[str, Any]]:
        """The last `count` events, oldest first."""
        lines: list[bytes] = []
        for place in (self._path.with_suffix(".jsonl.1"), self._path):
            if place.exists():
                lines += place.read_bytes().splitlines()
        return [json.loads(line) for line in lines[-count:] if line.endswith(b"}")]
