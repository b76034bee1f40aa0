"""Body outline: everything inside the skin, without table, blankets and air around the patient."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from teleneedle.engines.segmentation.shapes import eroded, filled_slices, largest, touching
from teleneedle.engines.segmentation.workgrid import BoolArray, PatientImage, refine

SKIN_HU = -300.0
EMPTY_HU = -930.0
TABLE_OPENING_MM = 6.0


def find_body(coarse: PatientImage) -> BoolArray:
    """Filled body outline on the coarse grid.

    Threshold at the middle of the air–skin edge, break the bridges to the table by erosion, keep the largest
    part, fill each slice (lungs and bowel gas belong to the body).
    """
    solid = filled_slices(~_outside_air(coarse))
    core = largest(eroded(solid, TABLE_OPENING_MM, coarse.spacing_mm))
    if not core.any():
        return largest(solid)
    steps = [max(1, round((TABLE_OPENING_MM + 1.0) / s)) for s in coarse.spacing_mm]
    grown = core
    for _ in range(max(steps[1:])):
        grown = ndimage.binary_dilation(grown) & solid
    return filled_slices(touching(grown, core))


def _outside_air(coarse: PatientImage) -> BoolArray:
    """Air that reaches the sides of the image and is as empty as air; a cut lung is not."""
    labels, count = ndimage.label(coarse.hu <= SKIN_HU)
    sides = (labels[:, 0], labels[:, -1], labels[:, :, 0], labels[:, :, -1])
    reaching = np.unique(np.concatenate([side.ravel() for side in sides]))
    outside = np.zeros(count + 1, dtype=np.bool_)
    for label in reaching[reaching > 0]:
        outside[label] = float(np.median(coarse.hu[labels == label])) < EMPTY_HU
    return np.asarray(outside[labels])


def refine_body(body: BoolArray, coarse: PatientImage, shape: tuple[int, int, int]) -> BoolArray:
    """Body outline on the fine grid: the skin threshold of the interpolated CT, table and air removed."""
    near = ndimage.binary_dilation(body)
    field = np.where(near, np.clip(coarse.hu, -1000.0, 200.0), -1000.0)
    field[ndimage.binary_erosion(body, border_value=1)] = 0.0
    return refine(field, shape) > SKIN_HU
