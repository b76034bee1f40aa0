"""A 300-slice CT series made of a real one, as files that a scanner would send."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless, generate_uid

SLICES = 300
SOURCE = "ircad17/PATIENT_DICOM"
DESCRIPTION = "119 real slices (3D-IRCADb-01 no. 17) forth, back and forth again: noise as scanned"
SPACING_MM = 1.6


@dataclass(frozen=True, kw_only=True)
class SentSeries:
    """Files of one series and what they weigh.

    Parameters
    ----------
    coded_bytes : int
        Of the pixels as HTJ2K: the least that an ideal link carries.
    digests : dict
        SHA-256 of the data set after the file meta group, by SOP Instance UID.
    """

    folder: Path
    jpegls_folder: Path
    series_uid: str
    patient_id: str
    raw_bytes: int
    coded_bytes: int
    jpegls_bytes: int
    digests: dict[str, str]

    @property
    def files(self) -> list[Path]:
        """As they are, explicit little endian."""
        return sorted(self.folder.iterdir())

    @property
    def jpegls_files(self) -> list[Path]:
        """The same in lossless JPEG-LS."""
        return sorted(self.jpegls_folder.iterdir())

    def limit_s(self, mbit: float, round_trip_s: float) -> float:
        """What an ideal link takes: HTJ2K bytes at the line's rate, and one round trip."""
        return self.coded_bytes * 8e-6 / mbit + round_trip_s


def write_series(data: Path, folder: Path, *, slices: int = SLICES, patient_id: str = "LINK1") -> SentSeries:
    """Write `slices` instances with UIDs of their own into `folder`, raw and in JPEG-LS."""
    sources = _real_slices(data)
    way = [*range(len(sources)), *reversed(range(len(sources)))]
    raw, packed = folder / "raw", folder / "jpegls"
    raw.mkdir(parents=True)
    packed.mkdir()
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    coded_bytes = jpegls_bytes = 0
    digests = {}
    with ThreadPoolExecutor(2) as pool:
        for n in range(slices):
            ds = deepcopy(sources[way[n % len(way)]])
            ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = study, series, frame
            ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            ds.PatientID, ds.PatientName, ds.PatientBirthDate = patient_id, "Link^Bench", "19500101"
            ds.InstanceNumber, ds.ImagePositionPatient = n + 1, [0, 0, round(n * SPACING_MM, 3)]
            path = raw / f"{n:04d}.dcm"
            ds.save_as(path, enforce_file_format=True)
            digests[str(ds.SOPInstanceUID)] = _dataset_sha256(path)
            coded = pool.submit(_htj2k_bytes, ds.pixel_array)
            jpegls_bytes += _save_jpegls(ds, packed / f"{n:04d}.dcm")
            coded_bytes += coded.result()
    raw_bytes = sum(path.stat().st_size for path in raw.iterdir())
    return SentSeries(
        folder=raw,
        jpegls_folder=packed,
        series_uid=str(series),
        patient_id=patient_id,
        raw_bytes=raw_bytes,
        coded_bytes=coded_bytes,
        jpegls_bytes=jpegls_bytes,
        digests=digests,
    )


def _real_slices(data: Path) -> list[pydicom.FileDataset]:
    slices = [pydicom.dcmread(path) for path in (data / SOURCE).iterdir() if path.name.startswith("image_")]
    for ds in slices:
        assert ds.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    return sorted(slices, key=lambda ds: float(ds.ImagePositionPatient[2]))


def _htj2k_bytes(pixels: NDArray[np.int16]) -> int:
    return len(imagecodecs.htj2k_encode(pixels, reversible=True, tlm=True, tilepart=1))


def _save_jpegls(ds: Dataset, path: Path) -> int:
    packed = deepcopy(ds)
    packed.file_meta.TransferSyntaxUID = JPEGLSLossless
    stream = imagecodecs.jpegls_encode(ds.pixel_array.view(np.uint16))
    packed.PixelData = encapsulate([stream])
    packed["PixelData"].VR = "OB"
    packed["PixelData"].is_undefined_length = True
    packed.save_as(path, enforce_file_format=True)
    return path.stat().st_size


def _dataset_sha256(path: Path) -> str:
    with path.open("rb") as file:
        meta = pydicom.filereader.read_preamble(file, force=False)
        assert meta is not None
        pydicom.filereader._read_file_meta_info(file)
        return hashlib.sha256(file.read()).hexdigest()
