"""Which gateways are connected at this moment, how fast they send, and how to end their connections."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from dataclasses import dataclass, field

RATE_WINDOW_S = 5.0


@dataclass(kw_only=True)
class Connection:
    """One TLS connection of a gateway."""

    gateway_id: str
    serial: str
    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop


@dataclass(kw_only=True)
class LinkConnections:
    """Written by the link's thread, read by the hub's."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: dict[int, Connection] = field(default_factory=dict)
    _heard: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)

    def add(self, connection: Connection) -> None:
        """A gateway has connected."""
        with self._lock:
            self._open[id(connection.transport)] = connection

    def remove(self, transport: asyncio.Transport) -> None:
        """A connection has ended."""
        with self._lock:
            self._open.pop(id(transport), None)

    def count(self, gateway_id: str, size: int) -> None:
        """So many bytes came from a gateway."""
        now = time.monotonic()
        with self._lock:
            heard = self._heard.setdefault(gateway_id, deque())
            heard.append((now, size))
            while heard[0][0] < now - RATE_WINDOW_S:
                heard.popleft()

    def rate_bytes_per_s(self, gateway_id: str) -> float:
        """What came from a gateway in the last seconds, bytes/s."""
        since = time.monotonic() - RATE_WINDOW_S
        with self._lock:
            heard = self._heard.get(gateway_id, ())
            return sum(size for at, size in heard if at >= since) / RATE_WINDOW_S

    def is_connected(self, gateway_id: str) -> bool:
        """Whether the gateway holds a connection."""
        with self._lock:
            return any(one.gateway_id == gateway_id for one in self._open.values())

    def serials(self) -> set[str]:
        """Certificates by which gateways are connected."""
        with self._lock:
            return {one.serial for one in self._open.values()}

    def close(self, *, gateway_id: str = "", serial: str = "") -> None:
        """End every connection of a gateway, or by a certificate, without waiting for anything."""
        with self._lock:
            found = [
                one
                for one in self._open.values()
                if (gateway_id and one.gateway_id == gateway_id) or (serial and one.serial == serial)
            ]
        for one in found:
            one.loop.call_soon_threadsafe(one.transport.abort)
