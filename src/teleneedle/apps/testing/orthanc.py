"""Orthanc from Debian as a peer: an archive that sends what it holds to the hub over DICOMweb."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

PLUGINS = "/usr/share/orthanc/plugins"
START_S = 30.0


@contextmanager
def run_orthanc(folder: Path, *, hub_url: str, headers: Mapping[str, str]) -> Iterator[httpx.Client]:
    """Start an archive in `folder` that knows the hub's DICOMweb address as ``hub``; its REST interface.

    Raises
    ------
    TimeoutError
        If it does not start; the log says why.
    """
    more = {
        "DicomServerEnabled": False,
        "Plugins": [PLUGINS],
        "DicomWeb": {"Servers": {"hub": {"Url": hub_url, "HttpHeaders": dict(headers)}}},
    }
    with _run(folder, more) as client:
        yield client


@contextmanager
def run_dicom_orthanc(
    folder: Path, *, port: int, peers: Mapping[str, tuple[str, int]], **more: object
) -> Iterator[httpx.Client]:
    """Start an archive in `folder` as ``ORTHANC`` on DICOM port `port`; its REST interface.

    Parameters
    ----------
    peers : mapping
        AE title and port on this machine, by the name under which it sends to them.
    more
        Further settings.
    """
    settings = {
        "DicomServerEnabled": True,
        "DicomAet": "ORTHANC",
        "DicomPort": port,
        "DicomCheckCalledAet": False,
        "DicomAlwaysAllowStore": True,
        "DicomModalities": {name: [aet, "127.0.0.1", at] for name, (aet, at) in peers.items()},
        "SynchronousCMove": True,
        **more,
    }
    with _run(folder, settings) as client:
        yield client


@contextmanager
def _run(folder: Path, more: Mapping[str, object]) -> Iterator[httpx.Client]:
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "index"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        **more,
    }
    (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client:
            _wait(client, folder / "orthanc.log")
            yield client
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def _wait(client: httpx.Client, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            if client.get("/system").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
