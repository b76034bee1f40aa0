"""Who is at the other end of a connection: a gateway, known by its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from teleneedle.adapters.certificates.authority import Authority
from teleneedle.adapters.certificates.signatures import sign, verify
from teleneedle.apps.hub.link.gate import gateway_of


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A gateway of a hospital.

    Parameters
    ----------
    certificate_pem : str
        What it has shown; its signatures are held against it.
    """

    gateway_id: str
    site_id: str
    name: str = ""
    certificate_pem: str = ""


def peer_of(connection: HTTPConnection) -> Peer:
    """The gateway at the other end of a request or WebSocket that the gate has let through."""
    gateway = gateway_of(connection)
    chain = connection.scope["extensions"]["tls"]["client_cert_chain"]
    return Peer(gateway_id=gateway.id, site_id=gateway.site_id, name=gateway.name, certificate_pem=chain[0])


class Seals(Protocol):
    """Signatures of the hub, and of gateways."""

    @property
    def certificate_pem(self) -> str:
        """The hub's certificate, by which its receipts are checked."""

    def sign(self, message: bytes) -> str:
        """The hub's signature, base64."""

    def holds(self, peer: Peer, message: bytes, signature: str) -> bool:
        """Whether the gateway signed exactly `message`."""


@dataclass(frozen=True, kw_only=True)
class HubSeals:
    """Seals by the hub's authority."""

    authority: Authority

    @property
    def certificate_pem(self) -> str:
        """The certificate of the link's server."""
        return self.authority.server_certificate_path.read_text(encoding="ascii")

    def sign(self, message: bytes) -> str:
        """By the key of the link's server."""
        return sign(self.authority.server_key_path, message)

    def holds(self, peer: Peer, message: bytes, signature: str) -> bool:
        """By the certificate that the gateway has shown."""
        return verify(peer.certificate_pem, self.authority.pem, message, signature, purpose="gateway")
