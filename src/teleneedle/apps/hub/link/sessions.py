"""The same talk where WebSockets are blocked: a session of plain requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from teleneedle.adapters.link.wire import LONGEST_CONTROL, FromHub, encode_control
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_parts import HEADER, LARGEST_PAYLOAD
from teleneedle.apps.hub.link.connection import Connection, refusal
from teleneedle.apps.hub.link.peer import peer_of
from teleneedle.apps.hub.link.receiver import Receiver
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.errors import TeleneedleError

router = APIRouter(prefix="/link/sessions")
LONGEST_WAIT_S = 10.0
"""A gateway that asks for news waits so long for some."""
IDLE_S = 60.0
MOST_SESSIONS = 64


@dataclass(kw_only=True, eq=False)
class Session:
    """One session; `news` are messages that its gateway has not fetched."""

    id: str
    connection: Connection
    news: deque[FromHub]
    has_news: asyncio.Event
    working: asyncio.Task[None]
    used_at: float = field(default_factory=time.monotonic)

    def fetch(self) -> list[str]:
        """Everything that is new, as text."""
        found = [encode_control(message) for message in self.news]
        self.news.clear()
        self.has_news.clear()
        return found


@router.post("")
async def open_session(request: Request) -> JSONResponse:
    """Begin; the body is the gateway's hello."""
    receiver: Receiver = request.app.state.receiver
    sessions = _sessions(request)
    _end_idle(receiver, sessions)
    if len(sessions) >= MOST_SESSIONS:
        raise WireError("a gateway announces too much on one connection")
    news: deque[FromHub] = deque()
    has_news = asyncio.Event()

    async def say(message: FromHub) -> None:
        news.append(message)
        has_news.set()

    connection = Connection(receiver, peer_of(request), say)
    await connection.hear((await _body(request, LONGEST_CONTROL)).decode("utf-8", "replace"))
    receiver.join(connection)
    session = Session(
        id=secrets.token_hex(16),
        connection=connection,
        news=news,
        has_news=has_news,
        working=asyncio.ensure_future(_work(connection)),
    )
    sessions[session.id] = session
    return JSONResponse({"session": session.id, "messages": session.fetch()})


@router.post("/{session_id}/control")
async def control(session_id: str, request: Request) -> JSONResponse:
    """Say something, and hear what is new; without either, wait a while for news."""
    session = _session(request, session_id)
    try:
        said = json.loads(await _body(request, LONGEST_CONTROL))
    except (ValueError, RecursionError):
        raise WireError("a message is no JSON") from None
    if not isinstance(said, list):
        raise WireError("a message is of no known kind")
    for text in said:
        await session.connection.hear(str(text))
    if not said and not session.news and not session.working.done():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(session.has_news.wait(), LONGEST_WAIT_S)
    return JSONResponse(session.fetch())


@router.put("/{session_id}/parts", status_code=204)
async def put_part(session_id: str, request: Request) -> Response:
    """Take in one part; it is on the disk when this answers."""
    session = _session(request, session_id)
    frame = await _body(request, HEADER.size + LARGEST_PAYLOAD)
    durable = session.connection.take_awaited(frame)
    done, _ = await asyncio.wait(
        [asyncio.ensure_future(durable), session.working], return_when=asyncio.FIRST_COMPLETED
    )
    if session.working in done:
        raise not_found("session")
    return Response(status_code=204)


async def _work(connection: Connection) -> None:
    """Bring parts to the disk until the gateway may not go on."""
    try:
        await connection.work()
    except TeleneedleError as error:
        await connection.say(refusal(error))


async def _body(request: Request, most: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise WireError("a message is too long")
    return bytes(content)


def _sessions(request: Request) -> dict[str, Session]:
    found: dict[str, Session] = request.app.state.sessions
    return found


def _session(request: Request, session_id: str) -> Session:
    session = _sessions(request).get(session_id)
    if session is None or session.connection.peer.gateway_id != peer_of(request).gateway_id:
        raise not_found("session")
    session.used_at = time.monotonic()
    return session


def _end_idle(receiver: Receiver, sessions: dict[str, Any]) -> None:
    """Forget sessions that nobody has used for a while."""
    since = time.monotonic() - IDLE_S
    for session in [one for one in sessions.values() if one.used_at < since]:
        session.working.cancel()
        receiver.leave(session.connection)
        del sessions[session.id]
