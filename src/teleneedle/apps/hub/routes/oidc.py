"""Sign-in by the centre's OpenID Connect provider."""

from __future__ import annotations

import secrets
import threading
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse

from teleneedle.adapters.oidc import Attempt, OidcClient, ProviderError
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.problems import not_found
from teleneedle.apps.hub.routes.session import keep

router = APIRouter(prefix="/api/session", tags=["session"])
HubNow = Annotated[Hub, Depends(hub_of)]
ATTEMPT_COOKIE = "teleneedle_oidc"
ATTEMPT_S = 600
MOST_ATTEMPTS = 1000


class Attempts:
    """Sign-ins under way, by a secret that only the browser which left has; each is used once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Attempt]] = {}

    def put(self, attempt: Attempt, now: float) -> str:
        """Keep an attempt; the browser's secret."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            live = [(k, v) for k, v in self._kept.items() if v[0] > now - ATTEMPT_S]
            self._kept = dict(live[-(MOST_ATTEMPTS - 1) :])
            self._kept[secret] = (now, attempt)
        return secret

    def take(self, secret: str, now: float) -> Attempt | None:
        """The attempt, once and not for long."""
        with self._lock:
            at, attempt = self._kept.pop(secret, (0.0, None))
        return attempt if at > now - ATTEMPT_S else None


def _attempts(request: Request) -> Attempts:
    state = request.app.state
    if not hasattr(state, "oidc_attempts"):
        state.oidc_attempts = Attempts()
    found: Attempts = state.oidc_attempts
    return found


def _client(hub: Hub, provider: str) -> OidcClient:
    for known in hub.settings.oidc:
        if known.id == provider:
            return OidcClient(known.issuer, known.client_id, known.client_secret, hub.now)
    raise not_found(f"provider {provider}")


@router.get("/providers")
def list_providers(hub: HubNow) -> list[dict[str, str]]:
    """Where one can sign in besides the local account."""
    return [{"id": p.id, "label": p.label, "name": p.label} for p in hub.settings.oidc]


@router.get("/oidc/{provider}")
def leave(
    provider: str,
    request: Request,
    hub: HubNow,
    then: Annotated[str, Query(alias="next", max_length=500)] = "/",
) -> RedirectResponse:
    """Send the browser to the provider."""
    client = _client(hub, provider)
    url, attempt = client.leave(provider, _redirect_uri(request, provider), _local(then))
    answer = RedirectResponse(url, status_code=303)
    answer.set_cookie(
        ATTEMPT_COOKIE,
        _attempts(request).put(attempt, hub.now().timestamp()),
        max_age=ATTEMPT_S,
        path="/api/session/oidc",
        httponly=True,
        samesite="lax",
        secure=hub.settings.secure_cookies,
    )
    return answer


@router.get("/oidc/{provider}/callback")
def come_back(
    provider: str,
    request: Request,
    hub: HubNow,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> RedirectResponse:
    """Back from the provider: somebody known here, by verified e-mail, is signed in."""
    client = _client(hub, provider)
    cookie = request.cookies.get(ATTEMPT_COOKIE, "")
    attempt = _attempts(request).take(cookie, hub.now().timestamp())
    if attempt is None or attempt.provider != provider or not code:
        return _refused()
    if not secrets.compare_digest(attempt.state.encode(), state.encode()):
        return _refused()
    try:
        email = client.come_back(attempt, code, _redirect_uri(request, provider))
    except ProviderError:
        return _refused()
    found: Any = hub.identity.sign_in_by_email(email)
    if found is None:
        return _refused("unknown-person")
    request.state.person = found.person
    answer = RedirectResponse(attempt.then, status_code=303)
    keep(answer, hub, found)
    answer.delete_cookie(ATTEMPT_COOKIE, path="/api/session/oidc")
    return answer


def _redirect_uri(request: Request, provider: str) -> str:
    return f"{str(request.base_url).rstrip('/')}/api/session/oidc/{provider}/callback"


def _local(path: str) -> str:
    """`path` when it stays on this hub, else its first page."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"


def _refused(why: str = "sign-in-failed") -> RedirectResponse:
    answer = RedirectResponse(f"/?{urlencode({'problem': why})}", status_code=303)
    answer.delete_cookie(ATTEMPT_COOKIE, path="/api/session/oidc")
    return answer
