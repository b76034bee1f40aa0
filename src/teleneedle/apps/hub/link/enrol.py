"""How a gateway joins with a one-time code, and renews its certificate by itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from teleneedle.adapters.certificates.authority import require_request
from teleneedle.adapters.certificates.key_files import pem
from teleneedle.adapters.sql.audit_store import Access
from teleneedle.adapters.sql.gateway_store import Gateway, serial_text
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import address_of
from teleneedle.apps.hub.link.gate import gateway_of
from teleneedle.apps.hub.problems import HubProblem

router = APIRouter(prefix="/link")
HubNow = Annotated[Hub, Depends(hub_of)]
Request_ = Annotated[str, Field(min_length=1, max_length=4000)]


class Joining(BaseModel):
    """A code's secret and the request for a certificate, PEM."""

    secret: str = Field(min_length=1, max_length=100)
    request: Request_


class Renewing(BaseModel):
    """The request for the next certificate, PEM."""

    request: Request_


class Issued(BaseModel):
    """What the gateway keeps."""

    gateway_id: str
    name: str
    certificate: str
    authority: str


@router.get("/ca")
def authority(hub: HubNow) -> PlainTextResponse:
    """The hub's authority, which the gateway compares with its code."""
    return PlainTextResponse(hub.authority.pem, media_type="application/x-pem-file")


@router.post("/enrol", status_code=201)
def enrol(joining: Joining, request: Request, hub: HubNow) -> Issued:
    """A gateway joins: its code is used up, its certificate is issued."""
    address = address_of(request)
    if hub.enrolment_throttle.is_blocked(address):
        raise HubProblem(
            "too-many", "尝试次数过多，请稍后再试", "too many attempts", remedy="wait a few minutes"
        )
    require_request(joining.request)
    gateway = hub.gateways.redeem(joining.secret)
    if gateway is None:
        hub.enrolment_throttle.count_failure(address)
        _record(hub, request, None, "refused")
        raise HubProblem(
            "forbidden",
            "登记码无效、已使用或已过期",
            "the code is unknown, used or too old",
            remedy="ask the hub's administrator for a new code",
        )
    issued = _issue(hub, gateway, joining.request)
    _record(hub, request, gateway, "done")
    return issued


@router.post("/renewal", status_code=201)
def renew(
    renewing: Renewing, request: Request, hub: HubNow, gateway: Annotated[Gateway, Depends(gateway_of)]
) -> Issued:
    """The next certificate of a gateway that shows a good one."""
    issued = _issue(hub, gateway, renewing.request)
    _record(hub, request, gateway, "done")
    return issued


def _issue(hub: Hub, gateway: Gateway, request_pem: str) -> Issued:
    certificate = hub.authority.issue_to_gateway(request_pem, gateway.id, at=hub.now())
    hub.gateways.add_certificate(
        gateway.id,
        serial=serial_text(certificate.serial_number),
        expires_at=certificate.not_valid_after_utc,
    )
    return Issued(
        gateway_id=gateway.id, name=gateway.name, certificate=pem(certificate), authority=hub.authority.pem
    )


def _record(hub: Hub, request: Request, gateway: Gateway | None, outcome: str) -> None:
    hub.audit.record(
        Access(
            person_id=gateway.id if gateway else "",
            person_name=gateway.name if gateway else "",
            action=f"POST {request.url.path}",
            object=f"gateway/{gateway.id}" if gateway else "gateway",
            outcome=outcome,
            address=address_of(request),
        ),
        at=hub.now(),
    )
