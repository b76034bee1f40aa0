"""Keeps what is stored at the gateway: the service behind its DICOM port.

Success is answered when the instance is on the disk, never before.

References
----------
DICOM PS3.4 annex B (storage) and J (storage commitment); PS3.7 section 9.1.1 (C-STORE).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from teleneedle.adapters.dimse.acceptor import (
    BY_USER,
    CALLED_NOT_RECOGNISED,
    CALLING_NOT_RECOGNISED,
    REJECTED_PERMANENT,
    Association,
    Context,
    is_response,
)
from teleneedle.adapters.dimse.commands import (
    AFFECTED_CLASS,
    AFFECTED_INSTANCE,
    C_STORE,
    FIELD,
    N_ACTION,
    Status,
    number,
    text,
)
from teleneedle.adapters.dimse.commitment import COMMITMENT, Commitments
from teleneedle.adapters.dimse.pdus import AssociationRequest, Proposal
from teleneedle.adapters.dimse.reader import Message
from teleneedle.adapters.link.dataset_layout import DEFLATED, EXPLICIT_LITTLE, IMPLICIT_LITTLE
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance, Phase, Via
from teleneedle.core.errors import HostileInputError, InputError, StorageFullError

VERIFICATION = "1.2.840.10008.1.1"
STORAGE_CLASSES = ("1.2.840.10008.5.1.4.1.1.", "1.2.840.10008.5.1.4.34.7", "1.2.840.10008.5.1.4.43.")
"""Beginnings of the standard's storage SOP classes; what is no image is taken too."""
TRANSFER_SYNTAXES = ("1.2.840.10008.1.2", "1.2.840.113619.5.2")
"""Beginnings of transfer syntaxes whose datasets can be laid out."""


@dataclass(frozen=True, kw_only=True)
class IntakeRules:
    """Who may send here, and what it means.

    Parameters
    ----------
    aet : str
        Our title; an association that calls another is rejected.
    callers : mapping
        Phase of treatment by the titles that may call.
    takes_any_caller : bool
        Take titles that are not among the callers too, with no phase.
    further_classes : frozenset of str
        SOP classes of manufacturers that are stored besides the standard's.
    commitment_peers : mapping
        Host and port by calling title, for peers that expect the report of a storage commitment on a new
        association; all others get it on theirs.
    via : str
        Which way in this port is: ``query`` for what we asked a local archive to send.
    """

    aet: str
    callers: Mapping[str, Phase] = field(default_factory=dict)
    takes_any_caller: bool = False
    further_classes: frozenset[str] = frozenset()
    commitment_peers: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    via: Via = "dimse"


Accept = Callable[[Instance], Kept | Duplicate | Conflict]


