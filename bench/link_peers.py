"""What else carries a series over the same line: DCMTK as it comes, DCMTK tuned, parallel POST to Orthanc."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.link_series import SentSeries
from teleneedle.testing.line import OpenLine

DICOM_PORT, HTTP_PORT = 11112, 8042
START_S, LIMIT_S = 60.0, 120.0
MAX_PDU = "131072"
POSTERS = 4
TUNED = {"TCP_NODELAY": "1"}


def stock_storescu_s(line: OpenLine, series: SentSeries, work: Path) -> float:
    """Seconds from `storescu` as it comes, raw, to Orthanc."""
    with _orthanc(line, work / "stock") as count:
        command = ["storescu", "-aec", "ORTHANC", "+sd", *_reach(line, DICOM_PORT), series.folder]
        return _timed_send(line, command, {}, lambda: count() >= len(series.files))


def tuned_storescu_s(line: OpenLine, series: SentSeries, work: Path) -> float:
    """Seconds from `storescu` to `storescp`, in JPEG-LS, without Nagle's delay and with the largest PDUs."""
    received = work / "storescp"
    received.mkdir(parents=True)
    server = line.far.popen(
        ["storescp", "+xt", "-pdu", MAX_PDU, "-od", received, "-aet", "PEER", str(DICOM_PORT)],
        env={**os.environ, **TUNED},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_port(line, DICOM_PORT)
        options = ["-xt", "-pdu", MAX_PDU, "--max-send-pdu", MAX_PDU, "-aec", "PEER", "+sd"]
        command = ["storescu", *options, *_reach(line, DICOM_PORT), series.jpegls_folder]
        wanted = len(series.jpegls_files)
        return _timed_send(line, command, TUNED, lambda: len(os.listdir(received)) >= wanted)
    finally:
        server.kill()
        server.wait()


def parallel_post_s(line: OpenLine, series: SentSeries, work: Path) -> float:
    """Seconds for four connections that POST JPEG-LS files to Orthanc."""
    waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for path in series.jpegls_files:
        waiting.put(path)
    failed: list[str] = []
    with _orthanc(line, work / "post") as count:
        start = time.monotonic()
        posters = [
            threading.Thread(target=_post, args=(line, waiting, failed, start)) for _ in range(POSTERS)
        ]
        for poster in posters:
            poster.start()
        for poster in posters:
            poster.join()
        took_s = time.monotonic() - start
        if failed or count() < len(series.jpegls_files):
            return LIMIT_S
        return took_s


def plain_tcp_s(line: OpenLine, size: int) -> float:
    """Seconds until the far end has `size` bytes from one bare TCP connection: what the line gives."""
    with line.far.inside():
        listener = socket.create_server((line.far_address, HTTP_PORT))
    ended: list[float] = []

    def receive() -> None:
        connection, _ = listener.accept()
        while connection.recv(1 << 18):
            pass
        ended.append(time.monotonic())

    receiver = threading.Thread(target=receive)
    receiver.start()
    start = time.monotonic()
    with line.near.inside(), socket.create_connection(line.reach(HTTP_PORT)) as sender:
        sender.sendall(bytes(size))
    receiver.join()
    listener.close()
    return ended[0] - start


def _post(line: OpenLine, waiting: queue.SimpleQueue[Path], failed: list[str], start: float) -> None:
    with line.near.inside():
        host, port = line.reach(HTTP_PORT)
        connection = http.client.HTTPConnection(host, port, timeout=LIMIT_S)
        connection.connect()
    while time.monotonic() - start < LIMIT_S:
        try:
            path = waiting.get_nowait()
        except queue.Empty:
            return
        with line.near.inside():  # should the server close, the next connection is made here too
            connection.request("POST", "/instances", body=path.read_bytes())
            answer = connection.getresponse()
            answer.read()
        if answer.status != 200:
            failed.append(path.name)


def _timed_send(
    line: OpenLine, command: list[object], extra: dict[str, str], is_there: Callable[[], bool]
) -> float:
    start = time.monotonic()
    sender = line.near.popen(
        [str(part) for part in command],
        env={**os.environ, **extra},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        sender.wait(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        sender.kill()
        sender.wait()
        return LIMIT_S
    while not is_there():
        if time.monotonic() - start > LIMIT_S:
            return LIMIT_S
        time.sleep(0.02)
    return time.monotonic() - start


def _reach(line: OpenLine, port: int) -> list[str]:
    host, port = line.reach(port)
    return [host, str(port)]


@contextmanager
def _orthanc(line: OpenLine, folder: Path) -> Iterator[Callable[[], int]]:
    """Orthanc at the far end; gives a function that counts its instances."""
    folder.mkdir(parents=True)
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "index"),
        "HttpPort": HTTP_PORT,
        "DicomPort": DICOM_PORT,
        "DicomAet": "ORTHANC",
        "RemoteAccessAllowed": True,
        "AuthenticationEnabled": False,
        "KeepAlive": True,
    }
    (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = line.far.popen(["Orthanc", folder / "orthanc.json"], stdout=log, stderr=log)
    try:
        _wait_for_port(line, HTTP_PORT)
        _wait_for_port(line, DICOM_PORT)
        yield lambda: _count(line)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_S)


def _count(line: OpenLine) -> int:
    with line.far.inside():
        connection = http.client.HTTPConnection(line.far_address, HTTP_PORT, timeout=START_S)
        connection.request("GET", "/statistics")
    return int(json.loads(connection.getresponse().read())["CountInstances"])


def _wait_for_port(line: OpenLine, port: int) -> None:
    import socket

    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with line.far.inside():
                socket.create_connection((line.far_address, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
