"""The way to the hub: messages and parts over one secure WebSocket."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from teleneedle.adapters.link.wire import (
    LONGEST_CONTROL,
    SUBPROTOCOL,
    FromGateway,
    FromHub,
    decode_from_hub,
    encode_control,
)
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_parts import LARGEST_PAYLOAD, Part, encode_part
from teleneedle.apps.edge.sender_plan import SenderPlan

OPEN_S = 5.0
UNSENT_BYTES = LARGEST_PAYLOAD
"""Most that waits inside the kernel without being on the wire; what waits here can still be overtaken."""


class LineLostError(ConnectionError):
    """The way to the hub is gone; `why` is for the log."""


class Line(Protocol):
    """One connection to the hub."""

    transport: str

    async def say(self, message: FromGateway) -> None:
        """Send a message."""

    async def send(self, part: Part) -> None:
        """Send a part; waits while the line is full."""

    def heard(self) -> AsyncIterator[FromHub]:
        """What the hub says, until the line is lost."""

    async def close(self) -> None:
        """Let go of the connection."""


class WebSocketLine:
    """The usual way."""

    transport = "websocket"

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def say(self, message: FromGateway) -> None:
        """Send a message."""
        await self._send(encode_control(message))

    async def send(self, part: Part) -> None:
        """Send a part; waits while the line is full."""
        await self._send(encode_part(part))

    async def heard(self) -> AsyncIterator[FromHub]:
        """What the hub says, until the line is lost."""
        try:
            while True:
                frame = await self._connection.recv()
                if not isinstance(frame, str):
                    raise WireError("a message is of no known kind")
                yield decode_from_hub(frame)
        except ConnectionClosed as error:
            raise LineLostError(str(error)) from error

    async def close(self) -> None:
        """Drop the connection without waiting for a farewell that may never come."""
        self._connection.transport.abort()
        with suppress(ConnectionClosed):
            await self._connection.wait_closed()

    async def _send(self, frame: str | bytes) -> None:
        try:
            await self._connection.send(frame)
        except ConnectionClosed as error:
            raise LineLostError(str(error)) from error


async def open_websocket(plan: SenderPlan, context: ssl.SSLContext) -> WebSocketLine:
    """Connect to the hub.

    Raises
    ------
    OSError, ssl.SSLError, TimeoutError
        If the hub cannot be reached, or does not take this gateway.
    websockets.exceptions.InvalidHandshake
        If something on the way does not let WebSockets pass.
    """
    connection = await connect(
        f"wss://{plan.origin}/link/socket",
        ssl=context,
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        compression=None,
        open_timeout=OPEN_S,
        ping_interval=None,
        max_size=LONGEST_CONTROL * 4,
        write_limit=UNSENT_BYTES,
        proxy=None,
    )
    tune(connection.transport.get_extra_info("socket"))
    return WebSocketLine(connection)


def tune(connected: socket.socket) -> None:
    """No waiting for more to send, and a shallow buffer, so that the next part is chosen late."""
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
