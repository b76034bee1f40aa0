"""A DICOM file cut into transfer syntax and dataset, without a parser of values.

References
----------
DICOM PS3.10 section 7.1 (preamble, file meta group in explicit little endian).
"""

from __future__ import annotations

from teleneedle.adapters.link.dataset_layout import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from teleneedle.adapters.link.dataset_walk import SHORT, top_level
from teleneedle.core.errors import NotReadableError

PREAMBLE_BYTES = 132
META_BYTES = 1 << 16
"""Most that a file meta group is looked for."""
_TRANSFER_SYNTAX = 0x00020010


def split_part10(file: bytes | memoryview) -> tuple[str, memoryview]:
    """Transfer syntax and dataset of a file; the preamble and the meta group are left behind.

    A file without preamble whose dataset begins at once is taken as implicit or explicit little endian, as it
    looks.

    Raises
    ------
    NotReadableError
        If it is no DICOM file.
    """
    view = memoryview(file)
    if bytes(view[128:PREAMBLE_BYTES]) != b"DICM":
        return _bare(view)
    syntax, at = "", PREAMBLE_BYTES
    meta = view[PREAMBLE_BYTES : PREAMBLE_BYTES + META_BYTES]
    end = _meta_end(meta)
    for tag, _, start, stop in top_level(meta[:end], is_implicit=False, is_little=True):
        if tag == _TRANSFER_SYNTAX:
            syntax = bytes(meta[start:stop]).strip(b" \0").decode("latin-1")
    if not syntax:
        raise NotReadableError("the file names no transfer syntax", remedy="export it again from its source")
    return syntax, view[at + end :]


def _meta_end(meta: memoryview) -> int:
    """Where the elements of group 0002 end; their group length is often wrong."""
    at = 0
    while len(meta) - at >= 12 and bytes(meta[at : at + 2]) == b"\x02\x00":
        if bytes(meta[at + 4 : at + 6]) in SHORT:
            at += 8 + int.from_bytes(meta[at + 6 : at + 8], "little")
        else:
            at += 12 + int.from_bytes(meta[at + 8 : at + 12], "little")
    if at > len(meta):
        raise NotReadableError("the file is cut off within its header")
    return at


def _bare(view: memoryview) -> tuple[str, memoryview]:
    head = bytes(view[:8])
    if len(head) < 8 or head[:2] != b"\x08\x00" or head[3] != 0:
        raise NotReadableError("this is no DICOM file")
    return (EXPLICIT_LITTLE if head[4:6] in SHORT else IMPLICIT_LITTLE), view
