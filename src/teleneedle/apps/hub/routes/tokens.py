"""Tokens of machines: issued, listed and revoked by administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.identity_tables import ApiTokenRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import audit, require
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.apps.hub.routes.admin import require_roles_fit
from teleneedle.core.access import Action, Person, Role

router = APIRouter(prefix="/api/admin/tokens", tags=["admin"])
HubNow = Annotated[Hub, Depends(hub_of)]
Administrator = Annotated[Person, Depends(require(Action.ADMINISTER))]
MOST_DAYS = 731


class NewToken(BaseModel):
    """A machine to let in."""

    name: str = Field(min_length=1, max_length=100)
    site_id: str = Field(max_length=36)
    role: Role
    valid_days: int = Field(ge=1, le=MOST_DAYS)


class TokenShape(BaseModel):
    """What is known of a token; never its text."""

    id: str
    name: str
    site_id: str
    role: Role
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class IssuedToken(TokenShape):
    """A new token with its text, shown this once."""

    token: str


def _shape(row: ApiTokenRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TokenShape.model_fields}


@router.get("", response_model=list[TokenShape])
def list_tokens(_by: Administrator, hub: HubNow) -> list[dict[str, Any]]:
    """Every token, revoked and expired ones too."""
    return [_shape(row) for row in hub.tokens.tokens()]


@router.post("", status_code=201, response_model=IssuedToken)
def issue_token(new: NewToken, by: Administrator, request: Request, hub: HubNow) -> dict[str, Any]:
    """Let a machine in at one site in one role."""
    if new.role is Role.ADMIN:
        raise HubProblem("invalid", "机器不能担任管理员", "a machine is no administrator", where="role")
    require_roles_fit(hub, [(new.site_id, new.role)])
    row, token = hub.tokens.issue(
        name=new.name, site_id=new.site_id, role=new.role, valid_days=new.valid_days, created_by=by.name
    )
    audit(request, hub, by, "POST /api/admin/tokens", f"token/{row.id} {row.name}", "done")
    return {**_shape(row), "token": token}


@router.delete("/{token_id}", response_model=TokenShape)
def revoke_token(token_id: str, _by: Administrator, hub: HubNow) -> dict[str, Any]:
    """From now on the token opens nothing."""
    row = hub.tokens.revoke(token_id)
    if row is None:
        raise not_found(f"token {token_id}")
    return _shape(row)
