"""A hub and a gateway as people run them: joined by a code, restarted after a crash, ended, revoked."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from teleneedle.apps.testing.hub_world import SETUP_TOKEN, make_world

CLI = (sys.executable, "-m", "teleneedle.apps.cli.main")
WAIT_S = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def cli(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=WAIT_S
    )


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False


class Hospital:
    """A hub and the folder of one gateway."""

    def __init__(self, folder: Path) -> None:
        world = make_world(folder / "hub")
        found = world.hub.identity.start(world.people["admin"])
        self.site = world.sites["a"]
        world.hub.jobs.close()
        world.hub.engine.dispose()
        self.port, self.link, self.dicom, self.status = (free_port() for _ in range(4))
        self.folder, self.gateway = folder, folder / "gateway"
        self.admin = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"teleneedle_session": found.token},
            headers={"X-CSRF-Token": found.csrf_token},
            timeout=WAIT_S,
            trust_env=False,
        )
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str | Path, log: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as out:
            process = subprocess.Popen(
                [*CLI, *map(str, arguments)],
                stdout=out,
                stderr=out,
                env={**os.environ, "TELENEEDLE_SETUP_TOKEN": SETUP_TOKEN},
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_hub(self) -> None:
        hub = self.folder / "hub"
        self.start("hub", "--folder", hub, "--port", self.port, "--link-port", self.link, log="hub.log")  # type: ignore[arg-type] # ports become text
        wait_for(lambda: answers(f"http://127.0.0.1:{self.port}/healthz"))

    def code(self) -> str:
        answer = self.admin.post("/api/admin/gateways/codes", json={"site_id": self.site})
        return str(answer.raise_for_status().json()["code"])

    def enrol(self, code: str, port: int | None = None) -> subprocess.CompletedProcess[str]:
        url = f"https://127.0.0.1:{port or self.link}"
        ports = ("--dicom-port", str(self.dicom), "--status-port", str(self.status))
        return cli("edge", "enrol", "--folder", self.gateway, "--hub", url, "--code", code, *ports)

    def state(self) -> dict[str, object]:
        return dict(
            httpx.get(f"http://127.0.0.1:{self.status}/status", timeout=WAIT_S, trust_env=False).json()
        )

    def way(self) -> str:
        return str(self.state()["way"]["state"]) if answers(f"http://127.0.0.1:{self.status}/status") else ""  # type: ignore[index] # JSON

    def close(self) -> None:
        self.admin.close()
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[Hospital]:
    made = Hospital(tmp_path)
    yield made
    made.close()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def part_pid(parent: int, name: str) -> int | None:
    """The child process of the gateway that is the part `name`."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
            is_child = int((place / "stat").read_text().rpartition(")")[2].split()[1]) == parent
        except OSError:
            continue
        if is_child and name.encode() in words:
            return int(place.name)
    return None


def test_a_gateway_joins_runs_heals_is_revoked_and_ends(hospital: Hospital) -> None:
    hospital.start_hub()
    code = hospital.code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    refused = hospital.enrol(wrong)
    assert refused.returncode == 1
    assert "not the hub" in refused.stderr
    assert "Enrolled as" in hospital.enrol(code).stdout
    assert hospital.enrol(code).returncode == 1

    gateway = hospital.start("edge", "run", "--folder", hospital.gateway, log="edge.log")
    wait_for(lambda: listens(hospital.dicom) and hospital.way() == "connected")
    listed = hospital.admin.get("/api/admin/gateways").json()
    assert [one["is_connected"] for one in listed] == [True]
    again = cli("edge", "run", "--folder", hospital.gateway)
    assert again.returncode == 1
    assert "running already" in again.stderr

    first = part_pid(gateway.pid, "intake")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: part_pid(gateway.pid, "intake") not in (None, first) and listens(hospital.dicom))

    hospital.admin.delete(f"/api/admin/gateways/{listed[0]['id']}").raise_for_status()
    wait_for(lambda: hospital.way() == "refused")
    wait_for(lambda: not hospital.admin.get("/api/admin/gateways").json()[0]["is_connected"])
    said = cli("edge", "status", "--folder", hospital.gateway, "--json")
    assert said.returncode == 1
    assert json.loads(said.stdout)["way"]["state"] == "refused"

    gateway.send_signal(signal.SIGTERM)
    assert gateway.wait(WAIT_S) == 0
    assert not listens(hospital.dicom)


def test_parts_end_with_a_gateway_that_is_killed(hospital: Hospital) -> None:
    hospital.start_hub()
    hospital.enrol(hospital.code())
    gateway = hospital.start("edge", "run", "--folder", hospital.gateway, log="edge.log")
    wait_for(lambda: listens(hospital.dicom) and listens(hospital.status))
    gateway.kill()
    wait_for(lambda: not listens(hospital.dicom) and not listens(hospital.status))


def test_set_up_wrongly_it_says_what_where_and_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "gateway"
    assert "edge init" in cli("edge", "run", "--folder", folder).stderr
    assert cli("edge", "init", "--folder", folder).returncode == 0
    assert "enrol" in cli("edge", "run", "--folder", folder).stderr
    settings = folder / "gateway.toml"
    good = settings.read_text()
    for old, new, said in (
        ("port = 11112", "prot = 11112", "dicom.prot"),
        ("port = 11112", "port = 99999", "dicom.port"),
        ("quota_gb = 200.0", "quota_gb = -1", "spool.quota_gb"),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', "status.pin"),
        ("[spool]", "[spool", "gateway.toml"),
        ("# PACS =", "PACS =", "gateway.toml"),
    ):
        settings.write_text(good.replace(old, new, 1))
        failed = cli("edge", "init", "--folder", folder)
        if new.startswith("PACS"):
            assert failed.returncode == 0
        else:
            assert failed.returncode == 1
            assert said in failed.stderr.replace("\n", ""), failed.stderr
    assert cli("edge", "enrol", "--folder", folder, "--hub", "http://x", "--code", "TN-x").returncode == 1
    settings.write_text(good)
    closed = cli(
        "edge",
        "enrol",
        "--folder",
        folder,
        "--hub",
        "https://127.0.0.1:1",
        "--code",
        f"TN-{'A' * 24}-{'0' * 16}",
    )
    assert "cannot be reached" in closed.stderr
