"""DICOM stations and rules of sending: for administrators only."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.station_tables import ForwardingRuleRow, StationRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import audit, require
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api/admin/dicom", tags=["admin"])
HubNow = Annotated[Hub, Depends(hub_of)]
Administrator = Annotated[Person, Depends(require(Action.ADMINISTER))]
Id = Annotated[str, Field(max_length=36)]
Kind = Literal["series", "segmentation", "structure-set", "plan-document"]
Title = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[!-\[\]-~]([ -\[\]-~]*[!-\[\]-~])?$")]
"""VR AE: no backslash, no space at either end (PS3.5 table 6.2-1)."""


class StationIn(BaseModel):
    """A station; `sees` names the sites whose cases it may see, null stands for every site."""

    ae_title: Title
    site_id: Id
    host: str = Field(min_length=1, max_length=253, pattern=r"^[0-9A-Za-z.:_-]+$")
    port: int = Field(ge=1, le=65535)
    uses_tls: bool = False
    certificate_sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    sees: list[Id] | None = Field(default_factory=list, max_length=500)
    is_active: bool = True


class StationShape(StationIn):
    """A station as it is registered."""

    id: str
    created_by: str
    created_at: datetime


class RuleIn(BaseModel):
    """What goes to a station by itself; `site_id` and `modality` empty for any."""

    station_id: Id
    site_id: Id = ""
    modality: str = Field(default="", pattern=r"^[A-Z0-9_]{0,16}$")
    kinds: list[Kind] = Field(min_length=1, max_length=4)


class RuleShape(RuleIn):
    """A rule in use."""

    id: str
    created_by: str
    created_at: datetime


class PortShape(BaseModel):
    """Where stations connect; port 0 when they cannot."""

    ae_title: str
    host: str
    port: int
    has_tls: bool


def _station(row: StationRow) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in StationShape.model_fields}
    return {**found, "sees": json.loads(row.sees)}


def _rule(row: ForwardingRuleRow) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in RuleShape.model_fields}
    return {**found, "kinds": json.loads(row.kinds)}


def _require_sites(hub: Hub, site_ids: list[str]) -> None:
    known = {row.id for row in hub.identity.sites()}
    for site_id in site_ids:
        if site_id not in known:
            raise not_found(f"site {site_id}")


@router.get("/port", response_model=PortShape)
def get_port(_by: Administrator, hub: HubNow) -> dict[str, Any]:
    """What a station must be told of this hub."""
    settings = hub.settings
    return {
        "ae_title": settings.dicom_aet,
        "host": settings.dicom_host,
        "port": settings.dicom_port,
        "has_tls": bool(settings.dicom_certificate),
    }


@router.get("/stations", response_model=list[StationShape])
def list_stations(_by: Administrator, hub: HubNow) -> list[dict[str, Any]]:
    """Every station."""
    return [_station(row) for row in hub.stations.rows()]


@router.post("/stations", status_code=201, response_model=StationShape)
def add_station(new: StationIn, by: Administrator, request: Request, hub: HubNow) -> dict[str, Any]:
    """Register a station."""
    _require_sites(hub, [new.site_id, *(new.sees or [])])
    row = hub.stations.add(new.model_dump(), by.name)
    if row is None:
        raise HubProblem("conflict", "该 AE 标题已登记", "this AE title is registered", where="ae_title")
    audit(request, hub, by, "POST /api/admin/dicom/stations", f"station/{row.id} {row.ae_title}", "done")
    return _station(row)


@router.put("/stations/{station_id}", response_model=StationShape)
def change_station(station_id: str, new: StationIn, _by: Administrator, hub: HubNow) -> dict[str, Any]:
    """Change a station; counts from its next request on."""
    _require_sites(hub, [new.site_id, *(new.sees or [])])
    if any(row.ae_title == new.ae_title and row.id != station_id for row in hub.stations.rows()):
        raise HubProblem("conflict", "该 AE 标题已登记", "this AE title is registered", where="ae_title")
    row = hub.stations.change(station_id, new.model_dump())
    if row is None:
        raise not_found(f"station {station_id}")
    return _station(row)


@router.delete("/stations/{station_id}", status_code=204)
def remove_station(station_id: str, _by: Administrator, hub: HubNow) -> Response:
    """Forget a station and its rules."""
    if not hub.stations.remove(station_id):
        raise not_found(f"station {station_id}")
    return Response(status_code=204)


@router.get("/rules", response_model=list[RuleShape])
def list_rules(_by: Administrator, hub: HubNow) -> list[dict[str, Any]]:
    """Every rule of sending."""
    return [_rule(row) for row in hub.stations.rule_rows()]


@router.post("/rules", status_code=201, response_model=RuleShape)
def add_rule(new: RuleIn, by: Administrator, hub: HubNow) -> dict[str, Any]:
    """Send by itself from now on."""
    if new.site_id:
        _require_sites(hub, [new.site_id])
    if hub.stations.get(new.station_id) is None:
        raise not_found(f"station {new.station_id}")
    return _rule(hub.stations.add_rule(**new.model_dump(), created_by=by.name))


@router.delete("/rules/{rule_id}", status_code=204)
def remove_rule(rule_id: str, _by: Administrator, hub: HubNow) -> Response:
    """Send no longer by this rule; what was ordered goes on."""
    if not hub.stations.remove_rule(rule_id):
        raise not_found(f"rule {rule_id}")
    return Response(status_code=204)
