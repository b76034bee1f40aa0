"""Images and label maps: an array on a grid. Operations return new objects and never modify inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleneedle.core.errors import InputError, StructureError
from teleneedle.core.geometry import FloatArray, Grid, require_same_frame
from teleneedle.core.units import volume_ml_from_mm3

BoolArray = NDArray[np.bool_]


def _read_only(array: NDArray[Any], grid: Grid, what: str) -> NDArray[Any]:
    if array.shape != grid.shape:
        raise InputError(f"the {what} and its grid differ in shape", where=f"{array.shape} and {grid.shape}")
    view = array.view()
    view.setflags(write=False)
    return view


@dataclass(frozen=True, kw_only=True, eq=False)
class Volume:
    """A scalar image.

    Parameters
    ----------
    array : (K, J, I) int16 or float32
        Values; Hounsfield units for CT. Exposed read-only.
    grid : Grid
        Where the voxels are, LPS mm.
    """

    array: NDArray[Any]
    grid: Grid

    def __post_init__(self) -> None:
        object.__setattr__(self, "array", _read_only(self.array, self.grid, "image"))

    def sample(self, points_lps: ArrayLike, *, outside: float = np.nan) -> FloatArray:
        """Trilinear values at points ``(..., 3)`` in LPS mm; `outside` beyond the outermost centres."""
        return sample_trilinear(self.array, self.grid.lps_to_index(points_lps), outside=outside)

    def crop(self, start_kji: tuple[int, int, int], stop_kji: tuple[int, int, int]) -> Volume:
        """The sub-image ``[start, stop)`` in array order (a view, not a copy)."""
        window = tuple(slice(a, b) for a, b in zip(start_kji, stop_kji, strict=True))
        return Volume(array=self.array[window], grid=self.grid.crop(start_kji, stop_kji))


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelMap:
    """The voxels of one structure.

    Parameters
    ----------
    array : (K, J, I) bool
        True inside. Exposed read-only.
    grid : Grid
        Where the voxels are, LPS mm.
    """

    array: BoolArray
    grid: Grid

    def __post_init__(self) -> None:
        if self.array.dtype != np.bool_:
            raise InputError("a label map holds booleans", where=f"dtype {self.array.dtype}")
        object.__setattr__(self, "array", _read_only(self.array, self.grid, "label map"))

    @property
    def is_empty(self) -> bool:
        """Whether no voxel is set."""
        return not bool(self.array.any())

    @property
    def volume_ml(self) -> float:
        """Volume of the set voxels, ml."""
        return float(volume_ml_from_mm3(np.count_nonzero(self.array) * self.grid.voxel_volume_mm3))

    def centroid_lps(self) -> FloatArray:
        """Centre of mass, LPS mm.

        Raises
        ------
        StructureError
            If the label map is empty.
        """
        if self.is_empty:
            raise StructureError("an empty structure has no centroid")
        return self.grid.index_to_lps(self._indices().mean(axis=0))

    def points_lps(self) -> FloatArray:
        """(N, 3) LPS mm of the centres of all set voxels."""
        return self.grid.index_to_lps(self._indices())

    def _indices(self) -> NDArray[np.int64]:
        """(N, 3) indices (i, j, k) of the set voxels, looked for in their bounding box only."""
        if self.is_empty:
            return np.zeros((0, 3), dtype=np.int64)
        window = self.bounding_slices()
        start = np.array([w.start for w in window])
        return np.asarray((np.argwhere(self.array[window]) + start)[:, ::-1])

    def principal_diameters_mm(self) -> FloatArray:
        """(3,) extents along the principal axes, longest first, mm (voxel size included)."""
        points = self.points_lps()
        centred = points - points.mean(axis=0)
        _, axes = np.linalg.eigh(np.cov(centred.T) if len(points) > 3 else np.eye(3))
        along = centred @ axes[:, ::-1]
        voxel = self.grid.voxel_volume_mm3 ** (1 / 3)
        return np.sort(np.ptp(along, axis=0) + voxel)[::-1]

    def bounding_slices(self, *, pad_mm: float = 0.0) -> tuple[slice, slice, slice]:
        """Array slices (k, j, i) of the box around the structure, grown by `pad_mm`, clipped to the grid."""
        if self.is_empty:
            raise StructureError("an empty structure has no bounding box")
        pad = np.ceil(pad_mm / self.grid.spacing_mm[::-1]).astype(int)
        found = []
        planes = np.flatnonzero(self.array.any(axis=(1, 2)))
        slab = self.array[planes[0] : planes[-1] + 1]
        hits = (planes, np.flatnonzero(slab.any(axis=(0, 2))), np.flatnonzero(slab.any(axis=(0, 1))))
        for axis, hit in enumerate(hits):
            low = max(int(hit[0]) - int(pad[axis]), 0)
            high = min(int(hit[-1]) + 1 + int(pad[axis]), self.array.shape[axis])
            found.append(slice(low, high))
        return found[0], found[1], found[2]

    def _require_same_grid(self, other: LabelMap) -> None:
        require_same_frame(self.grid, other.grid, what="two structures")
        if not self.grid.matches(other.grid):
            raise StructureError("two structures lie on different grids", remedy="resample one first")

    def union(self, other: LabelMap) -> LabelMap:
        """Voxels of either."""
        self._require_same_grid(other)
        return replace(self, array=self.array | other.array)

    def intersection(self, other: LabelMap) -> LabelMap:
        """Voxels of both."""
        self._require_same_grid(other)
        return replace(self, array=self.array & other.array)

    def minus(self, other: LabelMap) -> LabelMap:
        """Voxels of this that are not in `other`."""
        self._require_same_grid(other)
        return replace(self, array=self.array & ~other.array)


def sample_trilinear(array: NDArray[Any], index_ijk: ArrayLike, *, outside: float = np.nan) -> FloatArray:
    """Trilinear interpolation at fractional indices ``(..., 3)`` ordered (i, j, k).

    Parameters
    ----------
    array : (K, J, I)
        Values at integer indices.
    index_ijk : (..., 3) float
        Where to sample.
    outside : float
        Value returned beyond the outermost voxel centres (by more than 1e-6 voxel).
    """
    index = np.asarray(index_ijk, dtype=np.float64)
    size = np.array(array.shape[::-1])
    inside = ((index >= -1e-6) & (index <= size - 1 + 1e-6)).all(axis=-1)
    clipped = np.clip(index, 0, size - 1)
    low = np.minimum(clipped.astype(np.int64), np.maximum(size - 2, 0))
    high = np.minimum(low + 1, size - 1)
    w = clipped - low
    total = np.zeros(index.shape[:-1])
    for corner in range(8):
        pick = [(high if corner >> a & 1 else low)[..., a] for a in range(3)]
        weight = np.ones(index.shape[:-1])
        for a in range(3):
            weight = weight * (w[..., a] if corner >> a & 1 else 1.0 - w[..., a])
        total += weight * array[pick[2], pick[1], pick[0]]
    return np.where(inside, total, outside)
