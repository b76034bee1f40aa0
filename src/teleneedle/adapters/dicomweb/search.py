"""QIDO-RS on DICOM JSON: which attributes are answered, and which values match.

References
----------
DICOM PS3.18 section 10.6 (search transaction), PS3.4 C.2.2.2 (matching).
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword

Facts = Mapping[str, Any]

STUDY = (
    "00080005", "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00080201",
    "00081190", "00100010", "00100020", "00100030", "00100040", "0020000D", "00200010", "00201206",
    "00201208",
)  # fmt: skip
SERIES = ("00080060", "0008103E", "00081190", "0020000E", "00200011", "00201209", "00400244", "00400245")
INSTANCE = (
    "00080016", "00080018", "00081190", "00083002", "00200013", "00280008", "00280010", "00280011",
    "00280100",
)  # fmt: skip
NOT_MATCHED = frozenset({"limit", "offset", "fuzzymatching", "includefield"})


def conditions(query: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Tags and values asked for; keywords and eight-digit tags are both understood.

    Raises
    ------
    ValueError
        If a parameter names no attribute.
    """
    found = []
    for key, value in query:
        if key.lower() in NOT_MATCHED:
            continue
        tag = tag_for_keyword(key)
        if tag is None and len(key) == 8:
            tag = int(key, 16)
        if tag is None:
            raise ValueError(key)
        found.append((f"{tag:08X}", value))
    return found


def matches(facts: Facts, wanted: Sequence[tuple[str, str]], *, fuzzy: bool = False) -> bool:
    """Whether every condition holds: UID lists, date ranges, ``*`` and ``?``, names without case."""
    return all(_matches_one(facts.get(tag, {}), tag, value, fuzzy) for tag, value in wanted)


def _matches_one(element: Facts, tag: str, wanted: str, fuzzy: bool) -> bool:
    if wanted in ("", "*"):
        return True
    values = [_text(value) for value in element.get("Value", ())]
    kind = element.get("vr") or _kind(tag)
    if kind == "UI" or tag == "00080061":
        choices = wanted.replace("\\", ",").split(",")
        return any(value in choices for value in values)
    if kind in ("DA", "TM", "DT") and "-" in wanted:
        low, _, high = wanted.partition("-")
        return any((not low or value >= low) and (not high or value <= high) for value in values)
    if kind == "PN":
        wanted, values = wanted.casefold(), [value.casefold() for value in values]
        if fuzzy:
            return any(all(part in value for part in wanted.replace("^", " ").split()) for value in values)
    return any(fnmatch.fnmatchcase(value, wanted.replace("[", "[[]")) for value in values)


def _kind(tag: str) -> str:
    try:
        return str(dictionary_VR(int(tag, 16)))
    except (KeyError, ValueError):
        return ""


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("Alphabetic") or value.get("Ideographic") or "")
    return str(value)


def chosen(facts: Facts, tags: Iterable[str], more: Iterable[str] = ()) -> dict[str, Any]:
    """The attributes of `tags` and of ``includefield``; those that the instance lacks are left out."""
    wanted = {*tags, *(tag for tag, _ in conditions((m, "") for m in more if m.lower() != "all"))}
    if "all" in more:
        return dict(facts)
    return {tag: facts[tag] for tag in sorted(wanted) if tag in facts}
