"""The ablation margin: signed distance from the target's surface to the edge of the zones, sub-voxel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from skimage.measure import marching_cubes

from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Application
from teleneedle.engines.coverage.ellipsoids import Ellipsoids

SMOOTHING_VOXELS = 1.8
"""Takes the staircase off a binary mask. The level that keeps the volume undoes the shrinkage."""
PAD = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetSurface:
    """Points of the target's surface.

    Parameters
    ----------
    points_lps : (N, 3) float64, mm
    shares : (N,) float64
        Share of the whole surface that each point stands for; they sum to 1.
    is_capsule : (N,) bool
        Where the target reaches the surface of its organ: no margin of that organ's tissue exists there.
    normals : (N, 3) float64
        Unit, outwards, LPS.
    """

    points_lps: FloatArray
    shares: FloatArray
    is_capsule: NDArray[np.bool_]
    normals: FloatArray


def extract_surface(
    target: LabelMap, *, organ: LabelMap | None = None, margin_mm: float = 5.0
) -> TargetSurface:
    """Surface of a target, at the volume-keeping level of the slightly smoothed mask.

    Parameters
    ----------
    target : LabelMap
    organ : LabelMap, optional
        The organ the target lies in; surface points with less than `margin_mm` of it outside are capsule.
    margin_mm : float
        Wanted margin.

    References
    ----------
    Lorensen and Cline 1987, doi 10.1145/37402.37422 (marching cubes).
    """
    start, soft = _smoothed(target)
    vertices, faces, normals, _ = marching_cubes(soft, _level(soft, int(np.count_nonzero(target.array))))
    points = target.grid.index_to_lps((vertices + start)[:, ::-1])
    corners = points[faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    weight = np.zeros(len(points))
    for corner in range(3):
        np.add.at(weight, faces[:, corner], areas / 3)
    capsule = np.zeros(len(points), dtype=np.bool_)
    outward = _outward_lps(target, normals)
    if organ is not None:
        capsule = ~_inside(organ, target, points + margin_mm * outward)
    return TargetSurface(points_lps=points, shares=weight / weight.sum(), is_capsule=capsule, normals=outward)


def surface_margins_mm(surface: TargetSurface, zones: Ellipsoids) -> FloatArray:
    """(N,) margin at each surface point, mm: depth of the point inside the zones, negative where uncovered.

    Examples
    --------
    >>> from teleneedle.core.devices import Zone
    >>> ball = Ellipsoids.of([((0, 0, 0), (0, 0, 1), Zone(long_mm=40, short_mm=40))])
    >>> point = TargetSurface(points_lps=np.array([[0.0, 12.0, 0.0]]), shares=np.ones(1),
    ...                       is_capsule=np.zeros(1, bool), normals=np.array([[0.0, 1.0, 0.0]]))
    >>> round(float(surface_margins_mm(point, ball)[0]), 6)
    8.0
    """
    if not len(zones):
        return np.full(len(surface.points_lps), -np.inf)
    return zones.union_depth_mm(surface.points_lps)


def margin_samples(
    target: LabelMap, applications: Sequence[Application], percentile: str, *, organ: LabelMap | None = None
) -> tuple[FloatArray, FloatArray]:
    """Points of the target's surface (N, 3) LPS mm and the margin (N,) mm at each, for a margin map.

    Parameters
    ----------
    percentile : str
        ``p10``, ``p50`` or ``p90`` of the zones.
    """
    surface = extract_surface(target, organ=organ)
    return surface.points_lps, surface_margins_mm(surface, Ellipsoids.planned(applications, percentile))


def offset_points(surface: TargetSurface, margin_mm: float) -> FloatArray:
    """(K, 3) LPS mm: the outer limit of the margin, where the organ reaches so far."""
    free = ~surface.is_capsule
    return np.asarray(surface.points_lps[free] + margin_mm * surface.normals[free])


def _smoothed(target: LabelMap) -> tuple[FloatArray, FloatArray]:
    """First index (k, j, i) and padded float crop of the smoothed mask."""
    window = target.bounding_slices()
    crop = np.pad(target.array[window].astype(np.float32), PAD)
    start = np.array([w.start for w in window], dtype=np.float64) - PAD
    sigma_mm = SMOOTHING_VOXELS * target.grid.voxel_volume_mm3 ** (1 / 3)
    return start, np.asarray(gaussian_filter(crop, sigma_mm / target.grid.spacing_mm[::-1]))


def _level(soft: FloatArray, voxels: int) -> float:
    """Level above which `voxels` voxels lie, so that smoothing keeps the volume."""
    ordered = np.partition(soft.ravel(), [soft.size - voxels - 1, soft.size - voxels])
    return float(ordered[soft.size - voxels - 1 : soft.size - voxels + 1].mean())


def _outward_lps(target: LabelMap, normals_kji: FloatArray) -> FloatArray:
    """Unit outward normals in LPS from marching-cubes normals in index order (k, j, i).

    A gradient in index space becomes one in LPS through the transposed inverse of the affine.
    """
    gradient = normals_kji[:, ::-1] @ np.linalg.inv(target.grid.affine[:3, :3])
    length = np.linalg.norm(gradient, axis=1, keepdims=True)
    return np.asarray(gradient / np.maximum(length, 1e-12))


def _inside(organ: LabelMap, target: LabelMap, points_lps: FloatArray) -> NDArray[np.bool_]:
    index = np.rint(organ.grid.lps_to_index(points_lps)).astype(np.int64)
    size = np.array(organ.grid.size_ijk)
    within = ((index >= 0) & (index < size)).all(axis=1)
    i, j, k = np.clip(index, 0, size - 1).T
    return np.asarray(within & (organ.array[k, j, i] | target.array[k, j, i]))
