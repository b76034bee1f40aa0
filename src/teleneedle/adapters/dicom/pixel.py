"""Stored pixel values of one frame: native, RLE, JPEG (lossless, extended), JPEG-LS, JPEG 2000, HTJ2K.

The declared size is compared with the bytes that are really there before anything is decoded, so a
truncated file or a header that asks for gigabytes is refused first (trust experiment 5).

References
----------
DICOM PS3.5 section 8 and annexes A and G; PS3.3 C.7.6.3 (image pixel).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import generate_frames
from pydicom.uid import UID

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.dicom.image_file import NATIVE, ImageFile
from teleneedle.core.errors import HostileInputError, NotReadableError

DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"
LOSSY = {
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.203",
}
CODEC_BY_SYNTAX = {
    RLE: "dicomrle_decode",
    "1.2.840.10008.1.2.4.50": "jpeg8_decode",
    "1.2.840.10008.1.2.4.51": "jpeg8_decode",
    "1.2.840.10008.1.2.4.57": "jpegsof3_decode",
    "1.2.840.10008.1.2.4.70": "jpegsof3_decode",
    "1.2.840.10008.1.2.4.80": "jpegls_decode",
    "1.2.840.10008.1.2.4.81": "jpegls_decode",
    "1.2.840.10008.1.2.4.90": "jpeg2k_decode",
    "1.2.840.10008.1.2.4.91": "jpeg2k_decode",
    "1.2.840.10008.1.2.4.201": "jpeg2k_decode",
    "1.2.840.10008.1.2.4.202": "jpeg2k_decode",
    "1.2.840.10008.1.2.4.203": "jpeg2k_decode",
}
ITEM, DELIMITER = 0xE000FFFE, 0xE0DDFFFE
PixelArray = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class PixelLayout:
    """How the stored values of a file are laid out (PS3.3 C.7.6.3)."""

    rows: int
    columns: int
    frames: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    syntax: UID

    @property
    def frame_bytes(self) -> int:
        """Bytes of one uncompressed frame."""
        return self.rows * self.columns * self.bits_allocated // 8

    @property
    def is_native(self) -> bool:
        """Whether the pixels are not compressed."""
        return self.syntax in NATIVE or self.syntax == DEFLATED

    @property
    def is_lossy(self) -> bool:
        """Whether the transfer syntax may have changed the values."""
        return self.syntax in LOSSY


def pixel_layout(file: ImageFile, limits: DecodeLimits) -> PixelLayout:
    """The layout that `file` declares, checked against what is there.

    Raises
    ------
    NotReadableError
        If pixels are missing, truncated, in colour, or in a form that is not known.
    HostileInputError
        If the header asks for more than the limits allow.
    """
    dataset = file.dataset
    layout = PixelLayout(
        rows=_count(file, "Rows"),
        columns=_count(file, "Columns"),
        frames=int(dataset.get("NumberOfFrames") or 1),
        bits_allocated=_count(file, "BitsAllocated"),
        bits_stored=int(dataset.get("BitsStored") or dataset.BitsAllocated),
        high_bit=int(dataset.get("HighBit") or (dataset.get("BitsStored") or dataset.BitsAllocated) - 1),
        is_signed=bool(dataset.get("PixelRepresentation") or 0),
        syntax=file.transfer_syntax,
    )
    if layout.rows * layout.columns > limits.frame_pixels or layout.frames > limits.files:
        raise HostileInputError(
            f"the header asks for {layout.frames} frame(s) of {layout.rows} × {layout.columns} pixels",
            where=file.name,
            remedy="the file is damaged or made to harm; export the series again",
        )
    _require_known_form(file, layout)
    _require_all_pixels(file, layout)
    return layout


def _count(file: ImageFile, keyword: str) -> int:
    value = file.dataset.get(keyword)
    if not isinstance(value, int) or value < 1:
        raise NotReadableError(
            f"the image does not say its {keyword}", where=file.name, remedy="export the series again"
        )
    return value


def _require_known_form(file: ImageFile, layout: PixelLayout) -> None:
    remedy = "export the series as uncompressed, grey-scale CT"
    if int(file.dataset.get("SamplesPerPixel") or 1) != 1:
        raise NotReadableError(
            "the image is in colour: a screen capture, not CT values", where=file.name, remedy=remedy
        )
    is_sane = 1 <= layout.bits_stored <= layout.high_bit + 1 <= layout.bits_allocated
    if layout.bits_allocated not in (8, 16, 32) or not is_sane:
        raise NotReadableError(
            f"{layout.bits_stored} of {layout.bits_allocated} bits with high bit {layout.high_bit} "
            "is no known layout",
            where=file.name,
            remedy=remedy,
        )
    if not layout.is_native and layout.syntax not in CODEC_BY_SYNTAX:
        raise NotReadableError(
            f"the compression {layout.syntax.name} is not supported", where=file.name, remedy=remedy
        )


def _require_all_pixels(file: ImageFile, layout: PixelLayout) -> None:
    if file.pixels is None:
        raise NotReadableError(
            "the file holds no pixels", where=file.name, remedy="export or copy the series again"
        )
    if not layout.is_native:
        return
    end = len(file.inflated) or file.source.size
    declared = layout.frame_bytes * layout.frames
    # An undefined length is wrong for native pixels, but some writers did it; what follows must suffice.
    present = min(end - file.pixels.offset, declared if file.pixels.length is None else file.pixels.length)
    if present < declared:
        raise NotReadableError(
            f"the pixels are cut off: {max(present, 0)} of {declared} bytes are there",
            where=file.name,
            remedy="copy or export this slice again",
        )


def stored_frames(file: ImageFile, layout: PixelLayout, content: bytes) -> list[Callable[[], PixelArray]]:
    """One function per frame that returns its stored values: ``(rows, columns)`` integers, sign applied."""
    assert file.pixels is not None  # noqa: S101  (pixel_layout has refused it)
    if layout.is_native:
        start = file.pixels.offset
        return [_native(layout, content, start + n * layout.frame_bytes) for n in range(layout.frames)]
    area = content[file.pixels.offset :]
    _require_whole_fragments(area, file.name)
    try:
        frames = list(generate_frames(area, number_of_frames=layout.frames))
    except Exception as error:
        raise NotReadableError(
            f"the compressed pixels are damaged ({str(error)[:120]})",
            where=file.name,
            remedy="copy the file again",
        ) from error
    if len(frames) != layout.frames:
        raise NotReadableError(
            f"{len(frames)} of {layout.frames} frames are there",
            where=file.name,
            remedy="copy the file again",
        )
    return [_compressed(layout, frame, file.name) for frame in frames]


def _native(layout: PixelLayout, content: bytes, offset: int) -> Callable[[], PixelArray]:
    order = ">" if layout.syntax == BIG_ENDIAN else "<"
    kind = np.dtype(f"{order}u{layout.bits_allocated // 8}")

    def read() -> PixelArray:
        raw = np.frombuffer(content, dtype=kind, count=layout.rows * layout.columns, offset=offset)
        return significant_bits(raw.reshape(layout.rows, layout.columns), layout)

    return read


def _compressed(layout: PixelLayout, frame: bytes, where: str) -> Callable[[], PixelArray]:
    def read() -> PixelArray:
        import imagecodecs

        name = CODEC_BY_SYNTAX[layout.syntax]
        codec = getattr(imagecodecs, name)
        try:
            if layout.syntax == RLE:
                kind = np.dtype(f"<u{layout.bits_allocated // 8}")
                raw = np.frombuffer(codec(frame, kind), dtype=kind)
            else:
                raw = codec(frame)
        except Exception as error:
            raise NotReadableError(
                f"the compressed pixels are damaged ({str(error)[:120]})",
                where=where,
                remedy="export the slice again",
            ) from error
        if raw.size != layout.rows * layout.columns or (
            raw.ndim > 1 and raw.shape[:2] != (layout.rows, layout.columns)
        ):
            raise NotReadableError(
                f"the compressed image is {raw.shape}, the header says {layout.rows} × {layout.columns}",
                where=where,
                remedy="export the slice again",
            )
        unsigned = raw.view(raw.dtype.str.replace("i", "u"))
        return significant_bits(unsigned.reshape(layout.rows, layout.columns), layout)

    return read


def significant_bits(raw: PixelArray, layout: PixelLayout) -> PixelArray:
    """Stored values from raw cells: bits up to the high bit, overlays above it dropped, sign applied.

    References
    ----------
    DICOM PS3.5 section 8.1.1; PS3.3 C.9.2 (retired: overlays in the unused high bits).
    """
    bits, width = layout.bits_stored, raw.dtype.itemsize * 8
    shift = layout.high_bit + 1 - bits
    if bits >= width and shift == 0:
        return raw.view(raw.dtype.str.replace("u", "i")) if layout.is_signed else raw
    values = (raw.astype(np.int64) >> shift) & ((1 << bits) - 1)
    if layout.is_signed:
        sign = 1 << (bits - 1)
        values = (values ^ sign) - sign
    return values


def _require_whole_fragments(area: bytes, where: str) -> None:
    """Walk the items of encapsulated pixels; every fragment must be as long as it says (PS3.5 annex A.4)."""
    place = 0
    while place + 8 <= len(area):
        tag, length = struct.unpack_from("<II", area, place)
        if tag == DELIMITER:
            return
        if tag != ITEM or place + 8 + length > len(area):
            break
        place += 8 + length
    raise NotReadableError(
        f"the compressed pixels are cut off after {place} bytes",
        where=where,
        remedy="copy or export this slice again",
    )
