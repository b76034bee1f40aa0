"""The working grid: head-up, patient-ordered axes, coarser isotropic voxels.

Every module of this engine works on arrays ``[z, y, x]`` whose axes point to Superior, Posterior and Left,
whatever the orientation of the CT. Going down averages over the area of each coarse voxel, going up
interpolates linearly; both are separable and therefore matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.core.geometry import FloatArray, Grid

Array = NDArray[Any]
F32 = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
Box = tuple[slice, slice, slice]


@dataclass(frozen=True, kw_only=True)
class Orientation:
    """How the axes of an array map to (Superior, Posterior, Left).

    Parameters
    ----------
    axes : tuple of int
        Array axis that runs along z (S), y (P) and x (L).
    signs : tuple of int
        −1 where that axis has to be reversed.
    """

    axes: tuple[int, int, int]
    signs: tuple[int, int, int]

    @classmethod
    def of(cls, grid: Grid) -> Orientation:
        """Nearest axis permutation of a grid; exact for axial, coronal and sagittal stacks."""
        direction = grid.direction
        left = _free_axis(direction[0], taken=())
        posterior = _free_axis(direction[1], taken=(left,))
        superior = 3 - left - posterior
        columns = (superior, posterior, left)
        rows = (2, 1, 0)
        signs = tuple(1 if direction[r, c] >= 0 else -1 for r, c in zip(rows, columns, strict=True))
        return cls(axes=(2 - superior, 2 - posterior, 2 - left), signs=(signs[0], signs[1], signs[2]))

    def to_patient(self, array: Array) -> Array:
        """View of a CT array in patient order ``[z, y, x]``."""
        steps = tuple(slice(None, None, s) for s in self.signs)
        return array.transpose(self.axes)[steps]

    def to_native(self, array: Array) -> Array:
        """View of a patient-ordered array in the order of the CT."""
        steps = tuple(slice(None, None, s) for s in self.signs)
        inverse = np.argsort(self.axes)
        return array[steps].transpose(inverse)


def _free_axis(weights: FloatArray, *, taken: tuple[int, ...]) -> int:
    order = [int(a) for a in np.argsort(-np.abs(weights)) if int(a) not in taken]
    return order[0]


@dataclass(frozen=True, kw_only=True, eq=False)
class PatientImage:
    """CT values in patient order ``[z, y, x]`` with their voxel size.

    Parameters
    ----------
    hu : (Z, Y, X) float32 or int16
        Hounsfield units.
    spacing_mm : tuple of float
        Voxel size along (z, y, x), mm.
    """

    hu: Array
    spacing_mm: tuple[float, float, float]

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel, ml."""
        return float(np.prod(self.spacing_mm)) / 1000.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """(Z, Y, X)."""
        z, y, x = self.hu.shape
        return z, y, x

    def coarsened(self, spacing_mm: float) -> PatientImage:
        """Area-averaged image with voxels of about `spacing_mm` (an axis already coarser is left alone)."""
        counts = coarse_counts(self.shape, self.spacing_mm, spacing_mm)
        hu = apply_along_axes(self.hu, [averaging(n, m) for n, m in zip(self.shape, counts, strict=True)])
        new = tuple(s * n / m for s, n, m in zip(self.spacing_mm, self.shape, counts, strict=True))
        return PatientImage(hu=hu, spacing_mm=(new[0], new[1], new[2]))

    def cropped(self, box: Box) -> PatientImage:
        """The part inside `box`, a view."""
        return PatientImage(hu=self.hu[box], spacing_mm=self.spacing_mm)


def coarse_counts(shape: Sequence[int], spacing_mm: Sequence[float], target_mm: float) -> list[int]:
    """Voxel counts along each axis that come nearest to `target_mm` without upsampling."""
    return [max(1, min(n, round(n * s / max(target_mm, s)))) for n, s in zip(shape, spacing_mm, strict=True)]


@lru_cache(maxsize=64)
def averaging(fine: int, coarse: int) -> F32:
    """(coarse, fine) matrix that averages `fine` cells into `coarse` equal ones, by overlap.

    Examples
    --------
    >>> averaging(4, 2).tolist()
    [[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]]
    """
    edges = np.linspace(0, fine, coarse + 1)
    cell = np.arange(fine)
    overlap = np.minimum(edges[1:, None], cell + 1) - np.maximum(edges[:-1, None], cell)
    weights = np.clip(overlap, 0, None).astype(np.float32)
    weights /= weights.sum(axis=1, keepdims=True)
    weights.setflags(write=False)
    return np.asarray(weights)


