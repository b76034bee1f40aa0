"""Checks on a DICOM file before anything of it is trusted: UIDs, nesting, inflating."""

from __future__ import annotations

import re
import struct
import zlib

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from teleneedle.adapters.decoding.limits import MIB, DecodeLimits
from teleneedle.core.errors import HostileInputError

_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_ITEM_TAGS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
UID_LENGTH = 64


def checked_uid(value: object, name: str, where: str) -> str:
    """`value` as a UID, or an error: a UID becomes part of names and keys (trust experiment 3).

    References
    ----------
    DICOM PS3.5 section 9.1: digits and points, at most 64 characters.
    """
    uid = "" if value is None else str(value).strip(" \0")
    if uid and (len(uid) > UID_LENGTH or not _UID.fullmatch(uid)):
        raise HostileInputError(
            f"the {name} is not a UID: {uid[:80]!r}",
            where=where,
            remedy="export the series again from its source",
        )
    return uid


def inflate(packed: bytes, where: str, limits: DecodeLimits) -> bytes:
    """Inflate a deflated data set, never beyond the cap (trust experiment 2).

    References
    ----------
    DICOM PS3.5 section A.5: raw deflate stream (RFC 1951).
    """
    cap = min(limits.file_bytes, max(16 * MIB, limits.inflate_ratio * len(packed)))
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    content = engine.decompress(packed, cap)
    if engine.unconsumed_tail:
        raise HostileInputError(
            f"the file inflates to more than {cap // MIB} MiB, far more than it holds",
            where=where,
            remedy="export the series again without deflate",
        )
    return content


def require_shallow(dataset: Dataset, where: str, limits: DecodeLimits) -> None:
    """Refuse sequences nested deeper than any honest object (trust experiment 4); itself not recursive.

    Raises
    ------
    HostileInputError
        If the nesting passes ``limits.sequence_depth``.
    """
    pending = [(dataset, 1)]
    while pending:
        level, depth = pending.pop()
        if depth > limits.sequence_depth:
            raise HostileInputError(
                f"sequences are nested more than {limits.sequence_depth} deep",
                where=where,
                remedy="export the series again from its source",
            )
        suspects = [element for element in level.values() if _may_nest(element, limits.sequence_depth)]
        for element in suspects:
            pending += [(item, depth + 1) for item in _items(level, element.tag)]


def _items(level: Dataset, tag: BaseTag) -> list[Dataset]:
    """Items of a sequence; none when it cannot be parsed, since nothing of it is used then."""
    try:
        value = level[tag].value
    except (NotImplementedError, ValueError, OSError, KeyError, struct.error):
        return []
    return list(value) if isinstance(value, Sequence) else []


def _may_nest(element: DataElement | RawDataElement, depth: int) -> bool:
    """Whether `element` is a parsed sequence, or raw bytes with enough item tags to be a deep one."""
    value = element.value
    if isinstance(value, Sequence):
        return True
    if not isinstance(value, bytes) or len(value) < 8 * depth or element.VR not in ("SQ", "UN", None):
        return False
    return any(value.count(item) > depth // 2 for item in _ITEM_TAGS)
