"""Stomach and bowel by exclusion: what is soft, lies in the abdominal cavity and belongs to no known organ.

Collapsed and fluid-filled gut cannot be told by its grey level. A needle must not cross it, so everything in
the cavity that is neither fat nor a known organ counts as gut; gas and its wall count whatever lies around.
Kept out are the muscle wall, the diaphragm, the partial volume around the liver and the muscles of the back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.engines.segmentation.organs import Abdomen
from teleneedle.engines.segmentation.shapes import (
    closed,
    components,
    dilated,
    distance_mm,
    eroded,
    filled_slices,
    larger_than,
    largest,
    opened,
)
from teleneedle.engines.segmentation.workgrid import BoolArray

STOOL_HU = (-200.0, -135.0)
SPECKLE_MM = 15.0
SPECKLE_SHARE = 0.10
GAS_DEPTH_MM = 12.0
MIN_GAS_ML = 0.4
STOOL_MM = 6.0
GAS_WALL_MM = 5.0
GAS_BENEATH_MM = 6.0
SOFT_HU = -15.0
ROUGH_RANGE_HU = (-300.0, 150.0)
STOOL_MEAN_HU = -70.0
STOOL_ROUGH_HU = 22.0
LEAN_HU = -50.0
LEAN_ML = 2.0
RING_GAP_MM = 12.0
SKIN_MM = 6.0
WALL_MM = 12.0
LIVER_TO_OUTSIDE_MM = 32.0
LIVER_RIM_MM = 4.0
ORGAN_RIM_MM = 3.0
BONE_RIM_MM = 6.0
DIAPHRAGM_MM = 7.0
THIN_MM = 4.0
MIN_PIECE_ML = 2.0
BACK_MM = -42.0
BACK_HALF_WIDTH_MM = 62.0
FLANK_MM = 15.0
STOMACH_DROP_MM = 110.0
STOMACH_NECK_MM = 5.0
STOMACH_ML = 15.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Gut:
    """Stomach and bowel on the coarse grid; None where nothing was found."""

    stomach: BoolArray | None
    bowel: BoolArray | None


def find_gut(abdomen: Abdomen, taken: BoolArray) -> Gut:
    """Stomach and bowel: gas with its wall, and unclaimed soft tissue of the abdominal cavity.

    Parameters
    ----------
    abdomen : Abdomen
        The CT with liver, lungs, bone and spine.
    taken : (Z, Y, X) bool
        Voxels of organs that are known, the liver among them.
    """
    spacing = abdomen.around.image.spacing_mm
    gas = _gas(abdomen)
    outline = _muscle_outline(abdomen, gas)
    beneath = distance_mm(outline, spacing)
    gas &= beneath > GAS_BENEATH_MM
    hollow = dilated(gas, GAS_WALL_MM, spacing)
    others = taken & ~abdomen.liver
    barred = dilated(others, ORGAN_RIM_MM, spacing) | dilated(abdomen.liver, LIVER_RIM_MM, spacing)
    soft = _not_fat(abdomen) & _cavity(abdomen, beneath) & ~barred
    whole = opened(soft | (hollow & ~taken), THIN_MM, spacing) | (hollow & ~taken)
    labels, sizes = components(whole & abdomen.around.body)
    gut = (sizes * abdomen.around.image.voxel_ml > MIN_PIECE_ML)[labels] & (labels > 0)
    stomach = _stomach(abdomen, gut, gas)
    bowel = gut if stomach is None else gut & ~stomach
    return Gut(stomach=stomach, bowel=bowel if bowel.any() else None)


def _gas(abdomen: Abdomen) -> BoolArray:
    """Gas and stool in the gut: dense speckles of voxels darker than this patient's fat, not lung."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    dark = (around.image.hu < _darkest_fat_hu(abdomen)) & (abdomen.depth > GAS_DEPTH_MM)
    dark &= ~dilated(around.lungs, 4.0, spacing) & (abdomen.behind < FLANK_MM) & ~_thorax(abdomen)
    width = [max(1, round(SPECKLE_MM / s)) for s in spacing]
    dense = ndimage.uniform_filter(dark.astype(np.float32), width) > SPECKLE_SHARE
    speckled = closed(dark & dense, STOOL_MM, spacing)
    labels, sizes = components(speckled)
    return (sizes * around.image.voxel_ml > MIN_GAS_ML)[labels] & speckled


