"""The technologist's page and its data, on a port of the gateway; other machines enter a PIN first."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleneedle.adapters.link.event_log import EventLog
from teleneedle.apps.edge.intake import deidentifier_in
from teleneedle.apps.edge.intake_stow import stow_router
from teleneedle.apps.edge.settings import GatewaySettings, intake_settings, spool_of
from teleneedle.apps.edge.status import StatusReader
from teleneedle.apps.hub.sign_in_throttle import SignInThrottle

STATIC = Path(__file__).parents[1] / "hub" / "static"
COOKIE = "teleneedle_gateway"
STREAM_S = 1.0
HEADERS = {
    b"content-security-policy": b"default-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
}


class StatusPages:
    """The routes, and who may use them."""

    def __init__(self, folder: Path, settings: GatewaySettings) -> None:
        self._reader = StatusReader(folder, settings)
        self._pin = settings.status.pin
        self._ticket = secrets.token_urlsafe(24)
        self._throttle = SignInThrottle(lambda: datetime.now(UTC))
        self._reading = asyncio.Lock()

    def routes(self) -> list[Route | Mount]:
        """Page, state, stream, PIN."""
        return [
            Route("/", self.page),
            Route("/status", self.state),
            Route("/status/stream", self.stream),
            Route("/pin", self.enter, methods=["POST"]),
            Mount("/assets", StaticFiles(directory=STATIC / "assets", check_dir=False)),
        ]

    async def page(self, _request: Request) -> Response:
        """The page itself; it holds nothing about anybody."""
        place = STATIC / "edge" / "index.html"
        if not place.is_file():
            return Response("make web / 请运行 make web", status_code=503, media_type="text/plain")
        return FileResponse(place)

    async def state(self, request: Request) -> Response:
        """How the gateway does."""
        if not self._may(request):
            return JSONResponse({"is_pin_needed": True}, status_code=401)
        return JSONResponse(await self._read())

    async def stream(self, request: Request) -> Response:
        """The same whenever it changes, as server-sent events."""
        if not self._may(request):
            return JSONResponse({"is_pin_needed": True}, status_code=401)
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def enter(self, request: Request) -> Response:
        """A PIN opens the page for this browser until the gateway starts again."""
        address = request.client.host if request.client else ""
        if self._throttle.is_blocked(address):
            return JSONResponse({}, status_code=429)
        given = (await request.body())[:200].decode("utf-8", "replace")
        if not self._pin or not hmac.compare_digest(given.encode(), self._pin.encode()):
            self._throttle.count_failure(address)
            return JSONResponse({}, status_code=403)
        answer = JSONResponse({})
        answer.set_cookie(COOKIE, self._ticket, httponly=True, samesite="strict")
        return answer

    def _may(self, request: Request) -> bool:
        if is_loopback(request.client.host if request.client else ""):
            return True
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self._ticket.encode())

    async def _read(self) -> dict[str, object]:
        async with self._reading:
            return await run_in_threadpool(self._reader.read)

    async def _events(self) -> AsyncIterator[bytes]:
        while True:
            found = await self._read()
            yield f"data: {json.dumps(found, ensure_ascii=False)}\n\n".encode()
            await asyncio.sleep(STREAM_S)


class Guard:
    """Adds the headers; refuses names of foreign sites that were made to lead to this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or 421."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def begin(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS.items()]
            await send(message)

        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        app = self._app if _is_own_name(host) else Response("unknown host", status_code=421)
        await app(scope, receive, begin)


def is_loopback(host: str) -> bool:
    """Whether the address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_own_name(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or (bool(name) and "." not in name)
    return True


def make_status_app(folder: Path, settings: GatewaySettings) -> Starlette:
    """The page, its data, and STOW-RS under ``/dicomweb``."""
    spool = spool_of(folder, settings)
    deidentifier = deidentifier_in(intake_settings(folder, settings).pseudonyms, spool)
    stow = stow_router(
        spool,
        EventLog(folder / "log", source="stow"),
        token=settings.status.pin,
        keep=deidentifier.keep if deidentifier else None,
    )
    pages = StatusPages(folder, settings)
    return Starlette(routes=[*pages.routes(), Mount("/dicomweb", stow)], middleware=[Middleware(Guard)])


def serve_status(folder: Path, settings: GatewaySettings) -> None:
    """Serve until SIGTERM."""
    uvicorn.run(
        make_status_app(folder, settings),
        host=settings.status.host,
        port=settings.status.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
