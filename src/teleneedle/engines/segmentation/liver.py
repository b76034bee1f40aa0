"""Liver, fully automatic and free of any patient's shape.

What lies directly under the right lung base is liver: its grey level is read there, in any contrast phase.
Tissue of that level, thick enough, connected to that place, is the core. Vessels and lesions are taken in by
filling, by the rule that nothing but liver lies between liver and right lung, and by looking for compact dark
cores that lean on the liver. The border is then set at half height between the liver and whatever lies
outside it locally.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from teleneedle.engines.segmentation.shapes import (
    box_around,
    closed,
    components,
    dilated,
    distance_mm,
    filled,
    largest,
    opened,
    touching,
)
from teleneedle.engines.segmentation.spine import SpineLine
from teleneedle.engines.segmentation.workgrid import F32, BoolArray, PatientImage

SEARCH_UNDER_LUNG_MM = (8.0, 70.0)
SIDE_MM = 20.0
WALL_MM = 8.0
DEEP_MM = 25.0
PARENCHYMA_HU = (0.0, 250.0)
MIN_SIGMA_HU = 5.0
CANDIDATE_SIGMAS = 2.5
CORE_DEPTH_MM = 7.0
THIN_DEPTH_MM = 4.0
THIN_REACH_MM = 30.0
PIECE_SHARE = 0.08
MIN_LIVER_ML = 150.0
MAX_BODY_SHARE = 0.4
DOME_MM = 60.0
LESION_STEP_HU = 10.0
LESION_RIM_MM = 17.0
LESION_ML = (2.0, 250.0)
LESION_MIN_HU = 30.0
LESION_CONTACT = 0.30
LESION_COMPACTNESS = 0.8
LESION_ELONGATION = 2.6
LESION_FAT_SHARE = 0.10


@dataclass(frozen=True, kw_only=True)
class LiverLevel:
    """Grey level of the liver: mode and standard deviation, HU, of the smoothed CT."""

    mean_hu: float
    sigma_hu: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """What the liver search needs to know, all on the medium grid.

    Parameters
    ----------
    image : PatientImage
        The CT.
    body, lungs, bone, contrast : (Z, Y, X) bool
        Body outline, lungs, bone, contrast-filled spaces.
    spine : SpineLine
        Canal line, for left and right.
    """

    image: PatientImage
    body: BoolArray
    lungs: BoolArray
    bone: BoolArray
    contrast: BoolArray
    spine: SpineLine


@dataclass(frozen=True, kw_only=True, eq=False)
class LiverResult:
    """Liver mask, grey level, and the field whose zero is its border (for the fine grid)."""

    mask: BoolArray
    field: F32
    level: LiverLevel


def find_liver(around: Surroundings) -> LiverResult | None:
    """Liver on the medium grid; None when no liver-like tissue lies under the right lung."""
    image, spacing = around.image, around.image.spacing_mm
    smooth = ndimage.gaussian_filter(image.hu, [2.0 / s for s in spacing])
    depth = distance_mm(around.body, spacing)
    clear = ~dilated(around.bone, 3.0, spacing) & ~around.lungs
    under_lung = _under_right_lung(around, depth) & clear
    level = liver_level(smooth[under_lung])
    if level is None:
        return None
    distinct = level.mean_hu - _muscle_hu(around, smooth) > CANDIDATE_SIGMAS * level.sigma_hu
    core = _core(image, level, clear & (depth > WALL_MM), under_lung, distinct=distinct)
    if core.sum() * image.voxel_ml < MIN_LIVER_ML / 3 or core.sum() > MAX_BODY_SHARE * around.body.sum():
        return None
    full = _with_lesions(around, core, level, smooth, depth)
    return _bordered(around, full, level)


def _under_right_lung(around: Surroundings, depth: NDArray[np.float32]) -> BoolArray:
    """Deep tissue in the columns under the right lung base; the right upper trunk without lungs."""
    image = around.image
    behind, left = around.spine.offsets_mm(image)
    right_lung = around.lungs & (left < -SIDE_MM)
    below = _below_lung_mm(right_lung, image)
    near = (below > SEARCH_UNDER_LUNG_MM[0]) & (below < SEARCH_UNDER_LUNG_MM[1])
    if not near.any():
        near = np.broadcast_to((left < -3 * SIDE_MM) & (behind < 0), image.shape)
    return near & (depth > DEEP_MM) & (behind < -10.0)


def _below_lung_mm(lung: BoolArray, image: PatientImage) -> NDArray[np.float64]:
    """(Z, Y, X) how far below the lowest lung voxel of its column a voxel lies; −1 without lung above."""
    base = np.where(lung.any(axis=0), lung.argmax(axis=0), -1)
    height = np.arange(image.shape[0])[:, None, None]
    below: NDArray[np.float64] = np.where(base >= 0, (base[None] - height) * image.spacing_mm[0], -1.0)
    return below


def liver_level(values_hu: NDArray[np.float32]) -> LiverLevel | None:
    """Mode of the parenchyma and its spread from the width of the peak at half height.

    Examples
    --------
    >>> values = np.random.default_rng(0).normal(104.0, 8.0, 20000).astype(np.float32)
    >>> level = liver_level(values)
    >>> abs(level.mean_hu - 104.0) < 3.0, abs(level.sigma_hu - 8.0) < 1.5
    (True, True)
    """
    counts, edges = np.histogram(values_hu, bins=np.arange(PARENCHYMA_HU[0], PARENCHYMA_HU[1] + 1, 2.0))
    if counts.sum() < 500:
        return None
    smooth = ndimage.gaussian_filter1d(counts.astype(np.float64), 1.5)
    peak = int(smooth.argmax())
    under = np.flatnonzero(smooth < smooth[peak] / 2)
    low = under[under < peak].max(initial=0)
    high = under[under > peak].min(initial=len(smooth) - 1)
    sigma = (edges[high] - edges[low]) / 2.355
    return LiverLevel(
        mean_hu=float(edges[peak] + 1.0), sigma_hu=float(np.clip(sigma, MIN_SIGMA_HU, 3 * MIN_SIGMA_HU))
    )


def _muscle_hu(around: Surroundings, smooth: F32) -> float:
    """Upper quartile of the muscle beside and behind the spine, HU (fat between its fibres left out)."""
    behind, left = around.spine.offsets_mm(around.image)
    place = (behind > -10.0) & (behind < 40.0) & (np.abs(left) < 60.0) & around.body
    muscle = smooth[
        place & (smooth > 10.0) & (smooth < 110.0) & ~dilated(around.bone, 4.0, around.image.spacing_mm)
    ]
    return float(np.percentile(muscle, 75)) if muscle.size else 50.0


def _core(
    image: PatientImage, level: LiverLevel, allowed: BoolArray, under_lung: BoolArray, *, distinct: bool
) -> BoolArray:
    """Thick tissue of the liver's level connected to the place under the right lung.

    Thin lobes are followed too where the liver is `distinct` from muscle, else the wall would be taken in.
    """
    clipped = np.clip(image.hu, level.mean_hu - 100.0, level.mean_hu + 100.0)
    even = ndimage.gaussian_filter(clipped, [2.4 / s for s in image.spacing_mm])
    alike = np.abs(even - level.mean_hu) < CANDIDATE_SIGMAS * level.sigma_hu
    alike &= allowed
    depth = distance_mm(alike, image.spacing_mm)
    labels, sizes = components(depth > CORE_DEPTH_MM)
    votes = np.bincount(labels[under_lung], minlength=len(sizes))
    votes[0] = 0
    chosen = (votes > PIECE_SHARE * votes.max(initial=1))[labels] & (labels > 0)
    sure = dilated(chosen, CORE_DEPTH_MM + 1.0, image.spacing_mm) & alike
    if not distinct:
        return np.asarray(sure)
    thin = (depth > THIN_DEPTH_MM) & dilated(sure, THIN_REACH_MM, image.spacing_mm)
    return np.asarray(sure | (dilated(touching(thin, sure), THIN_DEPTH_MM + 1.0, image.spacing_mm) & alike))


def _with_lesions(
    around: Surroundings, core: BoolArray, level: LiverLevel, smooth: F32, depth: NDArray[np.float32]
) -> BoolArray:
    """Core plus vessels, lesions inside, under the diaphragm and on the edge."""
    spacing = around.image.spacing_mm
    box = box_around(core, 60.0, spacing)
    if box is None:
        return core
    part, lungs = core[box], around.lungs[box]
    barred = lungs | around.bone[box] | opened(around.contrast[box], 4.0, spacing)
    tissue = (smooth[box] < 350.0) & (depth[box] > WALL_MM) & ~barred
    soft, firm = tissue & (smooth[box] > -10.0), tissue & (smooth[box] > 15.0)
    grown = filled(closed(part, 6.0, spacing) & (soft | part))
    grown = _under_diaphragm(grown, lungs, soft, around.image)
    grown = filled(closed(grown, 12.0, spacing) & soft)
    behind, left = around.spine.offsets_mm(around.image)
    beside_spine = ((np.abs(left) < 25.0) & (behind > -70.0))[box[0], :, :]
    beside_spine = np.broadcast_to(beside_spine, (part.shape[0], *beside_spine.shape[1:]))[:, box[1], box[2]]
    bridge = closed(grown | lungs, 18.0, spacing) & firm & ~beside_spine
    grown = opened(touching(opened(bridge | grown, 5.0, spacing), grown) | grown, 4.0, spacing)
    lesions = _dark_cores(grown, around.image.cropped(box), lungs | around.bone[box], depth[box], level)
    if lesions.any():
        rim = dilated(lesions, LESION_RIM_MM, spacing) & firm
        grown = closed(grown | rim, 15.0, spacing) & firm | grown
    grown = opened(filled(closed(grown, 10.0, spacing) & soft), 4.0, spacing)
    full = np.zeros_like(core)
    full[box] = largest(grown)
    return full


def _under_diaphragm(liver: BoolArray, lungs: BoolArray, soft: BoolArray, image: PatientImage) -> BoolArray:
    """Liver plus the columns that are soft all the way from it up to the lung base."""
    height = np.arange(liver.shape[0])[:, None, None]
    top = np.where(liver.any(axis=0), liver.shape[0] - 1 - liver[::-1].argmax(axis=0), -1)
    above = lungs & (height > top[None])
    base = np.where(above.any(axis=0), above.argmax(axis=0), -1)
    gap = (height > top[None]) & (height < base[None]) & (top >= 0)[None]
    solid = ~(gap & ~soft).any(axis=0) & ((base - top) * image.spacing_mm[0] < DOME_MM)
    return liver | (gap & solid[None])


def _dark_cores(
    liver: BoolArray, image: PatientImage, barred: BoolArray, depth: NDArray[np.float32], level: LiverLevel
) -> BoolArray:
    """Compact hypodense basins that lean on the liver: lesions at its edge.

    Basins are separated along the brighter rims between them (watershed of the smoothed CT). The gallbladder
    is darker, the stomach and bowel are not compact or border on fat and gas.
    """
    spacing = image.spacing_mm
    clipped = np.clip(image.hu, -150.0, level.mean_hu + 10.0).astype(np.float32)
    clipped[barred] = level.mean_hu
    even = ndimage.gaussian_filter(clipped, [3.0 / s for s in spacing])
    near = distance_mm(~liver, spacing) < 60.0
    dark = (even < level.mean_hu - LESION_STEP_HU) & ~liver & ~barred & near & (depth > 15.0)
    minima, _ = ndimage.label((even == ndimage.minimum_filter(even, size=5)) & dark)
    basins = watershed(even, minima, mask=dark)
    kept = np.zeros_like(liver)
    for label, found in enumerate(ndimage.find_objects(basins), start=1):
        if found is None:
            continue
        wide = tuple(slice(max(s.start - 6, 0), s.stop + 6) for s in found)
        basin = basins[wide] == label
        if _is_lesion(basin, liver[wide], image.cropped((wide[0], wide[1], wide[2])), barred[wide]):
            kept[wide] |= basin
    return kept


def _is_lesion(basin: BoolArray, liver: BoolArray, image: PatientImage, barred: BoolArray) -> bool:
    volume_ml = float(basin.sum() * image.voxel_ml)
    if not LESION_ML[0] <= volume_ml <= LESION_ML[1] or float(image.hu[basin].mean()) < LESION_MIN_HU:
        return False
    away = distance_mm(~basin, image.spacing_mm)
    shell = (away > 0) & (away < 9.0)
    contact = float(liver[shell].mean())
    fat = float(((image.hu < -20.0) & ~barred)[shell].mean())
    points = np.argwhere(basin) * np.array(image.spacing_mm)
    spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(points.T)), 1e-6))
    ellipsoid_ml = 4.0 / 3.0 * np.pi * 5.0**1.5 * float(spread.prod()) / 1000.0
    compact = volume_ml / ellipsoid_ml > LESION_COMPACTNESS and spread[2] / spread[0] < LESION_ELONGATION
    return bool(compact and contact > LESION_CONTACT and fat < LESION_FAT_SHARE)


def _bordered(around: Surroundings, liver: BoolArray, level: LiverLevel) -> LiverResult | None:
    box = box_around(liver, 12.0, around.image.spacing_mm)
    if box is None:
        return None
    image, spacing = around.image.cropped(box), around.image.spacing_mm
    part = liver[box]
    barred = around.lungs[box] | around.bone[box] | opened(around.contrast[box], 4.0, spacing)
    field = half_height_field(image, part, level.mean_hu)
    field[barred & (field > 0)] = -0.5
    mask = filled(largest(opened(field > 0, 3.0, spacing)))
    field = np.where(mask, np.maximum(field, 0.05), np.minimum(field, -0.05)).astype(np.float32)
    whole, everywhere = np.zeros_like(liver), np.full(liver.shape, -1.0, dtype=np.float32)
    whole[box], everywhere[box] = mask, field
    return LiverResult(mask=whole, field=everywhere, level=level)


def half_height_field(image: PatientImage, part: BoolArray, level_hu: float) -> F32:
    """Field that is zero where the CT is half way between the local inside and the local outside.

    Only a band of ±4 mm around the present border can change; without a local contrast of 12 HU the border
    stays.

    References
    ----------
    Lankton S, Tannenbaum A. Localizing region-based active contours. IEEE Trans Image Process 2008,
    doi:10.1109/TIP.2008.2004611 (the local means).
    """
    spacing = image.spacing_mm
    inside, outside = distance_mm(part, spacing), distance_mm(~part, spacing)
    hu = np.clip(image.hu, -120.0, level_hu + 150.0).astype(np.float32)
    width = [5.0 / s for s in spacing]
    inner, inner_weight = _local_mean(hu, (inside > 2.0) & (inside < 9.0), width)
    outer, outer_weight = _local_mean(hu, (outside > 3.0) & (outside < 9.0), width)
    inner = np.where(inner_weight < 1e-3, level_hu, inner)
    outer = np.where(outer_weight < 1e-3, -100.0, outer)
    contrast = np.abs(outer - inner)
    side = np.where(outer > inner, -1.0, 1.0)
    edge = ndimage.gaussian_filter((hu - (inner + outer) / 2) * side, 0.6) / np.maximum(contrast, 12.0)
    edge = np.where(contrast < 12.0, (inside - outside) / 4.0, edge)
    return np.asarray(np.where(inside > 4.0, 1.0, np.where(outside > 4.0, -1.0, edge)), dtype=np.float32)


def _local_mean(hu: F32, where: BoolArray, width: list[float]) -> tuple[F32, F32]:
    weight = ndimage.gaussian_filter(where.astype(np.float32), width)
    total = ndimage.gaussian_filter(hu * where, width)
    return np.asarray(total / np.maximum(weight, 1e-4)), weight
