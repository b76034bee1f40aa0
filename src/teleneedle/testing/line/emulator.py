"""The process that carries packets between TUN devices as the line would.

``python -m teleneedle.testing.line.emulator SPEC`` with SPEC in JSON: ``line``, ``far`` [namespace, address]
and ``near`` [[namespace, address], …]. Orders come as JSON lines on standard input and are answered on
standard output; when the input ends, because the owner closed it or was killed, the namespaces are removed.
"""

from __future__ import annotations

import gc
import json
import os
import select
import socket
import sys
import time

from teleneedle.testing.line.direction import PER_S, TICK_S, Direction
from teleneedle.testing.line.flows import LiveFlows
from teleneedle.testing.line.line import MTU_BYTES, Line
from teleneedle.testing.line.namespaces import bring_up, remove_namespaces
from teleneedle.testing.line.orders import Orders, run_as_a_line_would
from teleneedle.testing.line.tun import open_tun

DEVICE = "line0"
PACKETS_A_READ = 256
IPV4 = 4


class Way:
    """Packets from some devices through one `Direction` to the device of their destination."""

    def __init__(
        self,
        direction: Direction,
        sources: list[int],
        targets: dict[bytes, int],
        flows: LiveFlows,
        *,
        up: bool,
    ) -> None:
        self.direction, self.sources, self.up = direction, sources, up
        self._targets, self._flows = targets, flows
        self.packets = self.bytes = 0

    def take_in(self) -> None:
        """Read what the devices have and offer it to the direction."""
        offer, passes, read, up = self.direction.offer, self._flows.passes, os.read, self.up
        for source in self.sources:
            now_ns = time.monotonic_ns()
            try:
                for _ in range(PACKETS_A_READ):
                    packet = read(source, MTU_BYTES)
                    if packet[0] >> 4 == IPV4 and passes(packet, from_near=up):
                        offer(packet, now_ns)
            except BlockingIOError:
                continue

    def give_out(self, now_ns: int) -> None:
        """Write what has arrived to its device; a full or closed one loses packets, as a line does."""
        for packet in self.direction.arrived(now_ns):
            target = self._targets.get(packet[16:20])
            if target is None:
                continue
            try:
                os.write(target, packet)
            except OSError:
                continue
            self.packets += 1
            self.bytes += len(packet)

    def counts(self) -> dict[str, int]:
        """What went through and what was dropped, since the start."""
        way = self.direction
        return {
            "packets": self.packets,
            "bytes": self.bytes,
            "lost": way.lost,
            "overflowed": way.overflowed,
            "swallowed": way.swallowed,
        }


class PacketLine:
    """Both ways of a line and the orders that change them."""

    def __init__(self, line: Line, far: tuple[str, str], near: list[tuple[str, str]]) -> None:
        devices = {address: open_tun(namespace, DEVICE) for namespace, address in [far, *near]}
        for namespace, address in [far, *near]:
            bring_up(namespace, DEVICE, address, MTU_BYTES)
        fds = {socket.inet_aton(address): fd for address, fd in devices.items()}
        far_fd = {socket.inet_aton(far[1]): devices[far[1]]}
        near_fds = {address: fd for address, fd in fds.items() if address not in far_fd}
        self.flows = LiveFlows()
        up, down = Direction(line, line.up_mbit), Direction(line, line.down_mbit)
        self.up = Way(up, list(near_fds.values()), far_fd, self.flows, up=True)
        self.down = Way(down, list(far_fd.values()), near_fds, self.flows, up=False)
        self._sources = self.up.sources + self.down.sources

    def black_hole(self, seconds: float) -> None:
        """Swallow what is offered, both ways, for a while."""
        until_ns = time.monotonic_ns() + int(seconds * PER_S)
        self.up.direction.open_hole(until_ns)
        self.down.direction.open_hole(until_ns)

    def rebind(self) -> None:
        """Forget the flows; what is on the way still arrives."""
        self.flows.rebind()

    def set_rate(self, up_mbit: float, down_mbit: float) -> None:
        """Change both rates."""
        self.up.direction.set_rate(up_mbit)
        self.down.direction.set_rate(down_mbit)

    def counts(self) -> dict[str, object]:
        """What went through and what was dropped, and the CPU time that it took."""
        return {
            "up": self.up.counts(),
            "down": self.down.counts(),
            "dead_packets": self.flows.dead_packets,
            "cpu_s": time.process_time(),
        }

    def carry(self, orders: Orders) -> None:
        """Carry packets until the orders end."""
        up, down = self.up, self.down
        while not orders.ended:
            up.take_in()
            down.take_in()
            now_ns = time.monotonic_ns()
            up.give_out(now_ns)
            down.give_out(now_ns)
            if up.direction.is_empty and down.direction.is_empty:
                ready, _, _ = select.select([orders.fd, *self._sources], [], [])
            else:  # packets are gathered for a tick, not met one by one
                ready, _, _ = select.select([orders.fd], [], [], TICK_S)
            if orders.fd in ready:
                orders.carry_out(self)


def main() -> None:
    """Open the devices, say so, and carry packets until the owner is gone."""
    spec = json.loads(sys.argv[1])
    far, near = tuple(spec["far"]), [tuple(end) for end in spec["near"]]
    try:
        packets = PacketLine(Line(**spec["line"]), far, near)
        orders = Orders()
        orders.answer({"ready": True})
        gc.freeze()
        run_as_a_line_would()
        packets.carry(orders)
    finally:
        remove_namespaces([namespace for namespace, _ in [far, *near]])


if __name__ == "__main__":
    main()
