"""A hub at the far end of a line and gateways at the near ends: real processes, enrolled as by people."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from teleneedle.testing.line.opened import End, OpenLine

HTTP_PORT, LINK_PORT, DICOM_PORT, STATUS_PORT = 8080, 8443, 11112, 8090
PASSWORD = "needle-link-2026"  # noqa: S105 - of people who exist during a test
SETUP_TOKEN = "set-up"  # noqa: S105 - likewise
START_S = 60.0
CLI = (sys.executable, "-m", "teleneedle.apps.cli.main")
Json = dict[str, Any]


class EndProcess:
    """A process at an end of a line that can be killed at any moment and started again."""

    def __init__(self, end: End, command: Sequence[str | Path], *, log: Path, env: Mapping[str, str]) -> None:
        self.end, self._command, self._log, self._env = end, command, log, dict(env)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        if self._process is None:
            raise RuntimeError("the process does not run")
        return self._process.pid

    def start(self, is_up: Callable[[], bool]) -> None:
        """Start it and wait until `is_up`.

        Raises
        ------
        TimeoutError
            If it does not come up; the log says why.
        """
        with self._log.open("ab") as log:
            self._process = self.end.popen(
                self._command, env={**os.environ, **self._env}, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + START_S
        while time.monotonic() < until and self._process.poll() is None:
            if is_up():
                return
            time.sleep(0.02)
        raise TimeoutError(self._log.read_text(encoding="utf-8", errors="replace")[-3000:])

    def kill(self) -> None:
        """End it and its children with SIGKILL."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class LinkedSites:
    """The hub, and a gateway of a hospital of its own at each near end.

    Parameters
    ----------
    folder : Path
        ``hub`` and ``gateway-0`` … are made in it.
    """

    def __init__(self, line: OpenLine, folder: Path) -> None:
        self.line, self.folder = line, folder
        self.hub_folder = folder / "hub"
        self._hub = self._hub_process()
        self._gateways = [self._gateway_process(n) for n in range(len(line.nears))]
        self._http: httpx.Client | None = None

    def gateway_folder(self, number: int = 0) -> Path:
        """Identity, spool and receipts of a gateway."""
        return self.folder / f"gateway-{number}"

    def dicom_port(self, number: int = 0) -> int:
        """Where a gateway takes DICOM; relayed lines have one address for all."""
        return DICOM_PORT + number

    def gateway_pid(self, number: int = 0) -> int:
        """The process that `teleneedle edge run` is."""
        return self._gateways[number].pid

    def hub_pid(self) -> int:
        """The process that `teleneedle hub` is."""
        return self._hub.pid

    def start_hub(self) -> None:
        """Start the hub and wait until people and gateways can reach it."""
        self._hub.start(lambda: _listens(self.line.far, HTTP_PORT) and _listens(self.line.far, LINK_PORT))

    def kill_hub(self) -> None:
        """Let the hub lose its power."""
        self._hub.kill()

    def start_gateway(self, number: int = 0) -> None:
        """Start a gateway and wait until it takes DICOM."""
        end = self._gateways[number].end
        self._gateways[number].start(lambda: _listens(end, self.dicom_port(number)))

    def kill_gateway(self, number: int = 0) -> None:
        """Let a gateway lose its power."""
        self._gateways[number].kill()

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self._kill_all)
            self.hub_folder.mkdir(parents=True)
            self.start_hub()
            self._set_up_hub()
            for number in range(len(self._gateways)):
                self._enrol(number)
                self.start_gateway(number)
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill_all()

    def _kill_all(self) -> None:
        for process in (*self._gateways, self._hub):
            process.kill()

    def wait_until_connected(self) -> None:
        """Wait until the hub hears every gateway.

        Raises
        ------
        TimeoutError
            If one does not come.
        """
        until = time.monotonic() + START_S
        while not all(one["is_connected"] for one in self.ask_hub("GET", "/api/admin/gateways")):
            if time.monotonic() > until:
                raise TimeoutError(f"not every gateway is connected; see the logs in {self.folder}")
            time.sleep(0.05)

    def ask_hub(self, method: str, path: str, body: Json | None = None) -> Any:
        """What the hub answers its administrator."""
        with self.line.far.inside():
            if self._http is None:
                url = f"http://{self.line.far_address}:{HTTP_PORT}"
                self._http = httpx.Client(base_url=url, timeout=START_S, trust_env=False)
            return self._http.request(method, path, json=body).raise_for_status().json()

    def _set_up_hub(self) -> None:
        admin = {"name": "Admin", "email": "admin@test.example", "password": PASSWORD}
        first = {"setup_token": SETUP_TOKEN, "centre_name": "Centre", **admin}
        session = self.ask_hub("POST", "/api/setup", first)
        assert self._http is not None  # noqa: S101 - asked just now
        self._http.headers["X-CSRF-Token"] = session["csrf_token"]

    def _enrol(self, number: int) -> None:
        site = self.ask_hub("POST", "/api/admin/sites", {"name": f"County {number}", "kind": "hospital"})
        code = self.ask_hub("POST", "/api/admin/gateways/codes", {"site_id": site["id"]})["code"]
        host, port = self.line.reach(LINK_PORT)
        options = {
            "--folder": self.gateway_folder(number),
            "--hub": f"https://{host}:{port}",
            "--code": code,
            "--dicom-port": self.dicom_port(number),
            "--status-port": STATUS_PORT + number,
        }
        words = [str(word) for option in options.items() for word in option]
        self._gateways[number].end.run([*CLI, "edge", "enrol", *words], capture_output=True)

    def _hub_process(self) -> EndProcess:
        options = ["--folder", self.hub_folder, "--host", self.line.far_address, "--port", HTTP_PORT]
        env = {"TELENEEDLE_SETUP_TOKEN": SETUP_TOKEN, "TELENEEDLE_LINK_PORT": str(LINK_PORT)}
        command = [*CLI, "hub", *map(str, options)]
        return EndProcess(self.line.far, command, log=self.folder / "hub.log", env=env)

    def _gateway_process(self, number: int) -> EndProcess:
        command = [*CLI, "edge", "run", "--folder", str(self.gateway_folder(number))]
        log = self.folder / f"gateway-{number}.log"
        return EndProcess(self.line.nears[number], command, log=log, env={})


def _listens(end: End, port: int) -> bool:
    try:
        with end.inside():
            socket.create_connection((end.address, port), timeout=1).close()
    except OSError:
        return False
    return True
