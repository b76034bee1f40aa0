"""Sub-voxel outlines: where a plane cuts smoothed masks, enlarged targets and unions of ellipsoids.

A mask is smoothed by a quadratic-to-cubic B-spline evaluated straight at the picture's points (no
copy of the mask is made), and all structures are read in one pass from a volume of bit words.

References
----------
Unser M. Splines: a perfect fit for signal and image processing. 1999. 10.1109/79.799930
Taubin G. Curve and surface smoothing without shrinkage. 1995. 10.1109/ICCV.1995.466848
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from skimage.measure import find_contours

from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.sections import lattice_in_index
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import FloatArray, Grid, require_same_frame
from teleneedle.core.image import LabelMap

Contours = list[FloatArray]
STEP_MM = 0.5
EDGE_CELLS = 4
MAX_STRUCTURES = 15


@dataclass(frozen=True, kw_only=True, eq=False)
class BitMasks:
    """Up to fifteen structures in one array: bit n is set where the n-th structure is."""

    names: tuple[str, ...]
    words: NDArray[np.uint16]
    grid: Grid

    @classmethod
    def pack(cls, structures: Mapping[str, LabelMap]) -> BitMasks:
        """Pack structures that share one grid.

        Raises
        ------
        StructureError
            If there are none or too many, or their grids differ.
        """
        if not 0 < len(structures) <= MAX_STRUCTURES:
            raise StructureError(
                f"between 1 and {MAX_STRUCTURES} structures can be drawn", where=str(len(structures))
            )
        grid = next(iter(structures.values())).grid
        words = np.zeros(grid.shape, np.uint16)
        for number, (name, label_map) in enumerate(structures.items()):
            require_same_frame(grid, label_map.grid, what=f"the structures to draw ({name})")
            if not grid.matches(label_map.grid):
                raise StructureError(
                    "a structure lies on another grid", where=name, remedy="resample it first"
                )
            mask = np.ascontiguousarray(label_map.array).reshape(-1).view(np.uint8)
            _set_bit(words.reshape(-1), mask, np.uint16(1 << number))
        return cls(names=tuple(structures), words=words, grid=grid)

    def outlines(self, plane: Plane) -> dict[str, Contours]:
        """Closed or edge-cut outlines per structure, (N, 2) mm right and up from the plane's centre."""
        columns, rows = _lattice_size(plane)
        origin, along, down = lattice_in_index(self.grid, plane, columns, rows)
        fields, present = _smoothed(self.words, origin, along, down, rows, columns, len(self.names))
        return {
            name: contours_of(fields[n] - 0.5, plane) if present[n] else []
            for n, name in enumerate(self.names)
        }


def contours_of(field: NDArray[Any], plane: Plane) -> Contours:
    """Zero contours of a field given on the plane's lattice, smoothed without shrinking, in mm.

    The field is carried on a little and closed off beyond the picture's edge, so each contour encloses
    its positive side and the closing line is not seen.
    """
    rows, columns = field.shape
    carried = np.pad(field, EDGE_CELLS, mode="edge")
    framed = np.pad(carried, 1, constant_values=min(float(field.min()), -1e-6))
    shift = EDGE_CELLS + 0.5
    step_x, step_y = plane.width_mm / columns, plane.height_mm / rows
    found = []
    for line in find_contours(framed, 0.0):
        if len(line) >= 6:
            x = (line[:, 1] - shift) * step_x - plane.width_mm / 2
            y = plane.height_mm / 2 - (line[:, 0] - shift) * step_y
            found.append(_relax(np.column_stack([x, y])))
    return found


def field_contours(field: NDArray[np.float32], grid: Grid, plane: Plane, *, level: float) -> Contours:
    """Contours of ``field = level`` in the plane, the field smoothed by a B-spline; inside is above."""
    i, j, k = grid.size_ijk
    corners = np.array([[a, b, c] for a in (0, i - 1) for b in (0, j - 1) for c in (0, k - 1)])
    part = plane.part_around(grid.index_to_lps(corners))
    if part is None:
        return []
    columns, rows = _lattice_size(part, plane)
    origin, along, down = lattice_in_index(grid, part, columns, rows)
    values = _spline_field(field, origin, along, down, rows, columns, np.float32(field.min()))
    return _shifted(contours_of(values - level, part), part, plane)


