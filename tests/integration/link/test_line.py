"""The emulated line carries real packets as its description says, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.waiting import until

from teleneedle.testing.line import Line, OpenLine, can_use_namespaces, open_line
from teleneedle.testing.line.namespaces import add_namespace, sweep_stale_namespaces
from teleneedle.testing.line.tun import NAMESPACES

needs_namespaces = pytest.mark.skipif(not can_use_namespaces(), reason="namespaces are root's")
PAYLOAD_BYTES, PACKET_BYTES = 1472, 1500
PORT = 9000
SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33  # linux/asm-generic/socket.h
PATIENCE_S = 60


def near_sender(line: OpenLine, near: int = 0) -> socket.socket:
    with line.nears[near].inside():
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
    sender.connect((line.far_address, PORT))
    return sender


def far_receiver(line: OpenLine) -> socket.socket:
    with line.far.inside():
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind((line.far_address, PORT))
    receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
    receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    receiver.setblocking(False)
    return receiver


def arrival_times_s(receiver: socket.socket) -> list[float]:
    """When the kernel received each waiting datagram: a slow reader does not change it."""
    times = []
    with suppress(BlockingIOError):
        while True:
            _, ancillary, _, _ = receiver.recvmsg(2048, 64)
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            times.append(seconds + nanoseconds * 1e-9)
    return times


def burst_mbit(line: OpenLine, receiver: socket.socket, senders: list[socket.socket], each: int) -> float:
    """Rate at which a burst of `each` packets of every sender arrives."""
    before = line.counts()["up"]["packets"]
    for _ in range(each):
        for sender in senders:
            sender.send(bytes(PAYLOAD_BYTES))
    until(lambda: line.counts()["up"]["packets"] >= before + each * len(senders))
    times = arrival_times_s(receiver)
    assert len(times) == each * len(senders)
    return (len(times) - 1) * PACKET_BYTES * 8e-6 / (times[-1] - times[0])


@needs_namespaces
@pytest.mark.parametrize(("mbit", "near_count"), [(10.0, 1), (100.0, 1), (30.0, 3)])
def test_bursts_arrive_at_the_rate_that_all_share(mbit: float, near_count: int) -> None:
    each = int(mbit * 20) // near_count  # about a quarter of a second of the line
    with open_line(Line(up_mbit=mbit, queue_bytes=10**8, near_count=near_count)) as line:
        receiver, senders = far_receiver(line), [near_sender(line, near) for near in range(near_count)]
        rates = [burst_mbit(line, receiver, senders, each) for _ in range(5)]
    assert max(rates) == pytest.approx(mbit, rel=0.03)  # a busy machine may send some bursts too slowly


@needs_namespaces
@pytest.mark.parametrize("one_way_ms", [10.0, 40.0])
def test_a_round_trip_takes_both_delays(one_way_ms: float) -> None:
    with open_line(Line(one_way_ms=one_way_ms)) as line, echo_server(line):
        trips_ms = []
        with line.near.inside():
            client = socket.create_connection(line.reach(PORT))
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(40):
            start = time.perf_counter()
            client.sendall(b"x")
            client.recv(1)
            trips_ms.append((time.perf_counter() - start) * 1000)
    quickest_half = sorted(trips_ms)[:20]  # a busy machine delays some
    assert statistics.median(quickest_half) == pytest.approx(2 * one_way_ms, abs=2)


@needs_namespaces
def test_loss_has_its_share_of_real_packets() -> None:
    with open_line(Line(loss=0.05, queue_bytes=10**8)) as line:
        receiver, sender = far_receiver(line), near_sender(line)
        for _ in range(4000):
            sender.send(b"x")
        until(lambda: line.counts()["up"]["packets"] + line.counts()["up"]["lost"] >= 4000)
        received = len(arrival_times_s(receiver))
    assert abs(4000 - received - 200) < 4 * (4000 * 0.05 * 0.95) ** 0.5


@needs_namespaces
def test_a_black_hole_swallows_until_it_ends() -> None:
    with open_line(Line()) as line:
        receiver, sender = far_receiver(line), near_sender(line)
        line.black_hole(3600)
        sender.send(b"lost")
        until(lambda: line.counts()["up"]["swallowed"] == 1)
        line.black_hole(0)
        sender.send(b"carried")
        until(lambda: line.counts()["up"]["packets"] == 1)
        assert receiver.recv(100) == b"carried"


@contextmanager
def echo_server(line: OpenLine) -> Iterator[None]:
    """Every connection to the far end gets back what it sends."""
    with line.far.inside():
        listener = socket.create_server((line.far_address, PORT))

    def echo(connection: socket.socket) -> None:
        with suppress(OSError):
            while content := connection.recv(65536):
                connection.sendall(content)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=echo, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def connect(line: OpenLine) -> socket.socket:
    with line.near.inside():
        return socket.create_connection(line.reach(PORT), timeout=PATIENCE_S)


def echoed(client: socket.socket, content: bytes) -> bytes:
    client.sendall(content)
    received = b""
    while len(received) < len(content):
        received += client.recv(65536)
    return received


both_kinds = pytest.mark.parametrize(
    "relayed", [pytest.param(False, marks=needs_namespaces), True], ids=["namespaces", "relay"]
)


@both_kinds
def test_what_goes_in_comes_out(relayed: bool) -> None:
    content = os.urandom(1 << 20)
    with open_line(Line(one_way_ms=5), relayed=relayed) as line, echo_server(line):
        client = connect(line)
        threading.Thread(target=client.sendall, args=(content,)).start()
        received = bytearray()
        while len(received) < len(content):
            received += client.recv(65536)
        assert bytes(received) == content
        assert line.counts()["up"]["bytes"] >= len(content)


@both_kinds
def test_a_rebind_kills_old_connections_and_no_new_one(relayed: bool) -> None:
    with open_line(Line(one_way_ms=2), relayed=relayed) as line, echo_server(line):
        old = connect(line)
        assert echoed(old, b"one") == b"one"
        line.rebind()
        old.sendall(b"two")
        for n in range(3):  # ten times the old connection's round trip
            assert echoed(connect(line), bytes([n])) == bytes([n])
        old.setblocking(False)
        with pytest.raises(BlockingIOError):
            old.recv(3)


@both_kinds
def test_a_connection_outlives_a_black_hole(relayed: bool) -> None:
    with open_line(Line(one_way_ms=2), relayed=relayed) as line, echo_server(line):
        client = connect(line)
        assert echoed(client, b"one") == b"one"
        line.black_hole(3600)
        client.sendall(b"two")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(3)
        line.black_hole(0)
        client.settimeout(PATIENCE_S)
        assert client.recv(3) == b"two"


def test_the_relay_is_never_faster_than_its_rate() -> None:
    size, mbit = 1 << 20, 40.0
    with open_line(Line(up_mbit=mbit, one_way_ms=20), relayed=True) as line, echo_server(line):
        client, start = connect(line), time.monotonic()
        threading.Thread(target=client.sendall, args=(bytes(size),)).start()
        received = 0
        while received < size:
            received += len(client.recv(65536))
        took_s = time.monotonic() - start
    assert took_s >= size * 8e-6 / mbit + 0.04


def test_a_relay_refuses_what_only_packets_show() -> None:
    with pytest.raises(ValueError, match="no packets"), open_line(Line(loss=0.1), relayed=True):
        pass


def own_namespaces(pid: int) -> list[Path]:
    return list(NAMESPACES.glob(f"tnline-{pid}-*"))


@needs_namespaces
def test_closing_ends_processes_and_removes_namespaces() -> None:
    with open_line(Line(near_count=2)) as line:
        assert len(own_namespaces(os.getpid())) == 3
        left = line.near.popen(["sleep", "3600"])
    assert left.wait(timeout=PATIENCE_S) == -signal.SIGKILL
    assert own_namespaces(os.getpid()) == []


OWNER = """
import sys
from teleneedle.testing.line import Line, open_line
with open_line(Line()) as line:
    print(line.pid, flush=True)
    sys.stdin.read()
"""


@needs_namespaces
def test_a_killed_owner_leaves_no_namespace() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    owner.stdout.readline()
    assert len(own_namespaces(owner.pid)) == 2
    owner.kill()
    owner.wait()
    until(lambda: own_namespaces(owner.pid) == [])


@needs_namespaces
def test_what_both_killed_left_is_swept_and_a_living_owners_is_not() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    stale = f"tnline-{gone.pid}-1-abcdef-far"
    with open_line(Line()):
        add_namespace(stale)
        assert stale in sweep_stale_namespaces()
        assert len(own_namespaces(os.getpid())) == 2
    assert not (NAMESPACES / stale).exists()
