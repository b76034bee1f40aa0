"""The WebSocket of a gateway."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from teleneedle.adapters.link.wire import SUBPROTOCOL, FromHub, encode_control
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.apps.hub.link.connection import Connection, refusal
from teleneedle.apps.hub.link.peer import peer_of
from teleneedle.apps.hub.link.receiver import Receiver
from teleneedle.core.errors import TeleneedleError

router = APIRouter(prefix="/link")
log = logging.getLogger("teleneedle.link")
REFUSED, SELDOM = 1008, 1013
"""Close codes: what was said may not be said; try again later (RFC 6455 section 7.4, IANA registry)."""


@router.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    """Talk with a gateway until one of both ends it."""
    if SUBPROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.close(REFUSED)
        return
    await websocket.accept(subprotocol=SUBPROTOCOL)
    receiver: Receiver = websocket.app.state.receiver
    saying = asyncio.Lock()

    async def say(message: FromHub) -> None:
        async with saying:
            await websocket.send_text(encode_control(message))

    connection = Connection(receiver, peer_of(websocket), say)
    receiver.join(connection)
    try:
        await _first_end(_listen(websocket, connection), connection.work())
    except TeleneedleError as error:
        log.warning("a gateway was refused: %s", error.what)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await say(refusal(error))
            await websocket.close(REFUSED if isinstance(error, WireError) else SELDOM)
    except (WebSocketDisconnect, OSError, RuntimeError):
        return
    finally:
        receiver.leave(connection)


async def _listen(websocket: WebSocket, connection: Connection) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        if message.get("bytes") is not None:
            await connection.take(message["bytes"])
        else:
            await connection.hear(message["text"])


async def _first_end(*works: Coroutine[Any, Any, None]) -> None:
    """Run until one of the works ends; its error is raised, the others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
