"""A watched folder: DICOM files that are put there go into the spool.

A file is taken when it has stopped growing. Taken files move to ``done``, refused ones to ``refused`` with a
text beside them that says why; nothing is ever deleted.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.part10 import split_part10
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance, Phase
from teleneedle.core.error_texts.translate import in_chinese
from teleneedle.core.errors import InputError, StorageFullError

DONE, REFUSED = "done", "refused"
LARGEST_BYTES = 1 << 30
ASIDE = frozenset((DONE, REFUSED))


class WatchedFolder:
    """Looks through a folder, again and again.

    Parameters
    ----------
    steady_s : float
        How long size and time of a file must stay the same before it is taken.
    every_s : float
        How often to look.
    """

    def __init__(
        self,
        folder: Path,
        spool: Spool,
        log: EventLog,
        *,
        phase: Phase = "",
        keep: Callable[[Instance], Kept | Duplicate | Conflict] | None = None,
        steady_s: float = 2.0,
        every_s: float = 1.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._spool = spool
        self._log = log
        self._phase = phase
        self._keep = keep or spool.keep
        self._steady_s, self._every_s = steady_s, every_s
        self._clock = clock
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop; a full spool is tried again later."""
        while not stop.wait(self._every_s):
            try:
                self.look()
            except OSError as error:
                self._log.write("folder-trouble", why=type(error).__name__)

    def look(self) -> None:
        """Take every file that has become steady since an earlier look."""
        series: set[str] = set()
        present = list(self._files())
        for path in present:
            if self._is_steady(path):
                kept = self._take(path)
                if kept:
                    series.add(kept)
        self._seen = {path: state for path, state in self._seen.items() if path in set(present)}
        for series_key in series:
            self._spool.close_series(series_key)

    def _files(self) -> Iterator[Path]:
        for place, folders, names in os.walk(self._folder, followlinks=False):
            if Path(place) == self._folder:
                folders[:] = [one for one in folders if one not in ASIDE]
            for name in sorted(names):
                path = Path(place) / name
                if not name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield path

    def _is_steady(self, path: Path) -> bool:
        try:
            state = path.stat()
        except FileNotFoundError:
            return False
        now, mark = time.monotonic(), (state.st_size, state.st_mtime_ns)
        seen, since = self._seen.setdefault(path, (mark, now))
        if seen != mark:
            self._seen[path] = (mark, now)
            return False
        return now - since >= self._steady_s

    def _take(self, path: Path) -> str:
        """The series whose instance was kept; empty when the file was refused or must wait."""
        try:
            outcome = self._kept(path)
        except StorageFullError as error:
            self._log.write("folder-waits", why=error.what)
            return ""
        except InputError as error:
            self._put_aside(path, REFUSED, f"{error}\n{in_chinese(error.what) or error.title_zh}\n")
            self._log.write("file-refused", why=error.what)
            return ""
        if isinstance(outcome, Conflict):
            self._put_aside(path, REFUSED, f"{CONFLICT_EN}\n{CONFLICT_ZH}\n")
            self._log.write("file-refused", why=CONFLICT_EN)
            return ""
        self._put_aside(path, DONE)
        self._log.write("file-kept", series=outcome.entry.series_key)
        return outcome.entry.series_key

    def _kept(self, path: Path) -> Kept | Duplicate | Conflict:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError("the file is larger than allowed", where=f"{LARGEST_BYTES >> 20} MiB")
        syntax, dataset = split_part10(path.read_bytes())
        arrival = Arrival(via="folder", phase=self._phase)
        return self._keep(Instance.of(dataset, syntax, arrival, self._clock()))

    def _put_aside(self, path: Path, where: str, reason: str = "") -> None:
        target = self._folder / where / path.relative_to(self._folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}")
        path.rename(target)
        if reason:
            target.with_name(f"{target.name}.reason.txt").write_text(reason, encoding="utf-8")
        self._seen.pop(path, None)


CONFLICT_EN = "another dataset has this SOP Instance UID; this one lies in quarantine"
CONFLICT_ZH = "该 SOP Instance UID 已有内容不同的实例；本文件已隔离"
