"""Small synthetic CT series as DICOM files whose every voxel is known: HU is a linear function of LPS mm.

However the slices are oriented, ordered or tilted, a right reading satisfies ``HU = field_hu(LPS)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.1557"
GRADIENT_HU_PER_MM = np.array([3.0, -2.0, 5.0])
OFFSET_HU = 20.0


def field_hu(points_lps: ArrayLike) -> NDArray[np.float64]:
    """The HU that the synthetic patient has at points ``(..., 3)`` in LPS mm."""
    return np.asarray(np.asarray(points_lps, dtype=np.float64) @ GRADIENT_HU_PER_MM + OFFSET_HU)


@dataclass(frozen=True, kw_only=True)
class CtScan:
    """How the synthetic patient is scanned.

    Parameters
    ----------
    heights : sequence of float
        Where the slices lie along `step`, in units of it.
    size : (rows, columns)
    spacing_mm : (between columns, between rows)
    origin_lps : (3,) mm
        First pixel of the slice at height 0.
    orientation : (6,)
        Directions of a row and of a column.
    step_lps : (3,) mm
        Way from one slice to the next.
    slope, intercept : float
        Rescale; stored values are rounded.
    """

    heights: Sequence[float] = tuple(range(6))
    size: tuple[int, int] = (16, 20)
    spacing_mm: tuple[float, float] = (1.5, 1.25)
    origin_lps: Sequence[float] = (-14.0, -9.0, -30.0)
    orientation: Sequence[float] = (1, 0, 0, 0, 1, 0)
    step_lps: Sequence[float] = (0.0, 0.0, 2.5)
    slope: float = 1.0
    intercept: float = -1024.0
    series: str = "1"
    frame: str = "9"
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def position_lps(self, height: float) -> NDArray[np.float64]:
        """First pixel of the slice at `height`."""
        return np.asarray(self.origin_lps, dtype=float) + height * np.asarray(self.step_lps, dtype=float)

    def hu(self, height: float) -> NDArray[np.float64]:
        """True HU ``(rows, columns)`` of the slice at `height`."""
        row, column = np.reshape(np.asarray(self.orientation, dtype=float), (2, 3))
        j, i = np.meshgrid(np.arange(self.size[0]), np.arange(self.size[1]), indexing="ij")
        along = i[..., None] * self.spacing_mm[0] * row + j[..., None] * self.spacing_mm[1] * column
        return field_hu(self.position_lps(height) + along)

    def dataset(self, number: int, height: float) -> FileDataset:
        """The slice at `height` as an explicit little endian data set with instance number `number`."""
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        ds.SpecificCharacterSet = "ISO_IR 192"
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.SOPClassUID = CTImageStorage
        ds.SOPInstanceUID = UID(f"{ROOT}.{self.series}.{number}")
        ds.SeriesInstanceUID = f"{ROOT}.{self.series}"
        ds.StudyInstanceUID = f"{ROOT}.7"
        ds.FrameOfReferenceUID = f"{ROOT}.{self.frame}"
        ds.Modality, ds.PatientName, ds.PatientID = "CT", "Doe^Jane", "P1"
        ds.PatientBirthDate, ds.PatientSex, ds.PatientPosition = "19500101", "F", "HFS"
        ds.InstanceNumber, ds.SliceThickness = number, float(np.linalg.norm(self.step_lps))
        ds.ImagePositionPatient = [round(float(v), 6) for v in self.position_lps(height)]
        ds.ImageOrientationPatient = [round(float(v), 9) for v in self.orientation]
        ds.PixelSpacing = [self.spacing_mm[1], self.spacing_mm[0]]
        ds.Rows, ds.Columns, ds.SamplesPerPixel = *self.size, 1
        ds.PhotometricInterpretation = "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 1
        ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = self.slope, self.intercept, "HU"
        stored = np.rint((self.hu(height) - self.intercept) / self.slope).astype("<i2")
        ds.PixelData = stored.tobytes()
        ds["PixelData"].VR = "OW"
        for keyword, value in self.attributes.items():
            setattr(ds, keyword, value)
        ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        return ds

    def datasets(self) -> list[FileDataset]:
        """All slices, numbered from 1 in the order of `heights`."""
        return [self.dataset(n, height) for n, height in enumerate(self.heights, start=1)]


def save(datasets: Sequence[Dataset], folder: Path) -> Path:
    """Write `datasets`, as they are, as ``IM0001`` … into `folder`, which is made if needed and returned."""
    folder.mkdir(parents=True, exist_ok=True)
    start = len(list(folder.iterdir()))
    for n, ds in enumerate(datasets, start=start + 1):
        ds.save_as(folder / f"IM{n:04d}", enforce_file_format=False)
    return folder
