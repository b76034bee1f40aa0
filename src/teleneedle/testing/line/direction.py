"""One direction of a line: when a packet offered now arrives at the other end, if it does."""

from __future__ import annotations

import random
from collections import deque

from teleneedle.testing.line.line import Line

PER_S = 1_000_000_000
TICK_S = 0.001  # packets are handed on once a tick, half of one late on average: a wake-up costs 40 µs


class Direction:
    """A drop-tail queue, a serialiser of a fixed rate and a delay; all times in monotonic nanoseconds.

    Packets leave in the order in which they came, so a plain queue is enough where a heap would cost.

    Examples
    --------
    >>> line = Line(up_mbit=12, one_way_ms=10)
    >>> up = Direction(line, line.up_mbit)
    >>> up.offer(bytes(1500), now_ns=0)
    >>> [len(up.arrived(now_ns)) for now_ns in (10_400_000, 11_000_000)]  # 1 ms on the wire, then the way
    [0, 1]
    """

    def __init__(self, line: Line, mbit: float) -> None:
        self._queue_bytes = line.queue_of(mbit)
        self._delay_ns = max(int(line.one_way_ms * 1e6 - TICK_S * PER_S / 2), 0)
        self._jitter_ns = int(line.jitter_ms * 1e6)
        self._loss = line.loss
        self._random = random.Random(f"{line.seed}/{mbit}")  # noqa: S311 (not for secrets)
        self._free_ns = 0.0
        self._last_due_ns = 0
        self._hole_until_ns = 0
        self._flying: deque[tuple[int, bytes]] = deque()
        self.lost = self.overflowed = self.swallowed = 0
        self.set_rate(mbit)

    def set_rate(self, mbit: float) -> None:
        """Change the rate for packets offered from now on."""
        self._ns_per_byte = 8000 / mbit
        self._queue_ns = self._queue_bytes * self._ns_per_byte

    def open_hole(self, until_ns: int) -> None:
        """Swallow every packet offered before `until_ns`."""
        self._hole_until_ns = until_ns

    def offer(self, packet: bytes, now_ns: int) -> None:
        """Take `packet` into the queue, or drop it."""
        if now_ns < self._hole_until_ns:
            self.swallowed += 1
            return
        if self._loss and self._random.random() < self._loss:
            self.lost += 1
            return
        start_ns = max(self._free_ns, now_ns)
        wire_ns = len(packet) * self._ns_per_byte
        if start_ns - now_ns + wire_ns > self._queue_ns:
            self.overflowed += 1
            return
        self._free_ns = start_ns + wire_ns
        self._flying.append((self._due(), packet))

    def _due(self) -> int:
        due_ns = int(self._free_ns) + self._delay_ns
        if self._jitter_ns:
            due_ns = max(self._last_due_ns, due_ns + self._random.randrange(self._jitter_ns))
            self._last_due_ns = due_ns
        return due_ns

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on the way."""
        return not self._flying

    def arrived(self, now_ns: int) -> list[bytes]:
        """Take out the packets that have arrived by `now_ns`."""
        flying, packets = self._flying, []
        while flying and flying[0][0] <= now_ns:
            packets.append(flying.popleft()[1])
        return packets
