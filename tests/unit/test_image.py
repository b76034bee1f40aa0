"""Volumes and label maps: sampling, volumes, read-only arrays, set operations."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.core.errors import FrameOfReferenceError, InputError, StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume


def grid(shape: tuple[int, int, int] = (12, 11, 10), frame: str = "1") -> Grid:
    return Grid.regular(
        shape, spacing_mm=(0.8, 0.9, 2.0), origin_lps=(-3, 4, 5), frame_of_reference_uid=frame
    )


def test_trilinear_sampling_is_exact_for_a_trilinear_field() -> None:
    g = grid()
    k, j, i = np.indices(g.shape)
    volume = Volume(array=(2.0 * i - 3.0 * j + 0.5 * k + 0.1 * i * j * k).astype(np.float64), grid=g)
    index = np.random.default_rng(0).uniform(0, [9, 10, 11], size=(100, 3))
    expected = 2 * index[:, 0] - 3 * index[:, 1] + 0.5 * index[:, 2] + 0.1 * index.prod(axis=1)
    assert np.allclose(volume.sample(g.index_to_lps(index)), expected, atol=1e-9)


def test_sampling_outside_says_so_and_single_slices_work() -> None:
    g = grid((1, 3, 3))
    volume = Volume(array=np.ones((1, 3, 3), np.int16), grid=g)
    assert np.isnan(volume.sample(g.index_to_lps([5, 5, 5])))
    assert volume.sample(g.index_to_lps([1, 1, 0])) == 1.0


def test_arrays_are_read_only_and_the_callers_array_is_not() -> None:
    array = np.zeros((12, 11, 10), np.int16)
    volume = Volume(array=array, grid=grid())
    with pytest.raises(ValueError, match="read-only"):
        volume.array[0, 0, 0] = 1
    array[0, 0, 0] = 1


def test_shape_and_dtype_are_checked() -> None:
    with pytest.raises(InputError, match="shape"):
        Volume(array=np.zeros((2, 2, 2)), grid=grid())
    with pytest.raises(InputError, match="booleans"):
        LabelMap(array=np.zeros((12, 11, 10), np.uint8), grid=grid())


def test_volume_and_diameters_of_a_digital_ellipsoid() -> None:
    g = Grid.regular((120, 120, 120), spacing_mm=(0.5, 0.5, 0.5), frame_of_reference_uid="1")
    k, j, i = np.indices(g.shape)
    p = (np.stack([i, j, k], axis=-1) - 59.5) * 0.5
    ellipsoid = (p[..., 0] / 20) ** 2 + (p[..., 1] / 12) ** 2 + (p[..., 2] / 8) ** 2 <= 1
    label_map = LabelMap(array=ellipsoid, grid=g)
    assert label_map.volume_ml == pytest.approx(4 / 3 * np.pi * 20 * 12 * 8 / 1000, rel=0.005)
    assert label_map.principal_diameters_mm() == pytest.approx([40, 24, 16], abs=0.6)
    assert label_map.centroid_lps() == pytest.approx([29.75] * 3, abs=0.01)


def test_set_operations_refuse_other_frames_and_grids() -> None:
    one = LabelMap(array=np.ones((12, 11, 10), bool), grid=grid())
    other_frame = LabelMap(array=np.ones((12, 11, 10), bool), grid=grid(frame="2"))
    other_grid = LabelMap(array=np.ones((4, 4, 4), bool), grid=grid((4, 4, 4)))
    with pytest.raises(FrameOfReferenceError):
        one.union(other_frame)
    with pytest.raises(StructureError, match="different grids"):
        one.minus(other_grid)
    assert one.minus(one).is_empty
    with pytest.raises(StructureError):
        one.minus(one).centroid_lps()


def test_bounding_slices_pad_in_millimetres_and_stay_inside() -> None:
    array = np.zeros((12, 11, 10), bool)
    array[5, 5, 5] = True
    window = LabelMap(array=array, grid=grid()).bounding_slices(pad_mm=2.0)
    assert window == (slice(4, 7), slice(2, 9), slice(2, 9))
