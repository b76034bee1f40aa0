"""What the routes reach: one object, made in `bootstrap`, kept on ``app.state.hub``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from sqlalchemy import Engine

from teleneedle.adapters.certificates.authority import Authority
from teleneedle.adapters.sql.audit_store import AuditStore
from teleneedle.adapters.sql.database import Sessions
from teleneedle.adapters.sql.gateway_store import GatewayStore
from teleneedle.adapters.sql.identity_store import IdentityStore
from teleneedle.adapters.sql.site_settings import DeviceRegister, Limits
from teleneedle.adapters.sql.station_store import StationStore
from teleneedle.adapters.sql.token_store import TokenStore
from teleneedle.apps.hub.audit_limit import StrangerLimit
from teleneedle.apps.hub.link.connections import LinkConnections
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.hub.sign_in_throttle import SignInThrottle


@dataclass(kw_only=True)
class Hub:
    """The running hub.

    `objects`, `imaging`, `results`, `jobs`, `arrivals`, `arriving`, `cases`, `broadcaster` belong to their
    features, which set them.
    """

    settings: Settings
    folder: Path
    database_url: str
    engine: Engine
    sessions: Sessions
    now: Callable[[], datetime]
    identity: IdentityStore
    audit: AuditStore
    devices: DeviceRegister
    limits: Limits
    tokens: TokenStore
    throttle: SignInThrottle
    strangers: StrangerLimit
    gateways: GatewayStore
    stations: StationStore
    authority: Authority
    enrolment_throttle: SignInThrottle
    connections: LinkConnections = field(default_factory=LinkConnections)
    objects: Any = None
    imaging: Any = None
    results: Any = None
    jobs: Any = None
    arrivals: Any = None
    arriving: Any = None
    cases: Any = None
    broadcaster: Any = None
    forwarding: Any = None


def hub_of(request: Request) -> Hub:
    """Dependency: the hub of this application."""
    return cast(Hub, request.app.state.hub)
