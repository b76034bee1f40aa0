"""C-GET and C-MOVE of what a station may see.

A C-MOVE goes to registered stations only, and carries no more than both stations may see.

References
----------
DICOM PS3.4 C.4.2 (C-MOVE), C.4.3 (C-GET) with their status codes.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, SERIES_UID, STUDY_UID, Kept, KeptSeries
from teleneedle.adapters.dicomweb.search import matches
from teleneedle.adapters.dimse.acceptor import Association, Context
from teleneedle.adapters.dimse.commands import (
    AFFECTED_CLASS,
    AFFECTED_INSTANCE,
    C_CANCEL,
    C_STORE,
    COMPLETED,
    FAILED,
    FIELD,
    MESSAGE_ID,
    MOVE_DESTINATION,
    PRIORITY,
    REMAINING,
    STATUS,
    WITH_WARNING,
    Status,
    number,
    text,
)
from teleneedle.adapters.dimse.identifiers import LEVELS, Identifier, read_identifier, write_failed_list
from teleneedle.adapters.dimse.outbound import Outbound, outbound
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.dimse.store_scu import StoreAssociation, proposals
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.station_store import Station
from teleneedle.apps.hub_dicom.access import StationAccess
from teleneedle.apps.hub_dicom.models import GET, MOVE, PATIENT_ROOT
from teleneedle.apps.hub_dicom.queries import is_cancelled, spoken
from teleneedle.core.errors import NotReadableError, StationError, TeleneedleError

WARNINGS = frozenset({0xB000, 0xB006, 0xB007})
LOW = 2
NO_STATUS = -1


@dataclass(kw_only=True)
class Tally:
    """How many sub-operations ended how."""

    remaining: int
    completed: int = 0
    warnings: int = 0
    failed: list[str] = field(default_factory=list)

    def count(self, sop_uid: str, status: int | None) -> None:
        """One more has ended."""
        self.remaining -= 1
        if status == 0:
            self.completed += 1
        elif status in WARNINGS:
            self.warnings += 1
        else:
            self.failed.append(sop_uid)

    def values(self, status: Status) -> dict[int, int | str]:
        """Elements of a response."""
        found: dict[int, int | str] = {
            STATUS: int(status),
            COMPLETED: self.completed,
            FAILED: len(self.failed),
            WITH_WARNING: self.warnings,
        }
        if status in (Status.PENDING, Status.CANCELLED):
            found[REMAINING] = self.remaining
        return found

    @property
    def verdict(self) -> Status:
        """Of the whole retrieval."""
        if not self.failed and not self.warnings:
            return Status.SUCCESS
        none_done = not self.completed and not self.warnings
        return Status.NO_SUB_OPERATION_DONE if none_done else Status.SOME_SUB_OPERATIONS_FAILED


class Retrievals:
    """Sends what is asked for."""

    def __init__(
        self,
        kept: KeptSeries,
        objects: ObjectStore,
        access: StationAccess,
        *,
        aet: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._kept = kept
        self._objects = objects
        self._access = access
        self._aet = aet
        self._tls = tls

    def get(self, association: Association, message: Message, context: Context, station: Station) -> None:
        """Instances on the association itself."""
        asked = self._asked(association, message, context, station)
        if asked is None:
            return
        found = self._found(asked, station)
        self._record(association, station, "C-GET", asked, found)
        accepted = {
            (one.abstract_syntax, one.transfer_syntax): one
            for one in association.contexts.values()
            if one.peer_receives
        }
        tally = Tally(remaining=len(found))
        for one in outbound(found, self._objects, accepted):
            status = None
            if one.context is not None and one.dataset is not None:
                status = _sent(association, one)
            if status == NO_STATUS:
                self._end(association, message, context, tally, Status.CANCELLED)
                return
            tally.count(one.sop_uid, status)
            association.reply(message, tally.values(Status.PENDING))
        self._end(association, message, context, tally, tally.verdict)

    def move(self, association: Association, message: Message, context: Context, station: Station) -> None:
        """Instances to another registered station, or to the one that asks."""
        asked = self._asked(association, message, context, station)
        if asked is None:
            return
        title = text(message.command, MOVE_DESTINATION).strip()
        target = self._access.stations.find(title)
        action = f"C-MOVE to {title}"
        if target is None:
            self._access.record(station, association.peer, action, spoken(asked), "refused")
            association.respond(message, Status.DESTINATION_UNKNOWN, "the destination is not registered")
            return
        found = self._found(asked, station, target)
        self._record(association, station, action, asked, found)
        tally = Tally(remaining=len(found))
        if not found:
            self._end(association, message, context, tally, Status.SUCCESS)
            return
        try:
            with StoreAssociation(
                target, own_aet=self._aet, wanted=proposals(found, asks_commitment=False), tls=self._tls
            ) as line:
                self._move_all(association, message, context, line, found, tally)
        except StationError:
            tally.failed += [one.uid(INSTANCE_UID) for one in found]
            tally.remaining = 0
            self._end(association, message, context, tally, Status.NO_SUB_OPERATION_DONE)

    def _move_all(
        self,
        association: Association,
        message: Message,
        context: Context,
        line: StoreAssociation,
        found: Sequence[Kept],
        tally: Tally,
    ) -> None:
        originator = (association.peer.calling_aet, number(message.command, MESSAGE_ID))
        for one in outbound(found, self._objects, line.accepted):
            if is_cancelled(association):
                self._end(association, message, context, tally, Status.CANCELLED)
                return
            tally.count(one.sop_uid, line.store(one, originator=originator))
            association.reply(message, tally.values(Status.PENDING))
        self._end(association, message, context, tally, tally.verdict)

    def _asked(
        self, association: Association, message: Message, context: Context, station: Station
    ) -> Identifier | None:
        uid = context.abstract_syntax
        try:
            if message.dataset is None:
                raise NotReadableError("the identifier is larger than allowed")
            levels = MOVE.get(uid) or GET.get(uid) or PATIENT_ROOT
            asked = read_identifier(message.dataset, context.transfer_syntax, levels)
            if not asked.keys.get(LEVELS[asked.level]):
                raise NotReadableError("the identifier lacks the key of its level")
        except TeleneedleError as error:
            self._access.record(station, association.peer, "retrieval", "not understandable", "failed")
            association.respond(message, Status.DOES_NOT_MATCH_CLASS, error.what)
            return None
        return asked

    def _found(self, asked: Identifier, *stations: Station) -> list[Kept]:
        found: dict[str, Kept] = {}
        for group in self._kept.visible(
            lambda site_id: all(one.may_see(site_id) for one in stations),
            study=asked.value(STUDY_UID),
            series=asked.value(SERIES_UID),
        ):
            for kept in group:
                if matches(kept.facts, asked.conditions):
                    found.setdefault(kept.uid(INSTANCE_UID), kept)
        return list(found.values())

    def _record(
        self,
        association: Association,
        station: Station,
        action: str,
        asked: Identifier,
        found: Sequence[Kept],
    ) -> None:
        for case_id in sorted({one.case_id for one in found}):
            self._access.record(station, association.peer, action, f"case/{case_id}", "done")
        if not found:
            self._access.record(station, association.peer, action, spoken(asked), "refused")

    def _end(
        self, association: Association, message: Message, context: Context, tally: Tally, status: Status
    ) -> None:
        missing = write_failed_list(tally.failed, context.transfer_syntax) if tally.failed else b""
        association.reply(message, tally.values(status), missing)


def _sent(association: Association, one: Outbound[Context]) -> int | None:
    """Status of one sub-operation on the association; `NO_STATUS` when the peer cancelled the retrieval."""
    assert one.context is not None  # noqa: S101  (asked for by the caller)
    assert one.dataset is not None  # noqa: S101  (likewise)
    association.request(
        one.context,
        {FIELD: C_STORE, AFFECTED_CLASS: one.sop_class, AFFECTED_INSTANCE: one.sop_uid, PRIORITY: LOW},
        one.dataset,
    )
    is_cancelled_now = False
    while True:
        answer = association.receive()
        if number(answer.command, FIELD) != C_CANCEL:
            break
        is_cancelled_now = True
    return NO_STATUS if is_cancelled_now else number(answer.command, STATUS)
