"""Arrays that cross from the decoder to the parent through one anonymous file in memory."""

from __future__ import annotations

import math
import mmap
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from teleneedle.core.errors import HostileInputError

ALIGNMENT = 4096
ALLOWED_TYPES = frozenset({"bool", "uint8", "int16", "int32", "float32"})


def open_shared_file() -> int:
    """File descriptor of an empty file that has no name (memory where the system offers it)."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("teleneedle-voxels", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class SharedArrayWriter:
    """The child's side: arrays placed one after the other in the shared file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._end = 0
        self.layout: list[dict[str, Any]] = []

    def allocate(self, shape: Sequence[int], dtype: DTypeLike) -> NDArray[Any]:
        """A zero-filled array of `shape` that the parent will see; its place is recorded in `layout`."""
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        offset = -(-self._end // ALIGNMENT) * ALIGNMENT
        os.ftruncate(self._descriptor, offset + size)
        self._end = offset + size
        self.layout.append({"offset": offset, "shape": [int(n) for n in shape], "dtype": kind.name})
        window = mmap.mmap(self._descriptor, size, offset=offset)
        return np.frombuffer(window, dtype=kind).reshape(shape)


def read_shared_arrays(descriptor: int, layout: Sequence[Mapping[str, Any]]) -> list[NDArray[Any]]:
    """The parent's side: read-only views of the arrays that `layout` names.

    Raises
    ------
    HostileInputError
        If the layout does not lie within the file, or names another element type.
    """
    length = os.fstat(descriptor).st_size
    arrays = []
    for entry in layout:
        offset, shape, name = entry["offset"], tuple(entry["shape"]), entry["dtype"]
        if name not in ALLOWED_TYPES or any(not isinstance(n, int) or n < 1 for n in shape):
            raise HostileInputError(
                "the decoder answered with an array that is not allowed", where=str(entry)
            )
        kind = np.dtype(name)
        size = math.prod(shape) * kind.itemsize
        if offset < 0 or offset % ALIGNMENT or offset + size > length:
            raise HostileInputError("the decoder answered with an array outside its memory", where=str(entry))
        flags = mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0)
        window = mmap.mmap(descriptor, size, offset=offset, flags=flags, prot=mmap.PROT_READ)
        arrays.append(np.frombuffer(window, dtype=kind).reshape(shape))
    return arrays
