"""Encoded datasets of tiny CT images, byte by byte, without a library that could share a fault with ours."""

from __future__ import annotations

from struct import pack

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
_LONG = ("OW", "OB", "SQ", "UN")


def element(tag: int, vr: str, value: bytes) -> bytes:
    """One element in explicit little endian, padded to even length."""
    value += (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(value) % 2)
    head = pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode("ascii")
    return head + (pack("<HI", 0, len(value)) if vr in _LONG else pack("<H", len(value))) + value


def encoded_ct(
    number: int = 1,
    series: int = 1,
    pixels: bytes = b"\1\2",
    *,
    columns: int = 0,
    patient: str = "Test^Image",
) -> bytes:
    """The dataset of image ``1.2.1.<number>`` in series ``1.2.<series>``: one row of 16 bit pixels.

    Parameters
    ----------
    columns : int
        What the header says; 0 for as many as there are pixels.
    """
    return b"".join(
        element(tag, vr, value)
        for tag, vr, value in (
            (0x00080005, "CS", b"ISO_IR 192"),
            (0x00080016, "UI", CT_IMAGE.encode()),
            (0x00080018, "UI", f"1.2.1.{number}".encode()),
            (0x00080060, "CS", b"CT"),
            (0x00100010, "PN", patient.encode()),
            (0x00100020, "LO", b"P-1"),
            (0x0020000D, "UI", b"1.2"),
            (0x0020000E, "UI", f"1.2.{series}".encode()),
            (0x00200013, "IS", str(number).encode()),
            (0x00280002, "US", pack("<H", 1)),
            (0x00280004, "CS", b"MONOCHROME2"),
            (0x00280010, "US", pack("<H", 1)),
            (0x00280011, "US", pack("<H", columns or len(pixels) // 2)),
            (0x00280100, "US", pack("<H", 16)),
            (0x00280101, "US", pack("<H", 12)),
            (0x00280103, "US", pack("<H", 1)),
            (0x7FE00010, "OW", pixels),
        )
    )
