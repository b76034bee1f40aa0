"""Candidate lesions in the liver, for the case that nobody names a target: always to be confirmed."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from teleneedle.core.anatomy import Gate, Proposed
from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation.liver import liver_level
from teleneedle.engines.segmentation.provenance import ENGINE
from teleneedle.engines.segmentation.scene import Scene
from teleneedle.engines.segmentation.shapes import components, eroded, filled, opened
from teleneedle.engines.segmentation.workgrid import BoolArray, PatientImage

SMOOTHING_MM = 3.0
STEP_SIGMAS = 2.2
MIN_STEP_HU = 12.0
LESION_ML = (0.3, 400.0)
FLUID_HU = 0.0
CAPSULE_MM = 4.0
MOST = 10
CONFIRM = (
    "自动提示的候选病灶，须由医生确认",
    "a candidate found automatically: a physician has to confirm it",
)


def propose_lesions(volume: Volume, liver: LabelMap) -> list[Proposed]:
    """Darker places inside the liver, the most conspicuous first; every one amber.

    Parameters
    ----------
    volume : Volume
        CT, HU.
    liver : LabelMap
        Liver on the CT's grid.

    Returns
    -------
    list of Proposed
        At most ten candidates named ``tumour1``, ``tumour2``, …; empty when the liver is even.
    """
    scene = Scene.of(volume)
    scene.give({"liver": liver})
    image = scene.medium
    inside = filled(scene.mask("liver"))
    found = _dark_places(image, inside)
    return [
        Proposed(
            name=f"tumour{number}",
            label_map=scene.to_label_map(scene.refined(mask)),
            engine=ENGINE,
            gate=Gate.AMBER,
            reasons=(CONFIRM,),
        )
        for number, mask in enumerate(found, start=1)
    ]


def _dark_places(image: PatientImage, inside: BoolArray) -> list[BoolArray]:
    smooth = ndimage.gaussian_filter(image.hu, [SMOOTHING_MM / s for s in image.spacing_mm])
    level = liver_level(smooth[inside])
    if level is None:
        return []
    step = max(MIN_STEP_HU, STEP_SIGMAS * level.sigma_hu)
    dark = eroded(inside, CAPSULE_MM, image.spacing_mm) & (smooth < level.mean_hu - step)
    dark = opened(dark & (smooth > FLUID_HU), 3.0, image.spacing_mm)
    labels, sizes = components(dark)
    volumes = sizes * image.voxel_ml
    fitting = np.flatnonzero((volumes >= LESION_ML[0]) & (volumes <= LESION_ML[1]))
    if not fitting.size:
        return []
    depth_hu = level.mean_hu - np.asarray(ndimage.mean(smooth, labels, fitting))
    order = np.argsort(-depth_hu * np.cbrt(volumes[fitting]), kind="stable")[:MOST]
    return [labels == fitting[i] for i in order]
