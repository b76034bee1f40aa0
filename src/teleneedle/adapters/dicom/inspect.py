"""What is in this folder, zip or file, and what is wrong with it: for ``teleneedle inspect``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from teleneedle.adapters.decoding.child import decode, understood_answer
from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.decoding.messages import error_from_json
from teleneedle.adapters.dicom.read import NIFTI_SUFFIXES, absolute
from teleneedle.adapters.nifti import read_ct_volume
from teleneedle.core.case import Patient
from teleneedle.core.error_texts.translate import in_chinese
from teleneedle.core.errors import InputError, LimitExceededError, TeleneedleError
from teleneedle.core.progress import CancelToken, Progress, no_progress

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class SeriesReport:
    """One series: what it is and what keeps it from being planned on.

    Parameters
    ----------
    uid, modality, description, study_date : str
    slices : int
        Images or frames.
    size_ijk : tuple of int
        Voxels along (i, j, k); zeros when it is no volume.
    spacing_mm : tuple of float
        Along (i, j, k), mm.
    patient : Patient
    warnings, faults : tuple of (str, str)
        What is odd, and what is wrong: pairs of Chinese and English text.
    is_plannable : bool
        Whether `read_ct` accepts the series as it is.
    """

    uid: str
    modality: str
    description: str
    study_date: str
    slices: int
    size_ijk: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    patient: Patient
    warnings: Texts
    faults: Texts
    is_plannable: bool


@dataclass(frozen=True, kw_only=True)
class InspectionReport:
    """Everything found behind one path.

    Parameters
    ----------
    path : str
    files, not_dicom : int
        Files looked at, and how many of them are no images.
    series : tuple of SeriesReport
    faults : tuple of (str, str)
        What is wrong with single files or the whole input.
    """

    path: str
    files: int
    not_dicom: int
    series: tuple[SeriesReport, ...]
    faults: Texts

    @property
    def is_plannable(self) -> bool:
        """Whether any series can be planned on."""
        return any(one.is_plannable for one in self.series)

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {**asdict(self), "is_plannable": self.is_plannable}


def inspect_input(
    path: Path,
    *,
    limits: DecodeLimits = DEFAULT_LIMITS,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> InspectionReport:
    """Look at every file behind `path` and report; faults are reported, not raised.

    Raises
    ------
    NotReadableError
        If the path does not exist.
    Cancelled
        If `cancel` was set.
    """
    full = absolute(path)
    if full.lower().endswith(NIFTI_SUFFIXES):
        return _inspect_nifti(path, limits)
    try:
        fields = decode(
            {"task": "survey", "path": full}, limits=limits, progress=progress, cancel=cancel
        ).fields
    except (InputError, LimitExceededError) as error:
        return InspectionReport(
            path=str(path), files=0, not_dicom=0, series=(), faults=(both_languages(error),)
        )
    with understood_answer():
        return InspectionReport(
            path=str(path),
            files=int(fields["files"]),
            not_dicom=int(fields["not_dicom"]),
            series=tuple(_series(one) for one in fields["series"]),
            faults=_faults(fields["faults"]),
        )


def both_languages(error: TeleneedleError) -> tuple[str, str]:
    """The error's class in Chinese with its particulars, and its English message."""
    where = f"（{error.where}）" if error.where else ""
    return f"{error.title_zh}：{in_chinese(error.what) or error.what}{where}", str(error)


def _faults(errors: Iterable[Mapping[str, Any]]) -> Texts:
    return tuple(both_languages(error_from_json(one)) for one in errors)


def _series(fields: Mapping[str, Any]) -> SeriesReport:
    i, j, k = (int(n) for n in fields["size"])
    x, y, z = (float(s) for s in fields["spacing_mm"])
    return SeriesReport(
        uid=str(fields["uid"]),
        modality=str(fields["modality"]),
        description=str(fields["description"]),
        study_date=str(fields["study_date"]),
        slices=int(fields["slices"]),
        size_ijk=(i, j, k),
        spacing_mm=(x, y, z),
        patient=Patient(**fields["patient"]),
        warnings=tuple((str(zh), str(en)) for zh, en in fields["warnings"]),
        faults=_faults(fields["faults"]),
        is_plannable=bool(fields["is_plannable"]),
    )


def _inspect_nifti(path: Path, limits: DecodeLimits) -> InspectionReport:
    try:
        found = read_ct_volume(path, limits=limits)
    except TeleneedleError as error:
        return InspectionReport(
            path=str(path), files=1, not_dicom=0, series=(), faults=(both_languages(error),)
        )
    grid = found.volume.grid
    x, y, z = (float(s) for s in grid.spacing_mm)
    report = SeriesReport(
        uid=grid.frame_of_reference_uid,
        modality="NIfTI",
        description=found.study.series_description,
        study_date="",
        slices=grid.shape[0],
        size_ijk=grid.size_ijk,
        spacing_mm=(x, y, z),
        patient=found.patient,
        warnings=found.warnings,
        faults=(),
        is_plannable=True,
    )
    return InspectionReport(path=str(path), files=1, not_dicom=0, series=(report,), faults=())
