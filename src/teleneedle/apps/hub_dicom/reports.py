"""Reports of stations that were asked to answer for what they were sent.

References
----------
DICOM PS3.4 J.3.3 (N-EVENT-REPORT of storage commitment).
"""

from __future__ import annotations

from teleneedle.adapters.dimse.acceptor import Association, Context
from teleneedle.adapters.dimse.commands import Status
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.link.dataset_layout import IMPLICIT_LITTLE
from teleneedle.adapters.link.dataset_walk import items, top_level
from teleneedle.adapters.sql.station_store import Station, StationStore
from teleneedle.core.errors import TeleneedleError

_TRANSACTION, _FAILED, _INSTANCE = 0x00081195, 0x00081198, 0x00081155


class CommitmentReports:
    """Keeps what stations report."""

    def __init__(self, stations: StationStore) -> None:
        self._stations = stations

    def serve(self, association: Association, message: Message, context: Context, station: Station) -> None:
        """Keep one report; a transaction that this station was not asked about is refused."""
        try:
            transaction, missing = read_report(message.dataset or memoryview(b""), context.transfer_syntax)
        except TeleneedleError:
            association.respond(message, Status.PROCESSING_FAILURE)
            return
        is_ours = self._stations.answer_commitment(transaction, station_id=station.id, missing=missing)
        association.respond(message, Status.SUCCESS if is_ours else Status.NO_SUCH_INSTANCE)


def read_report(content: memoryview, transfer_syntax: str) -> tuple[str, list[str]]:
    """Transaction and the instances that the station does not answer for."""
    is_implicit = transfer_syntax == IMPLICIT_LITTLE
    transaction, missing = "", []
    for tag, _, start, end in top_level(content, is_implicit=is_implicit, is_little=True):
        if tag == _TRANSACTION:
            transaction = _uid(content[start:end])
        elif tag == _FAILED:
            for item in items(content[start:end], is_implicit=is_implicit, is_little=True):
                missing += [
                    _uid(item[a:b])
                    for inner, _, a, b in top_level(item, is_implicit=is_implicit, is_little=True)
                    if inner == _INSTANCE
                ]
    return transaction, missing


def _uid(content: memoryview) -> str:
    return bytes(content).decode("latin-1").strip(" \0")
