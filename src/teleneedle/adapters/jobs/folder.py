"""A job's folder: how the worker tells how far it is, and how it learns that it should stop.

Both sides are files: the same for a process of this machine and a worker that shares the folder.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from teleneedle.core.progress import CancelToken

MESSAGES = "messages.jsonl"
CANCEL = "cancel"
LOOK_EVERY_S = 0.2


class JobCancel(CancelToken):
    """Set when the file ``cancel`` appears in the job's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._flag = folder / CANCEL
        self._next = 0.0

    def raise_if_cancelled(self) -> None:
        """Stop here if asked to; looks at the folder five times a second at most."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LOOK_EVERY_S
            if self._flag.exists():
                self.cancel()
        super().raise_if_cancelled()


class JobFolder:
    """The worker's side.

    Parameters
    ----------
    path : Path
        Exists; belongs to this job alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cancel = JobCancel(path)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Append one message; a line is written whole."""
        with (self.path / MESSAGES).open("a", encoding="utf-8") as out:
            out.write(json.dumps(message, ensure_ascii=False) + "\n")

    def progress(self, stage: str, fraction: float) -> None:
        """A `Progress` that the hub hears; also the place where cancelled work stops."""
        self.cancel.raise_if_cancelled()
        self.tell({"stage": stage, "fraction": round(float(fraction), 4)})


class Listener:
    """The hub's side: messages since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path / MESSAGES
        self._read = 0

    def news(self) -> Iterator[dict[str, Any]]:
        """Whole lines that came since; a line still being written is left for the next look."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as source:
            source.seek(self._read)
            content = source.read()
        end = content.rfind(b"\n") + 1
        self._read += end
        for line in content[:end].splitlines():
            yield json.loads(line)


def ask_to_stop(path: Path) -> None:
    """Let the worker of this folder stop at its next look."""
    path.mkdir(parents=True, exist_ok=True)
    (path / CANCEL).touch()
