"""The target's surface without the steps of its voxels, and the surface a margin away from it."""

from __future__ import annotations

from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d, gaussian_filter, zoom
from scipy.spatial import cKDTree

from teleneedle.adapters.report.pictures.outlines import Contours, field_contours
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.surfaces import surface_nets
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

FINE_MM = 0.8
PAD_MM = 8.0
BAND_MM = 1.8
BLUR_VOXELS = 1.1


@dataclass(frozen=True, kw_only=True, eq=False)
class SmoothTarget:
    """A target mask blurred over about one voxel and cut at the level that keeps its volume.

    Parameters
    ----------
    density : (K, J, I) float32
        Blurred mask; the surface is where it equals `level`.
    level : float
    grid : Grid
    depth_mm : (K, J, I) float32
        Signed distance inside the surface (negative outside), on `fine_grid`; exact around −`reach_mm`.
    fine_grid : Grid
    reach_mm : float
        The margin drawn around the target.
    """

    density: NDArray[np.float32]
    level: float
    grid: Grid
    depth_mm: NDArray[np.float32]
    fine_grid: Grid
    reach_mm: float

    @classmethod
    def of(cls, target: LabelMap, *, reach_mm: float) -> SmoothTarget:
        """Blur the target and measure distances up to `reach_mm` around it."""
        inside, grid = _padded(target, reach_mm + PAD_MM)
        spacing = grid.spacing_mm[::-1]
        blur_mm = float(np.clip(BLUR_VOXELS * spacing.max(), 0.5, 2.0))
        density = gaussian_filter(inside.astype(np.float32), blur_mm / spacing, mode="nearest", truncate=3.0)
        count = int(np.count_nonzero(inside))
        drawn = _as_drawn(density)
        ranked = np.partition(drawn.ravel(), (density.size - count - 1, density.size - count))
        level = float(ranked[density.size - count - 1 : density.size - count + 1].mean())
        fine, fine_grid = _refined(drawn, grid)
        depth = _depths_mm(fine, level, fine_grid, reach_mm)
        return cls(
            density=density, level=level, grid=grid, depth_mm=depth, fine_grid=fine_grid, reach_mm=reach_mm
        )

    def outline(self, plane: Plane) -> Contours:
        """Where the plane cuts the surface."""
        return field_contours(self.density, self.grid, plane, level=self.level)

    def margin_outline(self, plane: Plane) -> Contours:
        """Where the plane cuts the surface that lies `reach_mm` outside."""
        return field_contours(self.depth_mm, self.fine_grid, plane, level=-self.reach_mm)


def _depths_mm(fine: NDArray[np.float32], level: float, grid: Grid, reach_mm: float) -> NDArray[np.float32]:
    """Distance transform, made exact to the sub-voxel surface within `BAND_MM` of the wanted margin."""
    size = tuple(float(s) for s in grid.spacing_mm[::-1])
    solid = fine > level
    half = 0.5 * float(np.mean(size))
    outer = edt.edt(~solid, anisotropy=size, black_border=False) - half
    inner = edt.edt(solid, anisotropy=size, black_border=False) - half
    depth: NDArray[np.float32] = np.where(solid, inner, -outer).astype(np.float32)
    band = np.abs(depth + reach_mm) < BAND_MM
    surface, _, _ = surface_nets(fine, np.float32(level))
    around = grid.index_to_lps(np.argwhere(band)[:, ::-1])
    depth[band] = -cKDTree(grid.index_to_lps(surface)).query(around, workers=-1)[0]
    return depth


def _as_drawn(density: NDArray[np.float32]) -> NDArray[np.float32]:
    """The density at the voxel centres after the B-spline that draws it (weights 1/6, 4/6, 1/6)."""
    drawn = density
    for axis in range(3):
        drawn = np.asarray(correlate1d(drawn, [1 / 6, 4 / 6, 1 / 6], axis=axis, mode="nearest"))
    return drawn


def _padded(target: LabelMap, pad_mm: float) -> tuple[NDArray[np.bool_], Grid]:
    """The target in a box with `pad_mm` around it, also beyond the edge of the scan."""
    box = target.bounding_slices()
    pad = np.ceil(pad_mm / target.grid.spacing_mm[::-1]).astype(int)
    start = tuple(int(s.start - p) for s, p in zip(box, pad, strict=True))
    stop = tuple(int(s.stop + p) for s, p in zip(box, pad, strict=True))
    inside = np.pad(target.array[box], [(int(p), int(p)) for p in pad])
    return inside, target.grid.crop(start, stop)


def _refined(density: NDArray[np.float32], grid: Grid) -> tuple[NDArray[np.float32], Grid]:
    """Linear resampling to voxels of about 0.8 mm, corner voxels kept."""
    factors = np.maximum(grid.spacing_mm[::-1] / FINE_MM, 0.5)
    fine = np.ascontiguousarray(zoom(density, factors, order=1))
    steps = (np.array(density.shape) - 1) / np.maximum(np.array(fine.shape) - 1, 1)
    affine = grid.affine.copy()
    affine[:3, :3] = affine[:3, :3] * steps[::-1]
    k, j, i = fine.shape
    return fine, Grid(shape=(k, j, i), affine=affine, frame_of_reference_uid=grid.frame_of_reference_uid)
