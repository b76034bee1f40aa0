"""Zones, margins and exact covers against closed forms and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from teleneedle.adapters.devices.library import choose_device
from teleneedle.core.devices import Modality, Zone
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.core.paths import CandidatePath
from teleneedle.engines.coverage import (
    Ellipsoids,
    build_demand,
    extract_surface,
    list_candidates,
    post_shrink_zone,
    solve_cover,
    surface_margins_mm,
)
from teleneedle.engines.coverage.branching import find_covers, minimal_points

CENTRE = np.array([29.3, 30.2, 29.8])


def ball(radius_mm: float, spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> LabelMap:
    shape = tuple(int(60 / s) for s in spacing_mm[::-1])
    grid = Grid.regular(shape, spacing_mm=spacing_mm, frame_of_reference_uid="1.2")
    k, j, i = np.indices(grid.shape)
    points = grid.index_to_lps(np.stack([i, j, k], axis=-1))
    return LabelMap(array=np.linalg.norm(points - CENTRE, axis=-1) <= radius_mm, grid=grid)


def sphere(centre: np.ndarray, radius_mm: float) -> Ellipsoids:
    zone = Zone(long_mm=2 * radius_mm, short_mm=2 * radius_mm)
    return Ellipsoids.of([(centre, (0.0, 0.0, 1.0), zone)])


@pytest.mark.parametrize("radius_mm", [6.0, 10.0, 15.0])
@pytest.mark.parametrize("offset", [(0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (1.0, -2.0, 1.5)])
def test_least_margin_between_spheres_is_their_gap(radius_mm, offset) -> None:
    surface = extract_surface(ball(radius_mm))
    margins = surface_margins_mm(surface, sphere(CENTRE + np.array(offset), radius_mm + 5.0))
    assert margins.min() == pytest.approx(5.0 - np.linalg.norm(offset), abs=0.2)
    assert (margins * surface.shares).sum() == pytest.approx(
        np.mean([5.0, 5.0]) + radius_mm - _mean_distance(radius_mm, float(np.linalg.norm(offset))), abs=0.1
    )


def _mean_distance(radius_mm: float, offset_mm: float) -> float:
    """Mean distance from a point `offset_mm` off the centre to a sphere's surface: R + d²/(3R)."""
    return radius_mm + offset_mm**2 / (3.0 * radius_mm)


def test_margin_is_negative_where_uncovered() -> None:
    margins = surface_margins_mm(extract_surface(ball(10.0)), sphere(CENTRE, 8.0))
    assert margins.max() < -1.7
    assert margins.min() == pytest.approx(-2.0, abs=0.2)


def test_normals_point_outwards() -> None:
    surface = extract_surface(ball(12.0, (0.8, 0.8, 2.0)))
    away = surface.points_lps - CENTRE
    cosine = (away * surface.normals).sum(axis=1) / np.linalg.norm(away, axis=1)
    assert cosine.min() > 0.95


def test_raster_has_the_volume_of_an_oblique_ellipsoid() -> None:
    zone = Zone(long_mm=40.0, short_mm=26.0)
    axis = np.array([0.48, 0.6, 0.64])
    raster = Ellipsoids.of([(CENTRE, axis, zone)]).rasterise(ball(5.0).grid)
    assert raster.volume_ml == pytest.approx(np.pi / 6 * 40 * 26**2 / 1000, rel=0.01)


def test_ellipsoid_distance_against_dense_samples() -> None:
    rng = np.random.default_rng(3)
    zone = Ellipsoids.of([((0, 0, 0), (0, 0, 1), Zone(long_mm=60, short_mm=40))])
    u = rng.normal(size=(400_000, 3))
    shell = u / np.linalg.norm(u, axis=1, keepdims=True) * np.array([20.0, 20.0, 30.0])
    for point in rng.uniform(-35, 35, size=(40, 3)):
        nearest = np.linalg.norm(shell - point, axis=1).min()
        inside = (point**2 / np.array([400.0, 400.0, 900.0])).sum() <= 1
        found = zone.depths_mm(point[None])[0, 0]
        assert found == pytest.approx(nearest if inside else -nearest, abs=0.1)


def test_union_depth_of_two_spheres_reaches_the_crease() -> None:
    two = Ellipsoids.of([((x, 0.0, 0.0), (0, 0, 1), Zone(long_mm=40, short_mm=40)) for x in (-12.0, 12.0)])
    # On the plane between them the nearest surface is the crease, a circle of radius √(20² − 12²) = 16.
    points = np.array([[0.0, y, 0.0] for y in (0.0, 4.0, 8.0, 12.0, 15.0)])
    assert two.union_depth_mm(points) == pytest.approx(16.0 - points[:, 1], abs=0.3)


def test_shrinkage_needs_microwaves() -> None:
    zone = Zone(long_mm=50, short_mm=40)
    assert post_shrink_zone(zone, Modality.RFA) == (zone, zone)


def test_margin_demand_has_the_volume_of_the_grown_sphere() -> None:
    demand = build_demand(ball(12.0), organ=None, body=None, margin_mm=5.0)
    assert demand.ptv.volume_ml == pytest.approx(4 / 3 * np.pi * 17**3 / 1000, rel=0.03)


