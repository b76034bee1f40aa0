r"""What came of one series over the link: an append-only file that outlives a killed hub.

::

    "TNJL1\n"
    record*      kind u8 · layer u8 · 0 u16 · number u32 · offset u64 · length u32 · crc32 u32 · payload

A record counts once it is synced. Its checksum covers everything but itself, so a record that was being
written when the power went is recognised, and cut off at the next start together with what follows it.
"""

from __future__ import annotations

import os
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from teleneedle.core.errors import NotReadableError

MAGIC = b"TNJL1\n"
HEAD = struct.Struct("!BBHIQI")
CRC = struct.Struct("!I")
MOST_PAYLOAD = 1 << 24
"""Bytes; a longer record is damage."""


class Kind(IntEnum):
    """What a record holds."""

    ENTRY = 1
    """An announced instance; its `number` is new, the payload is the announcement."""
    PART = 2
    """Bytes of a layer of an instance, at `offset`."""
    AGAIN = 3
    """Every part of a layer of the instance before this record is void; of every layer when it names 0."""
    END = 4
    """The sender's signed list of everything in the series."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record; `number` names the instance within the series."""

    kind: Kind
    payload: bytes
    number: int = 0
    layer: int = 0
    offset: int = 0


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Where bytes of a layer lie: `length` bytes from `offset` of the layer at `at` of the file."""

    offset: int
    length: int
    at: int


class Journal:
    """The file of one series, opened for adding.

    Every method may be called from any thread.

    Parameters
    ----------
    path : Path
        Made when it is not there; what is damaged at its end is cut off.

    Raises
    ------
    NotReadableError
        If the file is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._entries: dict[int, bytes] = {}
        self._pieces: dict[tuple[int, int], list[Piece]] = {}
        self._ends: list[bytes] = []
        self._is_closed = False
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._end = self._begin()
        except BaseException:
            os.close(self._file)
            raise

    @property
    def entries(self) -> Mapping[int, bytes]:
        """Announcement of each instance by its number."""
        return self._entries

    @property
    def ends(self) -> Sequence[bytes]:
        """Every signed list that came, oldest first."""
        return self._ends

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._end

    def append(self, records: Sequence[Record]) -> None:
        """Add records; all of them are on the disk when this returns, none when it raises.

        Raises
        ------
        OSError
            The disk is full or failing.
        """
        content, placed = bytearray(), []
        for record in records:
            head = HEAD.pack(record.kind, record.layer, 0, record.number, record.offset, len(record.payload))
            content += head + CRC.pack(zlib.crc32(record.payload, zlib.crc32(head)))
            placed.append((record, len(content)))
            content += record.payload
        with self._lock:
            self._wake()
            try:
                _write_all(self._file, content, self._end)
                os.fdatasync(self._file)
            except OSError:
                os.ftruncate(self._file, self._end)
                raise
            for record, at in placed:
                self._note(record, self._end + at)
            self._end += len(content)

    def held(self, number: int, layer: int) -> int:
        """Bytes of a layer from its start without a gap."""
        return sum(piece.length for piece in self.pieces(number, layer))

    def covers(self, number: int, layer: int, offset: int, length: int) -> bool:
        """Whether bytes [offset, offset + length) of a layer are all there."""
        with self._lock:
            cursor = offset
            for piece in sorted(self._pieces.get((number, layer), ()), key=lambda p: p.offset):
                if piece.offset <= cursor:
                    cursor = max(cursor, piece.offset + piece.length)
            return cursor >= offset + length

    def stored(self, number: int, layer: int) -> int:
        """Bytes that came for a layer, repeated ones included."""
        with self._lock:
            return sum(piece.length for piece in self._pieces.get((number, layer), ()))

    def pieces(self, number: int, layer: int) -> list[Piece]:
        """Where a layer lies in the file, in order, each byte once, up to the first gap."""
        with self._lock:
            found = sorted(self._pieces.get((number, layer), ()), key=lambda p: p.offset)
        cursor, chosen = 0, []
        for piece in found:
            skip = cursor - piece.offset
            if skip < 0:
                break
            if skip < piece.length:
                chosen.append(Piece(offset=cursor, length=piece.length - skip, at=piece.at + skip))
                cursor = piece.offset + piece.length
        return chosen

    def rest(self) -> None:
        """Hold no open file until more comes: a hub has hundreds of journals at a time."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def close(self) -> None:
        """Close the file for good."""
        with self._lock:
            self.rest()
            self._is_closed = True

    def _wake(self) -> None:
        if self._file < 0 and not self._is_closed:
            self._file = os.open(self.path, os.O_RDWR)

    def remove(self) -> None:
        """Close and delete it: what it held is kept elsewhere, or given up."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _begin(self) -> int:
        """Read what is there; the length up to which it is sound."""
        size = os.fstat(self._file).st_size
        if size < len(MAGIC):
            _write_all(self._file, MAGIC, 0)
            os.ftruncate(self._file, len(MAGIC))
            os.fsync(self._file)
            _sync_folder(self.path.parent)
            return len(MAGIC)
        if os.pread(self._file, len(MAGIC), 0) != MAGIC:
            raise NotReadableError("this is no journal of the image link", where=self.path.name)
        end = len(MAGIC)
        for record, at in self._records(size):
            self._note(record, at)
            end = at + len(record.payload)
        if end < size:
            os.ftruncate(self._file, end)
            os.fsync(self._file)
        return end

    def _records(self, size: int) -> Iterator[tuple[Record, int]]:
        """Sound records from the start, and where their payloads begin."""
        at, front = len(MAGIC), HEAD.size + CRC.size
        while at + front <= size:
            head = os.pread(self._file, front, at)
            kind, layer, _, number, offset, length = HEAD.unpack_from(head)
            if kind not in set(Kind) or length > MOST_PAYLOAD or at + front + length > size:
                return
            payload = os.pread(self._file, length, at + front)
            (crc,) = CRC.unpack_from(head, HEAD.size)
            if len(payload) != length or zlib.crc32(payload, zlib.crc32(head[: HEAD.size])) != crc:
                return
            record = Record(kind=Kind(kind), layer=layer, number=number, offset=offset, payload=payload)
            yield record, at + front
            at += front + length

    def _note(self, record: Record, at: int) -> None:
        if record.kind is Kind.PART:
            piece = Piece(offset=record.offset, length=len(record.payload), at=at)
            self._pieces.setdefault((record.number, record.layer), []).append(piece)
        elif record.kind is Kind.ENTRY:
            self._entries[record.number] = record.payload
        elif record.kind is Kind.END:
            self._ends.append(record.payload)
        else:
            for key in [key for key in self._pieces if key[0] == record.number]:
                if record.layer in (0, key[1]):
                    del self._pieces[key]


def read_pieces(file: int, pieces: Iterable[Piece]) -> bytes:
    """The bytes of pieces one after the other, from an open file.

    Raises
    ------
    NotReadableError
        If the file ends before they do.
    """
    wanted = list(pieces)
    found = b"".join(os.pread(file, piece.length, piece.at) for piece in wanted)
    if len(found) != sum(piece.length for piece in wanted):
        raise NotReadableError("the journal is shorter than it was")
    return found


def _write_all(file: int, content: bytes | bytearray, at: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