def ellipsoid_contours(
    ellipsoids: Sequence[tuple[FloatArray, FloatArray, float, float]], plane: Plane
) -> Contours:
    """Outline of a union of ellipsoids of revolution, from their equation.

    Parameters
    ----------
    ellipsoids : sequence of (centre, axis, long_mm, short_mm)
        LPS mm, unit vector, full diameters.
    plane : Plane
        Where to cut.
    """
    reach = max(max(long_mm, short_mm) for *_, long_mm, short_mm in ellipsoids) / 2 + 2.0
    box = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)]) * reach
    part = plane.part_around(np.vstack([centre + box for centre, *_ in ellipsoids]))
    if part is None:
        return []
    columns, rows = _lattice_size(part, plane)
    right, up = part.lattice(columns, rows)
    points = np.ascontiguousarray(part.at(right[None, :], up[:, None]))
    field = _union_depth(
        points,
        np.array([centre for centre, *_ in ellipsoids], dtype=np.float64),
        np.array([axis for _, axis, *_ in ellipsoids], dtype=np.float64),
        np.array([(long_mm / 2, short_mm / 2) for *_, long_mm, short_mm in ellipsoids], dtype=np.float64),
    )
    return _shifted(contours_of(field, part), part, plane)


@numba.njit(cache=True, parallel=True)
def _union_depth(points: FloatArray, centres: FloatArray, axes: FloatArray, half: FloatArray) -> FloatArray:
    """`ellipsoid_depth` of the deepest ellipsoid at points (R, C, 3), LPS mm."""
    rows, columns = points.shape[0], points.shape[1]
    field = np.empty((rows, columns))
    for r in numba.prange(rows):
        for c in range(columns):
            deepest = -np.inf
            for n in range(centres.shape[0]):
                x = points[r, c, 0] - centres[n, 0]
                y = points[r, c, 1] - centres[n, 1]
                z = points[r, c, 2] - centres[n, 2]
                along = x * axes[n, 0] + y * axes[n, 1] + z * axes[n, 2]
                across2 = max(x * x + y * y + z * z - along * along, 0.0)
                a, b = half[n, 0], half[n, 1]
                q = np.sqrt((along / a) ** 2 + across2 / b**2)
                gradient = np.sqrt((along / a**2) ** 2 + across2 / b**4) / max(q, 1e-9)
                deepest = max(deepest, (1.0 - q) / max(gradient, 1.0 / a))
            field[r, c] = deepest
    return field


def ellipsoid_depth(
    points: FloatArray, centre: FloatArray, axis: FloatArray, long_mm: float, short_mm: float
) -> FloatArray:
    """Depth (mm, first order, positive inside) of points ``(..., 3)`` under the surface of an ellipsoid."""
    relative = points - centre
    along = relative @ axis
    across2 = np.maximum((relative**2).sum(axis=-1) - along**2, 0.0)
    a, b = long_mm / 2, short_mm / 2
    q = np.sqrt((along / a) ** 2 + across2 / b**2)
    gradient = np.sqrt((along / a**2) ** 2 + across2 / b**4) / np.maximum(q, 1e-9)
    return np.asarray((1.0 - q) / np.maximum(gradient, 1.0 / a))


def _lattice_size(plane: Plane, whole: Plane | None = None) -> tuple[int, int]:
    """Columns and rows of a plane, at a step that suits the whole picture."""
    step = max(STEP_MM * min((whole or plane).width_mm / 120.0, 1.4), 0.2)
    return max(8, round(plane.width_mm / step)), max(8, round(plane.height_mm / step))


def _shifted(contours: Contours, part: Plane, whole: Plane) -> Contours:
    """Contours measured from the centre of a part of the plane, as measured from the plane's own."""
    offset = whole.project(part.centre)[:2]
    return [line + offset for line in contours]


def _relax(line: FloatArray, rounds: int = 20) -> FloatArray:
    """Taubin smoothing of a polyline; the ends of an open one stay."""
    closed = bool(np.allclose(line[0], line[-1]))
    points = np.ascontiguousarray(line[:-1] if closed else line, dtype=np.float64)
    points = _smooth(points, closed, rounds)
    return np.vstack([points, points[:1]]) if closed else points


@numba.njit(cache=True)
def _smooth(points: FloatArray, closed: bool, rounds: int) -> FloatArray:
    """Taubin steps (0.5, −0.53) along a polyline (N, 2), the ends joined when `closed`."""
    count = points.shape[0]
    here, moved = points.copy(), points.copy()
    for step in range(2 * rounds):
        factor = 0.5 if step % 2 == 0 else -0.53
        for n in range(count):
            if not closed and (n == 0 or n == count - 1):
                moved[n] = here[n]
                continue
            before, after = here[(n - 1) % count], here[(n + 1) % count]
            for axis in range(2):
                middle = 0.5 * (before[axis] + after[axis])
                moved[n, axis] = here[n, axis] + factor * (middle - here[n, axis])
        here, moved = moved, here
    return here


