"""The real hub as a process of its own: started, killed at once, started again on the same folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

START_S = 60.0


class HubProcess:
    """``teleneedle hub`` on a folder and a port that stays the same.

    Parameters
    ----------
    folder : Path
        Of the hub; its output goes to ``hub.log`` in there.
    setup_token : str
    database_url : str
        Empty for SQLite in the folder.
    """

    def __init__(self, folder: Path, *, setup_token: str, database_url: str = "") -> None:
        self._folder = folder
        self._database_url = database_url
        self._token = setup_token
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        TimeoutError
            If it does not; the log says why.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        options = ["--folder", str(self._folder), "--port", str(self._port), "--link-port", "0"]
        if self._database_url:
            options += ["--database", self._database_url]
        with (self._folder / "hub.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "teleneedle.apps.cli.main", "hub", *options],
                env={**os.environ, "TELENEEDLE_SETUP_TOKEN": self._token},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process is not None and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        tail = (self._folder / "hub.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise TimeoutError(f"the hub did not start: {tail}")

    def kill(self) -> None:
        """End it and its children with SIGKILL: nothing of theirs runs any more."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def terminate(self) -> int:
        """Ask it to end and wait; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=START_S)
        self._process = None
        return code

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
