"""Exact distances to the voxel boxes of a mask: three passes of one-dimensional minima, kept points only.

The squared distance to a union of boxes is the smallest sum of three terms, one for each axis, each the
squared gap between a coordinate and a box's side. The sum is separable, so each axis is minimised in turn.

References
----------
Felzenszwalb & Huttenlocher 2012, doi:10.4086/toc.2012.v008a019 (separable distance transforms).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray

Array = NDArray[Any]


def kept_positions(count: int, spacing_mm: float, *, pad_mm: float, step_mm: float) -> FloatArray:
    """Where the field is kept along one axis, mm from the first voxel centre, at most `step_mm` apart.

    The points are voxel centres when the voxels are finer than `step_mm`, and divide the way between them
    evenly otherwise; they cover the box and `pad_mm` around it.
    """
    if spacing_mm <= step_mm:
        step = spacing_mm * int(step_mm / spacing_mm + 1e-9)
    else:
        step = spacing_mm / int(np.ceil(spacing_mm / step_mm - 1e-9))
    before = int(np.ceil(pad_mm / step))
    after = int(np.ceil(((count - 1) * spacing_mm + pad_mm) / step - 1e-9))
    return np.asarray(np.arange(-before, after + 1) * step, dtype=np.float64)


def signed_distance(
    box: NDArray[np.bool_],
    spacing_kji_mm: FloatArray,
    positions: tuple[FloatArray, FloatArray, FloatArray],
    *,
    reach_mm: float,
) -> NDArray[np.float32]:
    """Distance (mm) of points to the surface of the voxel boxes of `box`, negative inside.

    Parameters
    ----------
    box : (K, J, I) bool
        The mask; what lies beyond it is outside of the structure.
    positions : tuple of (n,) float
        Coordinates of the points along (k, j, i), mm from the centre of voxel (0, 0, 0).
    reach_mm : float
        Distances are exact up to here and no larger.
    """
    padded = np.pad(box, 1)
    shifted = tuple(p + s for p, s in zip(positions, spacing_kji_mm, strict=True))
    spacing = tuple(float(s) for s in spacing_kji_mm)
    outside = _to_boxes(padded, shifted, spacing, reach_mm)
    inside = np.zeros_like(outside)
    half = [0.5 * s for s in spacing]
    within = tuple(
        _range(p, -h, n * s - s + h) for p, h, n, s in zip(positions, half, box.shape, spacing, strict=True)
    )
    part = tuple(p[w] for p, w in zip(shifted, within, strict=True))
    inside[within] = _to_boxes(~padded, part, spacing, reach_mm)
    return np.asarray(outside - inside)


def _range(positions: FloatArray, low: float, high: float) -> slice:
    return slice(int(np.searchsorted(positions, low)), int(np.searchsorted(positions, high, side="right")))


def _to_boxes(mask: Array, positions: tuple[Array, ...], spacing: tuple[float, ...], cap_mm: float) -> Array:
    cap = np.float32(cap_mm * cap_mm)
    rows = _along_i(mask, positions[2], spacing[2], cap)
    columns = _along_j(rows, positions[1], spacing[1], cap)
    return np.asarray(np.sqrt(_along_k(columns, positions[0], spacing[0], cap)))


@njit(cache=True, nogil=True)
def _gap2(position: float, n: int, spacing: float) -> Any:
    gap = abs(position - n * spacing) - 0.5 * spacing
    return np.float32(gap * gap) if gap > 0.0 else np.float32(0.0)


@njit(cache=True, nogil=True, parallel=True)
def _along_i(mask: Array, positions: Array, spacing: float, cap: Any) -> Array:
    """Squared gap to the nearest set voxel of the same row."""
    nk, nj, ni = mask.shape
    count = len(positions)
    out = np.full((nk, nj, count), cap, np.float32)
    for k in prange(nk):
        before = np.empty(ni, np.int64)
        after = np.empty(ni, np.int64)
        for j in range(nj):
            last = -1
            for i in range(ni):
                if mask[k, j, i]:
                    last = i
                before[i] = last
            if last < 0:
                continue
            last = -1
            for i in range(ni - 1, -1, -1):
                if mask[k, j, i]:
                    last = i
                after[i] = last
            for n in range(count):
                near = min(max(int(np.floor(positions[n] / spacing + 0.5)), 0), ni - 1)
                if before[near] >= 0:
                    out[k, j, n] = min(out[k, j, n], _gap2(positions[n], before[near], spacing))
                if after[near] >= 0:
                    out[k, j, n] = min(out[k, j, n], _gap2(positions[n], after[near], spacing))
    return out


@njit(cache=True, nogil=True, fastmath=True)
def _lower(best: Array, row: Array, gap2: Any) -> None:
    for i in range(len(best)):
        value = row[i] + gap2
        best[i] = value if value < best[i] else best[i]


@njit(cache=True, nogil=True, fastmath=True)
def _largest(values: Array) -> Any:
    largest = values[0]
    for i in range(len(values)):
        largest = values[i] if values[i] > largest else largest
    return largest


@njit(cache=True, nogil=True, parallel=True)
def _along_j(rows: Array, positions: Array, spacing: float, cap: Any) -> Array:
    """Smallest sum with the gap across rows, outwards from the nearest row until nothing can be smaller."""
    nk, nj, ni = rows.shape
    out = np.full((nk, len(positions), ni), cap, np.float32)
    for k in prange(nk):
        for n in range(len(positions)):
            best = out[k, n]
            near = min(max(int(np.floor(positions[n] / spacing + 0.5)), 0), nj - 1)
            for away in range(nj):
                low, high = near - away, near + away
                gap_low = _gap2(positions[n], low, spacing)
                gap_high = _gap2(positions[n], high, spacing)
                if away % 4 == 0 and min(gap_low, gap_high) >= _largest(best):
                    break
                if low >= 0:
                    _lower(best, rows[k, low], gap_low)
                if away > 0 and high < nj:
                    _lower(best, rows[k, high], gap_high)
    return out


@njit(cache=True, nogil=True, parallel=True)
def _along_k(columns: Array, positions: Array, spacing: float, cap: Any) -> Array:
    """The same across slices."""
    nk, nj, ni = columns.shape
    out = np.full((len(positions), nj, ni), cap, np.float32)
    for n in prange(len(positions)):
        near = min(max(int(np.floor(positions[n] / spacing + 0.5)), 0), nk - 1)
        for j in range(nj):
            best = out[n, j]
            for away in range(nk):
                low, high = near - away, near + away
                gap_low = _gap2(positions[n], low, spacing)
                gap_high = _gap2(positions[n], high, spacing)
                if away % 4 == 0 and min(gap_low, gap_high) >= _largest(best):
                    break
                if low >= 0:
                    _lower(best, columns[low, j], gap_low)
                if away > 0 and high < nk:
                    _lower(best, columns[high, j], gap_high)
    return out
