"""Closed polygons around the voxels of one slice, exact to the voxel.

The polygon runs half-way between the centres of voxels inside and outside, so every reader that asks
which centres lie inside gets the mask back. A hole is joined to its outer polygon by a line walked out and
back ("keyhole"): readers that add polygons and readers that combine them by exclusive or both get it right.

References
----------
DICOM PS3.3 C.8.8.6.3 (inner and outer contours, keyhole technique).
Lorensen & Cline 1987, doi:10.1145/37402.37422 (contouring a grid).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import find_contours

Polygon = NDArray[np.float64]
"""(N, 2) column and row index of the corners; not closed (the last corner joins the first)."""


def slice_polygons(mask: NDArray[np.bool_]) -> list[Polygon]:
    """Polygons (column, row) around the 4-connected parts of `mask` (rows, columns).

    Examples
    --------
    >>> mask = np.zeros((5, 5), dtype=bool)
    >>> mask[2, 2] = True
    >>> slice_polygons(mask)[0].shape
    (4, 2)
    """
    labels, _ = ndimage.label(mask)
    polygons = []
    for number, window in enumerate(ndimage.find_objects(labels), start=1):
        part = np.pad(labels[window] == number, 1)
        rings = [_simplified(r[:-1]) for r in find_contours(part.astype(np.float32), 0.5)]
        rings.sort(key=lambda ring: abs(_signed_area(ring)), reverse=True)
        corner = np.array([window[0].start - 1, window[1].start - 1])
        polygons.append((_keyholed(rings[0], rings[1:]) + corner)[:, ::-1])
    return polygons


def _signed_area(ring: Polygon) -> float:
    following = np.roll(ring, -1, axis=0)
    return float(np.sum(ring[:, 0] * following[:, 1] - ring[:, 1] * following[:, 0]) / 2)


def _simplified(ring: Polygon) -> Polygon:
    """Without the corners that lie on a straight line between their neighbours."""
    before, after = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    bends = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-9
    return np.asarray(ring[bends])


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