class StorageService:
    """Verification, storage and storage commitment on a spool.

    Parameters
    ----------
    keep : callable or None
        What to do with an instance instead of keeping it as it came: de-identification goes here.
    known_as : callable or None
        Under which SOP Instance UID an instance is kept, when that is not its own.
    """

    def __init__(
        self,
        spool: Spool,
        rules: IntakeRules,
        log: EventLog,
        *,
        keep: Accept | None = None,
        known_as: Callable[[str], str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._spool = spool
        self._rules = rules
        self._log = log
        self._keep = keep or spool.keep
        self._clock = clock
        self._commitments = Commitments(
            spool, rules.aet, rules.commitment_peers, log, known_as=known_as or str
        )

    def refusal(self, request: AssociationRequest, address: str) -> tuple[int, int, int] | None:
        """Reject titles that are not on the list."""
        rules = self._rules
        reason = 0
        if request.called_aet != rules.aet:
            reason = CALLED_NOT_RECOGNISED
        elif request.calling_aet not in rules.callers and not rules.takes_any_caller:
            reason = CALLING_NOT_RECOGNISED
        if not reason:
            return None
        self._log.write(
            "association-rejected", calling=request.calling_aet, called=request.called_aet, peer=address
        )
        return REJECTED_PERMANENT, BY_USER, reason

    def transfer_syntax(self, proposal: Proposal, _request: AssociationRequest) -> str | None:
        """Native little endian where the peer offers it, since only that travels coarse first."""
        is_stored = proposal.abstract_syntax.startswith(STORAGE_CLASSES)
        is_stored |= proposal.abstract_syntax in self._rules.further_classes
        if proposal.abstract_syntax in (VERIFICATION, COMMITMENT):
            fitting = [s for s in proposal.transfer_syntaxes if s in (EXPLICIT_LITTLE, IMPLICIT_LITTLE)]
        elif is_stored:
            fitting = [s for s in proposal.transfer_syntaxes if s.startswith(TRANSFER_SYNTAXES)]
            fitting = [s for s in fitting if s not in DEFLATED]
        else:
            return None
        return next((s for s in (EXPLICIT_LITTLE, IMPLICIT_LITTLE) if s in fitting), (fitting or [""])[0])

    def roles(self, request: AssociationRequest) -> Mapping[str, tuple[bool, bool]]:
        """None but the usual ones: peers send, the gateway takes."""
        return {}

    def serve(self, association: Association, message: Message, context: Context) -> None:
        """Store, or take a request for storage commitment."""
        if is_response(message):
            self._commitments.answered(association, message)
            return
        command = number(message.command, FIELD)
        if command == C_STORE and context.abstract_syntax not in (VERIFICATION, COMMITMENT):
            status, comment = self._store(association, message, context)
            association.respond(message, status, comment)
        elif command == N_ACTION and context.abstract_syntax == COMMITMENT:
            self._commitments.serve(association, message, context)
        else:
            association.respond(message, Status.UNRECOGNISED_OPERATION)

    def ended(self, association: Association, how: str) -> None:
        """Tell the sender's process which series may be whole now."""
        for series_key in association.kept_series:
            self._spool.close_series(series_key)
        peer = association.peer
        self._log.write(
            "association-ended", calling=peer.calling_aet, peer=peer.address, how=how, **association.counts
        )
        self._commitments.association_ended(association)

    def _store(self, association: Association, message: Message, context: Context) -> tuple[Status, str]:
        status, comment = self._stored(association, message, context)
        what = {Status.SUCCESS: "kept"}.get(status, status.name.lower())
        association.counts[what] = association.counts.get(what, 0) + 1
        if status is not Status.SUCCESS:
            peer = association.peer
            self._log.write(
                "instance-refused",
                calling=peer.calling_aet,
                peer=peer.address,
                status=f"{status:04X}",
                why=comment,
            )
        return status, comment

    def _stored(self, association: Association, message: Message, context: Context) -> tuple[Status, str]:
        if message.dataset is None:
            return Status.OUT_OF_RESOURCES, "the instance is larger than allowed"
        try:
            instance = Instance.of(
                message.dataset, context.transfer_syntax, self._arrival(association), self._clock()
            )
            facts = instance.layout.facts
            sop_class, sop_uid = (text(message.command, e) for e in (AFFECTED_CLASS, AFFECTED_INSTANCE))
            if sop_class != facts.sop_class:
                return Status.DOES_NOT_MATCH_CLASS, "another SOP class than announced"
            if sop_uid != facts.sop_uid:
                return Status.DOES_NOT_MATCH_CLASS, "another SOP instance than announced"
            outcome = self._keep(instance)
        except StorageFullError as error:
            return Status.OUT_OF_RESOURCES, error.what
        except HostileInputError as error:
            return Status.REFUSED_AS_HOSTILE, error.what
        except InputError as error:
            return Status.CANNOT_UNDERSTAND, error.what
        except Exception as error:  # one instance that cannot be kept is no reason to end the association
            return Status.PROCESSING_FAILURE, type(error).__name__
        if isinstance(outcome, Conflict):
            return Status.DUPLICATE_INSTANCE, "another dataset has this SOP Instance UID"
        association.kept_series.add(outcome.entry.series_key)
        return Status.SUCCESS, ""

    def _arrival(self, association: Association) -> Arrival:
        peer = association.peer
        return Arrival(
            via=self._rules.via,
            phase=self._rules.callers.get(peer.calling_aet, ""),
            calling_aet=peer.calling_aet,
            called_aet=peer.called_aet,
            peer=peer.address,
        )
