"""uvicorn's protocols for the link: the application sees the peer's certificate, the hub its connections.

References
----------
ASGI TLS extension: the certificate stands in ``scope["extensions"]["tls"]["client_cert_chain"]``.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from cryptography import x509
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from teleneedle.adapters.certificates.authority import Authority, name_of
from teleneedle.adapters.certificates.key_files import pem
from teleneedle.adapters.sql.gateway_store import serial_text
from teleneedle.apps.hub.link.connections import Connection, LinkConnections


def server_context(authority: Authority) -> ssl.SSLContext:
    """TLS 1.2 or newer; a client may show a certificate, and then it must be one that the hub issued."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(authority.server_certificate_path, authority.server_key_path)
    context.load_verify_locations(authority.certificate_path)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def peer_certificate(transport: asyncio.BaseTransport) -> x509.Certificate | None:
    """The certificate that the other end showed; OpenSSL has verified it."""
    found: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
    der = found.getpeercert(binary_form=True) if found else None
    return x509.load_der_x509_certificate(der) if der else None


def showing(app: ASGIApp, certificate: x509.Certificate | None) -> ASGIApp:
    """`app`, which is told the certificate of its peer."""
    tls = {"client_cert_chain": [] if certificate is None else [pem(certificate)]}

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {**(scope.get("extensions") or {}), "tls": tls}
        await app(scope, receive, send)

    return told


def link_protocols(connections: LinkConnections) -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """Protocols for HTTP and for WebSocket that keep `connections`."""

    class Known:
        """Beside a protocol of uvicorn's."""

        app: Any
        transport: asyncio.Transport
        gateway_id = ""

        def connection_made(self, transport: asyncio.Transport) -> None:
            certificate = peer_certificate(transport)
            self.app = showing(self.app, certificate)
            if certificate is not None:
                self.gateway_id = name_of(certificate)
                connections.add(
                    Connection(
                        gateway_id=self.gateway_id,
                        serial=serial_text(certificate.serial_number),
                        transport=transport,
                        loop=asyncio.get_running_loop(),
                    )
                )
            super().connection_made(transport)  # type: ignore[misc] # uvicorn's comes after this class

        def data_received(self, data: bytes) -> None:
            if self.gateway_id:
                connections.count(self.gateway_id, len(data))
            super().data_received(data)  # type: ignore[misc] # likewise

        def connection_lost(self, exc: Exception | None) -> None:
            connections.remove(self.transport)
            super().connection_lost(exc)  # type: ignore[misc] # likewise

    class LinkHttp(Known, H11Protocol):  # type: ignore[misc] # the same methods, told apart by their order
        pass

    class LinkWebSocket(Known, WebSocketsSansIOProtocol):  # type: ignore[misc] # likewise
        pass

    return LinkHttp, LinkWebSocket
