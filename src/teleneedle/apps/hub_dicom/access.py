"""Which station calls, and what of it is recorded; what is not granted is denied."""

from __future__ import annotations

import hashlib
import hmac
import socket
from collections.abc import Callable
from datetime import datetime

from teleneedle.adapters.dimse.acceptor import (
    BY_USER,
    CALLED_NOT_RECOGNISED,
    CALLING_NOT_RECOGNISED,
    REJECTED_PERMANENT,
    Peer,
)
from teleneedle.adapters.dimse.pdus import AssociationRequest
from teleneedle.adapters.sql.audit_store import Access, AuditStore
from teleneedle.adapters.sql.station_store import Station, StationStore


class StationAccess:
    """Stations by the title that calls, from the address that is registered for it."""

    def __init__(
        self, stations: StationStore, audit: AuditStore, *, aet: str, now: Callable[[], datetime]
    ) -> None:
        self.stations = stations
        self._audit = audit
        self._aet = aet
        self._now = now

    def refusal(self, request: AssociationRequest, address: str) -> tuple[int, int, int] | None:
        """Result, source and reason of a rejection; recorded."""
        if request.called_aet != self._aet:
            reason = CALLED_NOT_RECOGNISED
        elif self._is_known(request, address):
            return None
        else:
            reason = CALLING_NOT_RECOGNISED
        peer = Peer(calling_aet=request.calling_aet, called_aet=request.called_aet, address=address)
        self.record(None, peer, "DICOM association", f"called {request.called_aet}", "refused")
        return REJECTED_PERMANENT, BY_USER, reason

    def _is_known(self, request: AssociationRequest, address: str) -> bool:
        station = self.stations.find(request.calling_aet)
        if station is None or not is_at(station.host, address):
            return False
        if not station.certificate_sha256:
            return True
        shown = hashlib.sha256(request.certificate).hexdigest() if request.certificate else ""
        return hmac.compare_digest(shown, station.certificate_sha256)

    def station(self, peer: Peer) -> Station | None:
        """The station of an association as it is registered at this moment."""
        return self.stations.find(peer.calling_aet)

    def record(self, station: Station | None, peer: Peer, action: str, what: str, outcome: str) -> None:
        """Record one access; it is on the disk before anything is answered."""
        access = Access(
            person_id=station.id if station else "",
            person_name=f"AE {peer.calling_aet}",
            action=action,
            object=what[:200],
            outcome=outcome,
            address=peer.address,
        )
        self._audit.record(access, at=self._now())


def is_at(host: str, address: str) -> bool:
    """Whether `address` is one of the registered host's."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return address.removeprefix("::ffff:") in {str(one[4][0]).removeprefix("::ffff:") for one in found}
