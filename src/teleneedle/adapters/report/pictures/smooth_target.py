"""The target's surface without the steps of its voxels, and the surface a margin away from it."""

from __future__ import annotations

from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

from teleneedle.adapters.report.pictures.outlines import Contours, field_contours
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

FINE_MM = 0.8
PAD_MM = 5.0


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
        Signed distance inside the surface (negative outside), on `fine_grid`.
    fine_grid : Grid
    """

    density: NDArray[np.float32]
    level: float
    grid: Grid
    depth_mm: NDArray[np.float32]
    fine_grid: Grid

    @classmethod
    def of(cls, target: LabelMap, *, reach_mm: float) -> SmoothTarget:
        """Blur the target and measure distances up to `reach_mm` around it."""
        inside, grid = _padded(target, reach_mm + PAD_MM)
        spacing = grid.spacing_mm[::-1]
        blur_mm = float(np.clip(0.75 * spacing.max(), 0.5, 1.5))
        density = gaussian_filter(inside.astype(np.float32), blur_mm / spacing, mode="nearest", truncate=3.0)
        count = int(np.count_nonzero(inside))
        ranked = np.partition(density.ravel(), (density.size - count - 1, density.size - count))
        level = float(ranked[density.size - count - 1 : density.size - count + 1].mean())
        fine, fine_grid = _refined(density, grid)
        size = tuple(float(s) for s in fine_grid.spacing_mm[::-1])
        solid = fine > level
        outer = edt.edt(~solid, anisotropy=size, black_border=False)
        inner = edt.edt(solid, anisotropy=size, black_border=False)
        half = 0.5 * float(np.mean(size))
        depth = np.where(solid, inner - half, half - outer).astype(np.float32)
        return cls(density=density, level=level, grid=grid, depth_mm=depth, fine_grid=fine_grid)

    def outline(self, plane: Plane) -> Contours:
        """Where the plane cuts the surface."""
        return field_contours(self.density, self.grid, plane, level=self.level)

    def outline_at(self, plane: Plane, margin_mm: float) -> Contours:
        """Where the plane cuts the surface that lies `margin_mm` outside."""
        return field_contours(self.depth_mm, self.fine_grid, plane, level=-margin_mm)


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
