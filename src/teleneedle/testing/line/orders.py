"""Orders to a running line: JSON lines through a pipe, each answered by one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any, Protocol


class OrderedLine(Protocol):
    """What carries out orders: the packet line or the relay."""

    def black_hole(self, seconds: float) -> None:
        """Swallow everything for a while."""

    def rebind(self) -> None:
        """Kill the connections that are open now."""

    def set_rate(self, up_mbit: float, down_mbit: float) -> None:
        """Change both rates."""

    def counts(self) -> dict[str, object]:
        """What went through so far."""


ORDERS = ("black_hole", "rebind", "set_rate", "counts", "listen")


class Orders:
    """The carrying process's end of the pipe."""

    def __init__(self) -> None:
        self.fd = sys.stdin.fileno()
        self.ended = False
        self._unread = b""

    def answer(self, content: dict[str, object]) -> None:
        """Write one line to the owner; an owner that is gone ends the orders."""
        try:
            os.write(sys.stdout.fileno(), json.dumps(content).encode() + b"\n")
        except OSError:
            self.ended = True

    def carry_out(self, line: OrderedLine) -> None:
        """Read what has come and do it."""
        read = os.read(self.fd, 65536)
        self.ended = self.ended or not read
        *lines, self._unread = (self._unread + read).split(b"\n")
        for text in lines:
            order = json.loads(text)
            name = order.pop("order")
            if name not in ORDERS:
                raise ValueError(f"no order {name}")
            self.answer({"done": getattr(line, name)(**order)})


class OrderPipe:
    """The owner's end: starts the carrying process and gives it orders."""

    def __init__(self, module: str, spec: dict[str, object]) -> None:
        self._own, others = socket.socketpair()
        with others:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, json.dumps(spec)],
                stdin=others.fileno(),
                stdout=others.fileno(),
                start_new_session=True,  # Ctrl-C in a terminal reaches the owner, which closes in order
            )
        self._answers = self._own.makefile("rb")
        self._read()

    @property
    def pid(self) -> int:
        """The carrying process."""
        return int(self._process.pid)

    def order(self, name: str, **arguments: object) -> Any:
        """Give one order and return its answer."""
        self._own.sendall(json.dumps({"order": name, **arguments}).encode() + b"\n")
        return self._read()["done"]

    def _read(self) -> dict[str, Any]:
        text = self._answers.readline()
        if not text:
            raise RuntimeError(f"the line's process ended (exit {self._process.wait()})")
        return dict(json.loads(text))

    def close(self) -> None:
        """End the orders and wait for the process; one that does not end is killed."""
        self._answers.close()
        self._own.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def run_as_a_line_would() -> None:
    """Go before ordinary processes where that is allowed: a line does not slow down with its users."""
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
