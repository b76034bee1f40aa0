"""Identifiers of queries: what is asked for, and datasets of answers.

References
----------
DICOM PS3.4 C.2.2 (attribute matching), C.4.1 (C-FIND), C.6 (patient root and study root); PS3.5 section 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from teleneedle.adapters.dicom.character_sets import decode_text
from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, PATIENT_ID, SERIES_UID, STUDY_UID
from teleneedle.adapters.link.dataset_layout import IMPLICIT_LITTLE
from teleneedle.adapters.link.dataset_walk import top_level
from teleneedle.core.errors import NotReadableError

LEVEL_TAG, CHARACTER_SET, RETRIEVE_AET = "00080052", "00080005", "00080054"
FAILED_INSTANCES = "00080058"
LEVELS: Mapping[str, str] = {
    "PATIENT": PATIENT_ID,
    "STUDY": STUDY_UID,
    "SERIES": SERIES_UID,
    "IMAGE": INSTANCE_UID,
}
"""Unique key of each level."""
NOT_KEYS = frozenset({LEVEL_TAG, CHARACTER_SET, RETRIEVE_AET, "00080056", "00080201"})


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A query: its level, and values by tag; an empty value asks for the attribute."""

    level: str
    keys: Mapping[str, str]

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """Tags and values that must match."""
        return [(tag, value) for tag, value in self.keys.items() if value and tag not in NOT_KEYS]

    def value(self, tag: str) -> str:
        """A single value to search by; empty for a list or a pattern."""
        found = self.keys.get(tag, "")
        return "" if set(found) & {"\\", "*", "?"} else found


def read_identifier(content: memoryview, transfer_syntax: str, levels: Iterable[str]) -> Identifier:
    """The query in an identifier; sequences in it are not matched.

    Raises
    ------
    NotReadableError, HostileInputError
        If it is no dataset, or its level is none of `levels`.
    """
    is_implicit = transfer_syntax == IMPLICIT_LITTLE
    raw = {
        f"{tag:08X}": bytes(content[start:end])
        for tag, vr, start, end in top_level(content, is_implicit=is_implicit, is_little=True)
        if vr != b"SQ" and tag & 0xFFFF
    }
    charset = raw.get(CHARACTER_SET, b"").strip(b" \0")
    keys = {tag: decode_text(value, charset).strip(" \0") for tag, value in raw.items()}
    level = keys.get(LEVEL_TAG, "").upper()
    if level not in set(levels):
        raise NotReadableError("the query has no level of this model", where="(0008,0052)")
    return Identifier(level=level, keys=keys)


def write_answer(facts: Mapping[str, Any], asked: Identifier, aet: str, transfer_syntax: str) -> bytes:
    """The answer to a query for one entity: what was asked for, empty where it is not known."""
    answer = Dataset()
    for tag in asked.keys:
        if tag in NOT_KEYS:
            continue
        known = facts.get(tag)
        one = Dataset.from_json({tag: known}) if known else _empty(tag)
        answer.update(one)
    answer.SpecificCharacterSet = "ISO_IR 192"
    answer.QueryRetrieveLevel = asked.level
    answer.RetrieveAETitle = aet
    answer.InstanceAvailability = "ONLINE"
    return encode(answer, transfer_syntax)


def write_failed_list(uids: Iterable[str], transfer_syntax: str) -> bytes:
    """The identifier of a retrieval that was not done in full."""
    answer = Dataset()
    answer.FailedSOPInstanceUIDList = list(uids)
    return encode(answer, transfer_syntax)


def encode(dataset: Dataset, transfer_syntax: str) -> bytes:
    """A dataset of ours in one of the two native little endian encodings."""
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = transfer_syntax == IMPLICIT_LITTLE, True
    write_dataset(out, dataset)
    return bytes(out.getvalue())


def _empty(tag: str) -> Dataset:
    found = Dataset()
    try:
        found.add_new(int(tag, 16), _kind(tag), None)
    except (KeyError, ValueError):
        return Dataset()
    return found


def _kind(tag: str) -> str:
    from pydicom.datadict import dictionary_VR

    return str(dictionary_VR(int(tag, 16)))
