"""What every DICOM object we write has in common: patient, study, equipment, texts, references, file.

Attributes of type 2 that the input lacks are written empty; texts are cut to what their value
representation holds; the character set is UTF-8 throughout.

References
----------
DICOM PS3.3 C.7.1.1, C.7.2.1, C.7.2.2, C.7.5.1, C.12.1; PS3.5 section 6.2 (value representations);
PS3.10 section 7 (file format).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import format_number_as_ds

from teleneedle.adapters.dicom.uids import IMPLEMENTATION_CLASS_UID, checked_uid, fresh_uid
from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.errors import OutputError

STATEMENT = "Research software, not a medical device"
MANUFACTURER = "Teleneedle"
_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}(\.[0-9]{1,6})?)?)?")
_AGE = re.compile(r"[0-9]{3}[DWMY]")


@dataclass(frozen=True, kw_only=True)
class References:
    """Checked UIDs of the images that an object is derived from.

    `instances` lists ``(SOP Class UID, SOP Instance UID)`` of the source series; `per_slice` is the
    same list when slice k of the volume is image k, and empty when the voxels were interpolated.
    """

    study_uid: str
    series_uid: str
    frame_uid: str
    instances: tuple[tuple[str, str], ...]
    per_slice: tuple[tuple[str, str], ...]


def references_of(series: CtSeries) -> References:
    """UIDs that an object derived from `series` refers to."""
    study = series.study
    instances = tuple(
        (checked_uid(kind, "class"), checked_uid(instance, "instance"))
        for kind, instance in study.sop_instances
    )
    is_one_to_one = not series.is_resampled and len(instances) == series.volume.grid.shape[0]
    return References(
        study_uid=checked_uid(study.study_uid, "study"),
        series_uid=checked_uid(study.series_uid, "series"),
        frame_uid=checked_uid(series.volume.grid.frame_of_reference_uid, "frame of reference"),
        instances=instances,
        per_slice=instances if is_one_to_one else (),
    )


def text_value(text: str, limit: int) -> str:
    """`text` in one line without control characters and backslashes, at most `limit` characters."""
    plain = "".join(c if c.isprintable() and c != "\\" else " " for c in text)
    return " ".join(plain.split())[:limit].strip()


def person_name(text: str) -> str:
    """`text` as a person name: at most three groups of at most five components and 64 bytes of UTF-8.

    The standard counts characters; readers that count bytes are common, and no name is that long.
    """
    groups = [
        _cut_bytes("^".join(text_value(part, 64) for part in group.split("^")[:5]), 64).rstrip("^ ")
        for group in text.split("=")[:3]
    ]
    return "=".join(groups).rstrip("=")


def _cut_bytes(text: str, limit: int) -> str:
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def decimal_text(value: float) -> str:
    """`value` as a decimal string of at most 16 characters."""
    return str(format_number_as_ds(float(value) + 0.0))


def decimal_texts(values: Iterable[float]) -> list[str]:
    """`values` as decimal strings."""
    return [decimal_text(v) for v in values]


def new_object(
    sop_class_uid: str, patient: Patient, study: StudyContext, *, modality: str, instance_uid: str = ""
) -> FileDataset:
    """Data set of `sop_class_uid` with the patient and study of the input and a new series UID."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = "TELENEEDLE"
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = sop_class_uid
    ds.SOPInstanceUID = instance_uid or fresh_uid()
    ds.Modality = modality
    ds.SeriesInstanceUID = fresh_uid()
    _add_patient(ds, patient)
    _add_study(ds, study)
    return ds


def _add_patient(ds: Dataset, patient: Patient) -> None:
    ds.PatientName = person_name(patient.name)
    ds.PatientID = text_value(patient.id, 64)
    ds.PatientBirthDate = _matching(_DATE, patient.birth_date)
    ds.PatientSex = patient.sex if patient.sex in ("M", "F", "O") else ""
    if _AGE.fullmatch(patient.age):
        ds.PatientAge = patient.age


def _add_study(ds: Dataset, study: StudyContext) -> None:
    ds.StudyInstanceUID = checked_uid(study.study_uid, "study")
    ds.StudyDate = _matching(_DATE, study.study_date)
    ds.StudyTime = _matching(_TIME, study.study_time)
    ds.StudyID = text_value(study.study_id, 16)
    ds.AccessionNumber = text_value(study.accession_number, 16)
    ds.ReferringPhysicianName = person_name(study.referring_physician)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def add_equipment(ds: Dataset, software_version: str) -> None:
    """Say that Teleneedle made this object."""
    ds.Manufacturer = MANUFACTURER
    ds.ManufacturerModelName = MANUFACTURER
    ds.DeviceSerialNumber = "0"
    ds.SoftwareVersions = text_value(software_version, 64)


def date_and_time(moment: datetime) -> tuple[str, str]:
    """DICOM date and time of `moment`, as its own clock shows them."""
    return moment.strftime("%Y%m%d"), moment.strftime("%H%M%S.%f")


def reference_item(instance: tuple[str, str]) -> Dataset:
    """Item that refers to ``(SOP Class UID, SOP Instance UID)``."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = instance
    return item


def code_item(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    """Item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def referenced_series(references: References) -> list[Dataset]:
    """Items of the Referenced Series Sequence; none when the input has no instances."""
    if not references.instances:
        return []
    item = Dataset()
    item.SeriesInstanceUID = references.series_uid
    item.ReferencedInstanceSequence = [reference_item(i) for i in references.instances]
    return [item]


def save_object(ds: FileDataset, out: Path) -> None:
    """Write `ds` as a DICOM file.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    try:
        ds.save_as(out, enforce_file_format=True)
    except OSError as error:
        raise OutputError(
            "a DICOM file could not be written", where=f"{out}: {error.strerror}", remedy="check the disk"
        ) from error


def colour_rgb(colour: str) -> Sequence[int]:
    """``#RRGGBB`` as three numbers from 0 to 255."""
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
