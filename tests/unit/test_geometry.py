"""Grids: LPS round trips on random oblique and sheared affines, frames, tilt, bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleneedle.core.errors import FrameOfReferenceError, InputError
from teleneedle.core.geometry import Grid, require_same_frame


@st.composite
def oblique_grids(draw: st.DrawFn) -> Grid:
    """Random rotation, spacing 0.3–10 mm, shear up to 30°, origin up to 2 m, up to 1024³."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    spacing = rng.uniform(0.3, 10.0, 3)
    axes = rotation * spacing
    tilt = np.radians(draw(st.floats(-30, 30)))
    axes[:, 2] += np.tan(tilt) * spacing[2] * rotation[:, 1]
    affine = np.eye(4)
    affine[:3, :3] = axes
    affine[:3, 3] = rng.uniform(-2000, 2000, 3)
    shape = tuple(int(n) for n in rng.integers(1, 1024, 3))
    return Grid(shape=shape, affine=affine, frame_of_reference_uid="1.2.3")


@settings(max_examples=300, deadline=None)
@given(grid=oblique_grids(), seed=st.integers(0, 2**32 - 1))
def test_index_and_lps_round_trip_within_a_millionth_of_a_millimetre(grid: Grid, seed: int) -> None:
    rng = np.random.default_rng(seed)
    index = rng.uniform(-10, 1034, size=(50, 3))
    lps = grid.index_to_lps(index)
    assert np.abs(grid.index_to_lps(grid.lps_to_index(lps)) - lps).max() <= 1e-6
    assert np.abs(grid.lps_to_index(lps) - index).max() * grid.spacing_mm.max() <= 1e-6


@settings(max_examples=50, deadline=None)
@given(grid=oblique_grids())
def test_bounds_contain_every_corner_voxel(grid: Grid) -> None:
    low, high = grid.bounds_lps()
    i, j, k = grid.size_ijk
    corners = grid.index_to_lps([[a, b, c] for a in (0, i - 1) for b in (0, j - 1) for c in (0, k - 1)])
    assert (corners >= low - 1e-9).all()
    assert (corners <= high + 1e-9).all()


def test_gantry_tilt_shows_as_shear_and_keeps_the_voxel_volume() -> None:
    affine = np.diag([0.5, 0.5, 3.0, 1.0])
    affine[1, 2] = 3.0 * np.tan(np.radians(20.0))
    grid = Grid(shape=(5, 4, 3), affine=affine, frame_of_reference_uid="1")
    assert grid.is_sheared
    assert grid.shear_deg == pytest.approx(20.0, abs=1e-9)
    assert grid.voxel_volume_mm3 == pytest.approx(0.5 * 0.5 * 3.0)


def test_crop_keeps_world_positions() -> None:
    grid = Grid.regular((9, 8, 7), spacing_mm=(1, 2, 3), origin_lps=(5, 6, 7), frame_of_reference_uid="1")
    part = grid.crop((2, 3, 4), (5, 6, 7))
    assert part.shape == (3, 3, 3)
    assert part.index_to_lps([0, 0, 0]).tolist() == grid.index_to_lps([4, 3, 2]).tolist()


def test_two_frames_are_never_combined() -> None:
    one = Grid.regular((2, 2, 2), spacing_mm=(1, 1, 1), frame_of_reference_uid="1.1")
    two = Grid.regular((2, 2, 2), spacing_mm=(1, 1, 1), frame_of_reference_uid="1.2")
    with pytest.raises(FrameOfReferenceError, match="different frames"):
        require_same_frame(one, two)


@pytest.mark.parametrize(
    "affine", [np.zeros((4, 4)), np.full((4, 4), np.nan), np.eye(3)], ids=["singular", "nan", "3x3"]
)
def test_a_broken_affine_is_refused(affine: np.ndarray) -> None:
    with pytest.raises(InputError):
        Grid(shape=(2, 2, 2), affine=affine, frame_of_reference_uid="1")


def test_grids_match_by_corner_distance_not_by_affine_entries() -> None:
    grid = Grid.regular((200, 512, 512), spacing_mm=(0.7, 0.7, 1.6), frame_of_reference_uid="1")
    affine = grid.affine.copy()
    affine[0, 0] += 1e-4  # 0.05 mm at the far edge
    near = Grid(shape=grid.shape, affine=affine, frame_of_reference_uid="1")
    assert not grid.matches(near)
    assert grid.matches(near, tolerance_mm=0.1)
