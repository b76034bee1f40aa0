"""One direction of the emulated line against the arithmetic of a queue, and a NAT that forgets its table."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.testing.line import Line
from teleneedle.testing.line.direction import TICK_S, Direction
from teleneedle.testing.line.flows import ACK, SYN, LiveFlows

MS = 1_000_000
PACKET = bytes(1500)
LATE = 100_000 * MS


def arrivals_ms(direction: Direction, until_ms: int) -> list[int]:
    """Millisecond in which each packet arrives."""
    return [ms for ms in range(until_ms) for _ in direction.arrived(ms * MS)]


def test_packets_leave_at_the_rate_and_arrive_after_the_delay() -> None:
    way = Direction(Line(one_way_ms=20 + TICK_S * 500), mbit=12)  # a 1500-byte packet takes 1 ms
    for _ in range(5):
        way.offer(PACKET, 0)
    assert arrivals_ms(way, 100) == [21, 22, 23, 24, 25]


def test_an_idle_line_starts_afresh() -> None:
    way = Direction(Line(one_way_ms=TICK_S * 500), mbit=12)
    way.offer(PACKET, 0)
    way.offer(PACKET, 50 * MS)
    assert arrivals_ms(way, 100) == [1, 51]


def test_the_queue_holds_its_bytes_and_drops_the_tail() -> None:
    way = Direction(Line(queue_bytes=4 * 1500), mbit=12)
    for _ in range(10):
        way.offer(PACKET, 0)
    assert len(way.arrived(LATE)) == 4
    assert way.overflowed == 6


def test_rate_changes_while_it_runs() -> None:
    way = Direction(Line(one_way_ms=TICK_S * 500, queue_bytes=10**6), mbit=12)
    way.offer(PACKET, 0)
    way.set_rate(1.2)
    way.offer(PACKET, 0)
    assert arrivals_ms(way, 100) == [1, 11]


def test_a_hole_swallows_what_is_offered_and_nothing_else() -> None:
    way = Direction(Line(), mbit=12)
    way.offer(b"before", 0)
    way.open_hole(until_ns=10 * MS)
    way.offer(b"inside", 9 * MS)
    way.offer(b"after", 10 * MS)
    assert way.arrived(LATE) == [b"before", b"after"]
    assert way.swallowed == 1


def test_loss_has_its_share() -> None:
    way = Direction(Line(loss=0.1, queue_bytes=10**9), mbit=100)
    for _ in range(20_000):
        way.offer(b"x", 0)
    assert len(way.arrived(LATE)) + way.lost == 20_000
    assert abs(way.lost - 2000) < 4 * (20_000 * 0.1 * 0.9) ** 0.5


@given(st.lists(st.integers(0, 5 * MS), max_size=50), st.floats(0, 30))
def test_jitter_delays_within_its_bounds_and_keeps_the_order(gaps_ns: list[int], jitter_ms: float) -> None:
    way = Direction(Line(one_way_ms=10, jitter_ms=jitter_ms, queue_bytes=10**9), mbit=1000)
    now_ns, packets = 0, [struct.pack("!I", n) for n in range(len(gaps_ns))]
    for packet, gap_ns in zip(packets, gaps_ns, strict=True):
        now_ns += gap_ns
        way.offer(packet, now_ns)
    assert way.arrived(now_ns + int((10 + jitter_ms + 1) * MS)) == packets


@pytest.mark.parametrize("wrong", [{"up_mbit": 0}, {"loss": 1.0}, {"one_way_ms": -1}, {"near_count": 0}])
def test_an_impossible_line_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"a line|delay"):
        Line(**wrong)


NEAR, FAR = ("10.0.0.2", 40000), ("10.0.0.1", 443)


def tcp(source: tuple[str, int], target: tuple[str, int], flags: int) -> bytes:
    """An IPv4 packet with a TCP header (RFC 791, RFC 9293)."""
    addresses = socket.inet_aton(source[0]) + socket.inet_aton(target[0])
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0, 64, 6, 0) + addresses
    return ip + struct.pack("!HHIIBBHHH", source[1], target[1], 0, 0, 0x50, flags, 0, 0, 0)


def test_every_packet_passes_before_a_rebind() -> None:
    assert LiveFlows().passes(tcp(NEAR, FAR, ACK), from_near=True)


def test_after_a_rebind_only_new_flows_pass_both_ways() -> None:
    flows, other = LiveFlows(), (NEAR[0], 40001)
    flows.rebind()
    assert not flows.passes(tcp(NEAR, FAR, ACK), from_near=True)
    assert not flows.passes(tcp(FAR, NEAR, ACK), from_near=False)
    assert flows.passes(tcp(other, FAR, SYN), from_near=True)
    assert flows.passes(tcp(FAR, other, SYN | ACK), from_near=False)
    assert flows.passes(tcp(other, FAR, ACK), from_near=True)
    assert not flows.passes(tcp(NEAR, FAR, ACK), from_near=True)
    assert flows.dead_packets == 3


def test_a_second_rebind_forgets_the_new_flows_too() -> None:
    flows = LiveFlows()
    flows.rebind()
    assert flows.passes(tcp(NEAR, FAR, SYN), from_near=True)
    flows.rebind()
    assert not flows.passes(tcp(NEAR, FAR, ACK), from_near=True)
