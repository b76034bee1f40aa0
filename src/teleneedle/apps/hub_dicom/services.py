"""What the hub answers to stations: verification, query, retrieval, reports of storage commitment.

References
----------
DICOM PS3.4 annex A (verification), C (query and retrieve), J (storage commitment).
"""

from __future__ import annotations

from collections.abc import Mapping

from teleneedle.adapters.dimse.acceptor import Association, Context
from teleneedle.adapters.dimse.commands import C_FIND, C_GET, C_MOVE, FIELD, N_EVENT_REPORT, Status, number
from teleneedle.adapters.dimse.pdus import AssociationRequest, Proposal
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.link.dataset_layout import DEFLATED, EXPLICIT_LITTLE, IMPLICIT_LITTLE
from teleneedle.apps.hub_dicom.access import StationAccess
from teleneedle.apps.hub_dicom.models import FIND, GET, MOVE, OFFERED, STORAGE_COMMITMENT, is_storage
from teleneedle.apps.hub_dicom.queries import Queries
from teleneedle.apps.hub_dicom.reports import CommitmentReports
from teleneedle.apps.hub_dicom.retrievals import Retrievals

NATIVE = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)


class HubDicomServices:
    """The `Services` of the hub's DICOM port."""

    def __init__(
        self, access: StationAccess, queries: Queries, retrievals: Retrievals, reports: CommitmentReports
    ) -> None:
        self._access = access
        self._queries = queries
        self._retrievals = retrievals
        self._reports = reports

    def refusal(self, request: AssociationRequest, address: str) -> tuple[int, int, int] | None:
        """Reject stations that are not registered."""
        return self._access.refusal(request, address)

    def roles(self, request: AssociationRequest) -> Mapping[str, tuple[bool, bool]]:
        """Stations take what they get by C-GET, and report commitments as their provider."""
        return {
            uid: (False, True)
            for uid, (_, is_provider) in request.roles.items()
            if is_provider and (is_storage(uid) or uid == STORAGE_COMMITMENT)
        }

    def transfer_syntax(self, proposal: Proposal, request: AssociationRequest) -> str | None:
        """Uncompressed where it is among several: then every instance can be sent; else the one named first.

        A station that wants instances as they are kept proposes each transfer syntax by itself.
        """
        uid, offered = proposal.abstract_syntax, proposal.transfer_syntaxes
        if is_storage(uid):
            if uid not in self.roles(request):
                return None
            fitting = [one for one in offered if one not in DEFLATED]
        elif uid in OFFERED:
            fitting = [one for one in offered if one in NATIVE]
        else:
            return None
        return next((one for one in NATIVE if one in fitting), (fitting or [""])[0])

    def serve(self, association: Association, message: Message, context: Context) -> None:
        """Answer one request."""
        station = self._access.station(association.peer)
        command, uid = number(message.command, FIELD), context.abstract_syntax
        if station is None:
            association.respond(message, Status.NOT_AUTHORISED)
        elif command == C_FIND and uid in FIND:
            self._queries.serve(association, message, context, station)
        elif command == C_MOVE and uid in MOVE:
            self._retrievals.move(association, message, context, station)
        elif command == C_GET and uid in GET:
            self._retrievals.get(association, message, context, station)
        elif command == N_EVENT_REPORT and uid == STORAGE_COMMITMENT:
            self._reports.serve(association, message, context, station)
        else:
            association.respond(message, Status.UNRECOGNISED_OPERATION)

    def ended(self, association: Association, how: str) -> None:
        """Nothing is left to be done."""
