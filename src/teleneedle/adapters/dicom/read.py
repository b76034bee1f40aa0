"""Read a CT from a folder, nested folders, zip, one enhanced file or NIfTI. The door of this package.

The bytes are decoded in a child process with memory, processor and wall limits; this module only sends the
request and builds core types from the checked answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.decoding.child import decode, understood_answer
from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.nifti import read_ct_volume
from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.errors import NotReadableError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume
from teleneedle.core.progress import CancelToken, Progress, no_progress

NIFTI_SUFFIXES = (".nii", ".nii.gz")


def read_ct(
    path: Path,
    *,
    series: str | None = None,
    allow_gaps: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    limits: DecodeLimits = DEFAULT_LIMITS,
) -> CtSeries:
    """Read one CT series as int16 Hounsfield units on an LPS grid.

    Parameters
    ----------
    path : Path
        Folder (searched to any depth), zip archive, single multi-frame or enhanced CT, or NIfTI.
    series : str or None
        Series Instance UID, a unique beginning of it, or the series description; ``UID#n`` names one
        acquisition of a series that holds several. Needed only when several series fit.
    allow_gaps : bool
        Interpolate missing slices or uneven spacing instead of refusing; the result says so.
    progress, cancel
        Stages ``read`` and ``decode``; cancelling ends the child at once.
    limits : DecodeLimits
        What the input may ask of this machine.

    Returns
    -------
    CtSeries
        Slices run from feet to head (along the slice normal when it has no such part); rows and columns are
        as stored and the affine says which way they run. Outside of the scanned field the value is −1024 HU.

    Raises
    ------
    NotReadableError
        No such file, no DICOM, not CT, damaged or truncated.
    SeriesChoiceError
        Several series fit; ``details`` lists them.
    SeriesGeometryError
        One slice only, missing slices, uneven spacing, mixed orientation.
    PatientMismatchError
        Images of more than one patient.
    FrameOfReferenceError
        Slices of different frames of reference.
    HostileInputError, LimitExceededError
        The input reached a limit that protects this machine.
    Cancelled
        `cancel` was set.
    """
    full = absolute(path)
    if full.lower().endswith(NIFTI_SUFFIXES):
        return read_ct_volume(path, progress=progress, cancel=cancel, limits=limits)
    request = {"task": "ct", "path": full, "series": series, "allow_gaps": allow_gaps}
    answer = decode(request, limits=limits, progress=progress, cancel=cancel)
    with understood_answer():
        return build_series(answer.fields, answer.arrays[0])


def absolute(path: Path) -> str:
    """`path` as the child must be told it.

    Raises
    ------
    NotReadableError
        If it does not exist.
    """
    full = path.expanduser().absolute()
    if not full.exists():
        raise NotReadableError("there is no such file or folder", where=str(path), remedy="check the path")
    return str(full)


def build_series(fields: Mapping[str, Any], voxels: NDArray[Any]) -> CtSeries:
    """Core types from a child's checked answer."""
    study = dict(fields["study"])
    instances = tuple((str(kind), str(uid)) for kind, uid in study.pop("sop_instances"))
    grid = Grid(
        shape=(voxels.shape[0], voxels.shape[1], voxels.shape[2]),
        affine=np.array(fields["affine"], dtype=np.float64),
        frame_of_reference_uid=str(fields["frame_of_reference_uid"]),
    )
    return CtSeries(
        volume=Volume(array=voxels, grid=grid),
        patient=Patient(**fields["patient"]),
        study=StudyContext(sop_instances=instances, **study),
        source_sha256=str(fields["source_sha256"]),
        warnings=tuple((str(zh), str(en)) for zh, en in fields["warnings"]),
        is_resampled=bool(fields["is_resampled"]),
        is_hounsfield=bool(fields["is_hounsfield"]),
    )
