"""What an instance says about itself at its top level: identity, patient, geometry, pixel description.

Texts about the patient stay as they are encoded, with their character set beside them: who shows them decodes
them. Numbers that cannot be read are None: odd, but no reason to refuse an instance.

References
----------
DICOM PS3.3 C.7.1.1, C.7.6.2, C.7.6.3; PS3.5 section 6.2 (value representations).
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from teleneedle.core.errors import HostileInputError, NotReadableError

IDENTITY = {0x00080016: "sop_class", 0x00080018: "sop_uid", 0x0020000D: "study_uid", 0x0020000E: "series_uid"}
RAW = {
    0x00080005: "charset", 0x00100010: "patient_name", 0x00100020: "patient_id", 0x00100030: "birth_date",
    0x00080050: "accession", 0x0008103E: "series_description",
}  # fmt: skip
CODES = {0x00080060: "modality", 0x00280004: "photometric", 0x00200011: "series_number"}
COUNTS = {
    0x00280002: "samples", 0x00280010: "rows", 0x00280011: "columns", 0x00280100: "bits_allocated",
    0x00280101: "bits_stored", 0x00280103: "pixel_representation",
}  # fmt: skip
DECIMALS = {
    0x00200032: ("position_mm", 3), 0x00200037: ("orientation", 6), 0x00280030: ("pixel_spacing_mm", 2),
    0x00281052: ("rescale_intercept", 1), 0x00281053: ("rescale_slope", 1), 0x00280008: ("frames", 1),
    0x00200013: ("instance_number", 1),
}  # fmt: skip
WANTED = frozenset({*IDENTITY, *RAW, *CODES, *COUNTS, *DECIMALS})
LONGEST = 1024
"""Bytes of a value that is kept; a person's name has at most 64 characters in each of three groups."""
_UID = re.compile(rb"[0-9]+(\.[0-9]+)*")
_NAMES = {
    "sop_class": "SOP Class UID", "sop_uid": "SOP Instance UID", "study_uid": "Study Instance UID",
    "series_uid": "Series Instance UID",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class InstanceFacts:
    """The facts; `position_mm` and the rest are None where they are absent or cannot be read.

    Parameters
    ----------
    charset, patient_name, patient_id, birth_date, accession, series_description : bytes
        As encoded, padding taken off; `charset` is Specific Character Set.
    position_mm : tuple of float or None
        Image Position (Patient), LPS mm.
    pixel_spacing_mm : tuple of float or None
        Distance of rows, then of columns, mm.
    """

    sop_class: str
    sop_uid: str
    study_uid: str
    series_uid: str
    charset: bytes = b""
    patient_name: bytes = b""
    patient_id: bytes = b""
    birth_date: bytes = b""
    accession: bytes = b""
    series_description: bytes = b""
    modality: str = ""
    photometric: str = ""
    series_number: str = ""
    instance_number: int | None = None
    position_mm: tuple[float, ...] | None = None
    orientation: tuple[float, ...] | None = None
    pixel_spacing_mm: tuple[float, ...] | None = None
    rescale_slope: float | None = None
    rescale_intercept: float | None = None
    samples: int = 1
    rows: int = 0
    columns: int = 0
    bits_allocated: int = 0
    bits_stored: int = 0
    pixel_representation: int = 0
    frames: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain values; bytes in base64, under names that end in ``_b64``."""
        plain: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, bytes):
                plain[f"{name}_b64"] = base64.b64encode(value).decode("ascii")
            else:
                plain[name] = list(value) if isinstance(value, tuple) else value
        return plain

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Facts from `to_json`; further values beside them are left alone."""
        found: dict[str, Any] = {}
        for name in (field.name for field in fields(cls)):
            if f"{name}_b64" in values:
                found[name] = base64.b64decode(values[f"{name}_b64"], validate=True)
            elif name in values:
                value = values[name]
                found[name] = tuple(value) if isinstance(value, list) else value
        return cls(**found)


def read_facts(values: Mapping[int, bytes], *, is_little: bool) -> InstanceFacts:
    """Facts from the encoded values by tag.

    Raises
    ------
    NotReadableError
        If a UID that names the instance is missing.
    HostileInputError
        If one is no UID.
    """
    found: dict[str, Any] = {name: _uid(values.get(tag, b""), name) for tag, name in IDENTITY.items()}
    found |= {name: values.get(tag, b"").strip(b" \0") for tag, name in RAW.items()}
    found |= {name: values.get(tag, b"").strip(b" \0").decode("latin-1")[:64] for tag, name in CODES.items()}
    for tag, name in COUNTS.items():
        if len(values.get(tag, b"")) >= 2:
            (found[name],) = struct.unpack_from("<H" if is_little else ">H", values[tag])
    for tag, (name, count) in DECIMALS.items():
        numbers = _decimals(values.get(tag, b""), count)
        if numbers is not None:
            found[name] = numbers if count > 1 else numbers[0]
    for name in ("frames", "instance_number"):
        if name in found:
            found[name] = int(found[name])
    return InstanceFacts(**found)


def _uid(value: bytes, name: str) -> str:
    uid = value.strip(b" \0")
    if not uid:
        raise NotReadableError(f"the instance lacks {name}", where=_NAMES[name])
    if len(uid) > 64 or not _UID.fullmatch(uid):
        raise HostileInputError(
            f"the {_NAMES[name]} is not a UID: {uid[:80].decode('latin-1')!r}",
            remedy="export the series again from its source",
        )
    return uid.decode("ascii")


def _decimals(value: bytes, count: int) -> tuple[float, ...] | None:
    parts = value.strip(b" \0").split(b"\\")
    try:
        numbers = tuple(float(part) for part in parts)
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None
