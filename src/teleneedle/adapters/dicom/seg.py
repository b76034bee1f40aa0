"""Write structures as a DICOM segmentation: binary, one segment per structure, coded in SNOMED CT.

Only frames that hold something are stored, one bit per pixel. The object is laid out here rather than by
a library, so that the library reading it in the tests is an independent judge.

References
----------
DICOM PS3.3 A.51 (Segmentation), C.8.20 (segmentation image), C.7.6.16 (functional groups); PS3.5 8.1.1
(single-bit pixels, first pixel in the lowest bit); PS3.16 CID 7150, CID 7151.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import SegmentationStorage

from teleneedle.adapters.dicom.composite import (
    MANUFACTURER,
    STATEMENT,
    References,
    add_equipment,
    code_item,
    colour_rgb,
    date_and_time,
    decimal_text,
    decimal_texts,
    new_object,
    reference_item,
    referenced_series,
    references_of,
    save_object,
    text_value,
)
from teleneedle.adapters.dicom.structure_codes import algorithm_type, property_codes
from teleneedle.adapters.dicom.uids import fresh_uid
from teleneedle.core.anatomy import KINDS, Reviewed, Structure
from teleneedle.core.case import CtSeries
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid, require_same_frame

_FALLBACK_COLOUR = "#999999"
Frame = tuple[int, int]


def write_seg(
    series: CtSeries, structures: Sequence[Structure], out: Path, *, created: datetime, software_version: str
) -> None:
    """Write `structures`, drawn on the volume of `series`, to `out`; empty ones are left out.

    Raises
    ------
    StructureError
        If a structure lies on another grid than the volume, or all are empty.
    OutputError
        If the file cannot be written.
    """
    filled = drawn_structures(series, structures)
    references = references_of(series)
    ds = new_object(SegmentationStorage, series.patient, series.study, modality="SEG")
    add_equipment(ds, software_version)
    _add_image(ds, series.volume.grid, references, created)
    ds.SegmentSequence = [_segment(number, s) for number, s in enumerate(filled, start=1)]
    frames = [
        (number, int(k))
        for number, s in enumerate(filled, start=1)
        for k in np.flatnonzero(s.label_map.array.any(axis=(1, 2)))
    ]
    _add_dimensions(ds)
    ds.SharedFunctionalGroupsSequence = [_shared_groups(series.volume.grid)]
    ds.PerFrameFunctionalGroupsSequence = [_frame_groups(f, series.volume.grid, references) for f in frames]
    ds.NumberOfFrames = len(frames)
    ds.PixelData = _packed(filled, frames)
    ds["PixelData"].VR = "OB"
    save_object(ds, out)


def drawn_structures(series: CtSeries, structures: Sequence[Structure]) -> list[Structure]:
    """The structures that hold at least one voxel, all on the grid of the volume.

    Raises
    ------
    StructureError
        If one lies on another grid, or none holds anything.
    """
    grid = series.volume.grid
    for structure in structures:
        require_same_frame(grid, structure.label_map.grid, what=f"the CT and {structure.name}")
        if not grid.matches(structure.label_map.grid):
            raise StructureError(
                "a structure lies on another grid than the CT",
                where=structure.name,
                remedy="resample it first",
            )
    filled = [s for s in structures if not s.label_map.is_empty]
    if not filled:
        raise StructureError("there is no structure to write", remedy="segment the CT first")
    return filled


def _add_image(ds: FileDataset, grid: Grid, references: References, created: datetime) -> None:
    ds.ImageType = ["DERIVED", "PRIMARY"]
    ds.SeriesNumber, ds.InstanceNumber = 1002, 1
    ds.SeriesDescription = f"Structures ({STATEMENT})"[:64]
    ds.ContentLabel, ds.ContentDescription = "STRUCTURES", STATEMENT
    ds.ContentCreatorName = ""
    ds.SeriesDate, ds.SeriesTime = date_and_time(created)
    ds.ContentDate, ds.ContentTime = date_and_time(created)
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = references.frame_uid, ""
    ds.Rows, ds.Columns = grid.shape[1], grid.shape[2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, 1, 0, 0
    ds.LossyImageCompression, ds.BurnedInAnnotation = "00", "NO"
    ds.SegmentationType, ds.SegmentsOverlap = "BINARY", "YES"
    listed = referenced_series(references) if references.per_slice else []
    if listed:
        ds.ReferencedSeriesSequence = listed


def _segment(number: int, structure: Structure) -> Dataset:
    category, kind = property_codes(structure.kind)
    known = KINDS.get(structure.kind)
    item = Dataset()
    item.SegmentNumber = number
    item.SegmentLabel = text_value(structure.name, 64)
    item.SegmentDescription = text_value(known.name_zh if known else structure.name, 1024)
    item.SegmentedPropertyCategoryCodeSequence = [code_item(*category)]
    item.SegmentedPropertyTypeCodeSequence = [code_item(*kind)]
    item.SegmentAlgorithmType = algorithm_type(structure)
    if item.SegmentAlgorithmType != "MANUAL":
        item.SegmentAlgorithmName = text_value(_engine(structure), 64)
    item.TrackingID, item.TrackingUID = text_value(structure.name, 64), fresh_uid()
    item.RecommendedDisplayCIELabValue = _cielab(known.colour if known else _FALLBACK_COLOUR)
    return item


def _engine(structure: Structure) -> str:
    proposal = structure.proposal if isinstance(structure, Reviewed) else structure
    return proposal.engine or MANUFACTURER


def _cielab(colour: str) -> list[int]:
    """``#RRGGBB`` (sRGB, D65) as DICOM-scaled CIELab (PS3.3 C.10.7.1.1), white point D50."""
    srgb = np.array(colour_rgb(colour)) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz_d50 = np.array(
        [
            [0.4360747, 0.3850649, 0.1430804],
            [0.2225045, 0.7168786, 0.0606169],
            [0.0139322, 0.0971045, 0.7141733],
        ]
    )
    ratio = to_xyz_d50 @ linear / np.array([0.96422, 1.0, 0.82521])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    lab = np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
    scaled = np.array([lab[0] / 100, (lab[1] + 128) / 255, (lab[2] + 128) / 255]) * 65535
    return [int(v) for v in np.clip(np.rint(scaled), 0, 65535)]


