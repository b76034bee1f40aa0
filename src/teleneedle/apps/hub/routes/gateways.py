"""Gateways of hospitals: listed, let in by a one-time code, renamed and revoked by administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from teleneedle.adapters.certificates.gateway_identity import fingerprint_of
from teleneedle.adapters.sql.gateway_tables import GatewayRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import audit, require
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api/admin/gateways", tags=["admin"])
HubNow = Annotated[Hub, Depends(hub_of)]
Administrator = Annotated[Person, Depends(require(Action.ADMINISTER))]
Name = Annotated[str, Field(min_length=1, max_length=100)]
FINGERPRINT_CHARS = 16


class GatewayShape(BaseModel):
    """What the hub knows of a gateway.

    Parameters
    ----------
    rate_bytes_per_s : float
        What came in the last seconds.
    clock_difference_s : float or None
        Its clock less the hub's, s.
    """

    id: str
    site_id: str
    name: str
    created_at: datetime
    revoked_at: datetime | None
    certificate_ends_at: datetime | None
    last_seen_at: datetime | None
    is_connected: bool
    rate_bytes_per_s: float
    clock_difference_s: float | None
    software: str


class NewCode(BaseModel):
    """For which hospital a gateway is to join, and what it is to be called."""

    site_id: str = Field(max_length=36)
    name: str = Field(default="", max_length=100)


class IssuedCode(BaseModel):
    """A one-time code, shown this once; the gateway needs it and the link's port."""

    code: str
    name: str
    site_id: str
    expires_at: datetime
    link_port: int


class Renaming(BaseModel):
    """What the gateway is called from now on."""

    name: Name


def _shape(hub: Hub, row: GatewayRow, ends_at: datetime | None) -> GatewayShape:
    return GatewayShape(
        id=row.id,
        site_id=row.site_id,
        name=row.name,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        certificate_ends_at=ends_at,
        last_seen_at=row.last_seen_at,
        is_connected=hub.connections.is_connected(row.id),
        rate_bytes_per_s=hub.connections.rate_bytes_per_s(row.id),
        clock_difference_s=row.clock_difference_s,
        software=row.software,
    )


def _one(hub: Hub, gateway_id: str) -> GatewayShape:
    for row, ends_at in hub.gateways.gateways():
        if row.id == gateway_id:
            return _shape(hub, row, ends_at)
    raise not_found(f"gateway {gateway_id}")


@router.get("")
def list_gateways(_by: Administrator, hub: HubNow) -> list[GatewayShape]:
    """Every gateway, revoked ones too."""
    return [_shape(hub, row, ends_at) for row, ends_at in hub.gateways.gateways()]


@router.post("/codes", status_code=201)
def make_code(new: NewCode, by: Administrator, request: Request, hub: HubNow) -> IssuedCode:
    """A code by which one gateway of a hospital may join within half an hour."""
    site = hub.identity.site(new.site_id)
    if site is None or not site.is_active:
        raise not_found(f"site {new.site_id}")
    row, secret = hub.gateways.make_code(
        site_id=site.id, name=new.name.strip() or site.name, created_by=by.name
    )
    audit(request, hub, by, "POST /api/admin/gateways/codes", f"site/{site.id} {row.name}", "done")
    return IssuedCode(
        code=f"TN-{secret}-{fingerprint_of(hub.authority.pem)[:FINGERPRINT_CHARS]}",
        name=row.name,
        site_id=row.site_id,
        expires_at=row.expires_at,
        link_port=hub.settings.link_port,
    )


@router.patch("/{gateway_id}")
def rename_gateway(gateway_id: str, change: Renaming, _by: Administrator, hub: HubNow) -> GatewayShape:
    """Give a gateway another name."""
    if hub.gateways.rename(gateway_id, change.name) is None:
        raise not_found(f"gateway {gateway_id}")
    return _one(hub, gateway_id)


@router.delete("/{gateway_id}")
def revoke_gateway(gateway_id: str, _by: Administrator, hub: HubNow) -> GatewayShape:
    """Its open connections end now, and it is let in no more."""
    if hub.gateways.revoke(gateway_id) is None:
        raise not_found(f"gateway {gateway_id}")
    hub.connections.close(gateway_id=gateway_id)
    return _one(hub, gateway_id)
