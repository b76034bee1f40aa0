"""Who the patient is, which study the images come from, and the answers to the pre-operative checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from teleneedle.core.errors import InputError
from teleneedle.core.image import Volume

Answer = str | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Identity as the images give it; empty strings where they are silent."""

    id: str = ""
    name: str = ""
    sex: str = ""
    birth_date: str = ""
    age: str = ""


@dataclass(frozen=True, kw_only=True)
class StudyContext:
    """What of the DICOM study must be carried into objects derived from it (PS3.3 C.7.2, C.7.3).

    `sop_instances` lists ``(SOP Class UID, SOP Instance UID)`` in slice order (k) of the
    volume; it is empty for NIfTI input, which has none. Times are DICOM strings as found.
    """

    study_uid: str = ""
    series_uid: str = ""
    study_id: str = ""
    study_date: str = ""
    study_time: str = ""
    accession_number: str = ""
    referring_physician: str = ""
    series_description: str = ""
    modality: str = "CT"
    manufacturer: str = ""
    institution: str = ""
    patient_position: str = ""
    sop_instances: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class CtSeries:
    """One readable CT series: the volume and where it comes from.

    Parameters
    ----------
    volume : Volume
        int16 Hounsfield units; slices run feet to head for axial series.
    patient : Patient
    study : StudyContext
    source_sha256 : str
        Hash over the input bytes, file by file in slice order.
    warnings : tuple of (str, str)
        What was odd about the input: pairs of Chinese and English text.
    is_resampled : bool
        Whether the voxels were interpolated on reading (gantry tilt, or a permitted gap).
    is_hounsfield : bool
        Whether the values are Hounsfield units (Rescale Type, PS3.3 C.11.1.1.2).
    """

    volume: Volume
    patient: Patient
    study: StudyContext
    source_sha256: str
    warnings: tuple[tuple[str, str], ...] = ()
    is_resampled: bool = False
    is_hounsfield: bool = True

    def require_hounsfield(self) -> None:
        """Refuse a CT whose values are declared to be something else, such as a perfusion map.

        Raises
        ------
        InputError
        """
        if not self.is_hounsfield:
            raise InputError(
                "the values of this CT are not Hounsfield units",
                where=self.study.series_description or self.study.series_uid,
                remedy="choose the original CT series",
            )


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """Answers to the pre-operative checklist, by rule key (``inr``, ``bilioenteric_anastomosis`` …)."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    answered_by: str = ""
    answered_on: date | None = None
