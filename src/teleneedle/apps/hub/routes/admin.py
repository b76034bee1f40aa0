"""Sites, people, devices, limits and the audit record: for administrators only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.identity_tables import MembershipRow, PersonRow, SiteRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import require
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Role

ADMINISTRATOR = [Depends(require(Action.ADMINISTER))]
router = APIRouter(prefix="/api/admin", tags=["admin"], dependencies=ADMINISTRATOR)
HubNow = Annotated[Hub, Depends(hub_of)]
Id = Annotated[str, Field(max_length=36)]


class NewSite(BaseModel):
    """A centre or hospital to add."""

    name: str = Field(min_length=1, max_length=200)
    kind: Literal["centre", "hospital"]


class SiteChange(BaseModel):
    """What is to change."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    is_active: bool | None = None


class MembershipIn(BaseModel):
    """A role at a site."""

    site_id: Id
    role: Role


class NewPerson(BaseModel):
    """Somebody to add."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    password: str = Field(min_length=10, max_length=200)
    memberships: list[MembershipIn] = Field(max_length=50)
    locale: Literal["zh", "en"] = "zh"


class PersonChange(BaseModel):
    """What is to change."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    password: str | None = Field(default=None, min_length=10, max_length=200)
    is_active: bool | None = None
    memberships: list[MembershipIn] | None = Field(default=None, max_length=50)


class VerificationIn(BaseModel):
    """Who compared a device's table with the manufacturer's."""

    verified_by: str = Field(min_length=1, max_length=200)
    note: str = Field(default="", max_length=2000)


class Limits(BaseModel):
    """Limits and retention of this hub."""

    max_upload_gb: float = Field(gt=0, le=1000)
    session_hours: float = Field(ge=0.5, le=168)
    retention_years: float = Field(ge=15, le=200)
    media_retention_years: float = Field(ge=3, le=200)


def _site(row: SiteRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "kind": row.kind, "is_active": row.is_active}


def _person(row: PersonRow, members: Sequence[MembershipRow]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "locale": row.locale,
        "is_active": row.is_active,
        "has_totp": row.totp_confirmed,
        "memberships": [{"site_id": m.site_id, "role": m.role} for m in members],
    }


@router.get("/sites")
def list_sites(hub: HubNow) -> list[dict[str, Any]]:
    """Every site."""
    return [_site(row) for row in hub.identity.sites()]


@router.post("/sites", status_code=201)
def add_site(site: NewSite, hub: HubNow) -> dict[str, Any]:
    """Add a site."""
    return _site(hub.identity.add_site(site.name, site.kind))


@router.patch("/sites/{site_id}")
def change_site(site_id: str, change: SiteChange, hub: HubNow) -> dict[str, Any]:
    """Rename a site or take it out of use."""
    row = hub.identity.change_site(site_id, name=change.name, is_active=change.is_active)
    if row is None:
        raise not_found(f"site {site_id}")
    return _site(row)


@router.get("/people")
def list_people(hub: HubNow) -> list[dict[str, Any]]:
    """Everybody and their roles."""
    return [_person(row, members) for row, members in hub.identity.people()]


def require_roles_fit(hub: Hub, roles: Sequence[tuple[str, Role]]) -> None:
    """Refuse a role at a site that does not exist or is of the other kind.

    Raises
    ------
    HubProblem
        not-found, invalid
    """
    kinds = {row.id: row.kind for row in hub.identity.sites()}
    for site_id, role in roles:
        if site_id not in kinds:
            raise not_found(f"site {site_id}")
        if role in (Role.EXPERT, Role.MDT, Role.ADMIN) and kinds[site_id] != "centre":
            raise HubProblem(
                "invalid",
                "专家、会诊成员和管理员只能属于中心",
                "experts, MDT members and administrators belong to the centre",
                where=f"memberships/{role.value}",
            )


def _roles(hub: Hub, memberships: list[MembershipIn]) -> list[tuple[str, Role]]:
    roles = [(member.site_id, member.role) for member in memberships]
    require_roles_fit(hub, roles)
    return roles


@router.post("/people", status_code=201)
def add_person(person: NewPerson, hub: HubNow) -> dict[str, Any]:
    """Add somebody."""
    row = hub.identity.add_person(
        name=person.name,
        email=person.email,
        password=person.password,
        memberships=_roles(hub, person.memberships),
        locale=person.locale,
    )
    if row is None:
        raise HubProblem("conflict", "该邮箱已被使用", "this e-mail is taken", where="email")
    return _one(hub, row.id)


@router.patch("/people/{person_id}")
def change_person(person_id: str, change: PersonChange, hub: HubNow) -> dict[str, Any]:
    """Change somebody; new roles or a new password end their sign-ins."""
    roles = None if change.memberships is None else _roles(hub, change.memberships)
    row = hub.identity.change_person(
        person_id,
        name=change.name,
        password=change.password,
        is_active=change.is_active,
        memberships=roles,
    )
    if row is None:
        raise not_found(f"person {person_id}")
    return _one(hub, person_id)


@router.delete("/people/{person_id}/totp", status_code=204)
def remove_second_factor(person_id: str, hub: HubNow) -> Response:
    """Somebody lost their second factor: the password is enough again; ends their sign-ins."""
    if not hub.identity.remove_totp(person_id):
        raise not_found(f"person {person_id}")
    return Response(status_code=204)


def _one(hub: Hub, person_id: str) -> dict[str, Any]:
    return next(_person(row, m) for row, m in hub.identity.people() if row.id == person_id)


@router.put("/devices/{device_id}/verification", status_code=204)
def verify_device(device_id: str, verification: VerificationIn, hub: HubNow) -> Response:
    """Put a name to a device's table."""
    if device_id not in hub.devices.known():
        raise not_found(f"device {device_id}")
    hub.devices.verify(device_id, verification.verified_by, verification.note)
    return Response(status_code=204)


@router.delete("/devices/{device_id}/verification", status_code=204)
def withdraw_verification(device_id: str, hub: HubNow) -> Response:
    """The table counts as unverified again."""
    hub.devices.withdraw(device_id)
    return Response(status_code=204)


@router.get("/limits", response_model=Limits)
def get_limits(hub: HubNow) -> dict[str, float]:
    """Limits and retention."""
    return dict(hub.limits.all())


@router.put("/limits", response_model=Limits)
def put_limits(limits: Limits, hub: HubNow) -> dict[str, float]:
    """Change limits and retention."""
    hub.limits.set(limits.model_dump())
    return dict(hub.limits.all())


@router.get("/audit/verification")
def verify_audit(hub: HubNow) -> dict[str, Any]:
    """Whether the chain of the audit record holds."""
    found = hub.audit.verify()
    return {"ok": found.ok, "records": found.records, "first_broken_seq": found.first_broken_seq}


@router.get("/audit")
def list_audit(
    hub: HubNow,
    person_id: Annotated[str, Query(max_length=36)] = "",
    case_id: Annotated[str, Query(max_length=36)] = "",
    cursor: Annotated[int | None, Query(ge=1, le=2**31)] = None,
) -> dict[str, Any]:
    """The audit record, newest first."""
    rows = hub.audit.page(
        person_id=person_id, object_prefix=f"case/{case_id}" if case_id else "", before=cursor
    )
    items = [
        {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "person": {"id": row.person_id, "name": row.person_name},
            "action": row.action,
            "object": row.object,
            "outcome": row.outcome,
            "address": row.address,
            "sha256": row.sha256,
        }
        for row in rows
    ]
    return {"items": items, "next": rows[-1].seq if len(rows) == 100 else None}
