"""One DICOM file, parsed up to its pixels: what it says it is, and where its pixels lie."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from teleneedle.adapters.decoding.limits import MIB, DecodeLimits
from teleneedle.adapters.dicom.character_sets import repair_character_set
from teleneedle.adapters.dicom.guards import checked_uid, inflate, require_shallow
from teleneedle.adapters.dicom.sources import Source
from teleneedle.core.errors import NotReadableError, TeleneedleError

DEFER_BYTES = 32 * MIB
PIXEL_DATA = 0x7FE00010
DELIMITERS = 0xFFFC0000
UNDEFINED_LENGTH = 0xFFFFFFFF
NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
LONG_VRS = (b"OB", b"OW", b"UN", b"OF", b"OD")


@dataclass(frozen=True, kw_only=True)
class PixelPlace:
    """Where the value of Pixel Data lies in the (inflated) bytes; `length` is None when encapsulated."""

    offset: int
    length: int | None


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageFile:
    """A parsed file; `inflated` holds the data set of a deflated one, `pixels` is None without Pixel Data."""

    source: Source
    dataset: Dataset
    transfer_syntax: UID
    modality: str
    sop_class_uid: str
    sop_uid: str
    series_uid: str
    pixels: PixelPlace | None
    inflated: bytes = b""

    @property
    def name(self) -> str:
        """What the user calls the file."""
        return self.source.name

    def content(self) -> bytes:
        """The bytes that `pixels` points into."""
        return self.inflated or self.source.read()


def read_image_file(source: Source, limits: DecodeLimits) -> ImageFile | None:
    """Parse `source` up to its pixels; None when it is no DICOM file.

    Raises
    ------
    NotReadableError
        If it begins like DICOM and is broken.
    HostileInputError
        If it reaches a protecting limit.
    """
    with io.BytesIO(source.content) if not source.path else open(source.path, "rb") as stream:
        head = stream.read(144)
        if not looks_like_dicom(head):
            return None
        with named_damage(source.name):
            return _parse(source, stream, limits)


@contextlib.contextmanager
def named_damage(where: str) -> Iterator[None]:
    """Turn whatever a parser throws at a damaged file into one error that names the file.

    pydicom converts values when they are looked at, so every place that looks at them needs this.
    """
    try:
        yield
    except (TeleneedleError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise NotReadableError(
            f"the DICOM file is damaged ({type(error).__name__}: {str(error)[:160]})",
            where=where,
            remedy="export or copy this file again, or take it out of the folder",
        ) from error


def looks_like_dicom(head: bytes) -> bool:
    """Whether the first bytes are a DICOM file's, with or without the preamble (PS3.10 section 7.1)."""
    if head[128:132] == b"DICM":
        return True
    if len(head) < 16 or head[:2] not in (b"\x02\x00", b"\x08\x00") or head[3] != 0:
        return False
    is_explicit = head[4:6].isalpha() and head[4:6].isupper()
    return is_explicit or struct.unpack("<I", head[4:8])[0] < 1024


def _parse(source: Source, stream: BinaryIO, limits: DecodeLimits) -> ImageFile:
    inflated = b""
    if _transfer_syntax(stream) == DeflatedExplicitVRLittleEndian:
        inflated = inflate(stream.read(), source.name, limits)
        stream = io.BytesIO(inflated)
        dataset = read_dataset(stream, False, True, stop_when=_is_pixel_data, defer_size=DEFER_BYTES)
        syntax: UID = DeflatedExplicitVRLittleEndian
        is_little = True
    else:
        stream.seek(0)
        dataset = dcmread(stream, stop_before_pixels=True, defer_size=DEFER_BYTES, force=True)
        is_little = bool(dataset.original_encoding[1])
        syntax = _effective_syntax(dataset, is_little)
    place = _find_pixels(stream, is_little)
    if place is None:
        _require_whole_header(dataset, len(inflated) or source.size, source.name)
    require_shallow(dataset, source.name, limits)
    repair_character_set(dataset)
    return ImageFile(
        source=source,
        dataset=dataset,
        transfer_syntax=syntax,
        modality=str(dataset.get("Modality", "") or ""),
        sop_class_uid=checked_uid(_sop_class(dataset), "SOP Class UID", source.name),
        sop_uid=checked_uid(dataset.get("SOPInstanceUID"), "SOP Instance UID", source.name),
        series_uid=checked_uid(dataset.get("SeriesInstanceUID"), "Series Instance UID", source.name),
        pixels=place,
        inflated=inflated,
    )


def _sop_class(dataset: Dataset) -> object:
    return dataset.get("SOPClassUID") or getattr(dataset, "file_meta", {}).get("MediaStorageSOPClassUID")


def _require_whole_header(dataset: Dataset, size: int, where: str) -> None:
    """Refuse a file that ends within an element; pydicom takes what is left without a word."""
    tags = [tag for tag in dataset.keys() if tag < DELIMITERS]  # noqa: SIM118  (a data set iterates over elements)
    if not tags:
        return
    last = dataset.get_item(max(tags))
    length = getattr(last, "length", 0)
    if length not in (0, UNDEFINED_LENGTH) and getattr(last, "value_tell", 0) + length > size:
        raise NotReadableError(
            "the file is cut off within its header", where=where, remedy="copy this file again"
        )


def _is_pixel_data(tag: int, vr: str | None, length: int) -> bool:
    return tag >= PIXEL_DATA


def _transfer_syntax(stream: BinaryIO) -> str:
    """Transfer syntax named in the file meta group (explicit little endian); leaves the stream behind it."""
    stream.seek(0)
    stream.seek(132 if stream.read(132)[128:] == b"DICM" else 0)
    start = stream.tell()
    if stream.read(2) != b"\x02\x00":
        return ""
    stream.seek(start)
    meta = read_dataset(stream, False, True, stop_when=lambda tag, vr, length: tag >> 16 != 2)
    return str(meta.get("TransferSyntaxUID", ""))


def _effective_syntax(dataset: Dataset, is_little: bool) -> UID:
    """The declared transfer syntax unless it is native; then what the bytes are really written in."""
    declared = getattr(dataset, "file_meta", {}).get("TransferSyntaxUID")
    if declared is not None and UID(declared) not in NATIVE:
        return UID(declared)
    return ExplicitVRLittleEndian if is_little else ExplicitVRBigEndian


def _find_pixels(stream: BinaryIO, is_little: bool) -> PixelPlace | None:
    """Read tag, VR and length at the stream's place; a VR's letters would be an odd, impossible length."""
    order = "<" if is_little else ">"
    head = stream.read(8)
    if len(head) < 8:
        return None
    group, element = struct.unpack(order + "HH", head[:4])
    if (group << 16 | element) != PIXEL_DATA:
        return None
    length = struct.unpack(order + "I", stream.read(4) if head[4:6] in LONG_VRS else head[4:])[0]
    return PixelPlace(offset=stream.tell(), length=None if length == UNDEFINED_LENGTH else length)
