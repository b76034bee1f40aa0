"""Bytes of one connection, cut into protocol data units and messages.

The length of a unit is judged by its six bytes of head before anything more is read for it, so a claimed
length costs nothing. A dataset is gathered in one buffer that the association uses again and again.

References
----------
DICOM PS3.8 section 9.3.1 and annex E; trust experiment 1: a header claiming 4 GiB grew a server that read
before it judged.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

from teleneedle.adapters.dimse.commands import DATASET_TYPE, NO_DATASET, number, read_command
from teleneedle.adapters.dimse.limits import KIB, MIB, AssociationLimits, ReceivingBudget
from teleneedle.adapters.dimse.pdus import ABORT, COMMAND, DATA, HEAD, LAST, ProtocolError, fragments

BUFFER_BYTES = 512 * KIB
FIRST_DATASET_BYTES = MIB
LARGEST_KEPT_BYTES = 16 * MIB
_CONTROL_BYTES = 64
"""Most that release and abort may have; four by the standard."""


class PeerGone(ConnectionError):
    """The connection ended, was too slow, or was aborted by the peer."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A command and its dataset.

    Parameters
    ----------
    dataset : memoryview or None
        Valid until the next message is read; None when it was larger than allowed, and thrown away.
    """

    context_id: int
    command: Mapping[int, bytes]
    dataset: memoryview | None


class UnitReader:
    """Reads whole protocol data units."""

    def __init__(self, connection: socket.socket, limits: AssociationLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._view = memoryview(bytearray(BUFFER_BYTES))
        self._start = self._end = 0

    def read(
        self, *, most: Mapping[int, int], first_s: float, whole_s: float = 0.0
    ) -> tuple[int, memoryview]:
        """Kind and body of the next unit; the body is valid until the next call.

        Parameters
        ----------
        most : mapping
            Largest body by kind; other kinds are not expected now.
        first_s, whole_s : float
            How long to wait for its first byte, and for all of it (0: as long as it goes on).

        Raises
        ------
        ProtocolError
            If its kind is not expected, or it is longer than allowed.
        PeerGone
            If the connection ends, or time is over.
        """
        until = time.monotonic() + whole_s if whole_s else 0.0
        wait = first_s
        while self._end - self._start < HEAD.size:
            self._receive(wait, until)
            wait = self._limits.stall_s
        kind, length = HEAD.unpack_from(self._view, self._start)
        if kind not in most:
            raise ProtocolError(f"unit {kind} is not expected here", reason=2)
        if length > most[kind]:
            raise ProtocolError(f"unit {kind} claims {length} bytes")
        self._start += HEAD.size
        while self._end - self._start < length:
            self._receive(self._limits.stall_s, until)
        body = self._view[self._start : self._start + length]
        self._start += length
        return kind, body

    def has_input(self) -> bool:
        """Whether bytes wait to be read."""
        if self._start < self._end:
            return True
        if isinstance(self._connection, ssl.SSLSocket) and self._connection.pending():
            return True
        return bool(select.select([self._connection], [], [], 0)[0])

    def _receive(self, wait: float, until: float) -> None:
        if self._start == self._end:
            self._start = self._end = 0
        elif self._start and self._end > BUFFER_BYTES // 2:
            rest = bytes(self._view[self._start : self._end])
            self._view[: len(rest)] = rest
            self._start, self._end = 0, len(rest)
        left = min(wait, until - time.monotonic()) if until else wait
        if left <= 0:
            raise PeerGone("too slow")
        try:
            self._connection.settimeout(left)
            # Acknowledged at once, a sender that leaves Nagle's algorithm on is not held up for 40 ms.
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            count = self._connection.recv_into(self._view[self._end :])
        except OSError as error:
            raise PeerGone(type(error).__name__) from error
        if not count:
            raise PeerGone("closed")
        self._end += count


class MessageReader:
    """Gathers fragments into messages.

    Parameters
    ----------
    budget : ReceivingBudget
        What datasets of all associations may take together.
    """

    def __init__(self, units: UnitReader, limits: AssociationLimits, budget: ReceivingBudget) -> None:
        self._units = units
        self._limits = limits
        self._budget = budget
        self._store = bytearray()
        self._used = 0
        self._is_too_large = False

    def read(self, other_kinds: Mapping[int, int]) -> Message | int:
        """The next message, or the kind of another unit that came in its place.

        Raises
        ------
        ProtocolError, PeerGone
        """
        self._reset()
        command_bytes = bytearray()
        command: dict[int, bytes] | None = None
        context = 0
        while True:
            is_between = not command_bytes
            wait = self._limits.idle_s if is_between else self._limits.stall_s
            most = {
                DATA: self._limits.data_bytes,
                ABORT: _CONTROL_BYTES,
                **(other_kinds if is_between else {}),
            }
            kind, body = self._units.read(most=most, first_s=wait)
            if kind != DATA:
                return kind
            for context_id, control, piece in fragments(body):
                if command is None:
                    context = context or context_id
                    self._require(control & COMMAND and context_id == context)
                    command_bytes += piece
                    self._require(len(command_bytes) <= self._limits.command_bytes)
                    if control & LAST:
                        command = read_command(command_bytes)
                        if number(command, DATASET_TYPE) == NO_DATASET:
                            return Message(context_id=context, command=command, dataset=memoryview(b""))
                    continue
                self._require(not control & COMMAND and context_id == context)
                self._add(piece)
                if control & LAST:
                    return Message(context_id=context, command=command, dataset=self._dataset())

    def has_input(self) -> bool:
        """Whether bytes wait to be read."""
        return self._units.has_input()

    def close(self) -> None:
        """Hand back the memory."""
        self._budget.give(len(self._store))
        self._store = bytearray()

    def _dataset(self) -> memoryview | None:
        return None if self._is_too_large else memoryview(self._store)[: self._used].toreadonly()

    def _add(self, piece: memoryview) -> None:
        if self._is_too_large:
            return
        end = self._used + len(piece)
        if end > len(self._store) and not self._grow(end):
            self._is_too_large = True
            return
        memoryview(self._store)[self._used : end] = piece
        self._used = end

    def _grow(self, needed: int) -> bool:
        if needed > self._limits.instance_bytes:
            return False
        size = max(2 * len(self._store), needed, FIRST_DATASET_BYTES)
        more = min(size, max(self._limits.instance_bytes, needed)) - len(self._store)
        if not self._budget.take(more):
            return False
        self._store = self._store + bytes(more)
        return True

    def _reset(self) -> None:
        self._used, self._is_too_large = 0, False
        if len(self._store) > LARGEST_KEPT_BYTES:
            self.close()

    @staticmethod
    def _require(is_so: object) -> None:
        if not is_so:
            raise ProtocolError("fragments of a message are out of order")
