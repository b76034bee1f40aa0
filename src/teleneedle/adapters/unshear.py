"""A sheared volume (gantry tilt kept in the affine) resampled to a right-angled grid, plane by plane."""

from __future__ import annotations

import numpy as np

from teleneedle.adapters.dicom.resampling import shift_plane
from teleneedle.core.geometry import Grid, unit
from teleneedle.core.image import Volume


def unshear(volume: Volume, *, outside: int) -> Volume:
    """`volume` with k turned onto the normal of its planes; each plane is shifted within itself.

    Values are interpolated in the plane only; the planes are widened so that nothing is cut off, and hold
    `outside` beyond the scanned field.
    """
    affine = volume.grid.affine
    normal = unit(np.cross(affine[:3, 0], affine[:3, 1]))
    step = affine[:3, 2]
    normal = normal if normal @ step > 0 else -normal
    in_plane = step - (step @ normal) * normal
    shear, *_ = np.linalg.lstsq(affine[:3, :2], in_plane, rcond=None)
    count, rows, columns = volume.array.shape
    shift = np.arange(count)[:, None] * shear
    low = np.floor(np.minimum(shift.min(axis=0), 0) + 1e-6)
    wide = (np.ceil(np.maximum(shift.max(axis=0), 0) - 1e-6) - low).astype(int)
    shape = (count, rows + int(wide[1]), columns + int(wide[0]))
    result = affine.copy()
    result[:3, 2] = normal * (step @ normal)
    result[:3, 3] = affine[:3, 3] + affine[:3, :2] @ low
    voxels = np.empty(shape, dtype=volume.array.dtype)
    for k in range(count):
        voxels[k] = np.rint(shift_plane(volume.array[k], shift[k] - low, shape[1:], outside=outside))
    grid = Grid(shape=shape, affine=result, frame_of_reference_uid=volume.grid.frame_of_reference_uid)
    return Volume(array=voxels, grid=grid)
