"""Contours as the bytes of a DICOM sequence, implicit VR little endian.

A structure set holds thousands of contours; building a data set for each takes longer than finding them.
Implicit VR is used because its lengths have 32 bits: in explicit VR a contour longer than 65 534 characters
cannot be written as decimal strings.

References
----------
DICOM PS3.5 7.1.3 (implicit VR), 7.5 (sequences), A.1; PS3.3 C.8.8.6 (ROI contour).
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import DataElement

_CONTOUR_SEQUENCE = 0x30060040
_ITEM = 0xFFFEE000
_REFERENCED_CLASS, _REFERENCED_INSTANCE = 0x00081150, 0x00081155
_IMAGES, _KIND, _COUNT, _POINTS = 0x30060016, 0x30060042, 0x30060046, 0x30060050


def encoded_contour(kind: str, points_lps: NDArray[np.float64], image: bytes = b"") -> bytes:
    """One item: a contour of geometric type `kind` through `points_lps` (N, 3), mm, to the micrometre.

    Parameters
    ----------
    kind : str
        ``CLOSED_PLANAR`` or ``OPEN_NONPLANAR``.
    points_lps : (N, 3) float
        Corners, LPS mm; each number takes at most 16 characters.
    image : bytes
        The slice it lies on, from `encoded_image`; empty when there is none.
    """
    values = (points_lps + 0.0).ravel().tolist()
    text = ("%.3f\\" * len(values))[:-1] % tuple(values)
    return _element(
        _ITEM,
        image
        + _element(_KIND, kind.encode())
        + _element(_COUNT, str(len(points_lps)).encode())
        + _element(_POINTS, text.encode()),
    )


def encoded_image(instance: tuple[str, str]) -> bytes:
    """Contour Image Sequence that names ``(SOP Class UID, SOP Instance UID)``."""
    kind, uid = (part.encode() for part in instance)
    item = _element(_REFERENCED_CLASS, kind, b"\0") + _element(_REFERENCED_INSTANCE, uid, b"\0")
    return _element(_IMAGES, _element(_ITEM, item))


def contour_sequence(items: bytes) -> DataElement:
    """Contour Sequence that holds encoded `items`; only for an object written in implicit VR.

    The value representation given here is that of plain bytes: implicit VR does not store it, and readers
    take the element for the sequence that the data dictionary says it is.
    """
    return DataElement(_CONTOUR_SEQUENCE, "OB", items, already_converted=True)


def _element(tag: int, value: bytes, pad: bytes = b" ") -> bytes:
    if len(value) % 2:
        value += pad
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value