@numba.njit(cache=True, parallel=True)
def _set_bit(words: Any, mask: Any, bit: Any) -> None:
    """Set `bit` in `words` where `mask` is set; both flat, the mask read eight voxels at a time."""
    eights = mask[: mask.size // 8 * 8].view(np.uint64)
    for n in numba.prange(eights.size):
        if eights[n]:
            for m in range(8 * n, 8 * n + 8):
                if mask[m]:
                    words[m] |= bit
    for m in range(8 * eights.size, mask.size):
        if mask[m]:
            words[m] |= bit


@numba.njit(cache=True, inline="always")
def _bspline(t: float, w: Any) -> None:
    w[0] = (1.0 - t) ** 3 / 6.0
    w[1] = (3.0 * t**3 - 6.0 * t**2 + 4.0) / 6.0
    w[2] = (-3.0 * t**3 + 3.0 * t**2 + 3.0 * t + 1.0) / 6.0
    w[3] = t**3 / 6.0


@numba.njit(cache=True, parallel=True)
def _smoothed(words: Any, origin: Any, along: Any, down: Any, rows: int, columns: int, count: int) -> Any:
    size_k, size_j, size_i = words.shape
    fields = np.zeros((count, rows, columns), np.float32)
    present = np.zeros((rows, count), np.bool_)
    for row in numba.prange(rows):
        wi = np.empty(4)
        wj = np.empty(4)
        wk = np.empty(4)
        for column in range(columns):
            x = origin[0] + row * down[0] + column * along[0]
            y = origin[1] + row * down[1] + column * along[1]
            z = origin[2] + row * down[2] + column * along[2]
            i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            if i < 1 or j < 1 or k < -1 or i > size_i - 3 or j > size_j - 3 or k > size_k:
                continue
            first = words[min(max(k, 0), size_k - 1), j, i]
            uniform = True
            for c in range(4):
                kk = min(max(k - 1 + c, 0), size_k - 1)
                for b in range(4):
                    for a in range(4):
                        if words[kk, j - 1 + b, i - 1 + a] != first:
                            uniform = False
            if uniform:
                if first:
                    for n in range(count):
                        if (first >> n) & 1:
                            fields[n, row, column] = 1.0
                            present[row, n] = True
                continue
            _bspline(x - i, wi)
            _bspline(y - j, wj)
            _bspline(z - k, wk)
            for c in range(4):
                kk = min(max(k - 1 + c, 0), size_k - 1)
                for b in range(4):
                    for a in range(4):
                        word = words[kk, j - 1 + b, i - 1 + a]
                        if word:
                            weight = wk[c] * wj[b] * wi[a]
                            for n in range(count):
                                if (word >> n) & 1:
                                    fields[n, row, column] += weight
                                    present[row, n] = True
    seen = np.zeros(count, np.bool_)
    for n in range(count):
        seen[n] = present[:, n].any()
    return fields, seen


@numba.njit(cache=True, parallel=True)
def _spline_field(
    field: Any, origin: Any, along: Any, down: Any, rows: int, columns: int, outside: Any
) -> Any:
    size_k, size_j, size_i = field.shape
    result = np.full((rows, columns), outside, np.float32)
    for row in numba.prange(rows):
        wi = np.empty(4)
        wj = np.empty(4)
        wk = np.empty(4)
        for column in range(columns):
            x = origin[0] + row * down[0] + column * along[0]
            y = origin[1] + row * down[1] + column * along[1]
            z = origin[2] + row * down[2] + column * along[2]
            i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            if i < 0 or j < 0 or k < 0 or i > size_i - 2 or j > size_j - 2 or k > size_k - 2:
                continue
            _bspline(x - i, wi)
            _bspline(y - j, wj)
            _bspline(z - k, wk)
            total = 0.0
            for c in range(4):
                kk = min(max(k - 1 + c, 0), size_k - 1)
                for b in range(4):
                    jj = min(max(j - 1 + b, 0), size_j - 1)
                    for a in range(4):
                        ii = min(max(i - 1 + a, 0), size_i - 1)
                        total += wk[c] * wj[b] * wi[a] * field[kk, jj, ii]
            result[row, column] = total
    return result
