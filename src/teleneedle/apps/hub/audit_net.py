"""No answer of the interface leaves without a record: what a route did not record itself is recorded here."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleneedle.adapters.sql.audit_store import Access
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.identity import address_of, given

RECORDED = ("/api/", "/fhir", "/dicomweb")
WITHOUT_PATIENTS = frozenset(
    {
        "/api/openapi.json",
        "/api/setup",
        "/api/devices",
        "/api/devices/{device_id}/zone",
        "/api/clearance-rules",
        "/api/session/providers",
        "/api/sites",
        "/fhir/metadata",
    }
)
"""Routes that hold nothing about patients or people."""


def install_audit_net(app: FastAPI, hub: Hub) -> None:
    """Record every access to `app` that its route has not recorded, before its answer leaves."""
    app.add_middleware(_AuditNet, hub=hub)


class _AuditNet:
    def __init__(self, app: ASGIApp, *, hub: Hub) -> None:
        self._app = app
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def begin(message: Message) -> None:
            if message["type"] == "http.response.start" and _must_record(request):
                await run_in_threadpool(_record, request, self._hub, message["status"])
            await send(message)

        await self._app(scope, receive, begin)


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", ""))


def _must_record(request: Request) -> bool:
    route = _route(request)
    is_done = getattr(request.state, "is_recorded", False)
    return route.startswith(RECORDED) and route not in WITHOUT_PATIENTS and not is_done


def _record(request: Request, hub: Hub, status: int) -> None:
    person = getattr(request.state, "person", None)
    address = address_of(request)
    if person is None and status >= 400:
        due = hub.strangers.admit(address)
        if due.summary is not None:
            hub.audit.record(due.summary, at=hub.now())
        if not due.is_single:
            return
    hub.audit.record(
        Access(
            person_id=person.id if person else "",
            person_name=person.name if person else "",
            action=f"{request.method} {_route(request)}"[:100],
            object=given(request)[:200],
            outcome="done" if status < 400 else "refused" if status in (401, 403, 404) else "failed",
            address=address,
        ),
        at=hub.now(),
    )


def record_rest(hub: Hub) -> None:
    """Record, at the end of the hub, how many refusals have no record of their own."""
    summary = hub.strangers.close()
    if summary is not None:
        hub.audit.record(summary, at=hub.now())
