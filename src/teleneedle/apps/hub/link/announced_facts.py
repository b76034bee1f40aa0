"""What an announcement says of patient, study and geometry, as text and numbers for lists and pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import numpy as np

from teleneedle.adapters.dicom.character_sets import decode_text
from teleneedle.adapters.link.wire_manifest import Entry


def facts_of(entry: Entry) -> dict[str, Any]:
    """Identity, modality and description of the series that an instance belongs to."""
    return {
        "patient": {
            "id": _text(entry, "patient_id"),
            "name": _text(entry, "patient_name"),
            "birth_date": _text(entry, "birth_date"),
        },
        "accession": _text(entry, "accession"),
        "description": _text(entry, "series_description"),
        "modality": str(entry.facts.get("modality") or "")[:16],
        "phase": entry.phase,
        "via": entry.via,
        "calling_aet": entry.calling_aet,
    }


def position_along(entry: Entry) -> float:
    """Where a slice lies along its series, mm; by its instance number where it does not say.

    References
    ----------
    DICOM PS3.3 C.7.6.2.1.1 (image position and orientation).
    """
    position, orientation = numbers(entry, "position_mm", 3), numbers(entry, "orientation", 6)
    if position and orientation:
        return float(np.dot(np.cross(orientation[:3], orientation[3:]), position))
    number = entry.facts.get("instance_number")
    return float(number) if isinstance(number, int | float) else 0.0


def numbers(entry: Entry, name: str, count: int) -> Sequence[float] | None:
    """So many numbers of an announcement; None when they are not there."""
    values = entry.facts.get(name)
    if not isinstance(values, list | tuple) or len(values) != count:
        return None
    is_sound = all(isinstance(value, int | float) and abs(value) < 1e6 for value in values)
    return [float(value) for value in values] if is_sound else None


def rescale_of(entry: Entry) -> tuple[float, float]:
    """Slope and intercept from stored values to Hounsfield units; 1 and 0 where the header does not say."""
    slope, intercept = (entry.facts.get(f"rescale_{name}") for name in ("slope", "intercept"))
    return (
        float(slope) if isinstance(slope, int | float) else 1.0,
        float(intercept) if isinstance(intercept, int | float) else 0.0,
    )


def _text(entry: Entry, name: str) -> str:
    return decode_text(_raw(entry, name), _raw(entry, "charset"))


def _raw(entry: Entry, name: str) -> bytes:
    try:
        return base64.b64decode(str(entry.facts.get(f"{name}_b64") or ""), validate=True)
    except (binascii.Error, ValueError):
        return b""