def test_candidates_never_pass_the_safe_depth() -> None:
    device = choose_device(Modality.MWA, None)
    path = CandidatePath(
        entry_lps=(0.0, -60.0, 0.0), direction=(0.0, 1.0, 0.0), aim_lps=(0.0, 0.0, 0.0),
        aim_depth_mm=60.0, safe_depth_mm=66.0,
    )  # fmt: skip
    points = np.random.default_rng(0).normal(0, 8, (500, 3))
    found = list_candidates([path], device, device.settings(steps=2), points)
    assert len(found) > 0
    assert found.tip_depth.max() <= 66.0
    middle = np.array([0.0, -60.0, 0.0]) + (found.tip_depth - device.tip_to_centre_mm)[:, None] * found.axes
    assert np.allclose(middle, found.centres)


def brute_force(covers: np.ndarray, path: np.ndarray) -> tuple[int, int] | None:
    """Fewest punctures, then fewest applications with that many, by trying every subset."""
    best = None
    for size in range(1, len(covers) + 1):
        for chosen in itertools.combinations(range(len(covers)), size):
            if covers[list(chosen)].any(axis=0).all():
                key = (len(set(path[list(chosen)])), size)
                best = key if best is None or key < best else best
    return best


@pytest.mark.parametrize("seed", range(25))
def test_cover_is_as_small_as_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    covers = rng.random((10, 14)) < 0.35
    covers[rng.integers(10, size=14), np.arange(14)] = True
    path = rng.integers(0, 5, size=10)
    cover = solve_cover(covers, path, rng.uniform(1, 2, 10))
    assert cover is not None
    assert covers[cover.chosen].any(axis=0).all()
    punctures, applications = brute_force(covers, path)  # type: ignore[misc]  # not None: a cover was found
    assert len(np.unique(path[cover.chosen])) == punctures
    assert len(cover.chosen) == applications
    assert (cover.fewest_punctures, cover.fewest_applications) == (punctures, applications)
    assert cover.gap == 0.0


@pytest.mark.parametrize("seed", range(12))
def test_three_and_more_punctures_as_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    covers = rng.random((12, 18)) < 0.08
    covers[rng.integers(12, size=18), np.arange(18)] = True
    path = rng.integers(0, 6, size=12)
    punctures, applications = brute_force(covers, path)  # type: ignore[misc]  # not None: a cover was found
    cover = solve_cover(covers, path, rng.uniform(1, 2, 12))
    assert punctures >= 3
    assert cover is not None
    assert covers[cover.chosen].any(axis=0).all()
    assert (len(np.unique(path[cover.chosen])), len(cover.chosen)) == (punctures, applications)


@pytest.mark.parametrize("seed", range(12))
def test_listed_covers_are_all_of_them(seed: int) -> None:
    rng = np.random.default_rng(200 + seed)
    sets = rng.random((9, 12)) < 0.4
    points = minimal_points(sets)
    for size in (2, 3):
        truth = {
            chosen
            for chosen in itertools.combinations(range(9), size)
            if sets[list(chosen)].any(axis=0).all()
        }
        found = find_covers(sets[:, points], size)
        assert found.is_complete
        listed = [tuple(sorted(int(c) for c in cover if c >= 0)) for cover in found.covers]
        assert len(set(listed)) == len(listed)
        # Every cover of that size holds a listed one, and every listed one covers.
        assert all(sets[list(cover)].any(axis=0).all() for cover in listed)
        assert all(any(set(cover) <= set(chosen) for cover in listed) for chosen in truth)


def test_separate_parts_are_covered_each_with_its_fewest() -> None:
    covers = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 1, 0]], dtype=bool)
    cover = solve_cover(covers, np.arange(3), np.ones(3), parts=np.array([0, 0, 1, 1]))
    assert cover is not None
    assert cover.chosen.tolist() == [0, 1]
    assert cover.gap == 0.0


def test_known_optimum_steiner_triples() -> None:
    """The Fano plane's lines: any two meet, so three lines through a point are the least cover."""
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    covers = np.zeros((7, 7), dtype=bool)
    for n, line in enumerate(lines):
        covers[n, list(line)] = True
    cover = solve_cover(covers, np.arange(7), np.ones(7))
    assert cover is not None
    assert len(cover.chosen) == 3
    assert cover.gap == 0.0


def test_pull_back_beats_a_second_puncture() -> None:
    covers = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]], dtype=bool)
    cover = solve_cover(covers, np.array([0, 0, 0, 1]), np.ones(4))
    assert cover is not None
    assert cover.chosen.tolist() == [0, 1, 2]


def test_exact_number_of_punctures() -> None:
    covers = np.array([[1, 1], [1, 0], [0, 1]], dtype=bool)
    path, price = np.array([0, 1, 2]), np.ones(3)
    two = solve_cover(covers, path, price, punctures=2)
    assert two is not None
    assert len(np.unique(path[two.chosen])) == 2
    only_pairs = np.array([[1, 0], [0, 1]], dtype=bool)
    assert solve_cover(only_pairs, np.array([0, 1]), np.ones(2), punctures=1) is None
