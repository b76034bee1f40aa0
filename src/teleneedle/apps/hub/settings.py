"""How a hub is set up: options of the command line, then the environment, then defaults for one machine."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

LINK_PORT = 8443


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
    workers : int
        Processes that compute.
    arrival_quiet_s : float
        A series that comes over DICOMweb is read when nothing of it came for this time, s.
    link_host, link_port, link_names
        Where gateways connect, port 0 for nowhere; further names and addresses of that place.
    dicom_host, dicom_port, dicom_aet
        Where DICOM stations connect, port 0 for nowhere, and the hub's AE title.
    dicom_certificate, dicom_key, dicom_ca : str
        TLS of that port with the first two; with the third only stations certified by it are heard.
    reserve_mb : float
        Room on the disk that images do not take, so that cases, plans and signatures go on, MB.
    """

    folder: Path
    database_url: str = ""
    object_url: str = ""
    compute: str = "process"
    host: str = "127.0.0.1"
    port: int = 8080
    setup_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    secure_cookies: bool = False
    workers: int = 1
    arrival_quiet_s: float = 20.0
    reserve_mb: float = 256.0
    link_host: str = "127.0.0.1"
    link_port: int = 0
    link_names: tuple[str, ...] = ()
    dicom_host: str = "127.0.0.1"
    dicom_port: int = 0
    dicom_aet: str = "TELENEEDLE"
    dicom_certificate: str = ""
    dicom_key: str = ""
    dicom_ca: str = ""
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
    link_port: int | None = None,
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
        reserve_mb=float(env.get("TELENEEDLE_RESERVE_MB", "256")),
        arrival_quiet_s=float(env.get("TELENEEDLE_ARRIVAL_QUIET_S", "20")),
        link_host=env.get("TELENEEDLE_LINK_HOST") or host,
        link_port=int(env.get("TELENEEDLE_LINK_PORT", LINK_PORT)) if link_port is None else link_port,
        link_names=tuple(env.get("TELENEEDLE_LINK_NAMES", "").replace(",", " ").split()),
        dicom_host=env.get("TELENEEDLE_DICOM_HOST") or host,
        dicom_port=int(env.get("TELENEEDLE_DICOM_PORT", "0")),
        dicom_aet=env.get("TELENEEDLE_DICOM_AET", "TELENEEDLE"),
        dicom_certificate=env.get("TELENEEDLE_DICOM_CERTIFICATE", ""),
        dicom_key=env.get("TELENEEDLE_DICOM_KEY", ""),
        dicom_ca=env.get("TELENEEDLE_DICOM_CA", ""),
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
