"""One association from the acceptor's side: negotiation, messages in turn, release.

A thread that waits in ``recv`` serves each association. Nothing polls, and an instance is copied once between
the socket's buffer and the dataset that is hashed and written.

References
----------
DICOM PS3.8 section 7 and 9.2 (association services and state machine), PS3.7 section 9 and 10.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from teleneedle.adapters.dimse.commands import (
    C_ECHO,
    DATASET_TYPE,
    FIELD,
    HAS_DATASET,
    MESSAGE_ID,
    RESPONSE,
    Status,
    number,
    write_command,
)
from teleneedle.adapters.dimse.commands import answer as answer_to
from teleneedle.adapters.dimse.limits import AssociationLimits, ReceivingBudget
from teleneedle.adapters.dimse.pdus import (
    ABORT,
    ABSTRACT_NOT_SUPPORTED,
    ACCEPTED,
    ASSOCIATE_RQ,
    COMMAND,
    RELEASE_ANSWER,
    RELEASE_RQ,
    TRANSFER_NOT_SUPPORTED,
    AssociationRequest,
    Proposal,
    ProtocolError,
    read_request,
    write_abort,
    write_accept,
    write_data,
    write_reject,
)
from teleneedle.adapters.dimse.reader import Message, MessageReader, PeerGone, UnitReader

REJECTED_PERMANENT, REJECTED_TRANSIENT = 1, 2
BY_USER, BY_ACSE, BY_PRESENTATION = 1, 2, 3
CALLING_NOT_RECOGNISED, CALLED_NOT_RECOGNISED = 3, 7
PROTOCOL_NOT_SUPPORTED, LOCAL_LIMIT = 2, 2
_SHORT = 64


@dataclass(frozen=True, kw_only=True)
class Context:
    """An accepted presentation context."""

    context_id: int
    abstract_syntax: str
    transfer_syntax: str
    peer_receives: bool = False
    """The peer is the provider here: it takes instances that we send."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Who is on the other side."""

    calling_aet: str
    called_aet: str
    address: str


class Services(Protocol):
    """What is behind the acceptor; one object for all associations, called from their threads."""

    def refusal(self, request: AssociationRequest, address: str) -> tuple[int, int, int] | None:
        """Result, source and reason of a rejection; None to go on."""

    def transfer_syntax(self, proposal: Proposal, request: AssociationRequest) -> str | None:
        """The syntax to accept, empty when none of them will do, None when the SOP class is not served."""

    def roles(self, request: AssociationRequest) -> Mapping[str, tuple[bool, bool]]:
        """By SOP class, whether the peer may be its user and its provider; only what it proposed."""

    def serve(self, association: Association, message: Message, context: Context) -> None:
        """Answer one request."""

    def ended(self, association: Association, how: str) -> None:
        """An accepted association is over: ``released``, ``aborted``, ``lost`` or ``protocol``."""


