"""Put the hub together: database, stores, features, routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI

from teleneedle import RESEARCH_STATEMENT_EN, RESEARCH_STATEMENT_ZH, __version__
from teleneedle.adapters.certificates.authority import open_authority
from teleneedle.adapters.sql.audit_store import AuditStore
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.adapters.sql.gateway_store import GatewayStore
from teleneedle.adapters.sql.identity_store import IdentityStore
from teleneedle.adapters.sql.migrations import upgrade
from teleneedle.adapters.sql.site_settings import DeviceRegister, Limits
from teleneedle.adapters.sql.station_store import StationStore
from teleneedle.adapters.sql.token_store import TokenStore
from teleneedle.apps.hub.audit_limit import StrangerLimit
from teleneedle.apps.hub.audit_net import install_audit_net, record_rest
from teleneedle.apps.hub.casework import make_casework
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.forwarding import make_forwarding
from teleneedle.apps.hub.observe import install_observation
from teleneedle.apps.hub.planning import make_planning
from teleneedle.apps.hub.problems import install_problems, not_found
from teleneedle.apps.hub.request_guard import RequestGuard
from teleneedle.apps.hub.routes import (
    admin,
    arriving,
    cases,
    devices,
    dicomweb,
    fhir,
    gateways,
    jobs,
    oidc,
    plans,
    series,
    session,
    sites,
    stations,
    stow,
    structures,
    tokens,
    uploads,
)
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.hub.sign_in_throttle import SignInThrottle
from teleneedle.apps.hub.web_app import install_headers, install_web_app

ROUTERS = (
    session.router,
    oidc.router,
    admin.router,
    tokens.router,
    gateways.router,
    sites.router,
    stations.router,
    cases.router,
    uploads.router,
    arriving.router,
    series.router,
    structures.router,
    plans.router,
    jobs.router,
    devices.router,
    dicomweb.router,
    stow.router,
    fhir.router,
)


def utc_now() -> datetime:
    """The clock of the hub."""
    return datetime.now(UTC)


def make_hub(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Hub:
    """Open the database, bring it to the schema of this version, and open the stores on it."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    upgrade(engine)
    sessions = open_sessions(engine)
    limits = Limits(sessions)
    hub = Hub(
        settings=settings,
        folder=settings.folder,
        database_url=settings.database,
        engine=engine,
        sessions=sessions,
        now=now,
        identity=IdentityStore(sessions, now, session_hours=lambda: limits.all()["session_hours"]),
        audit=AuditStore(sessions),
        devices=DeviceRegister(sessions, now),
        limits=limits,
        tokens=TokenStore(sessions, now),
        throttle=SignInThrottle(now),
        strangers=StrangerLimit(now),
        gateways=GatewayStore(sessions, now),
        stations=StationStore(sessions, now),
        authority=open_authority(settings.folder / "link", at=now()),
        enrolment_throttle=SignInThrottle(now),
    )

    def site_name(site_id: str) -> str:
        row = hub.identity.site(site_id)
        if row is None or not row.is_active:
            raise not_found(f"site {site_id}")
        return row.name

    make_casework(hub, site_name=site_name)
    make_planning(hub)
    make_forwarding(hub)
    return hub


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The hub as an ASGI application."""
    hub = make_hub(settings, now=now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        hub.arriving.shelf.resume()
        hub.jobs.resume()
        hub.forwarding.resume()
        yield
        hub.arrivals.close()
        hub.jobs.close()
        hub.forwarding.close()
        hub.broadcaster.close()
        record_rest(hub)
        hub.engine.dispose()

    app = FastAPI(
        title="Teleneedle hub",
        version=__version__,
        description=f"{RESEARCH_STATEMENT_EN}. {RESEARCH_STATEMENT_ZH}。",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.hub = hub
    install_problems(app)
    app.add_middleware(RequestGuard)
    install_audit_net(app, hub)
    install_headers(app)
    install_observation(app, hub)
    for router in ROUTERS:
        app.include_router(router)
    install_web_app(app)
    return app
