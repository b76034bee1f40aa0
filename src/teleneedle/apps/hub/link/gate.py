"""Nobody but a known gateway gets past here, except to enrol: asked before any message is read."""

from __future__ import annotations

from typing import cast

from cryptography import x509
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from teleneedle.adapters.sql.gateway_store import Gateway, serial_text
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.problems import HubProblem, problem_response

OPEN_PATHS = frozenset({"/link/ca", "/link/enrol"})
KEY = "teleneedle.gateway"


class GatewayGate:
    """ASGI middleware of the link's application."""

    def __init__(self, app: ASGIApp, *, hub: Hub) -> None:
        self._app = app
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403, or pass on with the gateway in the scope."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        gateway = await run_in_threadpool(self._find, scope)
        if gateway is not None:
            await self._app({**scope, KEY: gateway}, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await problem_response(_refusal())(scope, receive, send)

    def _find(self, scope: Scope) -> Gateway | None:
        chain = ((scope.get("extensions") or {}).get("tls") or {}).get("client_cert_chain") or []
        if not chain:
            return None
        certificate = x509.load_pem_x509_certificate(chain[0].encode("ascii"))
        gateway = self._hub.gateways.find(serial_text(certificate.serial_number))
        if gateway is not None:
            self._hub.gateways.note_seen(gateway.id)
        return gateway


def gateway_of(connection: HTTPConnection) -> Gateway:
    """Dependency: the gateway at the other end of a request or WebSocket."""
    return cast(Gateway, connection.scope[KEY])


def _refusal() -> HubProblem:
    return HubProblem(
        "forbidden",
        "平台不认识此网关，或其证书已被撤销",
        "this gateway is not known here, or its certificate was revoked",
        remedy="ask the hub's administrator for a code and enrol again",
    )
