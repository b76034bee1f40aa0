"""An open line: two ends to start processes at, and what can happen to it meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from teleneedle.testing.line.line import Line
from teleneedle.testing.line.namespaces import (
    add_namespace,
    new_prefix,
    remove_namespaces,
    sweep_stale_namespaces,
)
from teleneedle.testing.line.orders import OrderPipe
from teleneedle.testing.line.tun import inside_namespace

FAR_ADDRESS = "10.77.0.1"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of a line: where its processes run and what address they have.

    Parameters
    ----------
    address : str
        Servers at this end listen here.
    namespace : str
        Network namespace; empty on a relayed line.
    """

    address: str
    namespace: str = ""

    def popen(self, command: Sequence[str | Path], **options: Any) -> subprocess.Popen[Any]:
        """Start a process at this end: born there, it is found there when the line closes."""
        with self.inside():
            return subprocess.Popen([str(part) for part in command], **options)

    def run(self, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[Any]:
        """Run a process at this end to its end."""
        with self.inside():
            return subprocess.run([str(part) for part in command], **{"check": True, **options})

    def inside(self) -> AbstractContextManager[None]:
        """Sockets that this thread makes meanwhile are at this end."""
        return inside_namespace(self.namespace) if self.namespace else nullcontext()


class OpenLine:
    """A line in use; `open_line` makes it.

    Parameters
    ----------
    nears : sequence of End
        The gateways' ends; `near` is the first.
    far : End
        The hub's end.
    """

    def __init__(self, line: Line, nears: Sequence[End], far: End, pipe: OrderPipe) -> None:
        self.line, self.nears, self.far, self._pipe = line, tuple(nears), far, pipe
        self._turn = threading.Lock()
        self._reached: dict[int, int] = {}

    @property
    def near(self) -> End:
        """The first gateway's end."""
        return self.nears[0]

    @property
    def far_address(self) -> str:
        """What servers at the far end bind to."""
        return self.far.address

    @property
    def pid(self) -> int:
        """The process that carries the packets."""
        return self._pipe.pid

    def reach(self, port: int) -> tuple[str, int]:
        """Where a process at a near end connects to in order to reach `port` of the far end."""
        if self.far.namespace:
            return self.far.address, port
        if port not in self._reached:
            self._reached[port] = int(self._order("listen", port=port))
        return LOOPBACK, self._reached[port]

    def black_hole(self, seconds: float) -> None:
        """Swallow everything, both ways, for `seconds` from now; returns at once. 0 ends it."""
        self._order("black_hole", seconds=seconds)

    def rebind(self) -> None:
        """Let the NAT forget its table: what is connected now goes silent, new connections pass."""
        self._order("rebind")

    def set_rate(self, *, up_mbit: float, down_mbit: float) -> None:
        """Change both rates from now on."""
        self._order("set_rate", up_mbit=up_mbit, down_mbit=down_mbit)

    def counts(self) -> dict[str, Any]:
        """Packets and bytes each way, drops by reason, and CPU seconds of the emulation."""
        return dict(self._order("counts"))

    def _order(self, name: str, **arguments: object) -> Any:
        with self._turn:
            return self._pipe.order(name, **arguments)


def can_use_namespaces() -> bool:
    """Whether this process may make network namespaces and TUN devices."""
    tools = all(shutil.which(tool) for tool in ("ip", "nsenter"))
    return os.geteuid() == 0 and tools and os.access("/dev/net/tun", os.R_OK | os.W_OK)


@contextmanager
def open_line(line: Line, *, relayed: bool | None = None) -> Iterator[OpenLine]:
    """Open `line`; on leaving, its processes are ended and its namespaces removed.

    Parameters
    ----------
    relayed : bool, optional
        Take the TCP relay (True) or the namespaces (False); by default whatever this process may do.
    """
    relayed = not can_use_namespaces() if relayed is None else relayed
    with _relayed(line) if relayed else _in_namespaces(line) as opened:
        yield opened


@contextmanager
def _in_namespaces(line: Line) -> Iterator[OpenLine]:
    sweep_stale_namespaces()
    prefix = new_prefix()
    far = End(address=FAR_ADDRESS, namespace=f"{prefix}-far")
    nears = [End(address=f"10.77.0.{11 + n}", namespace=f"{prefix}-near{n}") for n in range(line.near_count)]
    names = [end.namespace for end in (far, *nears)]
    try:
        for name in names:
            add_namespace(name)
        spec: dict[str, object] = {
            "line": asdict(line),
            "far": [far.namespace, far.address],
            "near": [[end.namespace, end.address] for end in nears],
        }
        pipe = OrderPipe("teleneedle.testing.line.emulator", spec)
        try:
            yield OpenLine(line, nears, far, pipe)
        finally:
            pipe.close()
    finally:
        remove_namespaces(names)


@contextmanager
def _relayed(line: Line) -> Iterator[OpenLine]:
    if line.loss or line.jitter_ms:
        raise ValueError("a relayed line has no packets to lose or to delay unevenly")
    ends = [End(address=LOOPBACK) for _ in range(line.near_count)]
    pipe = OrderPipe("teleneedle.testing.line.relay", {"line": asdict(line)})
    try:
        yield OpenLine(line, ends, End(address=LOOPBACK), pipe)
    finally:
        pipe.close()
