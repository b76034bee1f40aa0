"""TCP flows through a NAT that has forgotten its table: only those opened since then still pass."""

from __future__ import annotations

TCP = 6
SYN, ACK = 0x02, 0x10


class LiveFlows:
    """Which IPv4 packets pass. Before the first rebind all do, and no packet is looked at."""

    def __init__(self) -> None:
        self._opened: set[bytes] | None = None
        self.dead_packets = 0

    def rebind(self) -> None:
        """Forget every flow; packets of those flows are dropped in silence from now on."""
        self._opened = set()

    def passes(self, packet: bytes, *, from_near: bool) -> bool:
        """Whether `packet` belongs to a live flow; the first SYN of a new flow opens it."""
        if self._opened is None or packet[9] != TCP:
            return True
        start = (packet[0] & 0x0F) * 4
        ports, flags = packet[start : start + 4], packet[start + 13]
        near_first = packet[12:20] + ports
        key = near_first if from_near else packet[16:20] + packet[12:16] + ports[2:] + ports[:2]
        if flags & SYN and not flags & ACK:
            self._opened.add(key)
        if key in self._opened:
            return True
        self.dead_packets += 1
        return False
