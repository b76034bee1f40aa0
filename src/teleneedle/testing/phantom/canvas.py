"""The CT being drawn: Hounsfield units with soft edges, and the owner of every voxel."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import Grid
from teleneedle.testing.phantom.kernels import fill_tube_distance, paint_distance, paint_lattice, run_slabs
from teleneedle.testing.phantom.lattice import Field, Lattice, Vector

EDGE_MM = 1.3
"""Width of the partial-volume ramp at a boundary, mm: about one and a half voxels of the default grid."""

Tubes = NDArray[np.float64]
"""(N, 8) tapered tube pieces: start xyz, end xyz (LPS mm), start radius, end radius (mm)."""


class Canvas:
    """Hounsfield units and owner of each voxel; later shapes cover earlier ones.

    Parameters
    ----------
    grid : Grid
        Axis-aligned grid in LPS mm.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.hu = np.full(grid.shape, -1000.0, dtype=np.float32)
        self.owner = np.zeros(grid.shape, dtype=np.uint8)
        self._names: list[str] = ["air"]

    def moved(self, dz_mm: float) -> Canvas:
        """The same canvas for shapes that lie `dz_mm` further to the head than they are given."""
        other = copy(self)
        affine = self.grid.affine.copy()
        affine[2, 3] -= dz_mm
        other.grid = replace(self.grid, affine=affine)
        return other

    def label(self, name: str) -> int:
        """Number under which `name` is drawn; a new one when it is not known yet."""
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def mask(self, *names: str) -> NDArray[np.bool_]:
        """Voxels owned by any of `names` (a trailing ``*`` matches a prefix)."""
        table = np.zeros(256, dtype=np.bool_)
        for index, known in enumerate(self._names):
            table[index] = any(known == n or (n.endswith("*") and known.startswith(n[:-1])) for n in names)
        return np.asarray(table[self.owner])

    def paint(
        self,
        name: str,
        lattice: Lattice,
        distance: Field,
        hu: float | Field,
        *,
        over: Iterable[str] | None = None,
        edge_mm: float = EDGE_MM,
    ) -> None:
        """Draw the inside of `distance` in `hu` (one value, or a field on the lattice).

        With `over`, only voxels owned by one of these names are covered.
        """
        window = self._window(lattice.low, _high(lattice), 0.0)
        value = np.asarray(np.broadcast_to(np.asarray(hu, dtype=np.float32), lattice.shape))
        full = np.ascontiguousarray(np.broadcast_to(distance, lattice.shape), dtype=np.float32)
        run_slabs(
            paint_lattice, int(window[0]), int(window[1]), _voxels(window), self.hu, self.owner, full, value,
            window, *self._frame(), np.array(lattice.low), np.array(lattice.step_mm), edge_mm,
            self.label(name), self._allowed(over),
        )  # fmt: skip

    def paint_tubes(
        self,
        name: str,
        tubes: Tubes,
        hu: float,
        *,
        grow_mm: float = 0.0,
        flat: float = 1.0,
        over: Iterable[str] | None = None,
        edge_mm: float = EDGE_MM,
    ) -> None:
        """Draw tube pieces as one shape; `flat` < 1 stretches their section along z by its inverse."""
        if len(tubes) == 0:
            return
        grown = np.array(tubes, dtype=np.float64)
        grown[:, 6:] += grow_mm
        reach = grown[:, 6:].max(axis=1, keepdims=True) / min(flat, 1.0) + 2 * edge_mm
        low = np.minimum(grown[:, 0:3], grown[:, 3:6]) - reach
        high = np.maximum(grown[:, 0:3], grown[:, 3:6]) + reach
        window = self._window(low.min(axis=0), high.max(axis=0), 0.0)
        if (window[1::2] <= window[::2]).any():
            return
        size = (window[1] - window[0], window[3] - window[2], window[5] - window[4])
        distance = np.full(size, 1e3, dtype=np.float32)
        origin, spacing = self._frame()
        start = origin + spacing * np.array([window[4], window[2], window[0]])
        fill_tube_distance(0, size[0], distance, grown, low, high, start, spacing, flat)
        run_slabs(
            paint_distance,
            0,
            size[0],
            _voxels(window),
            self.hu,
            self.owner,
            distance,
            hu,
            window,
            edge_mm,
            self.label(name),
            self._allowed(over),
        )

    def _frame(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.grid.origin_lps.copy(), self.grid.spacing_mm.copy()

    def _window(self, low: Vector, high: Vector, pad_mm: float) -> NDArray[np.int64]:
        """Voxel range [k0, k1, j0, j1, i0, i1) inside the box."""
        origin, spacing = self._frame()
        first = np.ceil((np.asarray(low) - pad_mm - origin) / spacing - 1e-9).astype(np.int64)
        last = np.floor((np.asarray(high) + pad_mm - origin) / spacing + 1e-9).astype(np.int64) + 1
        first = np.clip(first, 0, self.grid.size_ijk)
        last = np.clip(last, 0, self.grid.size_ijk)
        return np.array([first[2], last[2], first[1], last[1], first[0], last[0]])

    def _allowed(self, over: Iterable[str] | None) -> NDArray[np.bool_]:
        table = np.full(256, over is None, dtype=np.bool_)
        for name in over or ():
            table[self.label(name)] = True
        return table

    def voxel_lattice(self, low: Vector, high: Vector) -> Lattice:
        """Lattice whose points are the voxel centres inside the box: nothing is interpolated."""
        origin, spacing = self._frame()
        k0, k1, j0, j1, i0, i1 = self._window(low, high, 0.0)
        start = origin + spacing * np.array([i0, j0, k0])
        return Lattice(
            low=(float(start[0]), float(start[1]), float(start[2])),
            step_mm=(float(spacing[0]), float(spacing[1]), float(spacing[2])),
            shape=(int(k1 - k0), int(j1 - j0), int(i1 - i0)),
        )


def _high(lattice: Lattice) -> NDArray[np.float64]:
    steps = np.array(lattice.shape[::-1]) - 1
    return np.asarray(np.array(lattice.low) + np.array(lattice.step_mm) * steps, dtype=np.float64)


def _voxels(window: NDArray[np.int64]) -> int:
    return int(np.prod(np.maximum(window[1::2] - window[::2], 0)))
