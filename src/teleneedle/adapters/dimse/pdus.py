"""Protocol data units of the upper layer, as far as an acceptor needs them.

Every length is compared with what is there; nothing is allocated for a length that is only claimed.

References
----------
DICOM PS3.8 section 9.3 (PDU structure), PS3.7 annex D (user information).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
HEAD = Struct("!BxI")
PDV_HEAD = Struct("!IBB")
COMMAND, LAST = 1, 2
"""Bits of a fragment's control header (PS3.8 annex E.2)."""
APPLICATION_CONTEXT = b"1.2.840.10008.3.1.1.1"
IMPLEMENTATION_UID = b"2.25.227640213529470318240136137372029126201"
IMPLEMENTATION_VERSION = b"TELENEEDLE"
ACCEPTED, ABSTRACT_NOT_SUPPORTED, TRANSFER_NOT_SUPPORTED = 0, 3, 4
MAX_CONTEXTS = 128
ROLE = 0x54
_ITEM = Struct("!BxH")


class ProtocolError(ValueError):
    """The peer does not speak the protocol; the association is aborted.

    Parameters
    ----------
    reason : int
        Reason of the abort (PS3.8 table 9-26): 2 unexpected PDU, 6 invalid parameter.
    """

    def __init__(self, what: str, *, reason: int = 6) -> None:
        super().__init__(what)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One proposed presentation context."""

    context_id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssociationRequest:
    """What a peer asks for; `max_length` is the largest P-DATA it takes, 0 for any.

    Parameters
    ----------
    roles : mapping
        By SOP class, whether the peer would be its user and its provider (PS3.7 annex D.3.3.4).
    certificate : bytes
        The peer's, DER; empty without mutual TLS.
    """

    version: int
    called_aet: str
    calling_aet: str
    proposals: tuple[Proposal, ...]
    max_length: int
    raw_titles: bytes
    roles: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    certificate: bytes = b""


def read_request(body: bytes) -> AssociationRequest:
    """The request in the body of an A-ASSOCIATE-RQ.

    Raises
    ------
    ProtocolError
        If it is none.
    """
    if len(body) < 68:
        raise ProtocolError("the association request is too short")
    proposals: list[Proposal] = []
    roles: dict[str, tuple[bool, bool]] = {}
    max_length = 0
    for kind, value in _items(body[68:]):
        if kind == 0x20:
            proposals.append(_proposal(value))
        elif kind == 0x50:
            for inner, content in _items(value):
                if inner == 0x51 and len(content) == 4:
                    max_length = int.from_bytes(content, "big")
                elif inner == ROLE:
                    roles.update([_role(content)])
    ids = {one.context_id for one in proposals}
    if not proposals or len(ids) != len(proposals) or len(proposals) > MAX_CONTEXTS:
        raise ProtocolError("the presentation contexts are not understandable")
    return AssociationRequest(
        version=int.from_bytes(body[:2], "big"),
        called_aet=_title(body[4:20]),
        calling_aet=_title(body[20:36]),
        proposals=tuple(proposals),
        max_length=max_length,
        raw_titles=bytes(body[4:68]),
        roles=roles,
    )


def write_accept(
    request: AssociationRequest,
    answers: Mapping[int, tuple[int, str]],
    max_length: int,
    roles: Mapping[str, tuple[bool, bool]],
) -> bytes:
    """A-ASSOCIATE-AC; `answers` holds the result and the transfer syntax by presentation context."""
    contexts = b""
    for context_id, (result, syntax) in answers.items():
        content = bytes((context_id, 0, result, 0)) + _item(0x40, syntax.encode("ascii"))
        contexts += _item(0x21, content)
    user = _item(0x51, max_length.to_bytes(4, "big"))
    user += _item(0x52, IMPLEMENTATION_UID) + _item(0x55, IMPLEMENTATION_VERSION)
    for uid, (is_user, is_provider) in roles.items():
        user += _item(ROLE, len(uid).to_bytes(2, "big") + uid.encode("ascii") + bytes((is_user, is_provider)))
    body = b"\0\1\0\0" + request.raw_titles + _item(0x10, APPLICATION_CONTEXT) + contexts + _item(0x50, user)
    return HEAD.pack(ASSOCIATE_AC, len(body)) + body


def write_reject(result: int, source: int, reason: int) -> bytes:
    """A-ASSOCIATE-RJ (PS3.8 table 9-21)."""
    return HEAD.pack(ASSOCIATE_RJ, 4) + bytes((0, result, source, reason))


def write_abort(reason: int) -> bytes:
    """A-ABORT by the service provider (PS3.8 table 9-26)."""
    return HEAD.pack(ABORT, 4) + bytes((0, 0, 2, reason))


RELEASE_ANSWER = HEAD.pack(RELEASE_RP, 4) + bytes(4)


def write_data(
    context_id: int, control: int, content: bytes | memoryview, max_length: int
) -> Iterator[bytes]:
    """P-DATA-TF units that carry `content`, none larger than the peer takes."""
    room = max((max_length or 1 << 16) - PDV_HEAD.size, 1 << 7)
    for start in range(0, max(len(content), 1), room):
        piece = content[start : start + room]
        is_last = start + room >= len(content)
        pdv = PDV_HEAD.pack(len(piece) + 2, context_id, control | (LAST if is_last else 0)) + bytes(piece)
        yield HEAD.pack(DATA, len(pdv)) + pdv


def fragments(body: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Presentation context, control header and content of each fragment in a P-DATA-TF.

    Raises
    ------
    ProtocolError
        If a fragment reaches beyond the unit.
    """
    at = 0
    while at < len(body):
        if len(body) - at < PDV_HEAD.size:
            raise ProtocolError("a fragment is cut off")
        length, context_id, control = PDV_HEAD.unpack_from(body, at)
        end = at + 4 + length
        if length < 2 or end > len(body):
            raise ProtocolError("a fragment is longer than what carries it")
        yield context_id, control, body[at + PDV_HEAD.size : end]
        at = end


def _items(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        if len(content) - at < _ITEM.size:
            raise ProtocolError("an item is cut off")
        kind, length = _ITEM.unpack_from(content, at)
        at += _ITEM.size
        if length > len(content) - at:
            raise ProtocolError("an item is longer than what carries it")
        yield kind, content[at : at + length]
        at += length


def _item(kind: int, content: bytes) -> bytes:
    return _ITEM.pack(kind, len(content)) + content


def _proposal(value: bytes) -> Proposal:
    if len(value) < 4 or value[0] % 2 == 0:
        raise ProtocolError("a presentation context is not understandable")
    syntaxes = list(_items(value[4:]))
    abstract = [_uid(content) for kind, content in syntaxes if kind == 0x30]
    transfer = tuple(_uid(content) for kind, content in syntaxes if kind == 0x40)
    if len(abstract) != 1 or not transfer:
        raise ProtocolError("a presentation context is not understandable")
    return Proposal(context_id=value[0], abstract_syntax=abstract[0], transfer_syntaxes=transfer)


def _role(content: bytes) -> tuple[str, tuple[bool, bool]]:
    length = int.from_bytes(content[:2], "big")
    if len(content) != length + 4:
        raise ProtocolError("a role is not understandable")
    return _uid(content[2 : 2 + length]), (content[-2] == 1, content[-1] == 1)


def _uid(content: bytes) -> str:
    text = content.rstrip(b" \0")
    if not text or len(text) > 64 or not set(text) <= set(b"0123456789."):
        raise ProtocolError("a syntax is no UID")
    return text.decode("ascii")


def _title(content: bytes) -> str:
    return content.decode("latin-1").strip(" \0")
