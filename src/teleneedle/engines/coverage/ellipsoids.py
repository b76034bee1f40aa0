"""Ablation zones as ellipsoids of revolution: membership, signed distance, rasterisation, their union.

A zone has its centre and axis (unit) in LPS mm and a `Zone` of full diameters. A positive depth lies inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from teleneedle.core.devices import Zone
from teleneedle.core.geometry import FloatArray, Grid
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Application

SURFACE_STEP_MM = 0.9
PERCENTILES = ("p10", "p50", "p90")


@dataclass(frozen=True, kw_only=True, eq=False)
class Ellipsoids:
    """Several zones together.

    Parameters
    ----------
    centres : (N, 3) float64, LPS mm
    axes : (N, 3) float64, unit
    half_long, half_short : (N,) float64, mm
        Semi-axes along and across the axis.
    """

    centres: FloatArray
    axes: FloatArray
    half_long: FloatArray
    half_short: FloatArray

    @classmethod
    def of(cls, zones: Sequence[tuple[ArrayLike, ArrayLike, Zone]]) -> Ellipsoids:
        """From (centre, axis, diameters) triples."""
        return cls(
            centres=np.array([c for c, _, _ in zones], dtype=np.float64).reshape(-1, 3),
            axes=np.array([a for _, a, _ in zones], dtype=np.float64).reshape(-1, 3),
            half_long=np.array([z.long_mm / 2 for _, _, z in zones], dtype=np.float64),
            half_short=np.array([z.short_mm / 2 for _, _, z in zones], dtype=np.float64),
        )

    @classmethod
    def planned(cls, applications: Sequence[Application], percentile: str) -> Ellipsoids:
        """Zones of `applications` at ``p10``, ``p50`` or ``p90``."""
        return cls.of([(a.centre_lps, a.axis, getattr(a.zone, percentile)) for a in applications])

    def __len__(self) -> int:
        return len(self.centres)

    def contain(self, points_lps: FloatArray) -> NDArray[np.bool_]:
        """(M,) whether each point lies in any zone."""
        inside = np.zeros(len(points_lps), dtype=np.bool_)
        _mark_inside(
            np.ascontiguousarray(points_lps), self.centres, self.axes, self.half_long, self.half_short, inside
        )
        return inside

    def depths_mm(self, points_lps: FloatArray) -> FloatArray:
        """(N, M) signed distance of each point to each ellipsoid's surface, positive inside, exact."""
        out = np.empty((len(self), len(points_lps)))
        for n in range(len(self)):
            along, across = self._cylinder(n, points_lps)
            _ellipse_depths(along, across, self.half_long[n], self.half_short[n], out[n])
        return out

    def union_depth_mm(self, points_lps: FloatArray) -> FloatArray:
        """(M,) signed distance to the surface of the union, positive inside.

        Outside it is the least distance to any ellipsoid. Inside, the nearest place of the union's surface is
        sought among samples of it, refined by their tangent planes; where one ellipsoid alone decides, its
        exact depth is used.
        """
        points = np.ascontiguousarray(points_lps, dtype=np.float64)
        depth = np.asarray(self.depths_mm(points).max(axis=0))
        within = np.flatnonzero(depth > 0)
        if len(self) == 1 or not len(within):
            return depth
        samples, normals = self.surface
        tree = cKDTree(samples)
        distance, nearest = tree.query(points[within], workers=-1)
        planar = np.einsum("mi,mi->m", samples[nearest] - points[within], normals[nearest])
        sampled = np.where(distance < 2 * SURFACE_STEP_MM, np.clip(planar, 0.0, distance), distance)
        depth[within] = np.maximum(depth[within], sampled)
        return depth

    @cached_property
    def surface(self) -> tuple[FloatArray, FloatArray]:
        """Samples of the union's surface (LPS mm) about `SURFACE_STEP_MM` apart, with outward normals."""
        points, normals = [], []
        for n in range(len(self)):
            p, normal = _sample_surface(self.centres[n], self.axes[n], self.half_long[n], self.half_short[n])
            others = np.delete(np.arange(len(self)), n)
            hidden = self._subset(others).contain(p) if len(others) else np.zeros(len(p), dtype=np.bool_)
            points.append(p[~hidden])
            normals.append(normal[~hidden])
        return np.concatenate(points), np.concatenate(normals)

    def rasterise(self, grid: Grid) -> LabelMap:
        """Voxels of `grid` whose centre lies in any zone."""
        array = np.zeros(grid.shape, dtype=np.bool_)
        window, inside = self.rasterise_window(grid)
        array[window] = inside
        return LabelMap(array=array, grid=grid)

    def rasterise_window(self, grid: Grid) -> tuple[tuple[slice, slice, slice], NDArray[np.bool_]]:
        """The box (k, j, i) of `grid` that holds every zone, and which of its voxel centres lie in any."""
        reach = np.ceil((self.half_long[:, None] + 1.0) / _plane_distances_mm(grid))
        middle = grid.lps_to_index(self.centres)
        size = np.asarray(grid.size_ijk)
        low = np.clip(np.floor(middle - reach).min(axis=0, initial=np.inf), 0, size).astype(np.int64)
        high = np.clip(np.ceil(middle + reach).max(axis=0, initial=-np.inf) + 1, low, size).astype(np.int64)
        inside = np.zeros(tuple(high - low)[::-1], dtype=np.bool_)
        affine = np.array(grid.affine)
        affine[:3, 3] = grid.index_to_lps(low)
        for n in range(len(self)):
            _fill(
                inside,
                affine,
                middle[n] - low,
                reach[n],
                self.centres[n],
                self.axes[n],
                self.half_long[n],
                self.half_short[n],
            )
        k, j, i = (slice(int(a), int(b)) for a, b in zip(low[::-1], high[::-1], strict=True))
        return (k, j, i), inside

    def _subset(self, which: NDArray[np.int64]) -> Ellipsoids:
        return Ellipsoids(
            centres=self.centres[which],
            axes=self.axes[which],
            half_long=self.half_long[which],
            half_short=self.half_short[which],
        )

    def _cylinder(self, n: int, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Distance along the axis from the centre, and from the axis, of each point, mm."""
        offset = points - self.centres[n]
        along = offset @ self.axes[n]
        across = np.sqrt(np.maximum(np.einsum("mi,mi->m", offset, offset) - along**2, 0.0))
        return np.abs(along), across


def _plane_distances_mm(grid: Grid) -> FloatArray:
    """Distance between neighbouring lattice planes along (i, j, k), mm; right for sheared grids too."""
    return np.asarray(1.0 / np.linalg.norm(np.linalg.inv(grid.affine[:3, :3]), axis=1))


def _sample_surface(
    centre: FloatArray, axis: FloatArray, half_long: float, half_short: float
) -> tuple[FloatArray, FloatArray]:
    """Fibonacci points on one ellipsoid of revolution, with outward unit normals."""
    count = int(4 * np.pi * half_long * half_short / SURFACE_STEP_MM**2)
    n = np.arange(count) + 0.5
    z = 1 - 2 * n / count
    phi = np.pi * (1 + 5**0.5) * n
    r = np.sqrt(1 - z * z)
    helper = np.eye(3)[np.argmin(np.abs(axis))]
    e1 = np.cross(axis, helper)
    e1 /= np.linalg.norm(e1)
    e2 = np.cross(axis, e1)
    unit = np.stack([r * np.cos(phi), r * np.sin(phi), z], axis=1)
    frame = np.stack([e1, e2, axis])
    scale = np.array([half_short, half_short, half_long])
    normals = (unit / scale) @ frame
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return centre + (unit * scale) @ frame, normals


@njit(cache=True)
def _mark_inside(
    points: FloatArray,
    centres: FloatArray,
    axes: FloatArray,
    half_long: FloatArray,
    half_short: FloatArray,
    inside: NDArray[np.bool_],
) -> None:
    for m in range(points.shape[0]):
        for n in range(centres.shape[0]):
            dx = points[m, 0] - centres[n, 0]
            dy = points[m, 1] - centres[n, 1]
            dz = points[m, 2] - centres[n, 2]
            along = dx * axes[n, 0] + dy * axes[n, 1] + dz * axes[n, 2]
            across2 = dx * dx + dy * dy + dz * dz - along * along
            if (along / half_long[n]) ** 2 + across2 / half_short[n] ** 2 <= 1.0:
                inside[m] = True
                break


@njit(cache=True)
def _fill(
    array: NDArray[np.bool_],
    affine: FloatArray,
    middle: FloatArray,
    reach: FloatArray,
    centre: FloatArray,
    axis: FloatArray,
    half_long: float,
    half_short: float,
) -> None:
    low = np.empty(3, np.int64)
    high = np.empty(3, np.int64)
    for a in range(3):
        low[a] = max(int(np.floor(middle[a] - reach[a])), 0)
        high[a] = min(int(np.ceil(middle[a] + reach[a])) + 1, array.shape[2 - a])
    for k in range(low[2], high[2]):
        for j in range(low[1], high[1]):
            for i in range(low[0], high[0]):
                dx = affine[0, 0] * i + affine[0, 1] * j + affine[0, 2] * k + affine[0, 3] - centre[0]
                dy = affine[1, 0] * i + affine[1, 1] * j + affine[1, 2] * k + affine[1, 3] - centre[1]
                dz = affine[2, 0] * i + affine[2, 1] * j + affine[2, 2] * k + affine[2, 3] - centre[2]
                along = dx * axis[0] + dy * axis[1] + dz * axis[2]
                across2 = dx * dx + dy * dy + dz * dz - along * along
                if (along / half_long) ** 2 + across2 / half_short**2 <= 1.0:
                    array[k, j, i] = True


@njit(cache=True)
def _ellipse_depths(
    along: FloatArray, across: FloatArray, half_long: float, half_short: float, out: FloatArray
) -> None:
    """Signed distance (positive inside) of points in the first quadrant to an ellipse.

    Bisection on the robust root of Eberly, "Distance from a Point to an Ellipse", 2013.
    """
    for m in range(along.shape[0]):
        out[m] = _ellipse_depth(along[m], across[m], half_long, half_short)


@njit(cache=True)
def _ellipse_depth(y0: float, y1: float, e0: float, e1: float) -> float:
    if y1 > 1e-12:
        if y0 > 1e-12:
            z0, z1 = y0 / e0, y1 / e1
            g = z0 * z0 + z1 * z1 - 1.0
            r0 = (e0 / e1) ** 2
            n0 = r0 * z0
            low = z1 - 1.0
            high = 0.0 if g < 0 else np.sqrt(n0 * n0 + z1 * z1) - 1.0
            s = 0.0
            for _ in range(80):
                s = 0.5 * (low + high)
                if s in (low, high):
                    break
                ratio0, ratio1 = n0 / (s + r0), z1 / (s + 1.0)
                g = ratio0 * ratio0 + ratio1 * ratio1 - 1.0
                if g > 0:
                    low = s
                elif g < 0:
                    high = s
                else:
                    break
            x0, x1 = r0 * y0 / (s + r0), y1 / (s + 1.0)
        else:
            x0, x1 = 0.0, e1
    else:
        numerator, denominator = e0 * y0, e0 * e0 - e1 * e1
        if numerator < denominator:
            ratio = numerator / denominator
            x0, x1 = e0 * ratio, e1 * np.sqrt(max(1.0 - ratio * ratio, 0.0))
        else:
            x0, x1 = e0, 0.0
    distance = np.sqrt((x0 - y0) ** 2 + (x1 - y1) ** 2)
    signed: float = distance if (y0 / e0) ** 2 + (y1 / e1) ** 2 <= 1.0 else -distance
    return signed
