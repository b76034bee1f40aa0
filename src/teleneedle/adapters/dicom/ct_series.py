"""Write a volume as a series of CT images: signed 16-bit Hounsfield units, explicit little endian.

References
----------
DICOM PS3.3 A.3 (CT Image), C.7.6.2 (image plane), C.8.2.1 (CT image).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.uid import CTImageStorage

from teleneedle.adapters.dicom.composite import (
    MANUFACTURER,
    decimal_text,
    decimal_texts,
    new_object,
    save_object,
    text_value,
)
from teleneedle.adapters.dicom.uids import checked_uid, derived_uid
from teleneedle.core.case import Patient, StudyContext
from teleneedle.core.errors import InputError, OutputError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume

_IN_PLANE_TOLERANCE = 1e-4
_POSITIONS = ("HFS", "HFP", "FFS", "FFP", "HFDL", "HFDR", "FFDL", "FFDR")
_INT16 = np.iinfo(np.int16)


def write_ct_series(volume: Volume, patient: Patient, study: StudyContext, out_dir: Path) -> StudyContext:
    """Write `volume` into `out_dir`, one file per slice; return the study with its series and instances.

    UIDs that `study` gives are kept. Those it lacks follow from the voxels, so that the same volume
    always becomes the same series.

    Raises
    ------
    InputError
        If rows and columns of the grid are not at right angles, which DICOM cannot express.
    OutputError
        If the folder cannot be written to.
    """
    _require_right_angles(volume.grid)
    written = _with_uids(volume, study)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("the folder cannot be made", where=f"{out_dir}: {error.strerror}") from error
    template = _template(volume.grid, patient, written)
    stored = _stored_values(volume.array)
    for k, (_, instance_uid) in enumerate(written.sop_instances):
        template.SOPInstanceUID = instance_uid
        template.InstanceNumber = k + 1
        template.ImagePositionPatient = decimal_texts(volume.grid.index_to_lps([0, 0, k]))
        template.PixelData = stored[k].tobytes()
        template["PixelData"].VR = "OW"
        save_object(template, out_dir / f"CT{k + 1:04d}.dcm")
    return written


def _require_right_angles(grid: Grid) -> None:
    row, column = grid.direction[:, 0], grid.direction[:, 1]
    if abs(float(row @ column)) > _IN_PLANE_TOLERANCE:
        raise InputError(
            "rows and columns of the volume are not at right angles",
            where=f"{90 - np.degrees(np.arcsin(abs(row @ column))):.2f}°",
            remedy="resample the volume to a right-angled grid first",
        )


def _with_uids(volume: Volume, study: StudyContext) -> StudyContext:
    """The study with a valid UID for study, series and each slice."""
    digest = hashlib.sha256(np.ascontiguousarray(volume.array).data).hexdigest()
    content = f"{digest} {volume.grid.affine.tolist()}"
    series_uid = checked_uid(study.series_uid, "series") if study.series_uid else derived_uid("ct", content)
    count = volume.grid.shape[0]
    if len(study.sop_instances) == count:
        instances = [checked_uid(uid, "instance") for _, uid in study.sop_instances]
    else:
        instances = [derived_uid("ct image", series_uid, content, str(k)) for k in range(count)]
    return replace(
        study,
        study_uid=checked_uid(study.study_uid, "study") if study.study_uid else derived_uid("study", content),
        series_uid=series_uid,
        modality="CT",
        sop_instances=tuple((str(CTImageStorage), uid) for uid in instances),
    )


def _stored_values(array: NDArray[Any]) -> NDArray[np.int16]:
    if array.dtype == np.int16:
        return np.asarray(array, dtype=np.dtype("<i2"))
    return np.asarray(np.clip(np.rint(array), _INT16.min, _INT16.max), dtype=np.dtype("<i2"))


def _template(grid: Grid, patient: Patient, study: StudyContext) -> FileDataset:
    """A slice without what differs from slice to slice."""
    ds = new_object(CTImageStorage, patient, study, modality="CT")
    ds.SeriesInstanceUID = study.series_uid
    ds.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]
    ds.Manufacturer = text_value(study.manufacturer, 64) or MANUFACTURER
    ds.InstitutionName = text_value(study.institution, 64)
    ds.SeriesDescription = text_value(study.series_description, 64)
    ds.SeriesNumber, ds.AcquisitionNumber, ds.KVP, ds.Laterality = 1, None, None, ""
    ds.PatientPosition = study.patient_position if study.patient_position in _POSITIONS else "HFS"
    ds.FrameOfReferenceUID = checked_uid(grid.frame_of_reference_uid, "frame of reference")
    ds.PositionReferenceIndicator = ""
    spacing = grid.spacing_mm
    normal = np.cross(grid.direction[:, 0], grid.direction[:, 1])
    ds.SliceThickness = decimal_text(abs(float(normal @ grid.affine[:3, 2])))
    ds.PixelSpacing = decimal_texts((spacing[1], spacing[0]))
    ds.ImageOrientationPatient = decimal_texts([*grid.direction[:, 0], *grid.direction[:, 1]])
    ds.Rows, ds.Columns = grid.shape[1], grid.shape[2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "HU"
    ds.WindowCenter, ds.WindowWidth = "40", "400"
    return ds