def _not_fat(abdomen: Abdomen) -> BoolArray:
    """Soft tissue, and the coarse mixture of stool and gas whose mean is that of fat."""
    image = abdomen.around.image
    hu = np.clip(image.hu, *ROUGH_RANGE_HU).astype(np.float32)
    rough = ndimage.uniform_filter(np.abs(hu - ndimage.uniform_filter(hu, 3)), 5)
    mixed = (abdomen.smooth > STOOL_MEAN_HU) & (rough > STOOL_ROUGH_HU)
    return np.asarray((abdomen.smooth > SOFT_HU) | mixed)


def _darkest_fat_hu(abdomen: Abdomen) -> float:
    """Lower limit of fat in this CT: three robust standard deviations under its median, HU."""
    hu = abdomen.around.image.hu
    fat = hu[(hu > -150.0) & (hu < -60.0) & (abdomen.depth > SKIN_MM)]
    if fat.size < 1000:
        return STOOL_HU[0]
    middle = float(np.median(fat))
    spread = 1.48 * float(np.median(np.abs(fat - middle)))
    return float(np.clip(middle - 3.0 * spread, *STOOL_HU))


def _muscle_outline(abdomen: Abdomen, gas: BoolArray) -> BoolArray:
    """Everything inside the outer face of the muscles and ribs: the body without skin and its fat."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    lean = ((around.image.hu > LEAN_HU) & (abdomen.depth > SKIN_MM)) | around.bone | around.lungs | gas
    ring = closed(larger_than(lean, LEAN_ML, spacing), RING_GAP_MM, spacing)
    full = filled_slices(ring & around.body)
    return largest(opened(full, 15.0, spacing))


def _thorax(abdomen: Abdomen) -> BoolArray:
    """Voxels with lung in or below them in their column, and everything above the liver's top."""
    above = np.maximum.accumulate(abdomen.around.lungs, axis=0)
    if abdomen.liver.any():
        top = int(np.flatnonzero(abdomen.liver.any(axis=(1, 2)))[-1])
        above[top:] = True
    return np.asarray(above)


def _cavity(abdomen: Abdomen, beneath: NDArray[np.float32]) -> BoolArray:
    """The abdominal cavity without wall, diaphragm, spine and muscles of the back."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    back = (abdomen.behind > BACK_MM) & (np.abs(abdomen.left) < BACK_HALF_WIDTH_MM)
    inside = (beneath > WALL_MM) & ~back & (abdomen.behind < FLANK_MM) & ~_thorax(abdomen)
    inside &= ~dilated(around.bone, BONE_RIM_MM, spacing)
    inside &= ~dilated(around.lungs, DIAPHRAGM_MM, spacing)
    if abdomen.liver.any():
        inside &= beneath + distance_mm(~abdomen.liver, spacing) > LIVER_TO_OUTSIDE_MM
    return inside


def _stomach(abdomen: Abdomen, gut: BoolArray, gas: BoolArray) -> BoolArray | None:
    """The largest thick piece under the left dome, told from the bowel by the necks between them."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    upper = around.lungs & (abdomen.left > 20.0)
    dome = int(np.flatnonzero(upper.any(axis=(1, 2)))[0]) if upper.any() else gut.shape[0]
    if abdomen.liver.any():
        dome = max(dome, int(np.flatnonzero(abdomen.liver.any(axis=(1, 2)))[-1]))
    drop = (dome - np.arange(gut.shape[0])[:, None, None]) * spacing[0]
    place = (abdomen.left > -15.0) & (drop < STOMACH_DROP_MM) & (abdomen.behind < -35.0)
    firm = gut & ((abdomen.smooth > SOFT_HU) | gas)
    core = eroded(firm & place, STOMACH_NECK_MM, spacing)
    labels, sizes = components(core)
    votes = sizes + 3 * np.bincount(labels[gas], minlength=len(sizes))
    votes[0] = 0
    if not votes.any():
        return None
    grown = dilated(labels == int(votes.argmax()), STOMACH_NECK_MM + 1.5, spacing) & gut
    return grown if grown.sum() * around.image.voxel_ml > STOMACH_ML else None
