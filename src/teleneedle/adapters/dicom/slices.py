"""One CT slice as the header describes it, from a classic file or from one frame of an enhanced CT.

References
----------
DICOM PS3.3 C.7.6.2 (image plane), C.7.6.16 (multi-frame functional groups), A.38 (enhanced CT),
A.70 (legacy converted enhanced CT).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from teleneedle.adapters.dicom.character_sets import clean_text
from teleneedle.adapters.dicom.guards import checked_uid
from teleneedle.adapters.dicom.hounsfield import Rescale, checked_rescale
from teleneedle.adapters.dicom.image_file import ImageFile, named_damage
from teleneedle.core.errors import NotReadableError, SeriesGeometryError

FAR_MM = 1e5
UNIT_TOLERANCE = 1e-2
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Slice:
    """Place and meaning of one frame.

    Parameters
    ----------
    file : ImageFile
    frame : int
        Number of the frame within the file, from 0.
    position_lps : (3,) float64
        Centre of the first pixel, LPS mm.
    orientation : (6,) float64
        Unit directions of a row (increasing column) and of a column (increasing row).
    spacing_mm : tuple of float
        Between columns (along i) and between rows (along j), mm.
    rescale : Rescale
    acquisition : tuple of str
        What tells apart two scans of the same place: acquisition, phase, time, kind.
    label : str
        How to name this slice to the user.
    """

    file: ImageFile
    frame: int
    position_lps: FloatArray
    orientation: FloatArray
    spacing_mm: tuple[float, float]
    thickness_mm: float | None
    rescale: Rescale
    has_rescale: bool
    rescale_type: str
    frame_of_reference_uid: str
    acquisition: tuple[str, ...]
    instance: str
    label: str

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns as declared."""
        return int(self.file.dataset.Rows), int(self.file.dataset.Columns)


def slices_of(file: ImageFile) -> list[Slice]:
    """Every frame of `file` with its place.

    Raises
    ------
    SeriesGeometryError
        If a frame does not say where it is.
    NotReadableError
        If a value cannot be parsed.
    """
    with named_damage(file.name):
        return _slices(file)


def _slices(file: ImageFile) -> list[Slice]:
    dataset = file.dataset
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence")
    frames = int(dataset.get("NumberOfFrames") or 1)
    if per_frame:
        if len(per_frame) != frames:
            raise NotReadableError(
                f"{frames} frames are declared and {len(per_frame)} described",
                where=file.name,
                remedy="export again",
            )
        shared = dataset.get("SharedFunctionalGroupsSequence") or [Dataset()]
        groups = [(item, shared[0], dataset) for item in per_frame]
        return [_one(file, n, levels) for n, levels in enumerate(groups)]
    if frames > 1:
        raise SeriesGeometryError(
            "this multi-frame image does not say where each frame is",
            where=file.name,
            remedy="export it as enhanced CT or single slices",
        )
    return [_one(file, 0, (dataset,))]


def _find(levels: Sequence[Dataset], sequence: str, keyword: str) -> object:
    """Value of `keyword` in the first level that has it, in its functional group `sequence` or directly."""
    for level in levels:
        group = level.get(sequence)
        inner = group[0] if group else level
        value = inner.get(keyword)
        if value not in (None, ""):
            return value
    return None


def _numbers(value: object, count: int, what: str, where: str) -> FloatArray:
    try:
        found = np.asarray(value, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        found = np.empty(0)
    if value is None or found.size != count or not np.isfinite(found).all() or np.abs(found).max() > FAR_MM:
        raise SeriesGeometryError(
            f"the slice has no usable {what}",
            where=where,
            remedy="export the original axial images, not screen captures",
        )
    return found


def _one(file: ImageFile, frame: int, levels: Sequence[Dataset]) -> Slice:
    dataset = file.dataset
    label = file.name if len(levels) == 1 else f"{file.name}, frame {frame + 1}"
    position = _numbers(
        _find(levels, "PlanePositionSequence", "ImagePositionPatient"), 3, "Image Position (Patient)", label
    )
    orientation = _orientation(levels, label)
    spacing = _numbers(_find(levels, "PixelMeasuresSequence", "PixelSpacing"), 2, "Pixel Spacing", label)
    if spacing.min() <= 0:
        raise SeriesGeometryError(
            "the Pixel Spacing is not positive", where=label, remedy="export the series again"
        )
    thickness = _find(levels, "PixelMeasuresSequence", "SliceThickness")
    slope = _find(levels, "PixelValueTransformationSequence", "RescaleSlope")
    intercept = _find(levels, "PixelValueTransformationSequence", "RescaleIntercept")
    has_rescale = slope is not None and intercept is not None
    return Slice(
        file=file,
        frame=frame,
        position_lps=position,
        orientation=orientation,
        spacing_mm=(float(spacing[1]), float(spacing[0])),
        thickness_mm=float(thickness) if thickness is not None else None,  # type: ignore[arg-type]  # a header value, a number by now
        rescale=checked_rescale(
            1 if slope is None else slope, 0 if intercept is None else intercept, _padding(dataset), label
        ),
        has_rescale=has_rescale,
        rescale_type=clean_text(_find(levels, "PixelValueTransformationSequence", "RescaleType")),
        frame_of_reference_uid=checked_uid(
            dataset.get("FrameOfReferenceUID"), "Frame of Reference UID", label
        ),
        acquisition=_acquisition(levels),
        instance=clean_text(dataset.get("InstanceNumber")),
        label=label,
    )


def _orientation(levels: Sequence[Dataset], label: str) -> FloatArray:
    raw = _numbers(
        _find(levels, "PlaneOrientationSequence", "ImageOrientationPatient"),
        6,
        "Image Orientation (Patient)",
        label,
    )
    row, column = raw[:3], raw[3:]
    lengths = np.linalg.norm(raw.reshape(2, 3), axis=1)
    if np.abs(lengths - 1).max() > UNIT_TOLERANCE or abs(row @ column) > UNIT_TOLERANCE:
        raise SeriesGeometryError(
            "the Image Orientation (Patient) is not two unit vectors at a right angle",
            where=label,
            remedy="export the series again",
        )
    row = row / lengths[0]
    column = column - (column @ row) * row
    return np.concatenate([row, column / np.linalg.norm(column)])


def _padding(dataset: Dataset) -> tuple[int, int] | None:
    """Declared padding as a range of stored values; a value written with the wrong sign is folded back."""
    value = dataset.get("PixelPaddingValue")
    if not isinstance(value, int):
        return None
    limit = dataset.get("PixelPaddingRangeLimit")
    ends = [value, limit if isinstance(limit, int) else value]
    if dataset.get("PixelRepresentation"):
        ends = [end - 65536 if end > 32767 else end for end in ends]
    else:
        ends = [end + 65536 if end < 0 else end for end in ends]
    return min(ends), max(ends)


def _acquisition(levels: Sequence[Dataset]) -> tuple[str, ...]:
    keys = (
        ("FrameContentSequence", "StackID"),
        ("FrameContentSequence", "TemporalPositionIndex"),
        ("FrameContentSequence", "FrameAcquisitionNumber"),
        ("", "TemporalPositionIdentifier"),
        ("", "AcquisitionNumber"),
        ("", "AcquisitionTime"),
        ("CTImageFrameTypeSequence", "FrameType"),
        ("", "ImageType"),
        ("CTReconstructionSequence", "ConvolutionKernel"),
    )
    return tuple(clean_text(_find(levels, sequence, keyword)) for sequence, keyword in keys)