def _add_dimensions(ds: FileDataset) -> None:
    organization = Dataset()
    organization.DimensionOrganizationUID = fresh_uid()
    ds.DimensionOrganizationSequence = [organization]
    ds.DimensionIndexSequence = []
    for pointer, group, label in (
        (0x0062000B, 0x0062000A, "Segment"),
        (0x00200032, 0x00209113, "Position"),
    ):
        item = Dataset()
        item.DimensionOrganizationUID = organization.DimensionOrganizationUID
        item.DimensionIndexPointer, item.FunctionalGroupPointer = pointer, group
        item.DimensionDescriptionLabel = label
        ds.DimensionIndexSequence.append(item)


def _shared_groups(grid: Grid) -> Dataset:
    measures, orientation = Dataset(), Dataset()
    spacing = grid.spacing_mm
    measures.PixelSpacing = decimal_texts((spacing[1], spacing[0]))
    measures.SliceThickness = measures.SpacingBetweenSlices = decimal_text(spacing[2])
    orientation.ImageOrientationPatient = decimal_texts([*grid.direction[:, 0], *grid.direction[:, 1]])
    groups = Dataset()
    groups.PixelMeasuresSequence, groups.PlaneOrientationSequence = [measures], [orientation]
    return groups


def _frame_groups(frame: Frame, grid: Grid, references: References) -> Dataset:
    number, k = frame
    content, position, segment, groups = Dataset(), Dataset(), Dataset(), Dataset()
    content.DimensionIndexValues = [number, k + 1]
    position.ImagePositionPatient = decimal_texts(grid.index_to_lps([0, 0, k]))
    segment.ReferencedSegmentNumber = number
    groups.FrameContentSequence, groups.PlanePositionSequence = [content], [position]
    groups.SegmentIdentificationSequence = [segment]
    if references.per_slice:
        groups.DerivationImageSequence = [_derivation(references.per_slice[k])]
    return groups


def _derivation(instance: tuple[str, str]) -> Dataset:
    source, item = reference_item(instance), Dataset()
    source.SpatialLocationsPreserved = "YES"
    source.PurposeOfReferenceCodeSequence = [
        code_item("121322", "Source image for image processing operation", "DCM")
    ]
    item.DerivationCodeSequence = [code_item("113076", "Segmentation", "DCM")]
    item.SourceImageSequence = [source]
    return item


def _packed(structures: Sequence[Structure], frames: Sequence[Frame]) -> bytes:
    """Frames one after another, eight pixels to a byte, first pixel lowest; padded to even length."""
    rows, columns = structures[0].label_map.array.shape[1:]
    picked = (structures[number - 1].label_map.array[k] for number, k in frames)
    if rows * columns % 8 == 0:
        packed = b"".join(np.packbits(mask, bitorder="little").tobytes() for mask in picked)
    else:
        bits = np.concatenate([mask.ravel() for mask in picked])
        packed = np.packbits(bits, bitorder="little").tobytes()
    return packed + b"\0" * (len(packed) % 2)
