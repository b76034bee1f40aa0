"""Vessels inside the liver: brighter than the parenchyma around them, connected, on the fine grid."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from teleneedle.engines.segmentation.shapes import box_around, dilated, larger_than, touching
from teleneedle.engines.segmentation.workgrid import (
    F32,
    BoolArray,
    PatientImage,
    apply_along_axes,
    averaging,
    coarse_counts,
    refine,
)

SMOOTHING_MM = 0.75
BACKGROUND_MM = 12.0
BACKGROUND_GRID_MM = 3.2
CALCIFICATION_HU = 330.0
SEED_HU = (15.0, 20.0)
HALF_HEIGHT_HU = (16.0, 40.0)
MIN_CONTRAST_HU = 22.0
MIN_VESSEL_ML = 0.3


def find_liver_vessels(fine: PatientImage, liver: BoolArray, level_hu: float) -> BoolArray | None:
    """Vessels in the liver on the fine grid; None when they are not enhanced.

    The local parenchyma level is taken off first (the liver is unevenly bright), then vessels are everything
    above half of the vessels' own height that hangs on a surely vascular voxel.
    """
    box = box_around(liver, 0.0, fine.spacing_mm)
    if box is None:
        return None
    inside, image = liver[box], fine.cropped(box)
    hu = np.asarray(image.hu, dtype=np.float32)
    calcified = inside & (hu > CALCIFICATION_HU)
    if calcified.any():
        calcified = dilated(calcified, 5.0, fine.spacing_mm)
    raised = np.where(inside, np.clip(hu - _parenchyma(image, inside, level_hu), -60.0, 90.0), 0.0)
    sharp = ndimage.gaussian_filter(raised.astype(np.float32), [SMOOTHING_MM / s for s in fine.spacing_mm])
    broad = ndimage.gaussian_filter(sharp, [1.3 / s for s in fine.spacing_mm])
    sure = (broad > SEED_HU[0]) & (sharp > SEED_HU[1]) & inside & ~calcified
    if not sure.any():
        return None
    peak = float(np.percentile(broad[sure], 90))
    if peak < MIN_CONTRAST_HU:
        return None
    threshold = float(np.clip(0.5 * peak, *HALF_HEIGHT_HU))
    candidate = (sharp > threshold) & inside & ~calcified
    vessels = np.zeros_like(liver)
    vessels[box] = larger_than(touching(candidate, sure & candidate), MIN_VESSEL_ML, fine.spacing_mm)
    return vessels


def _parenchyma(image: PatientImage, inside: BoolArray, level_hu: float) -> F32:
    """Local mean of the liver without its vessels and lesions, HU, smooth over about 12 mm."""
    counts = coarse_counts(image.shape, image.spacing_mm, BACKGROUND_GRID_MM)
    down = [averaging(n, m) for n, m in zip(image.shape, counts, strict=True)]
    share = apply_along_axes(inside, down)
    mean = apply_along_axes(np.where(inside, image.hu, 0), down) / np.maximum(share, 0.05)
    plain = ((share > 0.5) & (np.abs(mean - level_hu) < 22.0)).astype(np.float32)
    width = [
        BACKGROUND_MM * m / (n * s) for n, m, s in zip(image.shape, counts, image.spacing_mm, strict=True)
    ]
    weight = ndimage.gaussian_filter(plain, width)
    local = ndimage.gaussian_filter(plain * mean, width) / np.maximum(weight, 1e-3)
    level = np.where(weight > 0.02, np.clip(local, level_hu - 20.0, level_hu + 20.0), level_hu)
    return refine(level, image.shape)
