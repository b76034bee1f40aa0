"""First run, sign-in, sign-out, one-time codes."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.identity_store import SignIn, SignInError
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import COOKIE, address_of, current_sign_in, require_own_origin
from teleneedle.apps.hub.problems import HubProblem
from teleneedle.core.access import Role

router = APIRouter(prefix="/api", tags=["session"])
HubNow = Annotated[Hub, Depends(hub_of)]
Signed = Annotated[SignIn, Depends(current_sign_in)]
PASSWORD_LENGTH = 10

REFUSALS = {
    "sign-in-failed": ("邮箱、密码或验证码不正确", "e-mail, password or code is not right"),
    "totp-required": ("请输入动态验证码", "enter the one-time code"),
    "too-many": ("连续多次失败，请五分钟后再试", "too many failures in a row, try again in five minutes"),
}


class Setup(BaseModel):
    """The first centre and its administrator."""

    setup_token: str = Field(max_length=200)
    centre_name: str = Field(min_length=1, max_length=200)
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    password: str = Field(min_length=PASSWORD_LENGTH, max_length=200)


class Credentials(BaseModel):
    """Local account."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=200)
    totp: str | None = Field(default=None, max_length=10)


class Code(BaseModel):
    """A one-time code."""

    code: str = Field(max_length=10)


class PersonShape(BaseModel):
    """Who is signed in."""

    id: str
    name: str
    email: str
    locale: str


class MembershipShape(BaseModel):
    """A role at a site."""

    site_id: str
    site_name: str
    site_kind: str
    role: Role


class SessionShape(BaseModel):
    """A sign-in as the page knows it."""

    person: PersonShape
    memberships: list[MembershipShape]
    csrf_token: str
    expires_at: str


class SetupState(BaseModel):
    """Whether the hub waits for its first administrator."""

    needed: bool


class TotpSecret(BaseModel):
    """What the authenticator app needs."""

    secret: str
    uri: str


def session_shape(found: SignIn) -> dict[str, Any]:
    """The sign-in without its secret token."""
    return {
        "person": {
            "id": found.person.id,
            "name": found.person.name,
            "email": found.email,
            "locale": found.locale,
        },
        "memberships": [
            {
                "site_id": m.site_id,
                "site_name": found.sites[m.site_id][0],
                "site_kind": found.sites[m.site_id][1],
                "role": m.role.value,
            }
            for m in found.person.memberships
        ],
        "csrf_token": found.csrf_token,
        "expires_at": found.expires_at.isoformat(),
    }


def keep(response: Response, hub: Hub, found: SignIn) -> dict[str, Any]:
    """Set the cookie of a new sign-in; what the page is told."""
    response.set_cookie(
        COOKIE,
        found.token,
        httponly=True,
        samesite="strict",
        secure=hub.settings.secure_cookies,
        path="/",
        max_age=int((found.expires_at - hub.now()).total_seconds()),
    )
    return session_shape(found)


@router.get("/setup", response_model=SetupState)
def get_setup(hub: HubNow) -> dict[str, bool]:
    """Whether nobody exists yet."""
    return {"needed": hub.identity.is_empty()}


@router.post("/setup", status_code=201, response_model=SessionShape)
def set_up(setup: Setup, request: Request, response: Response, hub: HubNow) -> dict[str, Any]:
    """Make the centre and its administrator; only with the token that the hub printed."""
    require_own_origin(request)
    address = address_of(request)
    if hub.throttle.is_blocked(address):
        raise HubProblem("too-many", *REFUSALS["too-many"])
    if not secrets.compare_digest(setup.setup_token.encode(), hub.settings.setup_token.encode()):
        hub.throttle.count_failure(address)
        raise HubProblem(
            "forbidden",
            "初始化口令不正确",
            "the set-up token is not right",
            where="setup_token",
            remedy="copy it from the window where the hub was started",
        )
    if not hub.identity.is_empty():
        raise HubProblem("conflict", "系统已初始化", "the hub has been set up already", remedy="sign in")
    site = hub.identity.add_site(setup.centre_name, "centre")
    row = hub.identity.add_person(
        name=setup.name,
        email=setup.email,
        password=setup.password,
        memberships=[(site.id, Role.ADMIN)],
        only_first=True,
    )
    if row is None:
        raise HubProblem("conflict", "系统已初始化", "the hub has been set up already", remedy="sign in")
    return keep(response, hub, hub.identity.start(row.id))


@router.post("/session", response_model=SessionShape)
def sign_in(credentials: Credentials, request: Request, response: Response, hub: HubNow) -> dict[str, Any]:
    """Sign in with a local account."""
    require_own_origin(request)
    address = address_of(request)
    if hub.throttle.is_blocked(address):
        raise HubProblem("too-many", *REFUSALS["too-many"])
    try:
        found = hub.identity.sign_in(credentials.email, credentials.password, credentials.totp)
    except SignInError as refusal:
        if refusal.code == "sign-in-failed":
            hub.throttle.count_failure(address)
        raise HubProblem(refusal.code, *REFUSALS[refusal.code]) from refusal
    request.state.person = found.person
    return keep(response, hub, found)


@router.get("/session", response_model=SessionShape)
def get_session(found: Signed) -> dict[str, Any]:
    """Who is signed in."""
    return session_shape(found)


@router.delete("/session", status_code=204)
def sign_out(request: Request, _found: Signed, hub: HubNow) -> Response:
    """End this sign-in."""
    hub.identity.end(request.cookies.get(COOKIE, ""))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.post("/session/totp", response_model=TotpSecret)
def propose_totp(found: Signed, hub: HubNow) -> dict[str, str]:
    """A secret for an authenticator app; it counts once a code was confirmed."""
    secret, uri = hub.identity.propose_totp(found.person.id)
    return {"secret": secret, "uri": uri}


@router.post("/session/totp/confirmation", status_code=204)
def confirm_totp(code: Code, found: Signed, hub: HubNow) -> Response:
    """From now on the code is asked for at sign-in."""
    if not hub.identity.confirm_totp(found.person.id, code.code):
        raise HubProblem("sign-in-failed", *REFUSALS["sign-in-failed"], where="code")
    return Response(status_code=204)
