"""C-FIND on what a station may see."""

from __future__ import annotations

from teleneedle.adapters.dicomweb.kept import SERIES_UID, STUDY_UID, KeptSeries, rows_of
from teleneedle.adapters.dicomweb.search import matches
from teleneedle.adapters.dimse.acceptor import Association, Context
from teleneedle.adapters.dimse.commands import C_CANCEL, FIELD, STATUS, Status, number
from teleneedle.adapters.dimse.identifiers import LEVELS, Identifier, read_identifier, write_answer
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.sql.station_store import Station
from teleneedle.apps.hub_dicom.access import StationAccess
from teleneedle.apps.hub_dicom.models import FIND
from teleneedle.core.errors import TeleneedleError


class Queries:
    """Answers queries one by one, and stops when told to."""

    def __init__(self, kept: KeptSeries, access: StationAccess, aet: str) -> None:
        self._kept = kept
        self._access = access
        self._aet = aet

    def serve(self, association: Association, message: Message, context: Context, station: Station) -> None:
        """All matches as pending answers, then the end."""
        try:
            if message.dataset is None:
                raise MemoryError
            asked = read_identifier(message.dataset, context.transfer_syntax, FIND[context.abstract_syntax])
        except (TeleneedleError, MemoryError):
            self._access.record(station, association.peer, "C-FIND", "not understandable", "failed")
            association.respond(message, Status.DOES_NOT_MATCH_CLASS, "the identifier is not understandable")
            return
        self._access.record(station, association.peer, f"C-FIND {asked.level}", spoken(asked), "done")
        groups = self._kept.visible(
            station.may_see, study=asked.value(STUDY_UID), series=asked.value(SERIES_UID)
        )
        for facts, _ in rows_of(groups, LEVELS[asked.level]):
            if not matches(facts, asked.conditions):
                continue
            if is_cancelled(association):
                association.respond(message, Status.CANCELLED)
                return
            dataset = write_answer(facts, asked, self._aet, context.transfer_syntax)
            association.reply(message, {STATUS: int(Status.PENDING)}, dataset)
        association.respond(message, Status.SUCCESS)


def is_cancelled(association: Association) -> bool:
    """Whether the peer said that it wants no more."""
    return association.has_input() and number(association.receive().command, FIELD) == C_CANCEL


def spoken(asked: Identifier) -> str:
    """What was asked for, for the record."""
    return " ".join(f"{tag}={value}" for tag, value in asked.conditions) or "everything"
