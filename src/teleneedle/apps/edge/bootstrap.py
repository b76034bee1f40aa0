"""The gateway's first process: starts the others, starts them again when they end, ends them all together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from teleneedle.adapters.link.event_log import EventLog
from teleneedle.apps.edge.enrol import renew_in_time
from teleneedle.apps.edge.part import PARTS
from teleneedle.apps.edge.settings import hub_of, read_settings
from teleneedle.core.errors import OutputError, TeleneedleError

NAME = "parts.json"
BACK_OFF_S = (0.5, 30.0)
SETTLED_S = 60.0
"""Running for so long, a part counts as healthy again."""
STOP_S = 15.0
POLL_S = 0.1
RENEW_EVERY_S = 3600.0


@dataclass(kw_only=True)
class Part:
    """A process of the gateway and how it does."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    next_start_s: float = 0.0
    wait_s: float = BACK_OFF_S[0]
    restarts: int = 0
    last_end: str = field(default="")

    def start(self, now_s: float) -> None:
        """Start the process; its output goes to a log of its own."""
        command = [sys.executable, "-m", "teleneedle.apps.edge.part", self.name, str(self.folder)]
        with (self.folder / "log" / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        self.started_s = now_s

    def look(self, now_s: float) -> bool:
        """Start it again when it has ended and has waited; whether anything changed."""
        if self.process is None:
            if now_s < self.next_start_s:
                return False
            self.start(now_s)
            return True
        code = self.process.poll()
        if code is None:
            return False
        if now_s - self.started_s > SETTLED_S:
            self.wait_s = BACK_OFF_S[0]
        self.last_end = f"{datetime.now(UTC).isoformat(timespec='seconds')} ({code})"
        self.restarts += 1
        self.process = None
        self.next_start_s, self.wait_s = now_s + self.wait_s, min(2 * self.wait_s, BACK_OFF_S[1])
        return True

    def end(self) -> None:
        """Ask it to end; after `STOP_S` end it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run_gateway(folder: Path, *, is_asked_to_end: Callable[[], bool]) -> None:
    """Run the gateway in `folder` until asked to end.

    Raises
    ------
    NotReadableError, InputError
        If it is not set up or not enrolled.
    OutputError
        If another process runs it already.
    """
    read_settings(folder)
    hub_of(folder)
    with _Lock(folder / ".running"):
        log = EventLog(folder / "log", source="gateway")
        parts = [Part(name=name, folder=folder) for name in PARTS]
        stop = threading.Event()
        renewing = threading.Thread(target=_keep_certificate, args=(folder, log, stop), daemon=True)
        renewing.start()
        try:
            while not is_asked_to_end():
                changed = [part for part in parts if part.look(time.monotonic())]
                for part in changed:
                    kind = "part-started" if part.process else "part-ended"
                    log.write(kind, part=part.name, restarts=part.restarts)
                if changed:
                    _report(folder, parts)
                time.sleep(POLL_S)
        finally:
            stop.set()
            for part in parts:
                part.end()


def _keep_certificate(folder: Path, log: EventLog, stop: threading.Event) -> None:
    while True:
        try:
            if renew_in_time(folder, at=datetime.now(UTC)):
                log.write("certificate-renewed")
        except TeleneedleError as error:
            log.write("certificate-not-renewed", why=error.what)
        if stop.wait(RENEW_EVERY_S):
            return


def _report(folder: Path, parts: list[Part]) -> None:
    content = {
        part.name: {
            "is_running": part.process is not None,
            "restarts": part.restarts,
            "last_end": part.last_end,
        }
        for part in parts
    }
    new = folder / f".{NAME}"
    new.write_text(json.dumps(content), encoding="utf-8")
    os.replace(new, folder / NAME)


class _Lock:
    """One gateway process a folder; the kernel lets go of the lock with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        import fcntl

        self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise OutputError(
                "this gateway is running already", where=str(self._path.parent), remedy="stop it first"
            ) from error

    def __exit__(self, *_: object) -> None:
        self._file.close()
