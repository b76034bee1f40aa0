"""Triangle meshes for the 3-D views: surface nets on smoothed masks, ellipsoid unions, tubes.

References
----------
Gibson SFF. Constrained elastic surface nets. MICCAI 1998. 10.1007/BFb0056277
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.report.pictures.outlines import ellipsoid_depth
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.image import LabelMap

TUBE_SIDES = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """Triangles with unit outward normals per vertex.

    Parameters
    ----------
    vertices, normals : (V, 3) float32
        LPS mm.
    triangles : (T, 3) int32
    """

    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]


def mask_mesh(
    label_map: LabelMap,
    *,
    around: tuple[FloatArray, float] | None = None,
    step_mm: float = 1.6,
    level: float = 0.5,
) -> Mesh:
    """Smooth surface of a structure, from block means of about `step_mm`.

    Parameters
    ----------
    around : (centre, radius), optional
        Keep only the box of that half-width (mm) around the centre (LPS mm).
    level : float
        Share of a block that counts as inside; lower it to keep thin vessels.
    """
    if label_map.is_empty:
        return _empty()
    start, stop = _window(label_map, around)
    if any(b <= a for a, b in zip(start, stop, strict=True)):
        return _empty()
    part = label_map.array[start[0] : stop[0], start[1] : stop[1], start[2] : stop[2]]
    grid = label_map.grid.crop(start, stop)
    factors = np.maximum(1, np.round(step_mm / grid.spacing_mm[::-1])).astype(np.int64)
    field = _smooth(_block_mean(part, int(factors[0]), int(factors[1]), int(factors[2])))
    index, normals, quads = surface_nets(field, np.float32(level))
    fine = (index - 2.0) * factors[::-1] + (factors[::-1] - 1) / 2.0
    linear = grid.affine[:3, :3] * factors[::-1]
    return _mesh(grid.index_to_lps(fine), -normals @ np.linalg.inv(linear), quads)


def ellipsoid_union_mesh(
    ellipsoids: Sequence[tuple[FloatArray, FloatArray, float, float]], *, step_mm: float = 1.0
) -> Mesh:
    """Surface of a union of ellipsoids given as (centre, axis, long, short), mm."""
    reach = max(long_mm for _, _, long_mm, _ in ellipsoids) / 2 + 3 * step_mm
    centres = np.array([centre for centre, *_ in ellipsoids])
    low, high = centres.min(axis=0) - reach, centres.max(axis=0) + reach
    axes = [np.arange(a, b, step_mm) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).transpose(2, 1, 0, 3)
    field = np.full(points.shape[:3], -np.inf)
    for centre, axis, long_mm, short_mm in ellipsoids:
        field = np.maximum(field, ellipsoid_depth(points, centre, axis, long_mm, short_mm))
    index, normals, quads = surface_nets(np.clip(field, -4, 4).astype(np.float32), np.float32(0.0))
    return _mesh(low + index * step_mm, -normals, quads)


def tube_mesh(start_lps: FloatArray, end_lps: FloatArray, radius_mm: float) -> Mesh:
    """Closed cylinder between two points."""
    axis = unit(np.asarray(end_lps) - np.asarray(start_lps))
    side = unit(np.cross(axis, (0.0, 0.0, 1.0) if abs(axis[2]) < 0.9 else (1.0, 0.0, 0.0)))
    angle = np.linspace(0, 2 * np.pi, TUBE_SIDES, endpoint=False)
    ring = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * np.cross(axis, side)
    wall = [np.asarray(p) + radius_mm * ring for p in (start_lps, end_lps)]
    points = np.vstack([*wall, *wall, [start_lps, end_lps]])
    caps = [np.tile(v, (TUBE_SIDES, 1)) for v in (-axis, axis)]
    normals = np.vstack([ring, ring, *caps, [-axis, axis]])
    n = TUBE_SIDES
    a = np.arange(n)
    b = (a + 1) % n
    sides = [np.column_stack([a, b, b + n]), np.column_stack([a, b + n, a + n])]
    ends = [np.column_stack([np.full(n, 4 * n + e), 2 * n + e * n + a, 2 * n + e * n + b]) for e in (0, 1)]
    triangles = np.vstack([*sides, *ends])
    return Mesh(
        vertices=points.astype(np.float32),
        normals=normals.astype(np.float32),
        triangles=triangles.astype(np.int32),
    )


def _window(
    label_map: LabelMap, around: tuple[FloatArray, float] | None
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    if around is None:
        box = label_map.bounding_slices()
        return (box[0].start, box[1].start, box[2].start), (box[0].stop, box[1].stop, box[2].stop)
    centre, radius = around
    grid = label_map.grid
    middle = grid.lps_to_index(centre)
    reach = radius * np.abs(np.linalg.inv(grid.affine[:3, :3])).sum(axis=1)
    low = np.clip(np.floor(middle - reach), 0, grid.size_ijk).astype(int)
    high = np.clip(np.ceil(middle + reach) + 1, 0, grid.size_ijk).astype(int)
    return (int(low[2]), int(low[1]), int(low[0])), (int(high[2]), int(high[1]), int(high[0]))


def _mesh(points: FloatArray, normals: NDArray[Any], quads: NDArray[np.int32]) -> Mesh:
    if len(points) == 0:
        return _empty()
    triangles = np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    length = np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return Mesh(
        vertices=points.astype(np.float32),
        normals=(normals / length).astype(np.float32),
        triangles=np.ascontiguousarray(triangles),
    )


def _empty() -> Mesh:
    none = np.zeros((0, 3), np.float32)
    return Mesh(vertices=none, normals=none, triangles=np.zeros((0, 3), np.int32))


@numba.njit(cache=True, parallel=True)
def _block_mean(mask: Any, fk: int, fj: int, fi: int) -> Any:
    """Block means with two empty blocks around, so that every surface is closed."""
    nk, nj, ni = -(-mask.shape[0] // fk), -(-mask.shape[1] // fj), -(-mask.shape[2] // fi)
    field = np.zeros((nk + 4, nj + 4, ni + 4), np.float32)
    scale = np.float32(1.0 / (fk * fj * fi))
    for block in numba.prange(nk):
        for k in range(block * fk, min(block * fk + fk, mask.shape[0])):
            for j in range(mask.shape[1]):
                for i in range(mask.shape[2]):
                    if mask[k, j, i]:
                        field[block + 2, j // fj + 2, i // fi + 2] += scale
    return field


@numba.njit(cache=True, parallel=True, fastmath=True)
def _smooth(field: Any) -> Any:
    """Binomial 1-2-1 smoothing along each axis; the outermost layer stays empty."""
    nk, nj, ni = field.shape
    result = np.zeros_like(field)
    for k in numba.prange(1, nk - 1):
        for j in range(1, nj - 1):
            for i in range(1, ni - 1):
                total = np.float32(0.0)
                for c in range(-1, 2):
                    for b in range(-1, 2):
                        row = np.float32(2.0) * field[k + c, j + b, i]
                        row += field[k + c, j + b, i - 1] + field[k + c, j + b, i + 1]
                        total += row * np.float32((2 - abs(c)) * (2 - abs(b)))
                result[k, j, i] = total * np.float32(1.0 / 64.0)
    return result


@numba.njit(cache=True)
def surface_nets(field: Any, level: Any) -> Any:
    """Surface-net vertices (i, j, k), field gradients there, and quads."""
    nk, nj, ni = field.shape
    number = np.full((nk, nj, ni), -1, np.int32)
    count = 0
    for k in range(nk - 1):
        for j in range(nj - 1):
            for i in range(ni - 1):
                first = field[k, j, i] > level
                if (
                    (field[k, j, i + 1] > level) != first
                    or (field[k, j + 1, i] > level) != first
                    or (field[k, j + 1, i + 1] > level) != first
                    or (field[k + 1, j, i] > level) != first
                    or (field[k + 1, j, i + 1] > level) != first
                    or (field[k + 1, j + 1, i] > level) != first
                    or (field[k + 1, j + 1, i + 1] > level) != first
                ):
                    number[k, j, i] = count
                    count += 1
    points = np.zeros((count, 3))
    slopes = np.zeros((count, 3))
    quads = np.zeros((3 * count, 4), np.int32)
    used = 0
    value = np.empty(8)
    for k in range(nk - 1):
        for j in range(nj - 1):
            for i in range(ni - 1):
                n = number[k, j, i]
                if n < 0:
                    continue
                for c in range(8):
                    value[c] = field[k + (c >> 2), j + ((c >> 1) & 1), i + (c & 1)] - level
                x, y, z, hits = 0.0, 0.0, 0.0, 0
                for c in range(8):
                    for axis in range(3):
                        if (c >> axis) & 1:
                            continue
                        d = c | (1 << axis)
                        if (value[c] > 0) != (value[d] > 0):
                            t = value[c] / (value[c] - value[d])
                            x += (c & 1) + (t if axis == 0 else 0.0)
                            y += ((c >> 1) & 1) + (t if axis == 1 else 0.0)
                            z += (c >> 2) + (t if axis == 2 else 0.0)
                            hits += 1
                points[n, 0], points[n, 1], points[n, 2] = i + x / hits, j + y / hits, k + z / hits
                for c in range(8):
                    slopes[n, 0] += value[c] if c & 1 else -value[c]
                    slopes[n, 1] += value[c] if c & 2 else -value[c]
                    slopes[n, 2] += value[c] if c & 4 else -value[c]
                inside = value[0] > 0
                if j > 0 and k > 0 and (value[1] > 0) != inside:
                    quads[used] = (n, number[k, j - 1, i], number[k - 1, j - 1, i], number[k - 1, j, i])
                    used += 1
                if i > 0 and k > 0 and (value[2] > 0) != inside:
                    quads[used] = (n, number[k, j, i - 1], number[k - 1, j, i - 1], number[k - 1, j, i])
                    used += 1
                if i > 0 and j > 0 and (value[4] > 0) != inside:
                    quads[used] = (n, number[k, j, i - 1], number[k, j - 1, i - 1], number[k, j - 1, i])
                    used += 1
    return points, slopes, quads[:used]
