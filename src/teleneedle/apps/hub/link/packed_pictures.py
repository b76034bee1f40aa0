"""HTJ2K for pages of what came as JPEG XL or JPEG-LS, which no browser can be counted on to decode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.code_streams import prefix_length
from teleneedle.adapters.link.codec import coarse_picture, decode_pixels, plane_of
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import Entry, Frames
from teleneedle.adapters.link.wire_parts import EIGHTH
from teleneedle.adapters.picture_batch import MOST_SKIPPED


def code_of_packed(held: Held | None, *, skip: int, is_verified: bool) -> bytes:
    """A code stream without its `skip` finest resolutions, empty while what it takes has not come.

    The coarsest picture is made of the small stream that goes ahead, every other one of the whole instance.
    Each is a stream of its own: parts of one do not continue another.
    """
    if held is None or held.entry.frames is None or len(held.entry.frames.lengths) != 1:
        return b""
    if skip == MOST_SKIPPED:
        return enlarged_first_picture(held.entry, held.layers())
    if skip or not is_verified:
        return b""
    try:
        return _encoded(plane_of(held.entry.frames, decode_pixels(held.entry, held.layers())))
    except WireError:
        return b""


def enlarged_first_picture(entry: Entry, layers: Mapping[int, bytes]) -> bytes:
    """The small stream that goes ahead on a slow line, enlarged to 1/8; empty while it is not there."""
    frames, first = entry.frames, layers.get(EIGHTH, b"")
    if frames is None or len(first) != entry.layer_lengths().get(EIGHTH):
        return b""
    try:
        code = _encoded(_enlarged(frames, *coarse_picture(frames, first)))
    except WireError:
        return b""
    return code[: prefix_length(code, MOST_SKIPPED)]


def _enlarged(frames: Frames, picture: NDArray[Any], skip: int) -> NDArray[Any]:
    """The nearest sample for every pixel of the slice; sample n lies at pixel n · 2**skip."""
    step = 1 << skip
    rows, columns = (
        np.minimum((np.arange(length) + step // 2) // step, count - 1)
        for length, count in zip((frames.rows, frames.columns), picture.shape, strict=True)
    )
    return picture[np.ix_(rows, columns)]


def _encoded(plane: NDArray[Any]) -> bytes:
    plane = np.ascontiguousarray(plane)
    return bytes(imagecodecs.htj2k_encode(plane, reversible=True, tlm=True, tilepart=1))
