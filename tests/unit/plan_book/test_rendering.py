"""Meshes and the software renderer against spheres; charts against the geometry of the projection."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from teleneedle.adapters.report.pictures import planes
from teleneedle.adapters.report.pictures.charts import inverse_mollweide, mollweide
from teleneedle.adapters.report.pictures.overlay import PT_PER_MM, NeedleLine, Overlay
from teleneedle.adapters.report.pictures.render3d import Body, render
from teleneedle.adapters.report.pictures.surfaces import (
    Mesh,
    ellipsoid_union_mesh,
    mask_mesh,
    tube_mesh,
)
from teleneedle.core.geometry import Grid, unit
from teleneedle.core.image import LabelMap

AXIS = np.array([0.0, 0.0, 1.0])


def _ball_mesh(radius_mm: float = 20.0, centre: tuple[float, float, float] = (0, 0, 0)) -> Mesh:
    return ellipsoid_union_mesh([(np.array(centre, dtype=float), AXIS, 2 * radius_mm, 2 * radius_mm)])


def _edges(mesh: Mesh) -> Counter[tuple[int, int]]:
    pairs = np.sort(mesh.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    return Counter(map(tuple, pairs.tolist()))


def test_silhouette_of_a_sphere_has_its_area_within_one_per_cent() -> None:
    view = planes.coronal((0, 0, 0), width_mm=60, height_mm=50)
    picture = render([Body(mesh=_ball_mesh(), colour="#0072B2")], view, columns=600)
    covered = 1.0 - (picture.astype(float).min(axis=2) >= 254).mean()
    assert covered * 60 * 50 == pytest.approx(np.pi * 20**2, rel=0.01)


def test_the_nearer_body_hides_the_farther_one_in_any_order() -> None:
    near = Body(mesh=_ball_mesh(8.0, (0, -30, 0)), colour="#D55E00")
    far = Body(mesh=_ball_mesh(16.0, (0, 10, 0)), colour="#0072B2")
    view = planes.coronal((0, 0, 0), width_mm=60, height_mm=60)
    pictures = [render(order, view, columns=120) for order in ([near, far], [far, near])]
    assert np.array_equal(*pictures)
    middle, side = pictures[0][60, 60].astype(int), pictures[0][60, 84].astype(int)
    assert middle[0] > middle[2]
    assert side[2] > side[0]


def test_see_through_bodies_blend_far_to_near_and_never_in_front_of_solid_ones() -> None:
    glass = Body(mesh=_ball_mesh(16.0), colour="#CC79A7", opacity=0.25)
    hidden = Body(mesh=_ball_mesh(8.0, (0, 40, 0)), colour="#F0E442", opacity=0.5)
    wall = Body(mesh=_ball_mesh(12.0, (0, 20, 0)), colour="#0072B2")
    view = planes.coronal((0, 0, 0), width_mm=60, height_mm=60)
    alone = render([wall], view, columns=120)[60, 60].astype(float)
    mixed = render([hidden, glass, wall], view, columns=120)[60, 60].astype(float)
    assert np.array_equal(render([wall, glass, hidden], view, columns=120)[60, 60], mixed)
    glass_only = render([glass], view, columns=120)[60, 60].astype(float)
    shade = (glass_only - 255 * 0.75) / 0.25
    assert mixed == pytest.approx(0.75 * alone + 0.25 * shade, abs=2.0)


def test_left_of_the_patient_is_at_the_right_of_the_picture() -> None:
    view = planes.coronal((0, 0, 0), width_mm=100, height_mm=100)
    picture = render([Body(mesh=_ball_mesh(8.0, (30, 0, 20)), colour="#0072B2")], view, columns=100)
    row, column = np.argwhere(picture.min(axis=2) < 250).mean(axis=0)
    assert column == pytest.approx(79.5, abs=1)
    assert row == pytest.approx(29.5, abs=1)


@pytest.mark.parametrize("direction", [np.eye(3), np.diag([-1.0, 1.0, -1.0])])
def test_mesh_of_a_mask_is_closed_outward_and_as_large_as_the_ball(direction: np.ndarray) -> None:
    grid = Grid.regular(
        (40, 60, 60), spacing_mm=(1.0, 1.0, 1.5), direction=direction, frame_of_reference_uid="1.2"
    )
    centre = grid.index_to_lps([29.5, 30.2, 20.1])
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.size_ijk), indexing="ij"), axis=-1)
    inside = (np.linalg.norm(grid.index_to_lps(index) - centre, axis=-1) < 18).transpose(2, 1, 0)
    mesh = mask_mesh(LabelMap(array=np.ascontiguousarray(inside), grid=grid))
    away = mesh.vertices - centre
    radius = np.linalg.norm(away, axis=1)
    assert radius.mean() == pytest.approx(18, abs=0.25)
    assert np.abs(radius - 18).max() < 0.9
    assert ((away / radius[:, None]) * mesh.normals).sum(axis=1).min() > 0.9
    assert set(_edges(mesh).values()) == {2}


def test_zone_mesh_follows_the_ellipsoid() -> None:
    axis = unit([0.3, 0.8, 0.1])
    mesh = ellipsoid_union_mesh([(np.array([5.0, 6, 7]), axis, 48.0, 36.0)])
    relative = mesh.vertices - np.array([5.0, 6, 7])
    along = relative @ axis
    across = np.sqrt(np.maximum((relative**2).sum(axis=1) - along**2, 0))
    assert np.abs(np.hypot(along / 24, across / 18) - 1).max() * 18 < 0.1


def test_a_tube_has_its_length_and_radius() -> None:
    mesh = tube_mesh(np.array([0, 0, 0.0]), np.array([0, 0, 50.0]), 2.0)
    assert mesh.vertices[:, 2].min() == 0
    assert mesh.vertices[:, 2].max() == 50
    assert np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 1]).max() == pytest.approx(2, abs=1e-5)


def test_map_projection_round_trips_and_keeps_areas() -> None:
    rng = np.random.default_rng(3)
    directions = unit(rng.normal(size=(20000, 3)))
    spots = mollweide(directions)
    assert np.abs(inverse_mollweide(spots[:, 0], spots[:, 1]) - directions).max() < 1e-4
    assert np.hypot(spots[:, 0], spots[:, 1]).max() <= 1 + 1e-9
    for low in (-0.8, -0.3, 0.4):
        band = ((spots[:, 1] > low) & (spots[:, 1] < low + 0.3)).mean()
        edges = np.array([low, low + 0.3])
        share = np.diff((np.arcsin(edges) + edges * np.sqrt(1 - edges**2)) / np.pi)[0]
        assert band == pytest.approx(share, abs=0.012)


def test_map_directions_stand_where_their_letters_are() -> None:
    spots = mollweide(np.array([[0, -1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]], dtype=float))
    wanted = [[0, 0], [0.5, 0], [-0.5, 0], [0, 1], [0, -1]]
    assert np.abs(spots - wanted).max() < 1e-6


def test_scale_bar_has_its_length_on_paper() -> None:
    plane = planes.axial((0, 0, 0), width_mm=120, height_mm=100)
    overlay = Overlay(plane=plane, paper_width_mm=60)
    overlay.scale_bar()
    svg = overlay.svg()
    assert "20 mm" in svg
    left, right = svg.split('<path d="M')[1].split('"')[0].replace("H", " ").split()[0::2]
    assert float(right) - float(left) == pytest.approx(20 * 0.5 * PT_PER_MM, abs=0.05)


def test_needle_is_solid_in_the_plane_and_dashed_outside() -> None:
    plane = planes.axial((0, 0, 0), width_mm=120, height_mm=120)
    flat, steep = Overlay(plane=plane, paper_width_mm=80), Overlay(plane=plane, paper_width_mm=80)
    flat.needles([NeedleLine(label="N1", entry_lps=(0, -40, 1), tip_lps=(0, 0, 1))])
    steep.needles([NeedleLine(label="N1", entry_lps=(0, -40, -30), tip_lps=(0, 0, 0))])
    assert "stroke-dasharray" not in flat.svg()
    assert "stroke-dasharray" in steep.svg()
    assert ">N1<" in flat.svg()


def test_labels_cannot_break_out_of_the_drawing() -> None:
    plane = planes.axial((0, 0, 0), width_mm=120, height_mm=120)
    overlay = Overlay(plane=plane, paper_width_mm=80)
    overlay.text((10, 10), '</text><image href="file:///etc/passwd"/>')
    assert "<image" not in overlay.svg()
