"""Who is asking, and whether they may: dependencies of every route. What is not granted is denied."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from teleneedle.adapters.sql.audit_store import Access
from teleneedle.adapters.sql.identity_store import SignIn
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person, Role

COOKIE = "teleneedle_session"
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def address_of(request: Request) -> str:
    """Where a request comes from: the peer, or what a trusted proxy says of it."""
    return request.client.host if request.client else ""


def require_own_origin(request: Request) -> None:
    """Refuse a changing request that another site's page makes.

    Raises
    ------
    HubProblem
        forbidden
    """
    origin = request.headers.get("origin")
    if request.method in CHANGING and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HubProblem("forbidden", "来自其他网站的请求，已拒绝", "a request from another site was refused")


def current_sign_in(request: Request, hub: Annotated[Hub, Depends(hub_of)]) -> SignIn:
    """The live sign-in of this request, checked against forgery when it changes something.

    Raises
    ------
    HubProblem
        sign-in-required, forbidden
    """
    require_own_origin(request)
    found = hub.identity.find(request.cookies.get(COOKIE, ""))
    if found is None:
        raise HubProblem("sign-in-required", "请先登录", "sign in first")
    given = request.headers.get("x-csrf-token", "")
    if request.method in CHANGING and not secrets.compare_digest(given.encode(), found.csrf_token.encode()):
        raise HubProblem(
            "forbidden",
            "缺少防伪标记，请刷新页面",
            "the request lacks its token against forgery",
            where="X-CSRF-Token",
            remedy="reload the page",
        )
    request.state.person = found.person
    return found


def bearer_of(request: Request) -> str | None:
    """The token of ``Authorization: Bearer``; None when the request has no such header."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def find_person(request: Request, hub: Hub) -> Person | None:
    """Whoever the request's token or cookie stands for at this moment."""
    token = bearer_of(request)
    if token is not None and (machine := hub.tokens.find(token)):
        return machine
    found = hub.identity.find(request.cookies.get(COOKIE, "") if token is None else token)
    return found.person if found else None


def current_person(request: Request, hub: Annotated[Hub, Depends(hub_of)]) -> Person:
    """Who is asking: by ``Authorization: Bearer``, which no other site's page can send, or by cookie.

    Raises
    ------
    HubProblem
        sign-in-required, forbidden
    """
    if bearer_of(request) is None:
        return current_sign_in(request, hub).person
    person = find_person(request, hub)
    if person is None:
        raise HubProblem("sign-in-required", "请先登录", "sign in first", where="Authorization")
    request.state.person = person
    return person


def audit(request: Request, hub: Hub, person: Person, action: str, what: str, outcome: str) -> None:
    """Record one access; it is on the disk before the answer leaves."""
    request.state.is_recorded = True
    hub.audit.record(
        Access(
            person_id=person.id,
            person_name=person.name,
            action=action,
            object=what[:200],
            outcome=outcome,
            address=address_of(request),
        ),
        at=hub.now(),
    )


def require(action: Action) -> Callable[..., Person]:
    """Dependency: a person who may do `action` at some site; for what belongs to no case."""

    def allowed(
        request: Request,
        person: Annotated[Person, Depends(current_person)],
        hub: Annotated[Hub, Depends(hub_of)],
    ) -> Person:
        granted = any(person.may(action, site_id=m.site_id) for m in person.memberships)
        if action is Action.ADMINISTER or not granted:
            what = given(request) or action
            audit(request, hub, person, _name(request), what, "done" if granted else "refused")
        if not granted:
            raise HubProblem("forbidden", "没有权限", "not permitted", where=action)
        return person

    return allowed


@dataclass(frozen=True, kw_only=True)
class CaseAccess:
    """A person at a case, and the role by which they may do what they ask for."""

    person: Person
    role: Role
    case_id: str
    site_id: str


def require_case(request: Request, hub: Hub, person: Person, case_id: str, action: Action) -> CaseAccess:
    """Check and record one access to a case.

    Raises
    ------
    HubProblem
        not-found when the person may not know of the case, forbidden when they may read it only.
    """
    site_id = hub.cases.life.log.site_of(case_id)
    name = _name(request)
    if site_id is None or not person.may(Action.READ_CASE, site_id=site_id):
        audit(request, hub, person, name, f"case/{case_id}", "refused")
        raise not_found(f"case {case_id}")
    role = person.role_for(action, site_id=site_id)
    audit(request, hub, person, name, f"case/{case_id}", "refused" if role is None else "done")
    if role is None:
        raise HubProblem("forbidden", "没有权限", "not permitted", where=action)
    return CaseAccess(person=person, role=role, case_id=case_id, site_id=site_id)


def case_access(action: Action) -> Callable[..., CaseAccess]:
    """Dependency of routes with ``{case_id}``: 404 for what one may not know of, 403 without the right."""

    def allowed(
        case_id: str,
        request: Request,
        person: Annotated[Person, Depends(current_person)],
        hub: Annotated[Hub, Depends(hub_of)],
    ) -> CaseAccess:
        return require_case(request, hub, person, case_id, action)

    return allowed


def given(request: Request) -> str:
    """What the address of a request names: ``NAME/VALUE`` of each parameter of its path."""
    return ", ".join(f"{name}/{value}" for name, value in request.path_params.items())


def _name(request: Request) -> str:
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', '?')}"
