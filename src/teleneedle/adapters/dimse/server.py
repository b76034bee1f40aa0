"""Listens for associations; each gets a thread of its own, as many as the limits allow."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path

from teleneedle.adapters.dimse.acceptor import Association, Services
from teleneedle.adapters.dimse.limits import AssociationLimits, ReceivingBudget

BACKLOG = 512
REFUSERS = 32
"""Threads beyond the limit that only tell a peer to come again."""
RECEIVE_BUFFER_BYTES = 1 << 20


class DicomServer:
    """A port that accepts associations until it is closed.

    Parameters
    ----------
    tls : SSLContext or None
        Handshakes happen in the association's thread, within the time of its request.
    """

    def __init__(
        self,
        host: str,
        port: int,
        services: Services,
        *,
        limits: AssociationLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._services = services
        self._limits = limits or AssociationLimits()
        self._budget = ReceivingBudget(self._limits.receiving_bytes)
        self._tls = tls
        self._lock = threading.Lock()
        self._open: dict[int, socket.socket] = {}
        self._closing = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, name=f"dicom-{self.port}", daemon=True)

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def close(self) -> None:
        """Accept no more, and end every association."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open.values():
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join()

    @property
    def open_count(self) -> int:
        """Connections that are being served."""
        with self._lock:
            return len(self._open)

    def _accept(self) -> None:
        number = 0
        while not self._closing.is_set():
            try:
                connection, address = self._listener.accept()
            except OSError:
                if self._closing.is_set():
                    return
                self._closing.wait(0.1)  # out of file descriptors: others will end
                continue
            count = self.open_count
            if count >= self._limits.at_once + REFUSERS:
                connection.close()
                continue
            number += 1
            with self._lock:
                self._open[number] = connection
            arguments = (number, connection, str(address[0]), count >= self._limits.at_once)
            threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def _serve(self, number: int, connection: socket.socket, address: str, is_one_too_many: bool) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(self._limits.request_s)
            if self._tls is not None:
                connection = self._tls.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
                with self._lock:
                    self._open[number] = connection
                connection.do_handshake()
            Association(
                connection,
                address,
                services=self._services,
                limits=self._limits,
                budget=self._budget,
                is_one_too_many=is_one_too_many,
            ).run()
        except OSError:
            pass  # the peer is gone, or speaks no TLS
        finally:
            with self._lock:
                del self._open[number]
            connection.close()


def dicom_tls(certificate: Path, key: Path, *, callers_ca: Path | None = None) -> ssl.SSLContext:
    """TLS for DICOM ports: 1.2 or later; with `callers_ca` only callers it has certified are heard.

    References
    ----------
    DICOM PS3.15 annex B.12 (Modified BCP 195 TLS profile).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if callers_ca is not None:
        context.load_verify_locations(callers_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
