"""How a hub is set up: options of the command line, then the environment, then defaults for one machine."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class OidcProvider:
    """An OpenID Connect provider of the centre: where it is and how the hub is known there."""

    id: str
    label: str
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything `create_app` needs.

    Parameters
    ----------
    folder : Path
        Database, objects and jobs of the default set-up.
    database_url, object_url, compute : str
        Empty for SQLite, files and a process pool in `folder`.
    host, port
        Where uvicorn listens.
    setup_token : str
        Asked for by the first-run page.
    secure_cookies : bool
        True behind https.
    session_hours : float
        A sign-in ends after this time without use.
    workers : int
        Processes that compute.
    """

    folder: Path
    database_url: str = ""
    object_url: str = ""
    compute: str = "process"
    host: str = "127.0.0.1"
    port: int = 8080
    setup_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    secure_cookies: bool = False
    session_hours: float = 12.0
    workers: int = 1
    oidc: tuple[OidcProvider, ...] = ()

    @property
    def database(self) -> str:
        """URL of the database."""
        return self.database_url or f"sqlite:///{(self.folder / 'hub.db').resolve()}"


def settings_from_environment(
    folder: Path,
    *,
    host: str,
    port: int,
    database: str | None = None,
    objects: str | None = None,
    compute: str | None = None,
) -> Settings:
    """Options where given, else ``TELENEEDLE_…`` variables, else the defaults."""
    env = os.environ
    token = env.get("TELENEEDLE_SETUP_TOKEN") or secrets.token_urlsafe(16)
    return Settings(
        folder=folder,
        host=host,
        port=port,
        database_url=database or env.get("TELENEEDLE_DATABASE", ""),
        object_url=objects or env.get("TELENEEDLE_OBJECTS", ""),
        compute=compute or env.get("TELENEEDLE_COMPUTE", "process"),
        setup_token=token,
        secure_cookies=env.get("TELENEEDLE_SECURE_COOKIES", "") == "1",
        oidc=_oidc(env.get("TELENEEDLE_OIDC_ISSUER", "")),
    )


def _oidc(issuer: str) -> tuple[OidcProvider, ...]:
    if not issuer:
        return ()
    env = os.environ
    return (
        OidcProvider(
            id="centre",
            label=env.get("TELENEEDLE_OIDC_LABEL", "OpenID Connect"),
            issuer=issuer,
            client_id=env.get("TELENEEDLE_OIDC_CLIENT_ID", ""),
            client_secret=env.get("TELENEEDLE_OIDC_CLIENT_SECRET", ""),
        ),
    )
