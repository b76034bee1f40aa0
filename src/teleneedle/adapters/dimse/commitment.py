"""Storage commitment: may a sender forget its images? It may when they wait here or are at the hub.

The report goes out on the same association, or on a new one to peers that are known to expect that.

References
----------
DICOM PS3.4 annex J (storage commitment push model), PS3.3 C.14, PS3.7 section 10.1.1 and 10.1.4.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from struct import pack

from teleneedle.adapters.dimse.acceptor import Association, Context
from teleneedle.adapters.dimse.commands import (
    ACTION_TYPE,
    AFFECTED_CLASS,
    AFFECTED_INSTANCE,
    EVENT_TYPE,
    FIELD,
    N_EVENT_REPORT,
    RESPONDED_ID,
    Status,
    number,
)
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.link.dataset_layout import IMPLICIT
from teleneedle.adapters.link.dataset_walk import items, top_level
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import uid_key
from teleneedle.core.errors import HostileInputError, NotReadableError

COMMITMENT = "1.2.840.10008.1.20.1"
WELL_KNOWN_INSTANCE = "1.2.840.10008.1.20.1.1"
REQUEST_ACTION, ALL_SAFE, SOME_MISSING = 1, 1, 2
MAX_INSTANCES = 20_000
_TRANSACTION, _REFERENCES, _FAILED = 0x00081195, 0x00081199, 0x00081198
_CLASS, _INSTANCE, _REASON = 0x00081150, 0x00081155, 0x00081197
Reference = tuple[str, str]
"""SOP class and SOP instance UID."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is said about one transaction."""

    transaction_uid: str
    safe: tuple[Reference, ...]
    missing: tuple[Reference, ...]

    @property
    def event_type(self) -> int:
        """Type of the event."""
        return SOME_MISSING if self.missing else ALL_SAFE


class Commitments:
    """Answers requests for storage commitment.

    Parameters
    ----------
    peers : mapping
        Host and port by title, of those that get their report on a new association.
    known_as : callable
        Under which SOP Instance UID an instance is kept.
    """

    def __init__(
        self,
        spool: Spool,
        aet: str,
        peers: Mapping[str, tuple[str, int]],
        log: EventLog,
        *,
        known_as: Callable[[str], str] = str,
    ) -> None:
        self._spool = spool
        self._aet = aet
        self._peers = peers
        self._log = log
        self._known_as = known_as
        self._lock = threading.Lock()
        self._waiting: dict[tuple[int, int], Report] = {}

    def serve(self, association: Association, message: Message, context: Context) -> None:
        """Take a request and send its report."""
        if message.dataset is None or number(message.command, ACTION_TYPE) != REQUEST_ACTION:
            association.respond(message, Status.NO_SUCH_ACTION)
            return
        try:
            report = self._report(message.dataset, is_implicit=context.transfer_syntax in IMPLICIT)
        except (NotReadableError, HostileInputError) as error:
            association.respond(message, Status.PROCESSING_FAILURE, error.what)
            return
        association.respond(message, Status.SUCCESS)
        peer = association.peer
        self._log.write(
            "commitment", calling=peer.calling_aet, safe=len(report.safe), missing=len(report.missing)
        )
        if peer.calling_aet in self._peers:
            self._send_anew(peer.calling_aet, report)
            return
        values: dict[int, int | str] = {
            AFFECTED_CLASS: COMMITMENT,
            AFFECTED_INSTANCE: WELL_KNOWN_INSTANCE,
            FIELD: N_EVENT_REPORT,
            EVENT_TYPE: report.event_type,
        }
        dataset = write_report(report, is_implicit=context.transfer_syntax in IMPLICIT)
        message_id = association.request(context, values, dataset)
        with self._lock:
            self._waiting[id(association), message_id] = report

    def answered(self, association: Association, message: Message) -> None:
        """The peer has taken a report."""
        with self._lock:
            self._waiting.pop((id(association), number(message.command, RESPONDED_ID)), None)

    def association_ended(self, association: Association) -> None:
        """Say which reports were not taken; the peer will ask again."""
        with self._lock:
            lost = [key for key in self._waiting if key[0] == id(association)]
            for key in lost:
                del self._waiting[key]
        if lost:
            self._log.write("commitment-not-taken", calling=association.peer.calling_aet, reports=len(lost))

    def _send_anew(self, calling_aet: str, report: Report) -> None:
        address = self._peers[calling_aet]

        def send() -> None:
            from teleneedle.adapters.dimse.outgoing import send_commitment_report  # pynetdicom, seldom needed

            fault = send_commitment_report(
                address,
                own_aet=self._aet,
                peer_aet=calling_aet,
                transaction_uid=report.transaction_uid,
                safe=report.safe,
                missing=report.missing,
            )
            if fault:
                self._log.write("commitment-not-taken", calling=calling_aet, reports=1, why=fault)

        threading.Thread(target=send, daemon=True).start()

    def _report(self, dataset: memoryview, *, is_implicit: bool) -> Report:
        transaction_uid, references = read_request(dataset, is_implicit=is_implicit)
        kept_as = {one: self._known_as(one[1]) for one in references}
        safe = [one for one in references if self._spool.is_safe(kept_as[one], uid_key(kept_as[one]))]
        missing = [one for one in references if one not in set(safe)]
        return Report(transaction_uid=transaction_uid, safe=tuple(safe), missing=tuple(missing))


