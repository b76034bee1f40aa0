"""Lungs with their vessels, told apart from bowel gas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.engines.segmentation.shapes import (
    closed,
    components,
    dilated,
    distance_mm,
    filled_slices,
    touching,
)
from teleneedle.engines.segmentation.workgrid import BoolArray, PatientImage

AIR_HU = -400.0
PARENCHYMA_HU = (-970.0, -550.0)
MIN_LUNG_ML = 15.0
VESSEL_CLOSING_MM = 8.0
RIB_REACH_MM = 15.0
RECESS_HU = -400.0
RIB_SHARE = 0.04


def find_lungs(image: PatientImage, body: BoolArray, bone: BoolArray) -> BoolArray:
    """Both lungs on a working grid.

    A lung is an air space inside the body with the density of parenchyma that runs along the ribs; bowel gas
    is emptier, lies off the ribs, or ends below the lungs. The thin recesses between ribs and liver hang on
    a lung.
    """
    inside = distance_mm(body, image.spacing_mm) > 4.0
    air = ndimage.binary_opening((image.hu < AIR_HU) & inside)
    labels, sizes = components(air)
    rib_zone = dilated(bone, RIB_REACH_MM, image.spacing_mm)
    boxes = ndimage.find_objects(labels)
    keep = np.zeros(len(sizes), dtype=np.bool_)
    for label in np.flatnonzero(sizes * image.voxel_ml >= MIN_LUNG_ML):
        box = boxes[label - 1]
        part = labels[box] == label
        keep[label] = _is_lung(image.hu[box][part], float((part & rib_zone[box]).sum() / part.sum()))
    found = _beside_the_largest(keep, sizes, boxes)[labels]
    found |= touching((image.hu < RECESS_HU) & inside & rib_zone, found)
    whole = closed(found, VESSEL_CLOSING_MM, image.spacing_mm) & body & ~bone
    return filled_slices(whole) & ~bone


def _beside_the_largest(keep: BoolArray, sizes: NDArray[np.int64], boxes: Sequence[Any]) -> BoolArray:
    """Parts that end below the largest one are gas of the colon."""
    if not keep.any():
        return keep
    floor = boxes[int(np.argmax(np.where(keep, sizes, 0))) - 1][0].start
    beside = keep.copy()
    for label in map(int, np.flatnonzero(keep)):
        beside[label] = boxes[label - 1][0].stop > floor
    return beside


def _is_lung(hu: NDArray[np.float32], rib_share: float) -> bool:
    return PARENCHYMA_HU[0] <= float(np.median(hu)) <= PARENCHYMA_HU[1] and rib_share > RIB_SHARE
