"""Bone, told apart from contrast-filled vessels, heart, kidneys and bowel by texture and place.

Trabecular and cortical bone vary over a few millimetres; blood and urine with contrast medium are uniform to
within the noise. Uniform dense cores are grown over their edge and taken out. Near the spine, where a smooth
vertebra may look like blood, only the strictest uniformity counts; between the lungs, away from the spine,
nothing is bone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.morphology import convex_hull_image

from teleneedle.engines.segmentation.shapes import components, dilated, distance_mm, larger_than, touching
from teleneedle.engines.segmentation.spine import SpineLine
from teleneedle.engines.segmentation.workgrid import F32, BoolArray, PatientImage, refine, refine_mask

BONE_EDGE_HU = 150.0
BONE_SURE_HU = 300.0
MIN_BONE_ML = 0.5
SURE_ML = 0.05
CORTEX_REACH_MM = 10.0
STRICT_SD_HU = 13.0
LOOSE_SD_HU = 32.0
SD_PER_HU = 0.08
UNIFORM_DEPTH_MM = 2.5
UNIFORM_MIN_ML = 0.4
UNIFORM_MAX_HU = 700.0
CONTRAST_RIM_MM = 7.0
EDGE_STEP_HU = 60.0
MEDIASTINUM_INSET_MM = 10.0


@dataclass(frozen=True, kw_only=True, eq=False)
class DenseTissue:
    """Everything above the bone threshold, split in two.

    Parameters
    ----------
    bone : (Z, Y, X) bool
        Bone.
    contrast : (Z, Y, X) bool
        Blood, urine or bowel content with contrast medium.
    """

    bone: BoolArray
    contrast: BoolArray


def dense_skeleton(image: PatientImage, body: BoolArray) -> BoolArray:
    """First guess of the bones: dense pieces without their strictly uniform cores, on a working grid."""
    dense = (image.hu > BONE_EDGE_HU) & body
    return _bone_pieces(image, dense & ~_uniform(image, dense, STRICT_SD_HU))


def split_dense(image: PatientImage, body: BoolArray, spine: SpineLine, lungs: BoolArray) -> DenseTissue:
    """Split the dense voxels of a working grid into bone and contrast medium."""
    dense = (image.hu > BONE_EDGE_HU) & body
    vertebral = spine.vertebral_zone(image)
    limit = np.where(vertebral, STRICT_SD_HU, LOOSE_SD_HU).astype(np.float32)
    contrast = _uniform(image, dense, limit) | (dense & _mediastinum(image, lungs) & ~vertebral)
    bone = _bone_pieces(image, dense & ~contrast)
    bone &= ~_vessel_branches(image, bone, contrast)
    beside = dense & ~bone & dilated(contrast, 3.0, image.spacing_mm)
    return DenseTissue(bone=bone, contrast=contrast | beside)


def _bone_pieces(image: PatientImage, dense: BoolArray) -> BoolArray:
    sure = dense & (image.hu > BONE_SURE_HU)
    sure = larger_than(sure, SURE_ML, image.spacing_mm)
    near = dense & dilated(sure, CORTEX_REACH_MM, image.spacing_mm)
    return larger_than(touching(near, sure), MIN_BONE_ML, image.spacing_mm)


def _uniform(image: PatientImage, dense: BoolArray, limit_hu: float | F32) -> BoolArray:
    """Cores of dense tissue with a local standard deviation under `limit_hu`, grown over their edge."""
    deep = distance_mm(dense, image.spacing_mm) > UNIFORM_DEPTH_MM
    spread = spread_within(image.hu, dense, 5)
    tolerance = limit_hu + SD_PER_HU * np.clip(image.hu - BONE_EDGE_HU, 0.0, None)
    core = deep & (spread < tolerance) & (image.hu < UNIFORM_MAX_HU)
    core = larger_than(ndimage.binary_opening(core), UNIFORM_MIN_ML, image.spacing_mm)
    if not core.any():
        return core
    labels, sizes = components(core)
    level = np.zeros(len(sizes), dtype=np.float32)
    level[1:] = ndimage.median(image.hu, labels, np.arange(1, len(sizes)))
    away, nearest = ndimage.distance_transform_edt(
        labels == 0, sampling=image.spacing_mm, return_indices=True
    )
    own = level[labels[tuple(nearest)]]
    allowed = dense & (away <= CONTRAST_RIM_MM) & (image.hu < own + EDGE_STEP_HU)
    return touching(allowed, core)


def spread_within(hu: F32, mask: BoolArray, width: int) -> F32:
    """Standard deviation of the masked voxels in a cube of `width` voxels around each voxel, HU."""
    weight = np.maximum(ndimage.uniform_filter(mask.astype(np.float32), width), 1e-6)
    kept = np.where(mask, hu - BONE_EDGE_HU, 0.0).astype(np.float32)
    mean = ndimage.uniform_filter(kept, width) / weight
    square = ndimage.uniform_filter(kept * kept, width) / weight
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0.0)), dtype=np.float32)


def _mediastinum(image: PatientImage, lungs: BoolArray) -> BoolArray:
    """Between the lungs: inside the convex hull of each slice's lungs, well away from its edge."""
    hull = np.zeros_like(lungs)
    for z in np.flatnonzero(lungs.any(axis=(1, 2))):
        hull[z] = convex_hull_image(lungs[z])
    return distance_mm(hull, image.spacing_mm) > MEDIASTINUM_INSET_MM


def _vessel_branches(image: PatientImage, bone: BoolArray, contrast: BoolArray) -> BoolArray:
    """Pieces that hang on a contrast-filled core and are nowhere brighter than it: its branches."""
    if not contrast.any():
        return np.zeros_like(bone)
    ceiling = float(np.percentile(image.hu[contrast], 99)) + EDGE_STEP_HU
    labels, sizes = components(bone)
    near = np.unique(labels[dilated(contrast, 2.5, image.spacing_mm) & bone])
    branch = np.zeros(len(sizes), dtype=np.bool_)
    if near.size:
        top: NDArray[np.float64] = np.asarray(ndimage.maximum(image.hu, labels, near))
        branch[near] = top < ceiling
    branch[0] = False
    return branch[labels]


def refine_bone(tissue: DenseTissue, medium: PatientImage, shape: tuple[int, int, int]) -> BoolArray:
    """Bone on the fine grid: the bone threshold of the interpolated CT around the bones found."""
    region = dilated(tissue.bone, 2.5, medium.spacing_mm) & ~tissue.contrast
    return (refine(medium.hu, shape) > BONE_EDGE_HU) & refine_mask(region, shape, smooth=False)