def read_request(dataset: memoryview, *, is_implicit: bool) -> tuple[str, list[Reference]]:
    """Transaction UID and references of a request.

    Raises
    ------
    NotReadableError
        If it names no transaction, or too many instances.
    """
    transaction_uid, references = "", []
    for tag, _, start, end in top_level(dataset, is_implicit=is_implicit, is_little=True):
        if tag == _TRANSACTION:
            transaction_uid = _text(dataset[start:end])
        elif tag == _REFERENCES:
            for item in items(dataset[start:end], is_implicit=is_implicit, is_little=True):
                values = {
                    inner: _text(item[begin:stop])
                    for inner, _, begin, stop in top_level(item, is_implicit=is_implicit, is_little=True)
                    if inner in (_CLASS, _INSTANCE)
                }
                references.append((values.get(_CLASS, ""), values.get(_INSTANCE, "")))
    if not transaction_uid or not references or len(references) > MAX_INSTANCES:
        raise NotReadableError("the request for storage commitment is not understandable")
    return transaction_uid, references


def write_report(report: Report, *, is_implicit: bool) -> bytes:
    """The dataset of an N-EVENT-REPORT."""

    def element(tag: int, vr: bytes, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        start = pack("<HH", tag >> 16, tag & 0xFFFF)
        if is_implicit:
            return start + pack("<I", len(value)) + value
        if vr == b"SQ":
            return start + vr + pack("<HI", 0, len(value)) + value
        return start + vr + pack("<H", len(value)) + value

    def sequence(tag: int, references: Iterable[Reference], reason: int) -> bytes:
        content = b""
        for sop_class, sop_uid in references:
            item = element(_CLASS, b"UI", sop_class.encode()) + element(_INSTANCE, b"UI", sop_uid.encode())
            item += element(_REASON, b"US", pack("<H", reason)) if reason else b""
            content += pack("<HHI", 0xFFFE, 0xE000, len(item)) + item
        return element(tag, b"SQ", content)

    dataset = element(_TRANSACTION, b"UI", report.transaction_uid.encode())
    if report.missing:
        dataset += sequence(_FAILED, report.missing, Status.NO_SUCH_INSTANCE)
    return dataset + (sequence(_REFERENCES, report.safe, 0) if report.safe else b"")


def _text(value: memoryview) -> str:
    return bytes(value[:64]).strip(b" \0").decode("latin-1")
