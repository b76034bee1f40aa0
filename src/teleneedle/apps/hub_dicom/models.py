"""The services of the port as tables: what the code answers and the conformance page says.

References
----------
DICOM PS3.4 annex C.6 (query and retrieve information models).
"""

from __future__ import annotations

from collections.abc import Mapping

from teleneedle.adapters.dimse.storage import STORAGE_CLASSES

VERIFICATION = "1.2.840.10008.1.1"
STORAGE_COMMITMENT = "1.2.840.10008.1.20.1"
PATIENT_ROOT, STUDY_ROOT = ("PATIENT", "STUDY", "SERIES", "IMAGE"), ("STUDY", "SERIES", "IMAGE")
FIND: Mapping[str, tuple[str, ...]] = {
    "1.2.840.10008.5.1.4.1.2.1.1": PATIENT_ROOT,
    "1.2.840.10008.5.1.4.1.2.2.1": STUDY_ROOT,
}
MOVE: Mapping[str, tuple[str, ...]] = {
    "1.2.840.10008.5.1.4.1.2.1.2": PATIENT_ROOT,
    "1.2.840.10008.5.1.4.1.2.2.2": STUDY_ROOT,
}
GET: Mapping[str, tuple[str, ...]] = {
    "1.2.840.10008.5.1.4.1.2.1.3": PATIENT_ROOT,
    "1.2.840.10008.5.1.4.1.2.2.3": STUDY_ROOT,
}
"""Levels by SOP class."""
OFFERED: Mapping[str, tuple[str, str]] = {
    VERIFICATION: ("Verification", "SCP"),
    "1.2.840.10008.5.1.4.1.2.1.1": ("Patient Root Q/R – FIND", "SCP"),
    "1.2.840.10008.5.1.4.1.2.2.1": ("Study Root Q/R – FIND", "SCP"),
    "1.2.840.10008.5.1.4.1.2.1.2": ("Patient Root Q/R – MOVE", "SCP"),
    "1.2.840.10008.5.1.4.1.2.2.2": ("Study Root Q/R – MOVE", "SCP"),
    "1.2.840.10008.5.1.4.1.2.1.3": ("Patient Root Q/R – GET", "SCP"),
    "1.2.840.10008.5.1.4.1.2.2.3": ("Study Root Q/R – GET", "SCP"),
    STORAGE_COMMITMENT: ("Storage Commitment Push Model", "SCU (reports are taken on either association)"),
}
"""Name and our role by SOP class, besides storage, of which the hub is the user only."""


def is_storage(uid: str) -> bool:
    """Whether a SOP class is one of storage."""
    return uid.startswith(STORAGE_CLASSES)
