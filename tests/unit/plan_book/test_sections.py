"""Oblique sections: values on analytic fields, orientation letters and sides, needle planes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from teleneedle.adapters.report.pictures import planes
from teleneedle.adapters.report.pictures.sections import (
    NO_DATA_HU,
    WINDOW_HU,
    section_hu,
    section_jpeg,
    window_grey,
)
from teleneedle.core.geometry import Grid, unit
from teleneedle.core.image import Volume

RNG = np.random.default_rng(7)
HEAD_FIRST = np.diag([1.0, 1.0, 1.0])
FEET_FIRST = np.diag([-1.0, 1.0, -1.0])
PRONE = np.diag([-1.0, -1.0, 1.0])
SHEARED = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.3], [0.0, 0.0, 0.95]])


def _grid(direction: np.ndarray, shape: tuple[int, int, int] = (40, 50, 60)) -> Grid:
    spacing = np.array([1.1, 0.9, 2.0])
    half = (np.array(shape[::-1]) - 1) / 2
    origin = -(direction * spacing) @ half
    return Grid.regular(
        shape, spacing_mm=spacing, origin_lps=origin, direction=direction, frame_of_reference_uid="1.2"
    )


def _points(grid: Grid) -> np.ndarray:
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.size_ijk), indexing="ij"), axis=-1)
    return np.moveaxis(grid.index_to_lps(index), (0, 1, 2), (2, 1, 0))


@pytest.mark.parametrize("direction", [HEAD_FIRST, FEET_FIRST, PRONE, SHEARED])
def test_linear_field_is_reproduced_in_any_oblique_plane(direction: np.ndarray) -> None:
    grid = _grid(direction)
    slope = np.array([1.3, -0.7, 2.1])
    volume = Volume(array=(_points(grid) @ slope + 40).astype(np.float32), grid=grid)
    for _ in range(5):
        right = unit(RNG.normal(size=3))
        up = unit(np.cross(right, RNG.normal(size=3)))
        plane = planes.Plane(centre=RNG.normal(size=3), right=right, up=up, width_mm=24, height_mm=18)
        found = section_hu(volume, plane, 48, 36)
        a, b = plane.lattice(48, 36)
        wanted = plane.at(a[None, :], b[:, None]) @ slope + 40
        assert np.abs(found - wanted).max() < 0.01


@pytest.mark.parametrize("direction", [HEAD_FIRST, FEET_FIRST, PRONE])
@pytest.mark.parametrize(
    ("make", "towards", "edge"),
    [
        (planes.axial, (1, 0, 0), "right"),
        (planes.axial, (0, -1, 0), "top"),
        (planes.coronal, (1, 0, 0), "right"),
        (planes.coronal, (0, 0, 1), "top"),
        (planes.sagittal, (0, 1, 0), "right"),
        (planes.sagittal, (0, 0, 1), "top"),
    ],
)
def test_a_marker_appears_at_the_edge_with_its_letter(
    direction: np.ndarray, make: object, towards: tuple[int, int, int], edge: str
) -> None:
    grid = _grid(direction)
    marker = 12.0 * np.array(towards, dtype=float)
    near = np.linalg.norm(_points(grid) - marker, axis=-1) < 4.0
    volume = Volume(array=np.where(near, 1000, 0).astype(np.int16), grid=grid)
    plane = make((0, 0, 0), width_mm=40, height_mm=40)  # type: ignore[operator]  # one of three functions
    hu = section_hu(volume, plane, 80, 80)
    row, column = np.argwhere(hu > 500).mean(axis=0)
    if edge == "right":
        assert column > 55
        assert abs(row - 39.5) < 3
    else:
        assert row < 25
        assert abs(column - 39.5) < 3
    letter = {(1, 0, 0): "L", (0, -1, 0): "A", (0, 1, 0): "P", (0, 0, 1): "H"}[towards]
    assert plane.letters()[edge] == letter


def test_outside_the_scan_is_marked_and_not_invented() -> None:
    grid = _grid(HEAD_FIRST)
    volume = Volume(array=np.full(grid.shape, 100, np.int16), grid=grid)
    hu = section_hu(volume, planes.axial((0, 0, 0), width_mm=400, height_mm=400), 100, 100)
    assert hu[0, 0] == NO_DATA_HU
    assert hu[50, 50] == pytest.approx(100, abs=1e-3)


def test_window_maps_level_to_mid_grey_and_clips() -> None:
    hu = np.array([[-125.0, 40.0, 205.0, 3000.0, -1000.0]], np.float32)
    assert window_grey(hu, WINDOW_HU)[0].tolist() == [0, 128, 255, 255, 0]


def test_jpeg_has_300_dots_per_inch_on_paper() -> None:
    grid = _grid(HEAD_FIRST)
    volume = Volume(array=np.zeros(grid.shape, np.int16), grid=grid)
    data = section_jpeg(volume, planes.axial((0, 0, 0), width_mm=40, height_mm=30), paper_width_mm=85)
    picture = Image.open(io.BytesIO(data))
    assert picture.width >= 85 / 25.4 * 300
    assert picture.width / picture.height == pytest.approx(4 / 3, abs=0.01)


@pytest.mark.parametrize("seed", range(12))
def test_in_line_plane_contains_the_needle_with_the_hub_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    entry, tip, partner = rng.normal(scale=60, size=(3, 3))
    plane = planes.in_line(entry, tip, tip + rng.normal(size=3), width_mm=100, height_mm=80)
    ends = plane.project([entry, tip])
    assert np.abs(ends[:, 2]).max() < 1e-6
    assert np.ptp(ends[:, 0]) < 1e-6
    assert ends[0, 1] > ends[1, 1]
    both = planes.in_line(entry, tip, tip, partner_lps=partner, width_mm=100, height_mm=80)
    assert abs(both.project(partner)[2]) < 1e-6


def test_probes_eye_looks_from_the_hub_at_target_depth() -> None:
    entry, tip, depth = np.array([0, -80.0, 0]), np.array([0.0, 0, 0]), np.array([0, -10.0, 0])
    plane = planes.along_needle(entry, tip, depth, width_mm=60, height_mm=60)
    assert plane.look @ np.array([0, 1.0, 0]) == pytest.approx(1)
    assert plane.letters() == {"left": "R", "right": "L", "top": "H", "bottom": "F"}
    assert plane.project(entry)[2] < 0 < plane.project(tip)[2]
