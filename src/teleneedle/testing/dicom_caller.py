"""A DICOM sender that says exactly the bytes it is told, honest or not; no code of the acceptor is in it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from struct import pack, unpack, unpack_from
from types import TracebackType
from typing import Self

from teleneedle.testing.encoded_ct import CT_IMAGE, EXPLICIT_LITTLE

VERIFICATION = "1.2.840.10008.1.1"
ACCEPT, REJECT, DATA, RELEASE_REQUEST, RELEASE_ANSWER, ABORT = 2, 3, 4, 5, 6, 7
GONE = 0
WAIT_S = 120.0
PIECE_BYTES = 16_000


def item(kind: int, content: bytes) -> bytes:
    """One item of an association request."""
    return pack("!BBH", kind, 0, len(content)) + content


def association_request(
    contexts: Iterable[tuple[str, Iterable[str]]], *, calling: str = "CALLER", called: str = "GATE"
) -> bytes:
    """A-ASSOCIATE-RQ with presentation contexts 1, 3, 5 and so on."""
    body = pack("!HH", 1, 0) + called.ljust(16).encode() + calling.ljust(16).encode() + bytes(32)
    body += item(0x10, b"1.2.840.10008.3.1.1.1")
    for n, (abstract, transfer) in enumerate(contexts):
        inner = item(0x30, abstract.encode()) + b"".join(item(0x40, one.encode()) for one in transfer)
        body += item(0x20, bytes((2 * n + 1, 0, 0, 0)) + inner)
    body += item(0x50, item(0x51, pack("!I", 16384)) + item(0x52, b"1.2.3"))
    return pack("!BBI", 1, 0, len(body)) + body


def command_set(values: Iterable[tuple[int, bytes]]) -> bytes:
    """Elements of group 0000 in implicit little endian."""
    return b"".join(pack("<HHI", 0, element, len(value)) + value for element, value in values)


class DicomCaller:
    """One connection to an acceptor."""

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self._message = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def associate(
        self,
        abstract: str = CT_IMAGE,
        transfer: Iterable[str] = (EXPLICIT_LITTLE,),
        *,
        calling: str = "CALLER",
        called: str = "GATE",
    ) -> tuple[int, bytes]:
        """Kind and body of the answer."""
        self.socket.sendall(association_request([(abstract, transfer)], calling=calling, called=called))
        return self.answer()

    def answer(self) -> tuple[int, bytes]:
        """Kind and body of the next unit; `GONE` when the connection has ended."""
        try:
            head = self._exactly(6)
            kind, length = unpack("!BxI", head)
            return int(kind), self._exactly(length)
        except (ConnectionError, ssl.SSLError):
            return GONE, b""

    def store(self, dataset: bytes, *, uid: str, sop_class: str = CT_IMAGE) -> int:
        """Status of a C-STORE; -1 when the association ended instead."""
        self._message += 1
        names = [value.encode() + b"\0" * (len(value) % 2) for value in (sop_class, uid)]
        command = command_set(
            (
                (0x0002, names[0]),
                (0x0100, pack("<H", 1)),
                (0x0110, pack("<H", self._message)),
                (0x0700, pack("<H", 0)),
                (0x0800, pack("<H", 0)),
                (0x1000, names[1]),
            )
        )
        self.send_fragments(command, is_command=True)
        self.send_fragments(dataset, is_command=False)
        return self.status()

    def send_fragments(self, content: bytes, *, is_command: bool, context_id: int = 1) -> None:
        """Content in as many P-DATA as it needs."""
        for start in range(0, max(len(content), 1), PIECE_BYTES):
            piece = content[start : start + PIECE_BYTES]
            control = int(is_command) | (2 if start + PIECE_BYTES >= len(content) else 0)
            pdv = pack("!IBB", len(piece) + 2, context_id, control) + piece
            self.socket.sendall(pack("!BBI", DATA, 0, len(pdv)) + pdv)

    def status(self) -> int:
        """Status in the next message."""
        kind, body = self.answer()
        if kind != DATA:
            return -1
        at = 6
        while at < len(body):
            _, element, length = unpack_from("<HHI", body, at)
            if element == 0x0900:
                return int(unpack_from("<H", body, at + 8)[0])
            at += 8 + length
        return -1

    def release(self) -> int:
        """Ask for release; kind of the answer."""
        self.socket.sendall(pack("!BBII", RELEASE_REQUEST, 0, 4, 0))
        return self.answer()[0]

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            more = self.socket.recv(size - len(found))
            if not more:
                raise ConnectionError("closed")
            found += more
        return found
