"""Masks as the bits of their bounding box: small, exact, and the same in the store and in the browser."""

from __future__ import annotations

import math

import numpy as np

from teleneedle.adapters.tnb1 import decode_tnb1, encode_tnb1
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap


def pack_mask(label_map: LabelMap) -> bytes:
    """`label_map` as a TNB1 container: ``bits``, ``start_kji``, ``shape_kji``."""
    if label_map.is_empty:
        return encode_tnb1({"bits": np.zeros(0, np.uint8)}, {"start_kji": [0, 0, 0], "shape_kji": [0, 0, 0]})
    window = label_map.bounding_slices()
    box = label_map.array[window]
    facts = {"start_kji": [w.start for w in window], "shape_kji": list(box.shape)}
    return encode_tnb1({"bits": np.packbits(box.ravel(), bitorder="little")}, facts)


def unpack_mask(content: bytes, grid: Grid) -> LabelMap:
    """The mask on `grid`.

    Raises
    ------
    StructureError
        If the box lies outside the grid or does not fit its bits.
    InputError
        If `content` is no container.
    """
    arrays, facts = decode_tnb1(content)
    try:
        start = [int(n) for n in facts["start_kji"]]
        shape = [int(n) for n in facts["shape_kji"]]
        bits = arrays["bits"]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise StructureError("the mask lacks its box", where=str(error)) from error
    size = math.prod(shape) if len(shape) == 3 else -1
    fits = len(start) == 3 and all(
        a >= 0 and n >= 0 and a + n <= m for a, n, m in zip(start, shape, grid.shape, strict=False)
    )
    if size < 0 or not fits or bits.dtype != np.uint8 or bits.size != (size + 7) // 8:
        raise StructureError(
            "the mask does not fit the CT", where=f"box {start} + {shape} in {list(grid.shape)}"
        )
    array = np.zeros(grid.shape, np.bool_)
    if size:
        box = np.unpackbits(bits, count=size, bitorder="little").reshape(shape).astype(np.bool_)
        array[tuple(slice(a, a + n) for a, n in zip(start, shape, strict=True))] = box
    return LabelMap(array=array, grid=grid)
