"""Erosion and dilation in millimetres against SciPy's exact distance transform."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from teleneedle.engines.segmentation.shapes import dilated, eroded


@pytest.mark.parametrize("seed", range(40))
def test_dilation_and_erosion_are_those_of_the_whole_image(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(5, 24, 3))
    mask = ndimage.gaussian_filter(rng.random(shape), 1) > rng.uniform(0.45, 0.6)
    z, y, x = (float(s) for s in rng.uniform(0.5, 3.0, 3))
    radius_mm = float(rng.uniform(0.2, 9.0))
    assert mask.any()
    assert not mask.all()
    outside = ndimage.distance_transform_edt(~mask, sampling=(z, y, x))
    inside = ndimage.distance_transform_edt(mask, sampling=(z, y, x))
    assert np.array_equal(dilated(mask, radius_mm, (z, y, x)), outside <= radius_mm)
    assert np.array_equal(eroded(mask, radius_mm, (z, y, x)), inside > radius_mm)


def test_nothing_stays_nothing() -> None:
    empty = np.zeros((4, 5, 6), dtype=np.bool_)
    assert not dilated(empty, 5.0, (1.0, 1.0, 1.0)).any()
    assert not eroded(empty, 5.0, (1.0, 1.0, 1.0)).any()
