"""Compiled loops over voxel lists: find, open, stamp, pool, fold. Arrays are indexed [k, j, i]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


@njit(cache=True, nogil=True)
def set_voxels(flat: Array, words: Array) -> Array:
    """Flat indices of the set bytes of `flat`; `words` is the same memory as uint64, its tail left out."""
    count = 0
    for w in range(words.size):
        if words[w] != 0:
            for b in range(8 * w, 8 * w + 8):
                if flat[b] != 0:
                    count += 1
    for b in range(8 * words.size, flat.size):
        if flat[b] != 0:
            count += 1
    found = np.empty(count, np.int64)
    n = 0
    for w in range(words.size):
        if words[w] != 0:
            for b in range(8 * w, 8 * w + 8):
                if flat[b] != 0:
                    found[n] = b
                    n += 1
    for b in range(8 * words.size, flat.size):
        if flat[b] != 0:
            found[n] = b
            n += 1
    return found


@njit(cache=True, nogil=True)
def keep_large_parts(voxels: Array, mask: Array, offsets: Array, opened: Array) -> None:
    """Morphological opening of a voxel list by a ball of index `offsets` (n, 3) ordered (k, j, i)."""
    nk, nj, ni = mask.shape
    for v in voxels:
        k = v // (nj * ni)
        j = v // ni % nj
        i = v % ni
        fits = True
        for o in range(offsets.shape[0]):
            a, b, c = k + offsets[o, 0], j + offsets[o, 1], i + offsets[o, 2]
            inside = 0 <= a < nk and 0 <= b < nj and 0 <= c < ni
            if inside and mask[a, b, c] == 0:
                fits = False
                break
        if fits:
            for o in range(offsets.shape[0]):
                a, b, c = k + offsets[o, 0], j + offsets[o, 1], i + offsets[o, 2]
                if 0 <= a < nk and 0 <= b < nj and 0 <= c < ni:
                    opened[a, b, c] = 1


@njit(cache=True, nogil=True)
def stamp(voxels: Array, shape: tuple[int, int, int], labels: Array, label: int) -> None:
    """Write `label` at the listed voxels."""
    flat = labels.reshape(-1)
    for v in voxels:
        flat[v] = label


@njit(cache=True, nogil=True)
def pool(voxels: Array, shape: tuple[int, int, int], factors: Array, start: Array, free: Array) -> None:
    """Clear the cell of `free` (a window of the coarse grid from `start`) that each listed voxel falls in."""
    nj, ni = shape[1], shape[2]
    for v in voxels:
        k = v // (nj * ni) // factors[0] - start[0]
        j = v // ni % nj // factors[1] - start[1]
        i = v % ni // factors[2] - start[2]
        if 0 <= k < free.shape[0] and 0 <= j < free.shape[1] and 0 <= i < free.shape[2]:
            free[k, j, i] = 0


@njit(cache=True, nogil=True)
def fold_distance(
    distance: Array, start: Array, bit: int, need_mm: float, soft_mm: float, weight: float, is_hard: bool,
    bits: Array, margin: Array, soft: Array,
) -> None:  # fmt: skip
    """Fold one structure's distances (mm, from the axis) into forbidden bits, worst margin and soft value."""
    span = max(soft_mm - need_mm, 1e-6)
    for k in range(distance.shape[0]):
        for j in range(distance.shape[1]):
            for i in range(distance.shape[2]):
                d = distance[k, j, i]
                a, b, c = k + start[0], j + start[1], i + start[2]
                if is_hard:
                    if d < need_mm:
                        bits[a, b, c] |= bit
                    margin[a, b, c] = min(margin[a, b, c], d - need_mm)
                if d < soft_mm:
                    worst = weight * min(1.0, (soft_mm - d) / span)
                    soft[a, b, c] = max(soft[a, b, c], worst)
