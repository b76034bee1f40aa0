"""Between the grid of a CT and the grid a network was trained on.

The network sees arrays ``[z, y, x]`` whose axes run nearest to Superior, Posterior and Left, at its own
spacing. Cell borders of both grids coincide at the low end, so no half-voxel shift creeps in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.core.geometry import FloatArray, Grid
from teleneedle.core.image import BoolArray, Volume

F32 = NDArray[np.float32]
Shape = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelGrid:
    """How one CT maps to a network's grid.

    Parameters
    ----------
    axes : tuple of int
        Array axis of the CT that runs along z (S), y (P), x (L).
    signs : tuple of int
        −1 where that axis has to be reversed.
    fine_shape, shape : tuple of int
        Voxels of the CT in patient order, and of the network's grid.
    ratio : (3,) float
        Network spacing over CT spacing along (z, y, x).
    """

    axes: Shape
    signs: Shape
    fine_shape: Shape
    shape: Shape
    ratio: FloatArray

    @classmethod
    def of(cls, grid: Grid, spacing_mm: tuple[float, float, float]) -> ModelGrid:
        """Map for `grid` to a network with `spacing_mm` along (z, y, x)."""
        columns = _columns_for_world_axes(grid.direction)
        axes = tuple(2 - columns[world] for world in (2, 1, 0))
        signs = tuple(1 if grid.direction[world, columns[world]] >= 0 else -1 for world in (2, 1, 0))
        fine = tuple(grid.shape[axis] for axis in axes)
        native_mm = np.array([grid.spacing_mm[2 - axis] for axis in axes])
        ratio = np.asarray(spacing_mm) / native_mm
        shape = tuple(max(1, int(np.ceil(n / r - 1e-6))) for n, r in zip(fine, ratio, strict=True))
        return cls(
            axes=_three(axes), signs=_three(signs), fine_shape=_three(fine), shape=_three(shape), ratio=ratio
        )

    def to_patient(self, array: NDArray[Any]) -> NDArray[Any]:
        """View of an array of the CT in patient order."""
        return array.transpose(self.axes)[tuple(slice(None, None, sign) for sign in self.signs)]

    def downsample(self, volume: Volume) -> F32:
        """Image on the network's grid, linear interpolation, float32."""
        patient = self.to_patient(volume.array)
        return np.asarray(
            ndimage.affine_transform(
                patient,
                self.ratio,
                offset=0.5 * self.ratio - 0.5,
                output_shape=self.shape,
                output=np.float32,
                order=1,
                mode="nearest",
            )
        )

    def upsample(self, mask: BoolArray) -> BoolArray:
        """A mask of the network's grid on the grid of the CT; only its bounding box is interpolated."""
        full = np.zeros(self._native_shape(), dtype=np.bool_)
        boxes = ndimage.find_objects(mask.astype(np.uint8))
        if boxes:
            coarse, fine = self._matching_boxes(boxes[0])
            start = np.array([s.start for s in fine]) + 0.5
            offset = start / self.ratio - 0.5 - np.array([s.start for s in coarse])
            share = ndimage.affine_transform(
                mask[coarse].astype(np.float32),
                1.0 / self.ratio,
                offset=offset,
                output_shape=tuple(s.stop - s.start for s in fine),
                order=1,
                mode="nearest",
            )
            self.to_patient(full)[fine] = share > 0.5
        return full

    def _native_shape(self) -> Shape:
        shape = [0, 0, 0]
        for axis, n in zip(self.axes, self.fine_shape, strict=True):
            shape[axis] = n
        return _three(shape)

    def _matching_boxes(self, box: tuple[slice, ...]) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
        """`box` grown by a voxel, and the voxels of the CT that it reaches."""
        coarse, fine = [], []
        for part, n, m, ratio in zip(box, self.shape, self.fine_shape, self.ratio, strict=True):
            low, high = max(part.start - 1, 0), min(part.stop + 1, n)
            coarse.append(slice(low, high))
            fine.append(slice(int(np.floor(low * ratio)), min(int(np.ceil(high * ratio)), m)))
        return tuple(coarse), tuple(fine)


def _three(values: Any) -> Shape:
    a, b, c = (int(v) for v in values)
    return a, b, c


def _columns_for_world_axes(direction: FloatArray) -> Shape:
    """Grid column nearest to each world axis x, y, z: the assignment with the largest sum of cosines."""
    weights = np.abs(direction)
    return _three(max(permutations(range(3)), key=lambda order: sum(weights[w, order[w]] for w in range(3))))