@lru_cache(maxsize=64)
def interpolation(coarse: int, fine: int) -> F32:
    """(fine, coarse) matrix of linear interpolation between cell centres, constant beyond the last ones."""
    position = np.clip((np.arange(fine) + 0.5) * coarse / fine - 0.5, 0, coarse - 1)
    low = np.minimum(position.astype(int), max(coarse - 2, 0))
    high = np.minimum(low + 1, coarse - 1)
    weights = np.zeros((fine, coarse), dtype=np.float32)
    rows = np.arange(fine)
    weights[rows, low] += (1 - (position - low)).astype(np.float32)
    weights[rows, high] += (position - low).astype(np.float32)
    weights.setflags(write=False)
    return weights


def apply_along_axes(array: Array, matrices: Sequence[F32]) -> F32:
    """Apply one banded matrix along each axis of a volume."""
    first, offsets = zip(*(_band(m) for m in matrices), strict=True)
    return np.asarray(_apply(array, *first, *offsets))


def _band(matrix: F32) -> tuple[F32, NDArray[np.int64]]:
    """Non-zero weights of each row, left-aligned, and the column where they start."""
    used = matrix != 0
    start = used.argmax(axis=1)
    width = int((matrix.shape[1] - used[:, ::-1].argmax(axis=1) - start).max(initial=1))
    start = np.minimum(start, matrix.shape[1] - width)
    weights = np.take_along_axis(matrix, start[:, None] + np.arange(width)[None], axis=1)
    return np.ascontiguousarray(weights), np.ascontiguousarray(start)


@njit(cache=True, nogil=True)
def _apply(array, wz, wy, wx, sz, sy, sx):  # type: ignore[no-untyped-def]  # numba kernel
    planes, rows, columns = wz.shape[0], wy.shape[0], wx.shape[0]
    out = np.zeros((planes, rows, columns), dtype=np.float32)
    narrow = np.empty((array.shape[1], columns), dtype=np.float32)
    plane = np.empty((rows, columns), dtype=np.float32)
    first_use = np.zeros(array.shape[0], dtype=np.int64)
    last_use = np.full(array.shape[0], -1, dtype=np.int64)
    for m in range(planes - 1, -1, -1):
        for w in range(wz.shape[1]):
            first_use[sz[m] + w] = m
            last_use[sz[m] + w] = max(last_use[sz[m] + w], m)
    for z in range(array.shape[0]):
        if last_use[z] < 0:
            continue
        for y in range(array.shape[1]):
            for x in range(columns):
                total = np.float32(0.0)
                for w in range(wx.shape[1]):
                    total += wx[x, w] * array[z, y, sx[x] + w]
                narrow[y, x] = total
        for y in range(rows):
            plane[y, :] = 0.0
            for w in range(wy.shape[1]):
                weight = wy[y, w]
                for x in range(columns):
                    plane[y, x] += weight * narrow[sy[y] + w, x]
        for m in range(first_use[z], last_use[z] + 1):
            w = z - sz[m]
            if 0 <= w < wz.shape[1]:
                weight = wz[m, w]
                for y in range(rows):
                    for x in range(columns):
                        out[m, y, x] += weight * plane[y, x]
    return out


def refine(field: Array, shape: tuple[int, int, int]) -> F32:
    """Linear interpolation of a coarse field onto a finer grid over the same extent."""
    return apply_along_axes(field, [interpolation(n, m) for n, m in zip(field.shape, shape, strict=True)])


def refine_mask(mask: BoolArray, shape: tuple[int, int, int], *, smooth: bool = True) -> BoolArray:
    """A coarse mask on a finer grid: the half level of the interpolated indicator.

    Only the box around the mask is interpolated.
    """
    fine = np.zeros(shape, dtype=np.bool_)
    found = ndimage.find_objects(mask.view(np.uint8))
    if not found or found[0] is None:
        return fine
    field = mask.astype(np.float32)
    if smooth:
        field = ndimage.gaussian_filter(field, 0.7)
    rows, boxes = [], []
    for axis, part in enumerate(found[0]):
        n, m = mask.shape[axis], shape[axis]
        low, high = max(part.start - 2, 0), min(part.stop + 2, n)
        start, stop = low * m // n, -(-high * m // n)
        rows.append(interpolation(n, m)[start:stop, low:high])
        boxes.append((slice(low, high), slice(start, stop)))
    inner = field[tuple(b[0] for b in boxes)]
    fine[tuple(b[1] for b in boxes)] = apply_along_axes(inner, rows) > 0.5
    return fine
