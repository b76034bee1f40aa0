"""Names, dates and DICOM identifiers that follow from case and seed alone."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from teleneedle.core.case import Patient, StudyContext
from teleneedle.testing.phantom.cases import Case

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
_FIRST_STUDY = date(2026, 1, 5)


def make_uid(case: Case, seed: int, what: str) -> str:
    """UID under the UUID root 2.25 (PS3.5 B.2), the same for the same arguments."""
    digest = hashlib.sha256(f"teleneedle phantom {case.name} {seed} {what}".encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def _number(case: Case, seed: int, what: str, span: int) -> int:
    digest = hashlib.sha256(f"{case.name} {seed} {what}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % span


def study_date(case: Case, seed: int) -> date:
    """Day of the scan."""
    return _FIRST_STUDY + timedelta(days=_number(case, seed, "day", 300))


def make_patient(case: Case, seed: int) -> Patient:
    """Invented identity; the family name says that it is a phantom."""
    youngest, oldest = case.age_years
    age = youngest + _number(case, seed, "age", oldest - youngest + 1)
    day = study_date(case, seed)
    birth = date(day.year - age - 1, 12, 31) - timedelta(days=_number(case, seed, "birthday", 180))
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return Patient(
        id=f"PHANTOM-{case.name.upper()}-{seed:04d}",
        name=case.patient_name,
        sex=case.sex,
        birth_date=birth.strftime("%Y%m%d"),
        age=f"{years:03d}Y",
    )


def make_study(case: Case, seed: int, slices: int, version: str) -> StudyContext:
    """Study and series of the synthetic CT; `version` separates scans of one patient (size, breath …)."""
    return StudyContext(
        study_uid=make_uid(case, seed, "study"),
        series_uid=make_uid(case, seed, f"series {version}"),
        study_id=f"P{seed}",
        study_date=study_date(case, seed).strftime("%Y%m%d"),
        study_time="093000",
        accession_number=f"PH{_number(case, seed, 'accession', 10**8):08d}",
        series_description=f"Synthetic CT, portal venous ({case.name})",
        manufacturer="Teleneedle phantom",
        institution="Teleneedle synthetic patients",
        patient_position="HFS",
        sop_instances=tuple(
            (CT_IMAGE_STORAGE, make_uid(case, seed, f"image {version} {k}")) for k in range(slices)
        ),
    )
