"""What the routes of a case need, put together once: its life, who watches, who is present."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends

from teleneedle.adapters.sql.case_log import SqlCaseLog
from teleneedle.apps.hub.broadcaster import Broadcaster
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.presence import Presence
from teleneedle.apps.hub.shapes.events import event_json
from teleneedle.core.casefile.events import Event
from teleneedle.services.case_life import CaseLife

SiteName = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Casework:
    """Kept as ``hub.cases``; `life` appends and tells `broadcaster`."""

    life: CaseLife
    broadcaster: Broadcaster
    presence: Presence
    site_name: SiteName


def make_casework(hub: Hub, *, site_name: SiteName) -> Casework:
    """Casework on the hub's database; also sets ``hub.broadcaster`` and ``hub.cases``."""
    broadcaster = Broadcaster()

    def tell(event: Event) -> None:
        broadcaster.publish(event.case_id, "case", event_json(event))
        if event.kind == "plan.approved" and hub.forwarding is not None:
            hub.forwarding.plan_approved(event.case_id, str(event.body["plan_sha256"]))

    casework = Casework(
        life=CaseLife(log=SqlCaseLog(hub.sessions), now=hub.now, tell=tell),
        broadcaster=broadcaster,
        presence=Presence(hub.now),
        site_name=site_name,
    )
    hub.broadcaster, hub.cases = broadcaster, casework
    return casework


def casework_of(hub: Annotated[Hub, Depends(hub_of)]) -> Casework:
    """Dependency: the casework of this hub."""
    return cast(Casework, hub.cases)
