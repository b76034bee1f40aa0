"""What must be covered and what must be spared, as points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap

SITE_RULE = "planning default, to be confirmed by the site"
ZONE_DISTANCES_MM: Mapping[str, tuple[float, str]] = {
    "bowel": (5.0, SITE_RULE),
    "stomach": (5.0, SITE_RULE),
    "gallbladder": (5.0, SITE_RULE),
    "heart": (5.0, SITE_RULE),
    "bile_ducts": (5.0, SITE_RULE),
    "kidney": (5.0, SITE_RULE),
    "pancreas": (5.0, SITE_RULE),
    "spinal_canal": (10.0, SITE_RULE),
}
"""Organs at risk of heat: distance (mm) they keep from the edge of the expected zone, and source."""
REACH_MM = 60.0
"""Organs further than this from the target are not looked at: half of the longest published zone and more."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Demand:
    """Target and planning volume as voxel centres, LPS mm.

    Parameters
    ----------
    gtv : (N, 3) float64
        Voxels of the target.
    rim : (M, 3) float64
        Voxels of the wanted margin around it, inside the organ.
    ptv : LabelMap
        Both together.
    """

    gtv: FloatArray
    rim: FloatArray
    ptv: LabelMap

    @property
    def points(self) -> FloatArray:
        """(N + M, 3) target voxels first."""
        return np.concatenate([self.gtv, self.rim])


@dataclass(frozen=True, kw_only=True, eq=False)
class Organ:
    """Surface voxels (LPS mm) of an organ at risk near the target, and the distance the zone keeps.

    `target_mm` is the least distance between voxel centres of organ and target.
    """

    kind: str
    points: FloatArray
    required_mm: float
    target_mm: float


def build_demand(
    target: LabelMap, *, organ: LabelMap | None, body: LabelMap | None, margin_mm: float
) -> Demand:
    """Planning volume: the target and everything within `margin_mm` of it that is tissue of its organ.

    The margin counts from the target's surface, half a voxel beyond its outermost voxel centres.
    Where the target reaches the capsule, nothing beyond it is demanded. A target that lies mostly outside
    `organ` takes `body` instead.
    """
    window = target.bounding_slices(pad_mm=margin_mm + 2 * float(target.grid.spacing_mm.max()))
    inside = target.array[window]
    spacing = tuple(float(s) for s in target.grid.spacing_mm[::-1])
    distance = edt.edt(~inside, anisotropy=spacing, parallel=2)
    grown = distance <= margin_mm + 0.25 * float(np.mean(target.grid.spacing_mm))
    limit = _containing(inside, window, organ, body)
    if limit is not None:
        grown &= limit | inside
    array = np.zeros(target.array.shape, dtype=np.bool_)
    array[window] = grown
    return Demand(
        gtv=_points(target, window, inside),
        rim=_points(target, window, grown & ~inside),
        ptv=LabelMap(array=array, grid=target.grid),
    )


def organs_near(structures: Mapping[str, LabelMap], target: LabelMap) -> tuple[Organ, ...]:
    """Organs at risk within reach of the target, as surface voxels."""
    window = target.bounding_slices(pad_mm=REACH_MM)
    found = []
    tree = cKDTree(_points(target, window, _shell(target.array[window])))
    for kind, (required_mm, _) in ZONE_DISTANCES_MM.items():
        if kind not in structures:
            continue
        crop = structures[kind].array[window] & ~target.array[window]
        points = _points(target, window, _shell(crop))
        if len(points):
            nearest_mm = float(tree.query(points, workers=-1)[0].min())
            found.append(Organ(kind=kind, points=points, required_mm=required_mm, target_mm=nearest_mm))
    return tuple(found)


def hull_points(points: FloatArray) -> FloatArray:
    """Corners of the convex hull: a convex zone that holds them holds every point."""
    if len(points) < 5 or np.linalg.matrix_rank(points - points[0]) < 3:
        return points
    return np.asarray(points[ConvexHull(points).vertices])


def thin_points(points: FloatArray, spacing_mm: float) -> FloatArray:
    """One point of each occupied cube of side `spacing_mm`: the first in order."""
    cells = np.floor(points / spacing_mm).astype(np.int64)
    _, first = np.unique(cells, axis=0, return_index=True)
    return np.asarray(points[np.sort(first)])


def _containing(
    inside: NDArray[np.bool_],
    window: tuple[slice, slice, slice],
    organ: LabelMap | None,
    body: LabelMap | None,
) -> NDArray[np.bool_] | None:
    if organ is not None:
        crop = organ.array[window]
        if np.count_nonzero(crop & inside) >= 0.5 * np.count_nonzero(inside):
            return np.asarray(crop)
    return None if body is None else np.asarray(body.array[window])


def _points(target: LabelMap, window: tuple[slice, slice, slice], crop: NDArray[np.bool_]) -> FloatArray:
    start = np.array([w.start for w in window])
    return target.grid.index_to_lps((np.argwhere(crop) + start)[:, ::-1])


def _shell(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voxels of the mask with a face neighbour outside it."""
    core = mask.copy()
    for axis in range(3):
        ahead, behind = [slice(None)] * 3, [slice(None)] * 3
        ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
        core[tuple(ahead)] &= mask[tuple(behind)]
        core[tuple(behind)] &= mask[tuple(ahead)]
    return mask & ~core
