"""Tilted or gapped stacks brought onto a right-angled, evenly spaced grid by linear interpolation.

Under gantry tilt the planes themselves are kept: each slice is only shifted within its own plane, so values
are interpolated along the two in-plane axes and never across slices. Gaps are bridged along the normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.dicom.hounsfield import OUTSIDE_HU
from teleneedle.adapters.dicom.stack import Stack

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class RegularGrid:
    """Where the resampled voxels lie: shape (K, J, I), affine, and the in-plane shift of every slice."""

    shape: tuple[int, int, int]
    affine: FloatArray
    shift_ij: FloatArray


def regular_grid(stack: Stack) -> RegularGrid:
    """The right-angled grid that holds all of `stack`, with the slice planes and pixel size of the original.

    Under tilt the planes are widened so that no scanned tissue is cut off.
    """
    spacing = np.array(stack.slices[0].spacing_mm)
    axes = np.stack([stack.row, stack.column])
    rows, columns = stack.slices[0].size
    step = stack.spacing_mm
    count = round(float(stack.heights_mm[-1] - stack.heights_mm[0]) / step) + 1
    ahead = (stack.heights_mm - stack.heights_mm[0]) / step
    shear = (axes @ stack.shear_lps) / spacing if stack.is_tilted else np.zeros(2)
    shift = ahead[:, None] * shear
    low = np.floor(np.minimum(shift.min(axis=0), 0) + 1e-6)
    wide = np.ceil(np.maximum(shift.max(axis=0), 0) - 1e-6) - low
    affine = np.eye(4)
    affine[:3, :2] = (axes * spacing[:, None]).T
    affine[:3, 2] = stack.normal * step
    affine[:3, 3] = stack.slices[0].position_lps + affine[:3, :2] @ low
    shape = (count, rows + int(wide[1]), columns + int(wide[0]))
    return RegularGrid(shape=shape, affine=affine, shift_ij=shift - low)


def resample_stack(
    source: NDArray[np.int16], stack: Stack, grid: RegularGrid, out: NDArray[np.int16]
) -> None:
    """Fill `out` ``grid.shape`` from the slices `source` ``(K, J, I)`` as they were scanned.

    Outside of the scanned planes the value is −1024 HU.
    """
    places = (stack.heights_mm - stack.heights_mm[0]) / stack.spacing_mm
    for k in range(grid.shape[0]):
        above = int(np.clip(np.searchsorted(places, k - 1e-3), 1, len(places) - 1))
        low, high = places[above - 1], places[above]
        weight = float(np.clip((k - low) / (high - low), 0.0, 1.0))
        if weight < 1e-2 or weight > 1 - 1e-2:  # on a scanned slice, within the spacing tolerance
            n = above - 1 if weight < 0.5 else above
            plane = shift_plane(source[n], grid.shift_ij[n], grid.shape[1:])
        else:
            one = shift_plane(source[above - 1], grid.shift_ij[above - 1], grid.shape[1:])
            two = shift_plane(source[above], grid.shift_ij[above], grid.shape[1:])
            plane = (1 - weight) * one + weight * two
        out[k] = np.rint(plane)


def shift_plane(
    plane: NDArray[np.int16], shift_ij: FloatArray, shape: tuple[int, ...], *, outside: int = OUTSIDE_HU
) -> NDArray[np.float32]:
    """`plane` moved by `shift_ij` ≥ 0 pixels (along i, along j) into a plane of `shape`, bilinearly.

    A value is interpolated only between scanned pixels; one at the rim of the field stays as it is.
    """
    whole = np.floor(shift_ij + 1e-6).astype(int)
    part = np.clip(shift_ij - whole, 0.0, 1.0).astype(np.float32)
    values = np.asarray(plane, dtype=np.float32)
    for axis, share in ((1, part[0]), (0, part[1])):
        if share > 1e-4:
            before = np.concatenate([values.take([0], axis=axis), values], axis=axis)
            after = np.concatenate([values, values.take([-1], axis=axis)], axis=axis)
            values = share * before + (1 - share) * after
    out = np.full(shape, outside, dtype=np.float32)
    rows = min(values.shape[0], shape[0] - int(whole[1]))
    columns = min(values.shape[1], shape[1] - int(whole[0]))
    out[whole[1] : whole[1] + rows, whole[0] : whole[0] + columns] = values[:rows, :columns]
    return out
