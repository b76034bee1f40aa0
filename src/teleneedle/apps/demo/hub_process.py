"""A hub as a child process: started, waited for until it is ready, ended with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from teleneedle.core.errors import LimitExceededError, OutputError

START_S = 60.0
STOP_S = 15.0


@dataclass(frozen=True, kw_only=True)
class RunningHub:
    """Where a hub listens, and its process."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def running_hub(folder: Path, *, port: int, setup_token: str, link_port: int = 0) -> Iterator[RunningHub]:
    """Run a hub on this machine's loopback address for the duration of the block; its log is `hub.log`.

    Gateways are let in at `link_port`, or where ``TELENEEDLE_LINK_PORT`` says; else the hub takes none.

    Raises
    ------
    OutputError
        If the hub ended while starting, for example because the port is taken.
    LimitExceededError
        If it was not ready within a minute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "hub.log"
    command = [sys.executable, "-m", "teleneedle.apps.cli.main", "hub", "--folder", str(folder)]
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=sink,
            stderr=sink,
            env={
                "TELENEEDLE_LINK_PORT": str(link_port),
                **os.environ,
                "TELENEEDLE_SETUP_TOKEN": setup_token,
            },
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, log)
        yield RunningHub(url=url, process=process)
    finally:
        _end(process)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_S
    while time.monotonic() < limit:
        if process.poll() is not None:
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
            raise OutputError(
                "the hub did not start", where=str(log), details=tuple(last), remedy="read its log"
            )
        try:
            if httpx.get(f"{url}/readyz", timeout=2.0).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise LimitExceededError("the hub was not ready within a minute", where=str(log))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
