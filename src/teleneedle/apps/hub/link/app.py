"""The application behind the link's port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link import enrol, sessions, socket
from teleneedle.apps.hub.link.gate import GatewayGate
from teleneedle.apps.hub.problems import install_problems

ROUTERS = (enrol.router, socket.router, sessions.router)


def make_link_app(hub: Hub) -> FastAPI:
    """Enrolment, which is open, and what known gateways may do."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with hub.arriving.receiving() as receiver:
            app.state.receiver, app.state.sessions = receiver, {}
            yield

    app = FastAPI(title="Teleneedle link", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.hub = hub
    install_problems(app)
    app.add_middleware(GatewayGate, hub=hub)
    for router in ROUTERS:
        app.include_router(router)
    return app
