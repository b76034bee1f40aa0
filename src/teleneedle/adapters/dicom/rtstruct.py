"""Write structures and needles as a DICOM RT structure set.

Structures become closed contours on the slices of the CT (see `contours`), needles open lines from entry
to tip. A set is marked approved only when a person has reviewed every structure in it.

References
----------
DICOM PS3.3 A.19 (RT Structure Set), C.8.8.5, C.8.8.6, C.8.8.8, C.8.8.16 (approval).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ImplicitVRLittleEndian, RTStructureSetStorage

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
from teleneedle.adapters.dicom.contour_items import contour_sequence, encoded_contour, encoded_image
from teleneedle.adapters.dicom.contours import slice_polygons
from teleneedle.adapters.dicom.seg import drawn_structures
from teleneedle.adapters.dicom.structure_codes import algorithm_type, interpreted_type
from teleneedle.core.anatomy import KINDS, Reviewed, Structure
from teleneedle.core.case import CtSeries
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Needle

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
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    add_equipment(ds, software_version)
    _add_set(ds, references, created)
    ds.StructureSetROISequence, ds.ROIContourSequence, ds.RTROIObservationsSequence = [], [], []
    images = [encoded_image(instance) for instance in references.per_slice]
    has_body = any(s.kind == "body" for s in filled)
    for structure in filled:
        contours = _contours(structure.label_map, images)
        known = KINDS.get(structure.kind)
        kind = interpreted_type(structure.kind, has_body=has_body)
        colour = known.colour if known else _FALLBACK_COLOUR
        _add_roi(ds, structure.name, algorithm_type(structure), kind, colour, contours)
    for needle in needles:
        line = encoded_contour("OPEN_NONPLANAR", np.array([needle.entry_lps, needle.tip_lps]))
        _add_roi(ds, f"needle {needle.id}", "AUTOMATIC", "MARKER", _NEEDLE_COLOUR, line)
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
    ds: FileDataset, name: str, algorithm: str, interpreted: str, colour: str, contours: bytes
) -> None:
    number = len(ds.StructureSetROISequence) + 1
    roi, drawn, observation = Dataset(), Dataset(), Dataset()
    roi.ROINumber, roi.ROIName, roi.ROIGenerationAlgorithm = number, text_value(name, 64), algorithm
    drawn.ReferencedROINumber, drawn.ROIDisplayColor = number, list(colour_rgb(colour))
    drawn.add(contour_sequence(contours))
    observation.ObservationNumber = observation.ReferencedROINumber = number
    observation.ROIObservationLabel = text_value(name, 16)
    observation.RTROIInterpretedType, observation.ROIInterpreter = interpreted, ""
    ds.StructureSetROISequence.append(roi)
    ds.ROIContourSequence.append(drawn)
    ds.RTROIObservationsSequence.append(observation)


def _contours(label_map: LabelMap, images: Sequence[bytes]) -> bytes:
    """Items of the contours of every slice, looked for in the bounding box only."""
    slices, rows, columns = label_map.bounding_slices()
    items = []
    for k in range(slices.start, slices.stop):
        image = images[k] if images else b""
        for polygon in slice_polygons(label_map.array[k, rows, columns]):
            index = np.full((len(polygon), 3), k, dtype=float)
            index[:, :2] = polygon + np.array([columns.start, rows.start])
            items.append(encoded_contour("CLOSED_PLANAR", label_map.grid.index_to_lps(index), image))
    return b"".join(items)


def _add_approval(ds: FileDataset, structures: Sequence[Structure]) -> None:
    """Approved by the last reviewer if every structure was reviewed, else unapproved."""
    reviews = [s for s in structures if isinstance(s, Reviewed)]
    if len(reviews) < len(structures):
        ds.ApprovalStatus = "UNAPPROVED"
        return
    last = max(reviews, key=lambda review: review.at)
    ds.ApprovalStatus, ds.ReviewerName = "APPROVED", person_name(last.reviewer)
    ds.ReviewDate, ds.ReviewTime = date_and_time(last.at)
