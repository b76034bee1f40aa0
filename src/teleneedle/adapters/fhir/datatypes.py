"""FHIR R4 data types out of what the images and the hospital say (hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

Json = dict[str, Any]

SYSTEM = "urn:teleneedle"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
DCM = "http://dicom.nema.org/resources/ontology/DCM"

GENDERS = {"M": "male", "F": "female", "O": "other"}


def instant(at: datetime) -> str:
    """A time with its zone."""
    return at.isoformat(timespec="milliseconds")


def fhir_date(text: str) -> str | None:
    """``YYYYMMDD`` or ``YYYY-MM-DD`` as a FHIR date; None when it is neither.

    Examples
    --------
    >>> fhir_date("19600203")
    '1960-02-03'
    """
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    return "-".join(found.groups()) if found else None


def human_name(dicom_name: str) -> Json:
    """A DICOM person name (PS3.5 6.2.1) as a HumanName."""
    alphabetic = dicom_name.split("=")[0]
    family, *rest = [part.strip() for part in alphabetic.split("^")]
    given = [part for part in rest[:2] if part]
    text = " ".join(part for part in (family, *given) if part)
    return present({"use": "official", "text": text or dicom_name, "family": family, "given": given})


def identifier(system: str, value: str) -> Json:
    """An Identifier."""
    return {"system": system, "value": value}


def concept(text: str, *, system: str = "", code: str = "", display: str = "") -> Json:
    """A CodeableConcept, coded where there is a code."""
    coding = [present({"system": system, "code": code, "display": display})] if code else []
    return present({"coding": coding, "text": text})


def reference(kind: str, logical_id: str, display: str = "") -> Json:
    """A relative Reference."""
    return present({"reference": f"{kind}/{logical_id}", "display": display})


def person_reference(name: str) -> Json:
    """A Reference to somebody who is no resource here."""
    return {"display": name}


def present(values: Json) -> Json:
    """Without what is empty: FHIR has no empty elements."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
