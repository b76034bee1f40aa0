"""Write structures and needles as a DICOM RT structure set.

Structures become closed contours on the slices of the CT (see `contours`), needles open lines from entry
to tip. A set is marked approved only when a person has reviewed every structure in it.

References
----------
DICOM PS3.3 A.19 (RT Structure Set), C.8.8.5, C.8.8.6, C.8.8.8, C.8.8.16 (approval).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import RTStructureSetStorage

from teleneedle.adapters.dicom.composite import (
    STATEMENT,
    References,
    add_equipment,
    colour_rgb,
    date_and_time,
    new_object,
    person_name,
    reference_item,
    references_of,
    save_object,
    text_value,
)
from teleneedle.adapters.dicom.contours import slice_polygons
from teleneedle.adapters.dicom.seg import drawn_structures
from teleneedle.adapters.dicom.structure_codes import algorithm_type, interpreted_type
from teleneedle.core.anatomy import KINDS, Reviewed, Structure
from teleneedle.core.case import CtSeries
from teleneedle.core.geometry import Grid
from teleneedle.core.plan import Needle

_CONTOUR_DATA = 0x30060050
_STUDY_CLASS_UID = "1.2.840.10008.3.1.2.3.1"
_NEEDLE_COLOUR = "#F0E442"
_FALLBACK_COLOUR = "#999999"


def write_rtstruct(
    series: CtSeries,
    structures: Sequence[Structure],
    needles: Sequence[Needle],
    out: Path,
    *,
    created: datetime,
    software_version: str,
) -> None:
    """Write `structures`, drawn on the volume of `series`, and `needles` to `out`.

    Raises
    ------
    StructureError
        If a structure lies on another grid than the volume, or all are empty.
    OutputError
        If the file cannot be written.
    """
    filled = drawn_structures(series, structures)
    references = references_of(series)
    ds = new_object(RTStructureSetStorage, series.patient, series.study, modality="RTSTRUCT")
    add_equipment(ds, software_version)
    _add_set(ds, references, created)
    ds.StructureSetROISequence, ds.ROIContourSequence, ds.RTROIObservationsSequence = [], [], []
    has_body = any(s.kind == "body" for s in filled)
    for structure in filled:
        contours = _contours(structure.label_map.array, series.volume.grid, references)
        known = KINDS.get(structure.kind)
        kind = interpreted_type(structure.kind, has_body=has_body)
        colour = known.colour if known else _FALLBACK_COLOUR
        _add_roi(ds, structure.name, algorithm_type(structure), kind, colour, contours)
    for needle in needles:
        line = _contour("OPEN_NONPLANAR", np.array([needle.entry_lps, needle.tip_lps]), None)
        _add_roi(ds, f"needle {needle.id}", "AUTOMATIC", "MARKER", _NEEDLE_COLOUR, [line])
    for roi in ds.StructureSetROISequence:
        roi.ReferencedFrameOfReferenceUID = references.frame_uid
    _add_approval(ds, filled)
    save_object(ds, out)


def _add_set(ds: FileDataset, references: References, created: datetime) -> None:
    ds.SeriesNumber, ds.InstanceNumber, ds.OperatorsName = 1003, 1, ""
    ds.SeriesDescription = f"Structures, needles ({STATEMENT})"[:64]
    ds.SeriesDate, ds.SeriesTime = date_and_time(created)
    ds.StructureSetLabel, ds.StructureSetName = "ABLATION PLAN", "Ablation plan"
    ds.StructureSetDescription = STATEMENT
    ds.StructureSetDate, ds.StructureSetTime = date_and_time(created)
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = references.frame_uid, ""
    frame = Dataset()
    frame.FrameOfReferenceUID = references.frame_uid
    if references.instances:
        study, listed = Dataset(), Dataset()
        listed.SeriesInstanceUID = references.series_uid
        listed.ContourImageSequence = [reference_item(i) for i in references.instances]
        study.ReferencedSOPClassUID = _STUDY_CLASS_UID
        study.ReferencedSOPInstanceUID = references.study_uid
        study.RTReferencedSeriesSequence = [listed]
        frame.RTReferencedStudySequence = [study]
    ds.ReferencedFrameOfReferenceSequence = [frame]


def _add_roi(
    ds: FileDataset, name: str, algorithm: str, interpreted: str, colour: str, contours: Iterable[Dataset]
) -> None:
    number = len(ds.StructureSetROISequence) + 1
    roi, drawn, observation = Dataset(), Dataset(), Dataset()
    roi.ROINumber, roi.ROIName, roi.ROIGenerationAlgorithm = number, text_value(name, 64), algorithm
    drawn.ReferencedROINumber, drawn.ROIDisplayColor = number, list(colour_rgb(colour))
    drawn.ContourSequence = list(contours)
    observation.ObservationNumber = observation.ReferencedROINumber = number
    observation.ROIObservationLabel = text_value(name, 16)
    observation.RTROIInterpretedType, observation.ROIInterpreter = interpreted, ""
    ds.StructureSetROISequence.append(roi)
    ds.ROIContourSequence.append(drawn)
    ds.RTROIObservationsSequence.append(observation)


def _contours(mask: NDArray[np.bool_], grid: Grid, references: References) -> Iterable[Dataset]:
    for k in np.flatnonzero(mask.any(axis=(1, 2))):
        image = references.per_slice[k] if references.per_slice else None
        for polygon in slice_polygons(mask[k]):
            index = np.column_stack([polygon, np.full(len(polygon), k)])
            yield _contour("CLOSED_PLANAR", grid.index_to_lps(index), image)


def _contour(kind: str, points_lps: NDArray[np.float64], image: tuple[str, str] | None) -> Dataset:
    item = Dataset()
    if image is not None:
        item.ContourImageSequence = [reference_item(image)]
    item.ContourGeometricType, item.NumberOfContourPoints = kind, len(points_lps)
    text = "\\".join(f"{value:.3f}" for value in np.ravel(points_lps + 0.0).tolist())
    item.add(DataElement(_CONTOUR_DATA, "DS", text, already_converted=True))
    return item


def _add_approval(ds: FileDataset, structures: Sequence[Structure]) -> None:
    """Approved by the last reviewer if every structure was reviewed, else unapproved."""
    reviews = [s for s in structures if isinstance(s, Reviewed)]
    if len(reviews) < len(structures):
        ds.ApprovalStatus = "UNAPPROVED"
        return
    last = max(reviews, key=lambda review: review.at)
    ds.ApprovalStatus, ds.ReviewerName = "APPROVED", person_name(last.reviewer)
    ds.ReviewDate, ds.ReviewTime = date_and_time(last.at)
