"""The child's rewriting of an instance for a peer that takes only uncompressed little endian.

Runs only inside the decoder process. Values of pixels do not change; a compressed image that the hub cannot
decode is refused, never sent damaged.

References
----------
DICOM PS3.5 annex A.1 and A.2; PS3.4 B.4.1 and C.6.1 (the peer chooses the transfer syntax).
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.messages import foreign_error_to_json
from teleneedle.adapters.decoding.task import Task, TaskResult
from teleneedle.adapters.dicom.image_file import NATIVE, read_image_file
from teleneedle.adapters.dicom.pixel import DEFLATED, pixel_layout, stored_frames
from teleneedle.adapters.dicom.sources import Source
from teleneedle.core.errors import NotReadableError


def rewrite_plainly(task: Task) -> TaskResult:
    """Datasets of the instances in ``parts``, pairs of start and end in the file ``path``.

    Each becomes one array of bytes in the encoding ``syntax``; of one that cannot be rewritten the array is a
    single byte, and ``faults`` says why at its place.
    """
    faults: list[dict[str, Any] | None] = []
    is_implicit = task.request["syntax"] == ImplicitVRLittleEndian
    with Path(task.request["path"]).open("rb") as file:
        for n, (start, end) in enumerate(task.request["parts"]):
            where = f"instance {n + 1}"
            task.tell.at(where)
            file.seek(start)
            packed, fault = b"\0", None
            try:
                packed = _rewritten(file.read(end - start), where, task.limits, is_implicit=is_implicit)
            except (Exception, RecursionError) as error:
                fault = foreign_error_to_json(error, where=where)
            faults.append(fault)
            task.writer.allocate((len(packed),), "uint8")[:] = np.frombuffer(packed, np.uint8)
    return {"faults": faults}


def _rewritten(content: bytes, where: str, limits: DecodeLimits, *, is_implicit: bool) -> bytes:
    dataset = dcmread(io.BytesIO(content))
    _decode_pixels(dataset, Source(name=where, content=content, size=len(content)), limits)
    return _encoded(dataset, is_implicit=is_implicit)


def _decode_pixels(dataset: Dataset, source: Source, limits: DecodeLimits) -> None:
    syntax = dataset.file_meta.TransferSyntaxUID
    is_plain = syntax in NATIVE or syntax == DEFLATED
    if "PixelData" not in dataset or (is_plain and syntax != ExplicitVRBigEndian):
        return
    file = read_image_file(source, limits)
    if file is None:
        raise NotReadableError("this is no DICOM instance", where=source.name)
    layout = pixel_layout(file, limits)
    kind = np.dtype(f"<{'i' if layout.is_signed else 'u'}{layout.bits_allocated // 8}")
    frames = stored_frames(file, layout, file.content())
    pixels = b"".join(read().astype(kind).tobytes() for read in frames)
    dataset.PixelData = pixels + b"\0" * (len(pixels) % 2)
    dataset["PixelData"].VR = "OW" if layout.bits_allocated > 8 else "OB"
    dataset["PixelData"].is_undefined_length = False


def _encoded(dataset: Dataset, *, is_implicit: bool) -> bytes:
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = is_implicit, True
    write_dataset(out, dataset)
    return bytes(out.getvalue())
