"""What a line is like: its rates, delay, jitter, loss and queue."""

from __future__ import annotations

from dataclasses import dataclass

MTU_BYTES = 1500
MIN_QUEUE_BYTES = 128 * 1024


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line from `near` (gateways) to `far` (the hub); up is towards the hub.

    Parameters
    ----------
    up_mbit, down_mbit : float, Mbit/s
        Counted in bytes of IP packets, headers included.
    one_way_ms : float, ms
        Delay of each direction after a packet has left the queue.
    jitter_ms : float, ms
        Uniform addition to the delay; packets keep their order.
    loss : float
        Share of packets lost at random, in each direction.
    queue_bytes : int
        Drop-tail queue before each direction; 0 means one bandwidth-delay product, at least 128 KiB.
    near_count : int
        Gateways that share this one line.
    seed : int
        Of loss and jitter.
    """

    up_mbit: float = 100.0
    down_mbit: float = 100.0
    one_way_ms: float = 10.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    queue_bytes: int = 0
    near_count: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.up_mbit, self.down_mbit) <= 0:
            raise ValueError("a line needs a rate above zero")
        if min(self.one_way_ms, self.jitter_ms, self.queue_bytes) < 0 or not 0 <= self.loss < 1:
            raise ValueError("delay, jitter and queue are not negative, and loss is a share below 1")
        if not 1 <= self.near_count <= 200:
            raise ValueError("a line has 1 to 200 near ends")

    @property
    def round_trip_s(self) -> float:
        """Round trip of an empty line, in seconds."""
        return 2 * self.one_way_ms / 1000

    def queue_of(self, mbit: float) -> int:
        """Bytes that the queue before a direction of `mbit` holds."""
        return self.queue_bytes or max(int(mbit * 1e6 / 8 * self.round_trip_s), MIN_QUEUE_BYTES)