class Association:
    """One connection; `run` serves it to its end and never raises for what the peer does.

    Parameters
    ----------
    is_one_too_many : bool
        Refuse it as soon as it says who it is.
    """

    def __init__(
        self,
        connection: socket.socket,
        address: str,
        *,
        services: Services,
        limits: AssociationLimits,
        budget: ReceivingBudget,
        is_one_too_many: bool = False,
    ) -> None:
        self._connection = connection
        self._address = address
        self._services = services
        self._limits = limits
        self._budget = budget
        self._is_one_too_many = is_one_too_many
        self._peer_takes = 0
        self._next_message_id = 1
        self.contexts: Mapping[int, Context] = {}
        self.peer = Peer(calling_aet="", called_aet="", address=address)
        self.kept_series: set[str] = set()
        self.counts: dict[str, int] = {}

    def run(self) -> None:
        """Negotiate, serve every message, and end."""
        units = UnitReader(self._connection, self._limits)
        self._messages = messages = MessageReader(units, self._limits, self._budget)
        is_accepted, how = False, "lost"
        try:
            is_accepted = self._negotiate(units)
            if is_accepted:
                how = self._converse(messages)
        except ProtocolError as error:
            how = "protocol"
            with contextlib.suppress(OSError):
                self._connection.sendall(write_abort(error.reason))
        except (PeerGone, OSError):
            pass
        finally:
            messages.close()
            if is_accepted or how == "protocol":
                self._services.ended(self, how)

    def respond(self, message: Message, status: Status, comment: str = "") -> None:
        """Answer a request without a dataset."""
        self._send(message.context_id, write_command(answer_to(message.command, status, comment)))

    def reply(self, message: Message, values: Mapping[int, int | str], dataset: bytes = b"") -> None:
        """Answer a request with `values` in the command, and a dataset."""
        command = {**answer_to(message.command, Status.SUCCESS), **values}
        if dataset:
            command[DATASET_TYPE] = HAS_DATASET
        self._send(message.context_id, write_command(command))
        if dataset:
            self._send_dataset(message.context_id, dataset)

    def receive(self) -> Message:
        """The next message, while a request is being served: an answer to one of ours, or a cancellation.

        Raises
        ------
        PeerGone
            If the peer ends the association instead.
        """
        message = self._messages.read({RELEASE_RQ: _SHORT})
        if isinstance(message, int):
            raise PeerGone("ended while it was served")
        return message

    def has_input(self) -> bool:
        """Whether `receive` would find something at once."""
        return self._messages.has_input()

    def request(self, context: Context, values: Mapping[int, int | str], dataset: bytes | memoryview) -> int:
        """Send a request of our own on this association; its message identifier."""
        message_id = self._next_message_id
        self._next_message_id = message_id % 0xFFFF + 1
        command = {**values, MESSAGE_ID: message_id, DATASET_TYPE: HAS_DATASET}
        self._send(context.context_id, write_command(command))
        self._send_dataset(context.context_id, dataset)
        return message_id

    def _send_dataset(self, context_id: int, dataset: bytes | memoryview) -> None:
        for unit in write_data(context_id, 0, dataset, self._peer_takes):
            self._connection.sendall(unit)

    def _send(self, context_id: int, command: bytes) -> None:
        for unit in write_data(context_id, COMMAND, command, self._peer_takes):
            self._connection.sendall(unit)

    def _negotiate(self, units: UnitReader) -> bool:
        within_s = self._limits.request_s
        _, body = units.read(
            most={ASSOCIATE_RQ: self._limits.request_bytes}, first_s=within_s, whole_s=within_s
        )
        request = replace(read_request(bytes(body)), certificate=self._certificate())
        self.peer = Peer(
            calling_aet=request.calling_aet, called_aet=request.called_aet, address=self._address
        )
        refusal = self._refusal(request)
        if refusal is not None:
            self._connection.sendall(write_reject(*refusal))
            return False
        answers, contexts = {}, {}
        roles = self._services.roles(request)
        for one in request.proposals:
            syntax = self._services.transfer_syntax(one, request)
            if syntax:
                answers[one.context_id] = (ACCEPTED, syntax)
                contexts[one.context_id] = Context(
                    context_id=one.context_id,
                    abstract_syntax=one.abstract_syntax,
                    transfer_syntax=syntax,
                    peer_receives=roles.get(one.abstract_syntax, (True, False))[1],
                )
            else:
                reason = ABSTRACT_NOT_SUPPORTED if syntax is None else TRANSFER_NOT_SUPPORTED
                answers[one.context_id] = (reason, one.transfer_syntaxes[0])
        self.contexts = contexts
        self._peer_takes = request.max_length
        self._connection.sendall(write_accept(request, answers, self._limits.data_bytes, roles))
        return True

    def _certificate(self) -> bytes:
        connection = self._connection
        return (connection.getpeercert(True) or b"") if isinstance(connection, ssl.SSLSocket) else b""

    def _refusal(self, request: AssociationRequest) -> tuple[int, int, int] | None:
        if not request.version & 1:
            return REJECTED_PERMANENT, BY_ACSE, PROTOCOL_NOT_SUPPORTED
        if self._is_one_too_many:
            return REJECTED_TRANSIENT, BY_PRESENTATION, LOCAL_LIMIT
        return self._services.refusal(request, self._address)

    def _converse(self, messages: MessageReader) -> str:
        while True:
            message = messages.read({RELEASE_RQ: _SHORT})
            if message == RELEASE_RQ:
                self._connection.sendall(RELEASE_ANSWER)
                return "released"
            if message == ABORT or isinstance(message, int):
                return "aborted"
            context = self.contexts.get(message.context_id)
            if context is None:
                raise ProtocolError("a message in a context that was not accepted")
            field = number(message.command, FIELD)
            if field == C_ECHO:
                self.respond(message, Status.SUCCESS)
            else:
                self._services.serve(self, message, context)
            if message.dataset is not None:
                message.dataset.release()


def is_response(message: Message) -> bool:
    """Whether a message answers a request of ours."""
    return bool(number(message.command, FIELD) & RESPONSE)
