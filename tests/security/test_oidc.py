"""Sign-in by OpenID Connect against a real provider over HTTP, honest and not."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient
from joserfc import jwk, jwt

from teleneedle.adapters.oidc import OidcClient
from teleneedle.apps.hub.settings import OidcProvider
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.core.errors import InputError

CLIENT, SECRET = "hub", "client-secret"


@dataclass
class Provider:
    """Authorises whoever asks as `email`; `lies` replaces claims, `key` signs."""

    issuer: str = ""
    email: str = "expert@test.example"
    lies: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "1"}))
    published: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorise(self, url: str) -> str:
        """What the provider does when a person agrees: the address it sends the browser back to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        asked = self.codes.pop(code, None)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not asked or challenge != asked["code_challenge"] or redirect_uri != asked["redirect_uri"]:
            raise HTTPException(400, "invalid_grant")
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"], "email": self.email, "email_verified": True, **self.lies}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


def application(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def discover() -> dict[str, str]:
        base = provider.issuer
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
        }

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [(provider.published or provider.key).as_dict(private=False)]}

    @app.post("/token")
    async def token(request: Request) -> dict[str, Any]:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        return provider.token(form["code"], form["code_verifier"], form["redirect_uri"])

    return app


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    server = uvicorn.Server(uvicorn.Config(application(made), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join()


@pytest.fixture
def world(tmp_path: Path, provider: Provider) -> HubWorld:
    known = OidcProvider(
        id="centre", label="Centre", issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET
    )
    return make_world(tmp_path / "hub", oidc=(known,))


def leave(client: TestClient, then: str = "/") -> str:
    answer = client.get("/api/session/oidc/centre", params={"next": then}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(client: TestClient, url: str) -> str:
    answer = client.get(url, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_somebody_known_is_signed_in_by_verified_email(world: HubWorld, provider: Provider) -> None:
    client = world.anonymous()
    assert client.get("/api/session/providers").json()[0]["id"] == "centre"
    assert come_back(client, provider.authorise(leave(client, "/cases"))) == "/cases"
    assert client.get("/api/session").json()["person"]["email"] == "expert@test.example"


@pytest.mark.parametrize(
    "lies",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@else.example"},
        {"nonce": "another"},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"exp": 1_000_000_000},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_in_every_claim_signs_nobody_in(
    world: HubWorld, provider: Provider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    client = world.anonymous()
    assert "problem=" in come_back(client, provider.authorise(leave(client)))
    assert client.get("/api/session").status_code == 401


def test_a_token_signed_with_another_key_is_refused(world: HubWorld, provider: Provider) -> None:
    provider.published = jwk.RSAKey.generate_key(2048, {"kid": "1"})
    client = world.anonymous()
    assert "problem=" in come_back(client, provider.authorise(leave(client)))


def test_the_way_back_belongs_to_the_browser_that_left_and_works_once(
    world: HubWorld, provider: Provider
) -> None:
    client, other = world.anonymous(), world.anonymous()
    back = provider.authorise(leave(client))
    assert "problem=" in come_back(other, back)
    forged = back.split("&state=")[0] + "&state=forged"
    assert "problem=" in come_back(client, forged)
    assert "problem=" in come_back(client, back)
    back = provider.authorise(leave(client))
    assert come_back(client, back) == "/"
    assert "problem=" in come_back(client, back)


def test_the_hub_does_not_send_anybody_elsewhere(world: HubWorld, provider: Provider) -> None:
    for then in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"):
        client = world.anonymous()
        assert come_back(client, provider.authorise(leave(client, then))) == "/"


def test_unknown_providers_are_404_and_plain_http_is_refused(world: HubWorld) -> None:
    assert world.anonymous().get("/api/session/oidc/none").status_code == 404
    with pytest.raises(InputError, match="https"):
        OidcClient("http://idp.example", CLIENT, SECRET, world.hub.now)
