"""No answer of the interface leaves without a record: what a route did not record itself is recorded here."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import RequestResponseEndpoint

from teleneedle.adapters.sql.audit_store import Access
from teleneedle.apps.hub.context import Hub

RECORDED = ("/api/", "/fhir", "/dicomweb")
WITHOUT_PATIENTS = frozenset(
    {
        "/api/openapi.json",
        "/api/setup",
        "/api/devices",
        "/api/devices/{device_id}/zone",
        "/api/clearance-rules",
        "/api/session/providers",
        "/fhir/metadata",
    }
)
"""Routes that hold nothing about patients or people."""


def install_audit_net(app: FastAPI, hub: Hub) -> None:
    """Record every access to `app` that its route has not recorded, before its answer leaves."""

    @app.middleware("http")
    async def _recorded(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "")
        is_done = getattr(request.state, "is_recorded", False)
        if route.startswith(RECORDED) and route not in WITHOUT_PATIENTS and not is_done:
            await run_in_threadpool(_record, request, hub, route, response.status_code)
        return response


def _record(request: Request, hub: Hub, route: str, status: int) -> None:
    person = getattr(request.state, "person", None)
    given = ", ".join(f"{name}/{value}" for name, value in request.path_params.items())
    hub.audit.record(
        Access(
            person_id=person.id if person else "",
            person_name=person.name if person else "",
            action=f"{request.method} {route}"[:100],
            object=given[:200],
            outcome="done" if status < 400 else "refused" if status in (401, 403, 404) else "failed",
            address=request.client.host if request.client else "",
        ),
        at=hub.now(),
    )
