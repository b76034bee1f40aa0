"""Outlines against analytic circles and ellipses."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.adapters.report.pictures import outlines, planes
from teleneedle.adapters.report.pictures.smooth_target import SmoothTarget
from teleneedle.core.errors import FrameOfReferenceError, StructureError
from teleneedle.core.geometry import Grid, unit
from teleneedle.core.image import LabelMap

CENTRE = np.array([31.3, 28.7, 33.1])
RADIUS_MM = 14.0


def _ball(spacing: tuple[float, float, float], radius_mm: float = RADIUS_MM) -> LabelMap:
    size = tuple(round(64 / s) for s in spacing)
    grid = Grid.regular(size[::-1], spacing_mm=spacing, frame_of_reference_uid="1.2")
    index = np.stack(np.meshgrid(*(np.arange(n) for n in size), indexing="ij"), axis=-1)
    away = np.linalg.norm(grid.index_to_lps(index) - CENTRE, axis=-1)
    return LabelMap(array=np.ascontiguousarray((away <= radius_mm).transpose(2, 1, 0)), grid=grid)


def _oblique(seed: int, offset_mm: float) -> planes.Plane:
    rng = np.random.default_rng(seed)
    right = unit(rng.normal(size=3))
    up = unit(np.cross(right, rng.normal(size=3)))
    look = np.cross(up, right)
    return planes.Plane(
        centre=CENTRE + offset_mm * look + 3 * right, right=right, up=up, width_mm=60, height_mm=56
    )


def _radial_error(contours: outlines.Contours, plane: planes.Plane, radius_mm: float) -> np.ndarray:
    middle = plane.project(CENTRE)
    points = np.vstack(contours) - middle[:2]
    return np.linalg.norm(points, axis=1) - np.sqrt(radius_mm**2 - middle[2] ** 2)


@pytest.mark.parametrize("spacing", [(0.743, 0.743, 1.6), (1.0, 1.0, 1.0)])
@pytest.mark.parametrize(("seed", "offset_mm"), [(0, 0.0), (1, 4.0), (2, -7.0), (3, 2.0)])
def test_target_outline_is_within_0_3_mm_of_the_circle(
    spacing: tuple[float, float, float], seed: int, offset_mm: float
) -> None:
    plane = _oblique(seed, offset_mm)
    found = SmoothTarget.of(_ball(spacing), reach_mm=5.0).outline(plane)
    assert len(found) == 1
    assert np.allclose(found[0][0], found[0][-1])
    assert np.abs(_radial_error(found, plane, RADIUS_MM)).max() <= 0.3


@pytest.mark.parametrize("spacing", [(0.743, 0.743, 1.6), (1.0, 1.0, 1.0)])
@pytest.mark.parametrize(("seed", "offset_mm"), [(4, 0.0), (5, 5.0)])
def test_margin_outline_is_within_0_3_mm(
    spacing: tuple[float, float, float], seed: int, offset_mm: float
) -> None:
    plane = _oblique(seed, offset_mm)
    found = SmoothTarget.of(_ball(spacing), reach_mm=5.0).margin_outline(plane)
    assert np.abs(_radial_error(found, plane, RADIUS_MM + 5.0)).max() <= 0.3


@pytest.mark.parametrize(("seed", "offset_mm"), [(0, 0.0), (6, 3.0), (7, -6.0)])
def test_structure_outline_is_within_0_2_mm_on_average_and_half_a_slice_anywhere(
    seed: int, offset_mm: float
) -> None:
    plane = _oblique(seed, offset_mm)
    masks = outlines.BitMasks.pack(
        {"liver": _ball((0.743, 0.743, 1.6)), "artery": _ball((0.743, 0.743, 1.6), 6.0)}
    )
    cut = masks.outlines(plane)
    error = np.abs(_radial_error(cut["liver"], plane, RADIUS_MM))
    assert error.mean() <= 0.2
    assert error.max() <= 1.6 / 2


def test_packed_structures_keep_apart_and_absent_ones_draw_nothing() -> None:
    ball, small = _ball((1.0, 1.0, 1.0)), _ball((1.0, 1.0, 1.0), 6.0)
    masks = outlines.BitMasks.pack({"liver": ball, "artery": small})
    for name, label_map in (("liver", ball), ("artery", small)):
        bit = 1 << masks.names.index(name)
        assert np.array_equal((masks.words & bit) > 0, label_map.array)
    cut = masks.outlines(_oblique(1, 10.0))
    assert cut["liver"]
    assert cut["artery"] == []


def test_structures_on_other_grids_or_frames_are_refused() -> None:
    ball = _ball((1.0, 1.0, 1.0))
    with pytest.raises(StructureError):
        outlines.BitMasks.pack({"liver": ball, "artery": _ball((2.0, 2.0, 2.0))})
    other = Grid(shape=ball.grid.shape, affine=ball.grid.affine, frame_of_reference_uid="9.9")
    with pytest.raises(FrameOfReferenceError):
        outlines.BitMasks.pack({"liver": ball, "artery": LabelMap(array=ball.array, grid=other)})


@pytest.mark.parametrize("offset_mm", [0.0, 6.0, 15.0])
def test_ellipsoid_across_its_axis_is_the_analytic_circle(offset_mm: float) -> None:
    axis = unit([0.3, 0.9, 0.2])
    plane = planes.along_needle(
        CENTRE - 50 * axis, CENTRE, CENTRE + offset_mm * axis, width_mm=60, height_mm=60
    )
    found = outlines.ellipsoid_contours([(CENTRE, axis, 48.0, 36.0)], plane)
    wanted = 18.0 * np.sqrt(1 - (offset_mm / 24.0) ** 2)
    assert np.abs(np.linalg.norm(np.vstack(found), axis=1) - wanted).max() <= 0.05


def test_ellipsoid_along_its_axis_is_the_analytic_ellipse() -> None:
    axis = unit([0.2, 0.7, -0.4])
    plane = planes.in_line(CENTRE - 60 * axis, CENTRE, CENTRE, width_mm=70, height_mm=70)
    points = np.vstack(outlines.ellipsoid_contours([(CENTRE, axis, 48.0, 36.0)], plane))
    u, v = (points - plane.project(CENTRE)[:2]).T
    implicit = np.hypot(u / 18.0, v / 24.0)
    assert np.abs(implicit - 1).max() * 18.0 <= 0.05


def test_union_outline_lies_on_the_surface_of_one_and_inside_none() -> None:
    zones = [(CENTRE + s * np.array([8.0, 0, 0]), unit([0, 1, 0.2]), 40.0, 30.0) for s in (-1, 1)]
    plane = planes.axial(CENTRE, width_mm=80, height_mm=70)
    points = np.vstack(outlines.ellipsoid_contours(zones, plane))
    depth = np.max(
        [outlines.ellipsoid_depth(plane.at(points[:, 0], points[:, 1]), *z) for z in zones], axis=0
    )
    assert np.percentile(np.abs(depth), 95) <= 0.05
    assert np.abs(depth).max() <= 0.4


def test_a_plane_that_misses_draws_nothing() -> None:
    plane = planes.axial(CENTRE + np.array([0.0, 0.0, 60.0]), width_mm=80, height_mm=70)
    assert outlines.ellipsoid_contours([(CENTRE, unit([0, 1, 0]), 40.0, 30.0)], plane) == []
    assert SmoothTarget.of(_ball((1.0, 1.0, 1.0)), reach_mm=5.0).outline(plane) == []
