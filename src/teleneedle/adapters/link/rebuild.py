"""The very dataset of an instance again, out of its announcement and the layers in a journal.

References
----------
DICOM PS3.10 section 7.1 (preamble, file meta information).
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from teleneedle.adapters.dicom.uids import IMPLEMENTATION_CLASS_UID
from teleneedle.adapters.link.codec import decode_dataset
from teleneedle.adapters.link.dataset_layout import lay_out
from teleneedle.adapters.link.journal import Piece, read_pieces
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import Entry
from teleneedle.core.errors import TeleneedleError

_LONG_FORMS = frozenset({"OB"})


@dataclass(frozen=True, kw_only=True)
class Held:
    """An instance in a journal.

    Parameters
    ----------
    journal : Path
    entry : Entry
        Its announcement.
    pieces : mapping of int to sequence of Piece
        Where each of its layers lies.
    """

    journal: Path
    entry: Entry
    pieces: Mapping[int, Sequence[Piece]]

    def layers(self) -> dict[int, bytes]:
        """The bytes of every layer as far as they are there."""
        file = os.open(self.journal, os.O_RDONLY)
        try:
            return {layer: read_pieces(file, pieces) for layer, pieces in self.pieces.items() if pieces}
        finally:
            os.close(file)


class UntrueError(WireError):
    """An instance is not what its announcement says."""


def rebuild_dataset(held: Held) -> bytes:
    """The bytes that came to the gateway, every one of them.

    Raises
    ------
    WireError
        If the layers do not decode to bytes of the announced SHA-256.
    """
    dataset = decode_dataset(held.entry, held.layers())
    if hashlib.sha256(dataset).hexdigest() != held.entry.dataset_sha256:
        raise WireError("an instance is not equal to its SHA-256", where=held.entry.sop_uid)
    return dataset


def check_instance(held: Held) -> None:
    """Rebuild an instance, and hold what was announced of it against its own words.

    Raises
    ------
    WireError
        If it cannot be rebuilt.
    UntrueError
        If it was announced under another name, or as somebody else's.
    """
    dataset, entry = rebuild_dataset(held), held.entry
    try:
        facts = lay_out(dataset, entry.transfer_syntax).facts
    except TeleneedleError as error:
        raise UntrueError("an instance is not what was announced", where=entry.sop_uid) from error
    named = (entry.study_uid, entry.series_uid, entry.sop_uid, entry.sop_class)
    if named != (facts.study_uid, facts.series_uid, facts.sop_uid, facts.sop_class):
        raise UntrueError("an instance is not what was announced", where=entry.sop_uid)
    said = facts.to_json()
    if any(entry.facts.get(name) != said[name] for name in PATIENT):
        raise UntrueError("an instance is not what was announced", where=entry.sop_uid)


PATIENT = ("charset_b64", "patient_id_b64", "patient_name_b64", "birth_date_b64", "accession_b64")
"""Facts by which a case is found."""


def as_file(entry: Entry, dataset: bytes) -> bytes:
    """The instance as a DICOM file: empty preamble, meta information of this hub, the dataset as it is."""
    meta = b"".join(
        (
            _element(0x0001, "OB", b"\0\1"),
            _element(0x0002, "UI", _padded(entry.sop_class)),
            _element(0x0003, "UI", _padded(entry.sop_uid)),
            _element(0x0010, "UI", _padded(entry.transfer_syntax)),
            _element(0x0012, "UI", _padded(IMPLEMENTATION_CLASS_UID)),
        )
    )
    length = _element(0x0000, "UL", struct.pack("<I", len(meta)))
    return b"".join((bytes(128), b"DICM", length, meta, dataset))


def _element(element: int, vr: str, value: bytes) -> bytes:
    front = struct.pack("<HH2s", 0x0002, element, vr.encode())
    size = struct.pack("<HI", 0, len(value)) if vr in _LONG_FORMS else struct.pack("<H", len(value))
    return front + size + value


def _padded(text: str, filler: bytes = b"\0") -> bytes:
    value = text.encode("ascii")
    return value + filler * (len(value) % 2)
