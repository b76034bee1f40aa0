"""Image grids in DICOM LPS millimetres.

Arrays are indexed ``array[k, j, i]`` (slice, row, column); an affine maps the index ``(i, j, k, 1)`` to
LPS mm. Every grid carries the UID of its frame of reference, and combining two frames is an error.

References
----------
DICOM PS3.3 C.7.6.2.1.1 (image plane), C.7.4.1 (frame of reference).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleneedle.core.errors import FrameOfReferenceError, InputError

FloatArray = NDArray[np.float64]
GRID_TOLERANCE_MM = 0.01
SHEAR_TOLERANCE_DEG = 0.1


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A regular, possibly oblique or sheared, grid of voxel centres in LPS mm.

    Parameters
    ----------
    shape : tuple of int
        ``(K, J, I)``: slices, rows, columns.
    affine : (4, 4) float64
        Maps the index ``(i, j, k, 1)`` of a voxel centre to LPS mm.
    frame_of_reference_uid : str
        UID of the frame the millimetres live in.

    Raises
    ------
    InputError
        If the shape is not positive or the affine is singular or not finite.

    Examples
    --------
    >>> grid = Grid.regular((3, 4, 5), spacing_mm=(1.0, 1.0, 2.0), frame_of_reference_uid="1.2.3")
    >>> grid.index_to_lps([1, 2, 1]).tolist()
    [1.0, 2.0, 2.0]
    """

    shape: tuple[int, int, int]
    affine: FloatArray
    frame_of_reference_uid: str
    _inverse: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        affine = np.array(self.affine, dtype=np.float64)
        if affine.shape != (4, 4) or not np.isfinite(affine).all():
            raise InputError("the affine must be a finite 4 × 4 matrix", where=f"{affine!r}")
        if min(self.shape) < 1 or len(self.shape) != 3:
            raise InputError("a grid needs three positive dimensions", where=f"shape {self.shape}")
        if abs(np.linalg.det(affine[:3, :3])) < 1e-12:
            raise InputError("the affine is singular", where=f"{affine[:3, :3].tolist()}")
        affine.setflags(write=False)
        inverse = np.linalg.inv(affine)
        inverse.setflags(write=False)
        object.__setattr__(self, "shape", tuple(int(n) for n in self.shape))
        object.__setattr__(self, "affine", affine)
        object.__setattr__(self, "_inverse", inverse)

    @classmethod
    def regular(
        cls,
        shape: tuple[int, int, int],
        *,
        spacing_mm: Sequence[float],
        origin_lps: Sequence[float] = (0.0, 0.0, 0.0),
        direction: ArrayLike | None = None,
        frame_of_reference_uid: str,
    ) -> Grid:
        """Grid from spacing along (i, j, k) in mm, origin in LPS mm and direction columns (i, j, k)."""
        affine = np.eye(4)
        axes = np.eye(3) if direction is None else np.asarray(direction, dtype=np.float64)
        affine[:3, :3] = axes * np.asarray(spacing_mm, dtype=np.float64)
        affine[:3, 3] = origin_lps
        return cls(shape=shape, affine=affine, frame_of_reference_uid=frame_of_reference_uid)

    @property
    def size_ijk(self) -> tuple[int, int, int]:
        """Number of voxels along (i, j, k)."""
        return self.shape[2], self.shape[1], self.shape[0]

    @property
    def spacing_mm(self) -> FloatArray:
        """Distance between neighbouring voxel centres along (i, j, k), mm."""
        return np.asarray(np.linalg.norm(self.affine[:3, :3], axis=0))

    @property
    def origin_lps(self) -> FloatArray:
        """LPS mm of voxel (0, 0, 0)."""
        return np.asarray(self.affine[:3, 3])

    @property
    def direction(self) -> FloatArray:
        """(3, 3) unit direction of i, j and k as columns."""
        return np.asarray(self.affine[:3, :3] / self.spacing_mm)

    @property
    def voxel_volume_mm3(self) -> float:
        """Volume of one voxel, mm³ (true for sheared grids too)."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    @property
    def shear_deg(self) -> float:
        """Largest departure of any two axes from a right angle, degrees (the gantry tilt, if any)."""
        cosines = np.abs(self.direction.T @ self.direction - np.eye(3))
        return float(np.degrees(np.arcsin(np.clip(cosines.max(), 0.0, 1.0))))

    @property
    def is_sheared(self) -> bool:
        """Whether the axes are not orthogonal (gantry tilt)."""
        return self.shear_deg > SHEAR_TOLERANCE_DEG

    def index_to_lps(self, index_ijk: ArrayLike) -> FloatArray:
        """LPS mm of indices ``(..., 3)`` ordered (i, j, k); fractional indices are fine."""
        index = np.asarray(index_ijk, dtype=np.float64)
        return np.asarray(index @ self.affine[:3, :3].T + self.affine[:3, 3])

    def lps_to_index(self, points_lps: ArrayLike) -> FloatArray:
        """Fractional indices (i, j, k) of points ``(..., 3)`` in LPS mm."""
        points = np.asarray(points_lps, dtype=np.float64)
        return np.asarray((points - self.affine[:3, 3]) @ self._inverse[:3, :3].T)

    def contains(self, points_lps: ArrayLike) -> NDArray[np.bool_]:
        """Whether points ``(..., 3)`` fall into a voxel of the grid."""
        index = self.lps_to_index(points_lps)
        upper = np.asarray(self.size_ijk) - 0.5
        return np.asarray(((index >= -0.5) & (index <= upper)).all(axis=-1))

    def bounds_lps(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper corner (LPS mm) of the box around all voxels, half a voxel included."""
        i, j, k = self.size_ijk
        corners = np.array(
            [[a, b, c] for a in (-0.5, i - 0.5) for b in (-0.5, j - 0.5) for c in (-0.5, k - 0.5)]
        )
        lps = self.index_to_lps(corners)
        return lps.min(axis=0), lps.max(axis=0)

    def crop(self, start_kji: Sequence[int], stop_kji: Sequence[int]) -> Grid:
        """The sub-grid ``[start, stop)`` in array order (k, j, i)."""
        affine = self.affine.copy()
        affine[:3, 3] = self.index_to_lps([start_kji[2], start_kji[1], start_kji[0]])
        k, j, i = (int(b) - int(a) for a, b in zip(start_kji, stop_kji, strict=True))
        return Grid(shape=(k, j, i), affine=affine, frame_of_reference_uid=self.frame_of_reference_uid)

    def matches(self, other: Grid, *, tolerance_mm: float = GRID_TOLERANCE_MM) -> bool:
        """Whether shape and every corner agree with `other` within `tolerance_mm` (frames not compared)."""
        if self.shape != other.shape:
            return False
        i, j, k = self.size_ijk
        corners = np.array([[a, b, c] for a in (0, i) for b in (0, j) for c in (0, k)])
        distance = np.linalg.norm(self.index_to_lps(corners) - other.index_to_lps(corners), axis=1)
        return bool(distance.max() <= tolerance_mm)


def require_same_frame(first: Grid, second: Grid, *, what: str = "two images") -> None:
    """Refuse to combine grids of different frames of reference.

    Raises
    ------
    FrameOfReferenceError
        If the UIDs differ; a registration is then needed, never a guess.
    """
    if first.frame_of_reference_uid != second.frame_of_reference_uid:
        raise FrameOfReferenceError(
            f"{what} lie in different frames of reference",
            where=f"{first.frame_of_reference_uid} and {second.frame_of_reference_uid}",
            remedy="register one to the other first",
        )


def unit(vector: ArrayLike) -> FloatArray:
    """`vector` ``(..., 3)`` scaled to length 1."""
    v = np.asarray(vector, dtype=np.float64)
    return np.asarray(v / np.linalg.norm(v, axis=-1, keepdims=True))
