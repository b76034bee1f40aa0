"""Compiled exact distances between a needle axis and voxel boxes.

Every voxel is the box that it fills, not its centre; the distance to a box is convex along a line, so its
minimum is found to 0.0001 mm by golden-section search.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
FAR_MM = 1.0e3
"""Stands for no obstacle at all."""


@njit(cache=True, nogil=True)
def box_distance(p: Array, d: Array, t: float, half: Array) -> float:
    """Distance from ``p + t d`` to the box of half extents `half` about the origin."""
    total = 0.0
    for a in range(3):
        x = abs(p[a] + t * d[a]) - half[a]
        if x > 0.0:
            total += x * x
    return float(np.sqrt(total))


@njit(cache=True, nogil=True)
def nearest_on_box(p: Array, d: Array, half: Array, low: float, high: float) -> tuple[float, float]:
    """Where in [low, high] the line ``p + t d`` comes nearest to the box, and the distance there."""
    ratio = 0.6180339887498949
    a, b = low, high
    x, y = b - ratio * (b - a), a + ratio * (b - a)
    fx, fy = box_distance(p, d, x, half), box_distance(p, d, y, half)
    while b - a > 1e-4:
        if fx <= fy:
            b, y, fy = y, x, fx
            x = b - ratio * (b - a)
            fx = box_distance(p, d, x, half)
        else:
            a, x, fx = x, y, fy
            y = a + ratio * (b - a)
            fy = box_distance(p, d, y, half)
    best, at = fx, x
    for t in (y, low, high):
        f = box_distance(p, d, t, half)
        if f < best:
            best, at = f, t
    return at, best


@njit(cache=True, nogil=True)
def _first_below(p: Array, d: Array, half: Array, need_mm: float, at: float) -> float:
    """Largest known t ≤ `at` up to which the line keeps `need_mm` from the box it nears until `at`."""
    if box_distance(p, d, 0.0, half) < need_mm:
        return 0.0
    low, high = 0.0, at
    while high - low > 1e-3:
        mid = 0.5 * (low + high)
        if box_distance(p, d, mid, half) < need_mm:
            high = mid
        else:
            low = mid
    return low


@njit(cache=True, nogil=True)
def safe_depth(
    entry: Array, inward: Array, length_mm: float, labels: Array, need_mm: Array, origin: Array,
    matrix: Array, inverse: Array, turn: Array, half: Array, enough_mm: float,
) -> float:  # fmt: skip
    """Depth (mm, ≤ `length_mm`) to which an axis keeps `need_mm[label]` from every labelled voxel box.

    Stops early, with some depth below `enough_mm`, as soon as it is clear that `enough_mm` is not reached.

    Exact up to 0.001 mm, on the safe side: every voxel of the full grid within reach of the axis is visited
    once, plane by plane along the grid axis the needle runs along most, and the distance from the line to its
    box (convex along the line) is minimised.

    Parameters
    ----------
    entry, inward : (3,)
        Where the axis starts (LPS mm), and its unit direction.
    length_mm, enough_mm : float
    labels : (K, J, I) uint8
        0 where free.
    need_mm : (256,)
        Distance from the axis that each label requires.
    origin, matrix, inverse : (3,), (3, 3), (3, 3)
        Index to LPS and back.
    turn : (3, 3)
        Rows are the axes of the voxel boxes.
    half : (3,)
        Their half extents, mm.
    """
    half_diagonal = np.sqrt((half**2).sum())
    radius = need_mm.max() + half_diagonal
    q0, g = inverse @ (entry - origin), inverse @ inward
    row = np.sqrt((inverse**2).sum(axis=1))
    main = int(np.argmax(np.abs(g) / row))
    first, second = (main + 1) % 3, (main + 2) % 3
    reach_1 = radius * (row[main] * abs(g[first] / g[main]) + row[first])
    reach_2 = radius * (row[main] * abs(g[second] / g[main]) + row[second])
    size = np.array([labels.shape[2], labels.shape[1], labels.shape[0]])
    ends = np.array([q0[main], q0[main] + length_mm * g[main]])
    low = max(int(np.floor(ends.min() - radius * row[main])), 0)
    high = min(int(np.ceil(ends.max() + radius * row[main])), size[main] - 1)
    direction = turn @ inward
    found = length_mm
    index = np.zeros(3, np.int64)
    p = np.zeros(3)
    for n in range(low, high + 1):
        t_plane = (n - q0[main]) / g[main]
        c1, c2 = q0[first] + t_plane * g[first], q0[second] + t_plane * g[second]
        index[main] = n
        for m in range(
            max(int(np.floor(c1 - reach_1)), 0), min(int(np.ceil(c1 + reach_1)), size[first] - 1) + 1
        ):
            index[first] = m
            for o in range(
                max(int(np.floor(c2 - reach_2)), 0), min(int(np.ceil(c2 + reach_2)), size[second] - 1) + 1
            ):
                index[second] = o
                label = labels[index[2], index[1], index[0]]
                if label == 0:
                    continue
                need = need_mm[label]
                for a in range(3):
                    p[a] = (
                        entry[a] - origin[a]
                        - matrix[a, 0] * index[0] - matrix[a, 1] * index[1] - matrix[a, 2] * index[2]
                    )  # fmt: skip
                along = -(p[0] * inward[0] + p[1] * inward[1] + p[2] * inward[2])
                near = min(max(along, 0.0), found)
                away = 0.0
                for a in range(3):
                    away += (p[a] + near * inward[a]) ** 2
                if np.sqrt(away) - half_diagonal >= need:
                    continue
                q = turn @ p
                t0 = min(max(along - half_diagonal, 0.0), found)
                t1 = min(max(along + half_diagonal, 0.0), found)
                at, distance = nearest_on_box(q, direction, half, t0, t1)
                if distance < need:
                    found = min(found, _first_below(q, direction, half, need, at))
                    if found < enough_mm:
                        return float(found)
    return float(found)


@njit(cache=True, nogil=True)
def safe_depths(
    entries: Array, inward: Array, lengths_mm: Array, labels: Array, need_mm: Array, origin: Array,
    matrix: Array, inverse: Array, turn: Array, half: Array, is_all_or_nothing: bool, out: Array,
) -> None:  # fmt: skip
    """`safe_depth` for many axes; with `is_all_or_nothing` only whether the whole length is safe is exact."""
    for r in range(entries.shape[0]):
        enough = lengths_mm[r] if is_all_or_nothing else 0.0
        out[r] = safe_depth(
            entries[r], inward[r], lengths_mm[r], labels, need_mm, origin, matrix, inverse, turn, half, enough
        )


@njit(cache=True, nogil=True)
def nearest_voxel(
    entry: Array, inward: Array, length_mm: float, voxels: Array, shape: tuple[int, int, int], origin: Array,
    matrix: Array, turn: Array, half: Array,
) -> tuple[float, float]:  # fmt: skip
    """Smallest distance (mm) from the axis segment to the listed voxel boxes, and the depth it occurs at."""
    half_diagonal = np.sqrt((half**2).sum())
    direction = turn @ inward
    best, best_t = FAR_MM, 0.0
    p = np.zeros(3)
    for v in voxels:
        k = v // (shape[1] * shape[2])
        j = v // shape[2] % shape[1]
        i = v % shape[2]
        for a in range(3):
            p[a] = entry[a] - origin[a] - matrix[a, 0] * i - matrix[a, 1] * j - matrix[a, 2] * k
        along = -(p[0] * inward[0] + p[1] * inward[1] + p[2] * inward[2])
        near = min(max(along, 0.0), length_mm)
        away = 0.0
        for a in range(3):
            away += (p[a] + near * inward[a]) ** 2
        limit = best + half_diagonal
        if away >= limit * limit:
            continue
        t0 = min(max(along - half_diagonal, 0.0), length_mm)
        t1 = min(max(along + half_diagonal, 0.0), length_mm)
        at, distance = nearest_on_box(turn @ p, direction, half, t0, t1)
        if distance < best:
            best, best_t = distance, at
    return best, best_t
