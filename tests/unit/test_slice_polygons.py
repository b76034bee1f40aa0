"""Polygons around voxels against scikit-image's rasteriser, which knows nothing of how they were found."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage
from skimage.draw import polygon2mask

from teleneedle.adapters.dicom.contours import slice_polygons


def random_masks() -> list[NDArray[np.bool_]]:
    """Dust, solids with holes, islands in holes, and diagonal contacts, up to the rim."""
    rng = np.random.default_rng(11)
    return [
        rng.random((rng.integers(1, 15), rng.integers(1, 15))) < share
        for share in (0.2, 0.5, 0.8, 0.95)
        for _ in range(60)
    ]


def test_polygons_added_up_are_the_mask() -> None:
    for mask in random_masks():
        added = np.zeros(mask.shape, dtype=int)
        polygons = slice_polygons(mask)
        for polygon in polygons:
            added += polygon2mask(mask.shape, polygon[:, ::-1])
        np.testing.assert_array_equal(added, mask)
        assert len(polygons) == ndimage.label(mask)[1]


@pytest.mark.parametrize(("size", "corners"), [(1, 4), (2, 8), (9, 8)])
def test_a_square_has_cut_corners_and_no_others(size: int, corners: int) -> None:
    polygon = slice_polygons(np.ones((size, size), dtype=bool))[0]
    assert len(polygon) - corners in (0, 1)  # the walk may start in the middle of a side
