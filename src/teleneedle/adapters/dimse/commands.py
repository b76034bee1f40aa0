"""Command sets of DIMSE messages: always implicit little endian, a handful of short elements.

References
----------
DICOM PS3.7 section 6.3 and annex E (command dictionary), annex C (status codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from struct import Struct

from teleneedle.adapters.dimse.pdus import ProtocolError

GROUP_LENGTH, AFFECTED_CLASS, REQUESTED_CLASS, FIELD, MESSAGE_ID, RESPONDED_ID = (
    0x0000, 0x0002, 0x0003, 0x0100, 0x0110, 0x0120,
)  # fmt: skip
DATASET_TYPE, STATUS, ERROR_COMMENT = 0x0800, 0x0900, 0x0902
AFFECTED_INSTANCE, REQUESTED_INSTANCE, EVENT_TYPE, ACTION_TYPE = 0x1000, 0x1001, 0x1002, 0x1008
NO_DATASET, HAS_DATASET = 0x0101, 0x0001
C_STORE, C_ECHO, N_EVENT_REPORT, N_ACTION = 0x0001, 0x0030, 0x0100, 0x0130
C_GET, C_FIND, C_MOVE, C_CANCEL = 0x0010, 0x0020, 0x0021, 0x0FFF
MOVE_DESTINATION, PRIORITY = 0x0600, 0x0700
REMAINING, COMPLETED, FAILED, WITH_WARNING = 0x1020, 0x1021, 0x1022, 0x1023
RESPONSE = 0x8000
Command = Mapping[int, bytes]
_HEAD = Struct("<HHI")
_NUMBER = Struct("<H")


class Status(IntEnum):
    """What became of a request (PS3.7 annex C, PS3.4 table B.2-1)."""

    SUCCESS = 0x0000
    PROCESSING_FAILURE = 0x0110
    DUPLICATE_INSTANCE = 0x0111
    NO_SUCH_INSTANCE = 0x0112
    NOT_AUTHORISED = 0x0124
    UNRECOGNISED_OPERATION = 0x0211
    NO_SUCH_ACTION = 0x0123
    OUT_OF_RESOURCES = 0xA700
    NO_SUB_OPERATION_DONE = 0xA702
    DESTINATION_UNKNOWN = 0xA801
    DOES_NOT_MATCH_CLASS = 0xA900
    CANNOT_UNDERSTAND = 0xC000
    REFUSED_AS_HOSTILE = 0xC001
    SOME_SUB_OPERATIONS_FAILED = 0xB000
    CANCELLED = 0xFE00
    PENDING = 0xFF00


def read_command(content: bytes | bytearray) -> dict[int, bytes]:
    """Values by element number of group 0000.

    Raises
    ------
    ProtocolError
        If it is no command set.
    """
    found: dict[int, bytes] = {}
    at = 0
    while at < len(content):
        if len(content) - at < _HEAD.size:
            raise ProtocolError("the command set is cut off")
        group, element, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        if group != 0 or length > len(content) - at:
            raise ProtocolError("the command set is not understandable")
        found[element] = bytes(content[at : at + length])
        at += length
    if FIELD not in found or DATASET_TYPE not in found:
        raise ProtocolError("the command set names no command")
    return found


def write_command(values: Mapping[int, int | str]) -> bytes:
    """A command set with its group length; numbers are US, texts UI or LO."""
    body = b""
    for element, value in sorted(values.items()):
        if isinstance(value, int):
            content = _NUMBER.pack(value)
        else:
            content = value.encode("ascii", "replace")
            content += (b" " if element == ERROR_COMMENT else b"\0") * (len(content) % 2)
        body += _HEAD.pack(0, element, len(content)) + content
    return _HEAD.pack(0, GROUP_LENGTH, 4) + len(body).to_bytes(4, "little") + body


def number(command: Command, element: int) -> int:
    """A value of VR US.

    Raises
    ------
    ProtocolError
        If it is not there.
    """
    value = command.get(element, b"")
    if len(value) != 2:
        raise ProtocolError("the command set lacks a number")
    return int(_NUMBER.unpack(value)[0])


def text(command: Command, element: int) -> str:
    """A value of VR UI, or empty."""
    return command.get(element, b"").decode("latin-1").rstrip(" \0")


def answer(command: Command, status: Status, comment: str = "") -> dict[int, int | str]:
    """The response to a request: same identifiers, and what became of it."""
    values: dict[int, int | str] = {
        FIELD: number(command, FIELD) | RESPONSE,
        RESPONDED_ID: number(command, MESSAGE_ID),
        DATASET_TYPE: NO_DATASET,
        STATUS: int(status),
    }
    for own, requested in ((AFFECTED_CLASS, REQUESTED_CLASS), (AFFECTED_INSTANCE, REQUESTED_INSTANCE)):
        uid = text(command, own) or text(command, requested)
        if uid:
            values[own] = uid
    if comment:
        values[ERROR_COMMENT] = comment[:64]
    return values
