"""Code streams of many slices in one answer: the browser refines a series in few round trips.

A batch holds, for each slice, the bytes of its HTJ2K code stream from the end of one resolution to the end of
a finer one. Batches of a slice that follow each other, put together, are its code stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.code_streams import prefix_length
from teleneedle.adapters.tnb1 import encode_tnb1

MOST_SKIPPED = 3
"""Resolutions left out of the coarsest picture: 1/8 of the size in each direction."""


@dataclass(frozen=True, kw_only=True)
class CodedSlice:
    """Slice `k` of a series; pixel × `slope` + `intercept` is HU.

    `number` names its instance for as long as the series arrives: `k` moves while more of it is announced.
    Where `is_start`, the code begins a stream, whatever was sent before of this slice.
    """

    k: int
    code: bytes
    number: int = 0
    is_start: bool = False
    slope: float = 1.0
    intercept: float = 0.0


def part_of(code: bytes | memoryview, *, skip: int, after: int | None = None) -> bytes:
    """Bytes of `code` for all but the `skip` finest resolutions, less what `after` has given."""
    start = 0 if after is None else prefix_length(code, after)
    return bytes(code[start : prefix_length(code, skip)])


def encode_pictures(slices: Iterable[CodedSlice], *, skip: int, after: int | None = None) -> bytes:
    """A TNB1 container of such parts.

    Facts ``skip`` and ``after``; arrays ``k``, ``number`` and ``ends`` (into ``code``, uint8), (N,) uint32,
    ``slope`` and ``intercept``, (N,) float32, and ``is_start``, (N,) uint8.
    """
    listed = list(slices)
    ends = np.cumsum([len(one.code) for one in listed], dtype=np.uint32)
    arrays: dict[str, NDArray[Any]] = {
        "k": np.array([one.k for one in listed], np.uint32),
        "number": np.array([one.number for one in listed], np.uint32),
        "ends": ends,
        "is_start": np.array([one.is_start or after is None for one in listed], np.uint8),
        "slope": np.array([one.slope for one in listed], np.float32),
        "intercept": np.array([one.intercept for one in listed], np.float32),
        "code": np.frombuffer(b"".join(one.code for one in listed), np.uint8),
    }
    return encode_tnb1(arrays, {"skip": skip, "after": after})
