"""Lesions that stand out in the liver, for when nobody has named a target. Proposals, always amber."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.core.anatomy import Gate, Proposed
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation.shapes import components, distance_mm, opened
from teleneedle.engines.segmentation.tumour import segment_tumour_in_box

SMOOTHING_MM = 2.0
LEAST_CONTRAST_HU = 20.0
CONTRAST_NOISES = 2.5
OPENING_MM = 3.0
LEAST_ML = 0.5
RIM_MM = 3.0
"""The liver's own edge, blurred by partial volume, is not looked at."""
MOST_PROPOSALS = 5
NOT_NAMED = (
    "程序自动提出，无人指定：须由医师确认是否为肿瘤。",
    "Proposed automatically, named by nobody: a physician must confirm that it is a tumour.",
)


def propose_lesions(volume: Volume, liver: LabelMap) -> list[Proposed]:
    """Dark blobs in the liver, most conspicuous (contrast × volume) first.

    Parameters
    ----------
    volume : Volume
        CT, HU.
    liver : LabelMap
        Liver, lesions included, on the CT's grid.

    Returns
    -------
    list of Proposed
        At most five, each drawn by the box tool round its blob; empty when nothing stands out.
    """
    if liver.is_empty:
        return []
    window = liver.bounding_slices(pad_mm=0.0)
    inside = liver.array[window]
    k, j, i = volume.grid.spacing_mm[::-1].tolist()
    spacing_mm = (k, j, i)
    depth = distance_mm(inside, spacing_mm)
    smooth = ndimage.gaussian_filter(
        volume.array[window].astype(np.float32), [SMOOTHING_MM / s for s in spacing_mm]
    )
    core = smooth[depth > RIM_MM]
    if not len(core):
        return []
    level, noise = float(np.median(core)), 1.4826 * float(np.median(np.abs(core - np.median(core))))
    dark = (smooth < level - max(LEAST_CONTRAST_HU, CONTRAST_NOISES * noise)) & (depth > RIM_MM)
    labels, sizes = components(opened(dark, OPENING_MM, spacing_mm))
    volume_ml = sizes * volume.grid.voxel_volume_mm3 / 1000.0
    kept = np.flatnonzero(volume_ml >= LEAST_ML)
    contrast = level - ndimage.mean(smooth, labels, kept) if len(kept) else np.zeros(0)
    order = kept[np.argsort(-(contrast * volume_ml[kept]), kind="stable")][:MOST_PROPOSALS]
    start = np.array([w.start for w in window])
    boxes = [_box(volume, labels == label, start) for label in order]
    return [
        replace(tumour, name=f"tumour{n}", gate=Gate.AMBER, reasons=(*tumour.reasons, NOT_NAMED))
        for n, tumour in enumerate(
            (segment_tumour_in_box(volume, box_lps=box, liver=liver) for box in boxes), start=1
        )
    ]


def _box(
    volume: Volume, blob: NDArray[np.bool_], start_kji: NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Corners (LPS mm) of the box round a blob, wider by what smoothing took off, inside the CT."""
    grown = np.array([SMOOTHING_MM, SMOOTHING_MM, SMOOTHING_MM]) / volume.grid.spacing_mm[::-1]
    found = np.argwhere(blob) + start_kji
    low = np.maximum(found.min(axis=0) - grown, 0.0)
    high = np.minimum(found.max(axis=0) + grown, np.array(volume.grid.shape) - 1.0)
    corners = volume.grid.index_to_lps(np.stack([low, high])[:, ::-1])
    return corners.min(axis=0), corners.max(axis=0)
