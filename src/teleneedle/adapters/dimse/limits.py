"""How much a peer may ask of the acceptor."""

from __future__ import annotations

import threading
from dataclasses import dataclass

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True, kw_only=True)
class AssociationLimits:
    """Limits of associations.

    Parameters
    ----------
    at_once : int
        Associations at once; one more is refused as a transient shortage.
    request_bytes : int
        Of an A-ASSOCIATE-RQ; 128 contexts with 30 transfer syntaxes each have about 120 KiB.
    data_bytes : int
        Of a P-DATA-TF, offered to the peer as its maximum; DCMTK sends no larger ones than 128 KiB.
    command_bytes : int
        Of a command set.
    instance_bytes : int
        Of one dataset.
    receiving_bytes : int
        Of all datasets that are being received together.
    request_s : float
        For the whole request and a TLS handshake before it (the ARTIM timer, PS3.8 section 9.1.5).
    stall_s : float
        Without a byte inside a message.
    idle_s : float
        Without a message.
    """

    at_once: int = 64
    request_bytes: int = 256 * KIB
    data_bytes: int = 128 * KIB
    command_bytes: int = 64 * KIB
    instance_bytes: int = GIB
    receiving_bytes: int = 2 * GIB
    request_s: float = 10.0
    stall_s: float = 30.0
    idle_s: float = 300.0


class ReceivingBudget:
    """Memory for datasets that are being received, shared by all associations."""

    def __init__(self, total_bytes: int) -> None:
        self._left = total_bytes
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether `size` more bytes may be used; they are taken if so."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give(self, size: int) -> None:
        """Hand back bytes that were taken."""
        with self._lock:
            self._left += size
