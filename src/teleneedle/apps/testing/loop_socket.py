"""A WebSocket for scripts that wait for answers: all of its TLS is done by one thread, on an event loop.

A reading and a writing thread on one TLS connection, as of a client without a loop, are not safe with the
``ssl`` module of Python 3.11: now and then an opening handshake is never answered.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from anyio.from_thread import BlockingPortal, start_blocking_portal
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol


@dataclass(frozen=True)
class LoopSocket:
    """An open connection; methods wait."""

    portal: BlockingPortal
    connection: ClientConnection

    def send(self, message: str | bytes) -> None:
        """Send a message."""
        self.portal.call(self.connection.send, message)

    def recv(self, timeout: float) -> str | bytes:
        """The next message.

        Raises
        ------
        TimeoutError
            If none comes within `timeout` seconds.
        ConnectionClosed
            If the other end has closed the connection.
        """
        return self.portal.call(self._next, timeout)

    async def _next(self, timeout: float) -> str | bytes:
        async with asyncio.timeout(timeout):
            return await self.connection.recv()


@contextmanager
def open_socket(
    url: str, *, context: ssl.SSLContext, timeout_s: float, subprotocol: str = ""
) -> Iterator[LoopSocket]:
    """Connect, and close at the end of the block.

    Raises
    ------
    InvalidStatus
        If the server refuses.
    """
    chosen = [Subprotocol(subprotocol)] if subprotocol else None
    opening = partial(
        connect,
        url,
        ssl=context,
        subprotocols=chosen,
        compression=None,
        max_size=None,
        open_timeout=timeout_s,
    )

    async def opened() -> ClientConnection:
        return await opening()

    with start_blocking_portal() as portal:
        connection = portal.call(opened)
        try:
            yield LoopSocket(portal, connection)
        finally:
            portal.call(connection.close)
