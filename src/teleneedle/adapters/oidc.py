"""Sign-in at an OpenID Connect provider: authorisation code with PKCE, the ID token checked in full."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwk, jwt

from teleneedle.core.errors import InputError

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a key that only the provider has; never ``none``, never a shared secret."""
TIMEOUT_S = 10.0
LEEWAY_S = 60


class ProviderError(InputError):
    """The provider's answer cannot be trusted."""

    code = "sign-in-failed"
    title_zh = "统一身份登录失败"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is kept between leaving for the provider and coming back."""

    provider: str
    state: str
    nonce: str
    verifier: str
    then: str


class OidcClient:
    """The hub as a client of one provider.

    Parameters
    ----------
    issuer : str
        Its address; https, except on this machine.
    now : callable
        The clock.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, now: Callable[[], datetime]) -> None:
        parts = urlsplit(issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise InputError("an OpenID Connect provider needs https", where=issuer)
        self._issuer = issuer
        self._id = client_id
        self._secret = client_secret
        self._now = now

    def leave(self, provider: str, redirect_uri: str, then: str) -> tuple[str, Attempt]:
        """Where to send the browser, and what to keep until it comes back.

        Raises
        ------
        ProviderError
        """
        attempt = Attempt(
            provider=provider,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            then=then,
        )
        with self._client(redirect_uri) as client:
            endpoint = self._discover(client)["authorization_endpoint"]
            url, _state = client.create_authorization_url(
                endpoint, state=attempt.state, code_verifier=attempt.verifier, nonce=attempt.nonce
            )
        return str(url), attempt

    def come_back(self, attempt: Attempt, code: str, redirect_uri: str) -> str:
        """The verified e-mail of whoever signed in at the provider.

        Raises
        ------
        ProviderError
        """
        try:
            with self._client(redirect_uri) as client:
                found = self._discover(client)
                token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=attempt.verifier)
                keys = client.request("GET", found["jwks_uri"], withhold_token=True)
                keys.raise_for_status()
            claims = self._claims(str(token["id_token"]), keys.json(), attempt.nonce)
        except ProviderError:
            raise
        except Exception as error:
            raise ProviderError("the provider's answer cannot be used", where=self._issuer) from error
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise ProviderError("the provider has not verified the e-mail", where=self._issuer)
        return str(claims["email"])

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            self._id,
            self._secret,
            scope="openid email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    def _discover(self, client: Any) -> dict[str, Any]:
        url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            answer = client.request("GET", url, withhold_token=True)
            answer.raise_for_status()
            found = dict(answer.json())
        except Exception as error:
            raise ProviderError("the provider cannot be reached", where=self._issuer) from error
        if found.get("issuer") != self._issuer:
            raise ProviderError("the provider names another issuer", where=self._issuer)
        return found

    def _claims(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        decoded = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(decoded.claims)
        audience = decoded.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and decoded.claims.get("azp") != self._id:
            raise ProviderError("the token is for another application", where=self._issuer)
        return dict(decoded.claims)
