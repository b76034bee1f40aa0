"""What the routes reach: one object, made in `bootstrap`, kept on ``app.state.hub``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from sqlalchemy import Engine

from teleneedle.adapters.sql.audit_store import AuditStore
from teleneedle.adapters.sql.database import Sessions
from teleneedle.adapters.sql.identity_store import IdentityStore
from teleneedle.adapters.sql.site_settings import DeviceRegister, Limits
from teleneedle.apps.hub.settings import Settings


@dataclass(kw_only=True)
class Hub:
    """The running hub.

    `objects`, `jobs`, `cases` and `broadcaster` belong to their features, which set and cast them.
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
    objects: Any = None
    imaging: Any = None
    jobs: Any = None
    cases: Any = None
    broadcaster: Any = None


def hub_of(request: Request) -> Hub:
    """Dependency: the hub of this application."""
    return cast(Hub, request.app.state.hub)
