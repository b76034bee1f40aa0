"""Closed polygons around the voxels of one slice, exact to the voxel.

The border is walked from crack to crack (the edges between a voxel inside and one outside) and the polygon
joins the middles of the cracks, half-way between centres inside and outside: every reader that asks which
centres lie inside gets the mask back. Parts are 4-connected. A hole is joined to its outer polygon by a line
walked out and back ("keyhole"): readers that add polygons and readers that combine them by exclusive or both
get it right.

References
----------
DICOM PS3.3 C.8.8.6.3 (inner and outer contours, keyhole technique).
Suzuki & Abe 1985, doi:10.1016/0734-189X(85)90016-7 (which hole belongs to which border, in one pass).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Polygon = NDArray[np.float64]
"""(N, 2) column and row index of the corners; not closed (the last corner joins the first)."""
_DOWN = np.array([0, 1, 0, -1])
_RIGHT = np.array([1, 0, -1, 0])


def slice_polygons(mask: NDArray[np.bool_]) -> list[Polygon]:
    """Polygons (column, row) around the 4-connected parts of `mask` (rows, columns).

    Examples
    --------
    >>> mask = np.zeros((5, 5), dtype=bool)
    >>> mask[2, 2] = True
    >>> slice_polygons(mask)[0].shape
    (4, 2)
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return []
    part = np.pad(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    doubled, ends, parents = _borders(part)
    rings = np.split(doubled / 2 + [columns[0] - 1, rows[0] - 1], ends[:-1])
    holes: dict[int, list[Polygon]] = {}
    for ring, parent in zip(rings, parents, strict=True):
        if parent >= 0:
            holes.setdefault(int(parent), []).append(ring)
    return [
        _keyholed(ring, holes.get(number, []))
        for number, (ring, parent) in enumerate(zip(rings, parents, strict=True))
        if parent < 0
    ]


@njit(cache=True, nogil=True)
def _borders(
    part: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Corners of every border as doubled (column, row), where each border ends, and whose hole it is.

    `part` is empty at its rim. An outer border has parent −1.
    """
    rows, columns = part.shape
    border_at = np.full((rows, columns), -1, np.int64)  # of the crack on the left of a voxel
    corners = np.empty((2 * rows * columns + 8, 2), np.int32)
    ends = np.empty(rows * columns, np.int64)
    parents = np.empty(rows * columns, np.int64)
    count = used = 0
    for j in range(1, rows):
        entered = -1  # border by which the present run of voxels inside was entered
        for i in range(1, columns):
            if part[j, i] == part[j, i - 1]:
                continue
            if border_at[j, i] < 0:
                parent = -1
                if not part[j, i]:
                    parent = entered if parents[entered] < 0 else parents[entered]
                parents[count] = parent
                used = _walk(part, j, i, count, border_at, corners, used)
                ends[count] = used
                count += 1
            if part[j, i]:
                entered = border_at[j, i]
    return corners[:used], ends[:count], parents[:count]


@njit(cache=True, nogil=True)
def _walk(
    part: NDArray[np.bool_],
    row: int,
    column: int,
    number: int,
    border_at: NDArray[np.int64],
    corners: NDArray[np.int32],
    used: int,
) -> int:
    """Walk the border at the crack left of (row, column), inside on the right; return how many corners.

    Directions are 0 right, 1 down, 2 left, 3 up; (y, x) is the lattice point at the upper left of a voxel.
    """
    heading = start = 3 if part[row, column] else 1
    y, x = (row + 1, column) if heading == 3 else (row, column)
    y0, x0 = y, x
    before = -1
    while True:
        if heading == 3:
            border_at[y - 1, x] = number
        elif heading == 1:
            border_at[y, x] = number
        middle_x, middle_y = 2 * x - 1 + _RIGHT[heading], 2 * y - 1 + _DOWN[heading]
        y, x = y + _DOWN[heading], x + _RIGHT[heading]
        after = _turned(part, y, x, heading)
        # the line bends here unless both neighbours lie straight ahead or on one diagonal
        if before < 0 or not _is_straight(before, heading, after):
            corners[used, 0], corners[used, 1] = middle_x, middle_y
            used += 1
        before, heading = heading, after
        if y == y0 and x == x0 and heading == start:
            return used


@njit(cache=True, nogil=True)
def _turned(part: NDArray[np.bool_], y: int, x: int, heading: int) -> int:
    """Heading after lattice point (y, x): right, straight on or left, so that inside stays on the right."""
    if heading == 0:
        right, left = part[y, x], part[y - 1, x]
    elif heading == 1:
        right, left = part[y, x - 1], part[y, x]
    elif heading == 2:
        right, left = part[y - 1, x - 1], part[y, x - 1]
    else:
        right, left = part[y - 1, x], part[y - 1, x - 1]
    if not right:
        return (heading + 1) % 4
    return heading if not left else (heading + 3) % 4


@njit(cache=True, nogil=True)
def _is_straight(before: int, heading: int, after: int) -> bool:
    """Whether the middles of three cracks in a row lie on one line."""
    return (before == heading == after) or (before == after != heading)


def _keyholed(outer: Polygon, holes: list[Polygon]) -> Polygon:
    """One polygon that walks round `outer` and, by a line out and back, round each hole."""
    visits: list[tuple[int, Polygon]] = []
    for hole in holes:
        gap = ((outer[:, None, :] - hole[None, :, :]) ** 2).sum(axis=2)
        at, start = divmod(int(np.argmin(gap)), len(hole))
        visits.append((at, np.vstack([np.roll(hole, -start, axis=0), hole[start]])))
    pieces: list[Polygon] = []
    last = 0
    for at, walk in sorted(visits, key=lambda visit: visit[0]):
        pieces += [outer[last : at + 1], walk]
        last = at
    return np.vstack([*pieces, outer[last:]]) if pieces else outer
