"""The synthetic patients: who they are, what is asked of them, and what part of the body is scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from teleneedle.core.case import Answer
from teleneedle.core.errors import InputError

_ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        "inr": 1.1,
        "platelets_e9_l": 142.0,
        "bilioenteric_anastomosis": False,
        "four_drug_prophylaxis": False,
        "biliary_stent_or_sphincterotomy": False,
        "pacemaker_or_icd": False,
        "rf_pads_checked": True,
        "child_pugh": "A",
        "bilirubin_umol_l": 17.0,
        "uncontrolled_ascites": False,
        "active_infection": False,
        "consent_signed": True,
    }
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One kind of synthetic patient.

    Parameters
    ----------
    name : str
        Name on the command line.
    patient_name : str
        DICOM person name (family^given, alphabetic=ideographic).
    sex : str
    age_years : (int, int)
        Range the seed chooses from.
    target : str
        Organ the tumour lies in: ``liver`` or ``lung``.
    diameter_mm : (float, float)
        Range of the tumour's mean diameter.
    scan_mm : (float, float)
        Lowest and highest z of the scan; z = 0 is the disc below the twelfth thoracic vertebra.
    has_left_liver, has_gallbladder : bool
        False after left hepatectomy with resection of the bile duct.
    answers : mapping
        What differs from the healthy checklist.
    """

    name: str
    patient_name: str
    sex: str
    age_years: tuple[int, int]
    target: str
    diameter_mm: tuple[float, float]
    scan_mm: tuple[float, float]
    has_left_liver: bool = True
    has_gallbladder: bool = True
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def checklist(self) -> dict[str, Answer]:
        """Answers to every rule of the checklist."""
        return {**_ANSWERS, **self.answers}


_ABDOMEN_MM = (-124.0, 126.0)

_ALL = (
    Case(
        name="liver-mwa",
        patient_name="Phantom^Liver MWA=示例^患者甲",
        sex="M",
        age_years=(48, 74),
        target="liver",
        diameter_mm=(22.0, 28.0),
        scan_mm=_ABDOMEN_MM,
    ),
    Case(
        name="liver-rfa",
        patient_name="Phantom^Liver RFA=示例^患者乙",
        sex="F",
        age_years=(52, 70),
        target="liver",
        diameter_mm=(19.0, 21.0),
        scan_mm=_ABDOMEN_MM,
        has_left_liver=False,
        has_gallbladder=False,
        answers={
            "bilioenteric_anastomosis": True,
            "four_drug_prophylaxis": True,
            "platelets_e9_l": 118.0,
            "bilirubin_umol_l": 24.0,
        },
    ),
    Case(
        name="lung-seeds",
        patient_name="Phantom^Lung Seeds=示例^患者丙",
        sex="M",
        age_years=(58, 79),
        target="lung",
        diameter_mm=(25.0, 30.0),
        scan_mm=(-20.0, 216.0),
        answers={"child_pugh": "none", "platelets_e9_l": 205.0},
    ),
)
CASES: Mapping[str, Case] = MappingProxyType({case.name: case for case in _ALL})


def find_case(name: str) -> Case:
    """The case called `name`.

    Raises
    ------
    InputError
        If there is none; the message lists those there are.
    """
    if name not in CASES:
        raise InputError(f"no synthetic patient is called {name!r}", remedy=f"use {', '.join(CASES)}")
    return CASES[name]
