"""The answer of a store transaction, instance by instance, as DICOM JSON.

References
----------
DICOM PS3.18 section 10.5 (store transaction) and annex I.2 (failure reasons); PS3.4 B.2.3 (status codes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

COMMENT_LENGTH = 64
"""Of Error Comment, VR LO."""


class Reason(IntEnum):
    """Failure Reason (0008,1197)."""

    PROCESSING = 0x0110
    DUPLICATE = 0x0111
    CLASS_NOT_SUPPORTED = 0x0122
    NO_SPACE = 0xA700
    DOES_NOT_MATCH = 0xA900
    NOT_UNDERSTOOD = 0xC000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one instance; `reason` is None when it is kept.

    Parameters
    ----------
    comment : str
        Why not, in both languages; cut to 64 characters.
    """

    sop_class: str
    sop_uid: str
    study_uid: str = ""
    series_uid: str = ""
    reason: Reason | None = None
    comment: str = ""


def store_answer(outcomes: Sequence[Outcome], base: str) -> tuple[int, dict[str, Any]]:
    """HTTP status and body: 200 all kept, 202 some refused, 409 none kept.

    Parameters
    ----------
    base : str
        Address under which the studies are retrieved, without a slash at the end.
    """
    kept = [o for o in outcomes if o.reason is None]
    failed = [o for o in outcomes if o.reason is not None and o.sop_uid]
    others = [o for o in outcomes if o.reason is not None and not o.sop_uid]
    body: dict[str, Any] = {}
    studies = sorted({o.study_uid for o in kept})
    if len(studies) == 1:
        body["00081190"] = _element("UR", f"{base}/studies/{studies[0]}")
    if kept:
        body["00081199"] = _sequence([_kept(o, base) for o in kept])
    if failed:
        body["00081198"] = _sequence([{**_uids(o), **_why(o)} for o in failed])
    if others:
        body["0008119A"] = _sequence([_why(o) for o in others])
    return (200 if len(kept) == len(outcomes) else 202 if kept else 409), body


def _kept(outcome: Outcome, base: str) -> dict[str, Any]:
    url = f"{base}/studies/{outcome.study_uid}/series/{outcome.series_uid}/instances/{outcome.sop_uid}"
    return {**_uids(outcome), "00081190": _element("UR", url)}


def _uids(outcome: Outcome) -> dict[str, Any]:
    return {"00081150": _element("UI", outcome.sop_class), "00081155": _element("UI", outcome.sop_uid)}


def _why(outcome: Outcome) -> dict[str, Any]:
    return {
        "00000902": _element("LO", outcome.comment[:COMMENT_LENGTH]),
        "00081197": _element("US", int(outcome.reason or 0)),
    }


def _element(vr: str, value: Any) -> dict[str, Any]:
    return {"vr": vr, "Value": [value]}


def _sequence(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"vr": "SQ", "Value": list(items)}
