"""Tumour from a box drawn in two views: ellipsoid prior, grey levels in and out, smooth surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from teleneedle.core.anatomy import Gate, Proposed
from teleneedle.core.errors import StructureError
from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation.provenance import ENGINE
from teleneedle.engines.segmentation.shapes import filled, largest
from teleneedle.engines.segmentation.total_variation import total_variation_cut
from teleneedle.engines.segmentation.workgrid import (
    F32,
    BoolArray,
    Orientation,
    PatientImage,
    refine_mask,
)

WORK_MM = 1.5
MARGIN_SHARE = 0.45
MARGIN_MM = 8.0
MIN_BOX_MM = 3.0
PRIOR_PER_MM = 0.30
GREY_WEIGHT = 0.9
GREY_LIMIT = 2.5
SURFACE_WEIGHT = 1.6
BIN_HU = 5.0


def segment_tumour_in_box(
    volume: Volume, *, box_lps: tuple[ArrayLike, ArrayLike], liver: LabelMap | None = None
) -> Proposed:
    """Tumour inside a box given by two opposite corners.

    Parameters
    ----------
    volume : Volume
        CT, HU.
    box_lps : pair of (3,) float
        Opposite corners that just enclose the tumour, LPS mm; a few millimetres of error are expected.
    liver : LabelMap or None
        Liver on the CT's grid; grey levels outside the tumour are then read in the liver alone.

    Returns
    -------
    Proposed
        The tumour on the CT's grid; amber when its border is faint.

    Raises
    ------
    StructureError
        If the box is flat, or not inside the CT.
    """
    low, high = _checked_box(volume, box_lps)
    orientation = Orientation.of(volume.grid)
    crop, start = _crop_around(volume, low, high)
    spacing = crop.grid.spacing_mm[::-1]
    z, y, x = (float(spacing[a]) for a in orientation.axes)
    fine = PatientImage(hu=orientation.to_patient(crop.array), spacing_mm=(z, y, x))
    work = fine.coarsened(WORK_MM)
    radius = _ellipsoid_radius(crop, orientation, work.shape, low, high)
    allowed = _liver_on(work.shape, liver, start, crop, orientation)
    mask, contrast_hu = _cut(work, radius, allowed)
    native = np.zeros(volume.array.shape, dtype=np.bool_)
    found = orientation.to_native(refine_mask(mask, fine.shape))
    native[tuple(slice(a, a + n) for a, n in zip(start, found.shape, strict=True))] = found
    if not native.any():
        raise StructureError("no tumour was found in the box", remedy="draw the box closer to its border")
    faint = contrast_hu < 10.0
    reason = (
        "靶区与周围组织对比弱，边界需仔细核对",
        "the target is hardly brighter or darker than its surroundings",
    )
    return Proposed(
        name="tumour",
        label_map=LabelMap(array=native, grid=volume.grid),
        engine=ENGINE,
        gate=Gate.AMBER if faint else Gate.GREEN,
        reasons=(reason,) if faint else (),
    )


def _checked_box(
    volume: Volume, box_lps: tuple[ArrayLike, ArrayLike]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = np.array([np.asarray(c, dtype=np.float64) for c in box_lps])
    if corners.shape != (2, 3) or not np.isfinite(corners).all():
        raise StructureError("a target box needs two corners of three finite coordinates")
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (high - low).min() < MIN_BOX_MM:
        raise StructureError(
            f"the target box is thinner than {MIN_BOX_MM:g} mm",
            where=f"size {np.round(high - low, 1).tolist()} mm",
            remedy="give two opposite corners that enclose the tumour",
        )
    inside_low, inside_high = volume.grid.bounds_lps()
    if not volume.grid.contains((low + high) / 2) or (low < inside_low).any() or (high > inside_high).any():
        raise StructureError(
            "the target box is not inside the CT",
            where=f"box {np.round(low, 1).tolist()} to {np.round(high, 1).tolist()} mm LPS",
            remedy=f"it runs from {np.round(inside_low, 1).tolist()} to {np.round(inside_high, 1).tolist()}",
        )
    return low, high


def _crop_around(
    volume: Volume, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[Volume, tuple[int, int, int]]:
    margin = MARGIN_SHARE * (high - low) + MARGIN_MM
    a, b = low - margin, high + margin
    corners = np.array([[p, q, r] for p in (a[0], b[0]) for q in (a[1], b[1]) for r in (a[2], b[2])])
    index = volume.grid.lps_to_index(corners)[:, ::-1]
    start = np.clip(np.floor(index.min(axis=0)), 0, None).astype(int)
    stop = np.minimum(np.ceil(index.max(axis=0)).astype(int) + 1, volume.array.shape)
    first = (int(start[0]), int(start[1]), int(start[2]))
    return volume.crop(first, (int(stop[0]), int(stop[1]), int(stop[2]))), first


def _ellipsoid_radius(
    crop: Volume,
    orientation: Orientation,
    shape: tuple[int, int, int],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> F32:
    """Distance (mm) beyond the ellipsoid in the box, negative inside, on the working grid."""
    size = crop.array.shape
    axes = [(np.arange(m) + 0.5) * size[a] / m - 0.5 for m, a in zip(shape, orientation.axes, strict=True)]
    order = np.argsort(orientation.axes)
    native = [axes[o][:: orientation.signs[o]] for o in order]
    k, j, i = np.meshgrid(*native, indexing="ij")
    points = crop.grid.index_to_lps(np.stack([i, j, k], axis=-1))
    half = (high - low) / 2
    scaled = np.linalg.norm((points - (low + high) / 2) / half, axis=-1)
    beyond = (scaled - 1.0) * float(half.prod() ** (1 / 3))
    return np.ascontiguousarray(orientation.to_patient(beyond), dtype=np.float32)


def _liver_on(
    shape: tuple[int, int, int],
    liver: LabelMap | None,
    start: tuple[int, int, int],
    crop: Volume,
    orientation: Orientation,
) -> BoolArray | None:
    if liver is None:
        return None
    window = tuple(slice(a, a + n) for a, n in zip(start, crop.array.shape, strict=True))
    patient = PatientImage(
        hu=orientation.to_patient(liver.array[window]).astype(np.float32), spacing_mm=(1.0, 1.0, 1.0)
    )
    index = [
        np.minimum(((np.arange(m) + 0.5) * n / m).astype(int), n - 1)
        for n, m in zip(patient.shape, shape, strict=True)
    ]
    return np.asarray(patient.hu[np.ix_(*index)] > 0.5)


def _cut(image: PatientImage, beyond: F32, liver: BoolArray | None) -> tuple[BoolArray, float]:
    """Tumour mask on the working grid, and the difference of the median grey levels in and out (HU)."""
    hu = ndimage.gaussian_filter(np.clip(image.hu, -150.0, 400.0), [0.9 / s for s in image.spacing_mm])
    scale = float(-beyond.min())
    inside = beyond < -0.2 * scale
    ring = (beyond > 0.12 * scale) & (beyond < 0.6 * scale)
    outside = ring & liver if liver is not None and (ring & liver).sum() > 0.15 * ring.sum() else ring
    grey = _log_ratio(hu, hu[inside], hu[outside])
    force = PRIOR_PER_MM * np.clip(beyond, -8.0, 8.0) - GREY_WEIGHT * np.clip(grey, -GREY_LIMIT, GREY_LIMIT)
    force[beyond > 0.5 * scale] = 5.0
    slope = ndimage.gaussian_gradient_magnitude(image.hu, 1.0)
    edges = SURFACE_WEIGHT / (1.0 + (slope / max(float(np.percentile(slope[ring], 75)), 1.0)) ** 2)
    u = total_variation_cut(np.asarray(force, np.float32), np.asarray(edges, np.float32), image.spacing_mm)
    mask = filled(largest(u > 0.5))
    return mask, abs(float(np.median(hu[inside])) - float(np.median(hu[outside])))


def _log_ratio(hu: F32, inside: F32, outside: F32) -> F32:
    """Log of the ratio of the smoothed histograms, inside over outside, at every voxel."""
    edges = np.arange(-150.0, 400.0 + BIN_HU, BIN_HU)
    index = np.clip(((hu - edges[0]) / BIN_HU).astype(int), 0, len(edges) - 2)
    densities = []
    for values in (inside, outside):
        counts = ndimage.gaussian_filter1d(np.histogram(values, bins=edges)[0].astype(np.float64), 2.0)
        densities.append((counts + 1e-3 * max(values.size, 1)) / max(values.size, 1))
    return np.asarray(np.log(densities[0] / densities[1])[index], dtype=np.float32)
