"""Join a hub with a one-time code; later, renew the certificate in time without anybody's help."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from teleneedle.adapters.certificates.authority import needs_renewal
from teleneedle.adapters.certificates.gateway_identity import fingerprint_of, new_request, trusting
from teleneedle.apps.edge.settings import hub_of, identity_in, keep_hub
from teleneedle.core.errors import InputError, NotReadableError

CODE = re.compile(r"TN-([A-Z2-7]{16,64})-([0-9a-f]{16})")
TIMEOUT_S = 20.0
LARGEST_AUTHORITY = 16 << 10


def enrol(folder: Path, *, url: str, code: str) -> str:
    """Join the hub at `url`; the gateway's name there.

    The hub's authority is fetched from a server that nobody vouches for yet, and counts only when it is the
    one whose fingerprint stands in the code. From then on nothing else is trusted.

    Raises
    ------
    InputError
        If address or code are wrong, the hub is another one, or it refuses.
    NotReadableError
        If the hub cannot be reached.
    """
    origin = _origin(url)
    secret, fingerprint = _parts(code)
    authority = _authority(origin)
    if not hmac.compare_digest(fingerprint_of(authority)[: len(fingerprint)], fingerprint):
        raise InputError(
            "this is not the hub that the code comes from",
            where=origin,
            remedy="check the address; somebody may be in between: tell the hub's administrator",
        )
    key, request = new_request()
    with httpx.Client(verify=trusting(authority), timeout=TIMEOUT_S, trust_env=False) as http:
        issued = _ask(http, f"{origin}/link/enrol", {"secret": secret, "request": request})
    identity_in(folder).keep(key_pem=key, certificate_pem=str(issued["certificate"]), authority_pem=authority)
    keep_hub(folder, url=origin, name=str(issued["name"]))
    return str(issued["name"])


def renew_in_time(folder: Path, *, at: datetime) -> bool:
    """Renew the certificate when little is left of it; whether that was done."""
    identity = identity_in(folder)
    if not needs_renewal(identity.certificate(), at):
        return False
    key, request = new_request()
    with httpx.Client(verify=identity.client_context(), timeout=TIMEOUT_S, trust_env=False) as http:
        issued = _ask(http, f"{hub_of(folder)['url']}/link/renewal", {"request": request})
    identity.keep(
        key_pem=key, certificate_pem=str(issued["certificate"]), authority_pem=identity.authority_pem()
    )
    return True


def _origin(url: str) -> str:
    parts = urlsplit(url if "//" in url else f"https://{url}")
    try:
        port = parts.port
    except ValueError:
        port = None
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname:
        raise InputError(
            "the hub's address is not an https address", where=url, remedy="give it as https://HOST:8443"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"https://{host}:{port or 8443}"


def _parts(code: str) -> tuple[str, str]:
    found = CODE.fullmatch(code.strip())
    if found is None:
        raise InputError(
            "this is no code of a hub", remedy="copy the whole code, from TN- to its last character"
        )
    return found[1], found[2]


def _authority(origin: str) -> str:
    try:
        with httpx.Client(verify=False, timeout=TIMEOUT_S, trust_env=False) as http:  # noqa: S501 - compared with the code
            answer = http.get(f"{origin}/link/ca")
    except httpx.HTTPError as error:
        raise _away(origin) from error
    if not answer.is_success or len(answer.content) > LARGEST_AUTHORITY:
        raise InputError("no hub answers there", where=origin, remedy="check address and port")
    return answer.text


def _ask(http: httpx.Client, url: str, body: dict[str, str]) -> dict[str, Any]:
    try:
        answer = http.post(url, json=body)
        found = answer.json()
    except httpx.HTTPError as error:
        raise _away(url) from error
    except ValueError as error:
        raise InputError("no hub answers there", where=url, remedy="check address and port") from error
    if not answer.is_success:
        zh, en = found["title"]["zh"], found["title"]["en"]
        raise InputError(f"{en} / {zh}", remedy=str(found["remedy"]))
    return dict(found)


def _away(where: str) -> NotReadableError:
    return NotReadableError(
        "the hub cannot be reached",
        where=where,
        remedy="check address, port and the way through the firewall",
    )
