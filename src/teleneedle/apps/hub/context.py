"""What the routes reach: one object, made in `bootstrap`, kept on ``app.state.hub``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from sqlalchemy import Engine

from teleneedle.adapters.sql.database import Sessions


@dataclass(kw_only=True)
class Hub:
    """The running hub.

    `parts` of later features (objects, jobs, cases, broadcaster) are attributes set in `bootstrap`.
    """

    folder: Path
    database_url: str
    engine: Engine
    sessions: Sessions
    now: Callable[[], datetime]
    objects: Any = None
    jobs: Any = None
    cases: Any = None
    broadcaster: Any = None


def hub_of(request: Request) -> Hub:
    """Dependency: the hub of this application."""
    return cast(Hub, request.app.state.hub)
