"""What stands for a line where namespaces may not be made: a TCP relay on the loopback device.

``python -m teleneedle.testing.line.relay SPEC``, with orders as in the emulator. All connections share the
rate of each direction. What it cannot show: packets, loss, and the round trip of TCP's own opening.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from teleneedle.testing.line.line import Line
from teleneedle.testing.line.orders import Orders

CHUNK_BYTES = 8192
LOOPBACK = "127.0.0.1"


class SharedWay:
    """Rate and delay of one direction, shared by the connections of the relay."""

    def __init__(self, line: Line, mbit: float) -> None:
        self._delay_s = line.one_way_ms / 1000
        self._queue_bytes = line.queue_of(mbit)
        self._free_s = 0.0
        self.bytes = 0
        self.set_rate(mbit)

    def set_rate(self, mbit: float) -> None:
        """Change the rate for bytes taken from now on."""
        self._bytes_per_s = mbit * 1e6 / 8

    async def due_s(self, size: int) -> float:
        """When `size` bytes taken now arrive; waits first while the queue is full."""
        while (ahead_s := self._free_s - time.monotonic() - self._queue_bytes / self._bytes_per_s) > 0:
            await asyncio.sleep(ahead_s)
        self._free_s = max(self._free_s, time.monotonic()) + size / self._bytes_per_s
        self.bytes += size
        return self._free_s + self._delay_s


class Relay:
    """Listens for the near end, connects to the far end, and passes bytes as the line would."""

    def __init__(self, line: Line) -> None:
        self._up, self._down = SharedWay(line, line.up_mbit), SharedWay(line, line.down_mbit)
        self._hole_until_s = 0.0
        self._generation = 0
        self._listening: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def black_hole(self, seconds: float) -> None:
        """Hold everything back for a while, new connections too."""
        self._hole_until_s = time.monotonic() + seconds

    def rebind(self) -> None:
        """Let the open connections go silent for ever."""
        self._generation += 1

    def set_rate(self, up_mbit: float, down_mbit: float) -> None:
        """Change both rates."""
        self._up.set_rate(up_mbit)
        self._down.set_rate(down_mbit)

    def counts(self) -> dict[str, object]:
        """Bytes taken each way, and the CPU time that it took."""
        up, down = {"bytes": self._up.bytes}, {"bytes": self._down.bytes}
        return {"up": up, "down": down, "cpu_s": time.process_time()}

    def listen(self, port: int) -> int:
        """Open a port that leads to the far end's `port`."""
        listener = socket.create_server((LOOPBACK, 0))
        self._spawn(self._serve(listener, port))
        return int(listener.getsockname()[1])

    async def _serve(self, listener: socket.socket, port: int) -> None:
        async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._out_of_the_hole()
            try:
                far_reader, far_writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                writer.transport.abort()
                return
            born = self._generation
            self._spawn(self._pass_on(reader, far_writer, self._up, born))
            self._spawn(self._pass_on(far_reader, writer, self._down, born))

        self._listening.append(await asyncio.start_server(join, sock=listener))

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: SharedWay, born: int
    ) -> None:
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._spawn(self._arrive(flying, writer, born))
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                flying.put_nowait((await way.due_s(len(chunk)), chunk))
        flying.put_nowait((0.0, b""))

    async def _arrive(
        self, flying: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, born: int
    ) -> None:
        while True:
            due_s, chunk = await flying.get()
            await asyncio.sleep(max(due_s - time.monotonic(), 0))
            await self._out_of_the_hole()
            if born != self._generation:
                await asyncio.Event().wait()  # a forgotten connection: silent, and never closed
            with suppress(OSError):
                if not chunk:
                    writer.close()
                    return
                writer.write(chunk)
                await writer.drain()

    async def _out_of_the_hole(self) -> None:
        while (left_s := self._hole_until_s - time.monotonic()) > 0:
            await asyncio.sleep(min(left_s, 0.05))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def relay(line: Line) -> None:
    """Relay until the orders end."""
    carrier, orders, ended = Relay(line), Orders(), asyncio.Event()

    def read_orders() -> None:
        orders.carry_out(carrier)
        if orders.ended:
            ended.set()

    asyncio.get_running_loop().add_reader(orders.fd, read_orders)
    orders.answer({"ready": True})
    await ended.wait()


def main() -> None:
    """Relay until the owner is gone; connections end with the process."""
    asyncio.run(_until_ended())


async def _until_ended() -> None:
    await relay(Line(**json.loads(sys.argv[1])["line"]))
    os._exit(0)


if __name__ == "__main__":
    main()
