"""Analytic scenes: cones, planes, cylinders, limits, the Pareto set; truths in closed form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teleneedle.core.devices import Modality
from teleneedle.core.errors import (
    Cancelled,
    FrameOfReferenceError,
    InputError,
    NoSafePathError,
    StructureError,
)
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.core.needle_gauge import needle_diameter_mm
from teleneedle.core.progress import CancelToken
from teleneedle.engines.trajectories import (
    PathRules,
    PathScene,
    PathSearch,
    default_rules,
    describe_path,
    explain_no_path,
    needle_pairs,
    search_paths,
)
from teleneedle.engines.trajectories.clearance import measure_clearances
from teleneedle.engines.trajectories.robustness import displaced_axes

CENTRE = np.zeros(3)
Shape = Callable[[np.ndarray], np.ndarray]


def make_grid(spacing: float = 1.5, half: float = 75.0, frame: str = "1.2.3") -> Grid:
    n = round(2 * half / spacing) + 1
    return Grid.regular(
        (n, n, n), spacing_mm=(spacing,) * 3, origin_lps=(-half,) * 3, frame_of_reference_uid=frame
    )  # fmt: skip


GRID = make_grid()


def paint(shape: Shape, grid: Grid = GRID) -> LabelMap:
    k, j, i = np.indices(grid.shape)
    return LabelMap(array=shape(grid.index_to_lps(np.stack([i, j, k], axis=-1))), grid=grid)


def ball(radius: float, at: tuple[float, float, float] = (0, 0, 0)) -> Shape:
    return lambda p: np.linalg.norm(p - np.array(at), axis=-1) <= radius


def rules_for(**limits: tuple[float | None, float | None]) -> PathRules:
    rules = default_rules(modality=Modality.MWA, usable_length_mm=150, gauge=15)
    for name, (low, high) in limits.items():
        rules = rules.with_limit(name, hard_low=low, hard_high=high)
    return rules


def search(structures: dict[str, LabelMap], rules: PathRules, **options: object) -> PathSearch:
    target = structures.pop("tumour", paint(ball(6)))
    scene = PathScene.build(
        {"body": paint(ball(70)), **structures}, target=target, rules=rules, table_below=False
    )
    settings: dict[str, object] = {"keep": 20_000, "spacing_deg": 4.0, **options}
    return search_paths(scene, CENTRE, rules, **settings)  # type: ignore[arg-type]  # settings by name


def outward(found: PathSearch) -> np.ndarray:
    return -np.array([p.direction for p in found.paths])


def test_a_ball_forbids_a_cone_of_known_angle() -> None:
    """From the centre, a ball of radius 8 at 40 mm forbids angles below asin((8 + 3 + r) / 40)."""
    rules = rules_for()
    found = search({"bone": paint(ball(8, (40, 0, 0)))}, rules)
    angle = np.degrees(np.arccos(outward(found)[:, 0]))
    edge = np.degrees(np.arcsin((8 + 3 + rules.needle_radius_mm) / 40))
    voxel = np.degrees(1.3 / 40)
    assert edge - voxel <= angle.min() <= edge + voxel + 4.0
    expected = (1 + np.cos(np.radians(edge))) / 2
    assert len(found.paths) / found.tried == pytest.approx(expected, abs=0.01)


def test_a_plane_forbids_a_half_space_of_directions() -> None:
    """A slab 20 mm away leaves directions whose skin point is at least 5 mm + r short of it."""
    rules = rules_for()
    found = search({"bowel": paint(lambda p: p[..., 0] > 20)}, rules)
    reach = outward(found)[:, 0] * np.array([p.aim_depth_mm for p in found.paths])
    edge = 20.25 - 5 - rules.needle_radius_mm  # the first voxel is centred at 21 mm
    assert edge - 3.0 <= reach.max() <= edge + 1e-6


@pytest.mark.parametrize("offset_mm", [12.0, 17.5, 30.0])
def test_the_clearance_of_a_cylinder_is_exact(offset_mm: float) -> None:
    """An axis parallel to a tube has the clearance offset − tube radius − needle radius, to 0.1 mm."""
    grid = Grid.regular(
        (30, 91, 91),
        spacing_mm=(0.1, 0.1, 3.0),
        origin_lps=(offset_mm - 4.5, -4.5, -45),
        frame_of_reference_uid="1.2.3",
    )
    tube = paint(lambda p: np.hypot(p[..., 0] - offset_mm, p[..., 1]) <= 4.0, grid)
    everywhere = LabelMap(array=np.ones(grid.shape, bool), grid=grid)
    scene = PathScene.build(
        {"body": everywhere, "artery": tube}, target=tube, rules=rules_for(), table_below=False
    )
    measured = measure_clearances(scene, np.array([0, 0, 45.5]), np.array([0, 0, -1.0]), 80.0, radius_mm=0.9)
    hard = next(c for c in measured if c.is_hard)
    assert hard.min_distance_mm == pytest.approx(offset_mm - 4.0 - 0.9, abs=0.1)


def test_depths_end_at_the_skin_and_the_deepest_tip_before_the_obstacle() -> None:
    rules = rules_for()
    wall = paint(lambda p: (p[..., 2] <= -30) & ball(70)(p))
    found = search({"stomach": wall}, rules)
    down = min(found.paths, key=lambda p: p.direction[2])
    assert down.aim_depth_mm == pytest.approx(70, abs=1.0)
    cosine = -down.direction[2]
    stop = (30 - 0.75 - 5 - rules.needle_radius_mm) / cosine
    assert down.safe_depth_mm - down.aim_depth_mm == pytest.approx(stop, abs=0.8)


def test_tilt_is_hard_only_without_navigation() -> None:
    free = default_rules(modality=Modality.MWA, usable_length_mm=150, gauge=15)
    bound = default_rules(modality=Modality.MWA, usable_length_mm=150, gauge=15, navigation=False)
    tilts = [np.degrees(np.arcsin(np.abs(outward(search({}, r))[:, 2]))) for r in (free, bound)]
    assert tilts[0].max() > 85
    assert 28 < tilts[1].max() <= 30 + 1e-9


def test_length_limits_are_kept() -> None:
    aside = {"tumour": paint(ball(6))}
    ellipsoid = paint(lambda p: np.linalg.norm(p / np.array([70, 50, 25]), axis=-1) <= 1)
    rules = rules_for(length_mm=(30.0, 55.0))
    found = search({"body": ellipsoid, **aside}, rules)
    depths = np.array([p.aim_depth_mm for p in found.paths])
    assert found.paths
    assert depths.min() >= 30
    assert depths.max() <= 55
    assert all(p.safe_depth_mm <= 55 for p in found.paths)


def test_the_capsule_angle_of_a_ball_is_the_analytic_one() -> None:
    """In a ball of radius R a ray from a point at distance a leaves at 90° − asin((a/R) sin θ)."""
    radius, aside = 30.0, 24.0
    liver = paint(ball(radius, (-aside, 0, 0)))
    rules = rules_for(capsule_angle_deg=(None, None), healthy_liver_mm=(None, None))
    target = paint(lambda p: ball(3)(p))
    scene = PathScene.build(
        {"body": paint(ball(70)), "liver": liver}, target=target, rules=rules, table_below=False
    )
    found = search_paths(scene, CENTRE, rules, keep=40, spacing_deg=6.0)
    for path in found.paths:
        needle = describe_path(
            scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=15, robustness_draws=0
        )  # fmt: skip
        sine = np.linalg.norm(np.cross(path.direction, (1, 0, 0)))
        expected = 90 - np.degrees(np.arcsin(aside / radius * sine))
        assert needle.capsule_angle_deg == pytest.approx(expected, abs=5.0)
        assert needle.skin_angle_deg == pytest.approx(90, abs=5.0)


def test_healthy_liver_before_the_target_is_required() -> None:
    """At cos θ > 0.31 from +x less than 5 mm of liver lies before the target (0.2–0.44 within a voxel)."""
    liver = paint(ball(30, (-26, 0, 0)))
    rules = rules_for(capsule_angle_deg=(None, None))
    found = search({"liver": liver, "tumour": paint(ball(4))}, rules)
    assert found.paths
    assert 0.2 < outward(found)[:, 0].max() < 0.44
    assert {b.constraint for b in found.blocked} >= {"healthy_liver_mm"}


def test_no_member_of_the_pareto_set_is_beaten() -> None:
    rules = rules_for()
    found = search({"bone": paint(ball(8, (40, 0, 0))), "liver": paint(ball(30))}, rules, keep=64)
    terms = np.array([list(p.terms.values()) for p in found.paths])
    for row, is_best in zip(terms, found.is_pareto, strict=True):
        beaten = ((terms <= row).all(axis=1) & (terms < row).any(axis=1)).any()
        assert not (is_best and beaten)
    assert sum(found.is_pareto) >= 10
    costs = [p.cost for p in found.paths]
    assert costs == sorted(costs)
    assert found.is_pareto[0]


def test_an_enclosed_target_names_what_forbids_it_and_what_relaxing_opens() -> None:
    """A shell of bone with one hole of 3.5 mm radius: bone alone forbids; 1–2 mm less opens the hole."""

    def shell(p: np.ndarray) -> np.ndarray:
        r = np.linalg.norm(p, axis=-1)
        return (r >= 30) & (r <= 36) & ~((np.hypot(p[..., 0], p[..., 1]) < 3.8) & (p[..., 2] > 0))

    rules = rules_for()
    bone = paint(shell, fine := make_grid(0.75, 75 * 0.6))
    structures = {"body": paint(ball(44), fine), "bone": bone, "tumour": paint(ball(6), fine)}
    found = search(structures, rules, spacing_deg=1.5)
    assert found.paths == ()
    bone_reason = next(b for b in found.blocked if b.constraint == "bone")
    assert bone_reason.alone_pct == pytest.approx(100, abs=0.1)
    assert bone_reason.opens
    assert bone_reason.opens[0][0] <= 3.0
    error = explain_no_path(found)
    assert isinstance(error, NoSafePathError)
    assert "bone" in str(error)
    relaxed = rules.with_clearance("bone", 0.0)
    assert search(
        {**structures, "body": paint(ball(44), fine), "tumour": paint(ball(6), fine)},
        relaxed,
        spacing_deg=1.5,
    ).paths


def test_thin_vessels_rank_and_large_ones_forbid() -> None:
    fine = make_grid(0.75, 45.0)
    structures = {"body": paint(ball(42), fine)}
    for radius, is_open in ((0.9, True), (3.0, False)):
        tubes = paint(lambda p, r=radius: np.hypot(p[..., 0] - 20, p[..., 1]) <= r, fine)  # type: ignore[misc]  # a default of a lambda
        found = search(
            {**structures, "portal_vein": tubes, "tumour": paint(ball(6), fine)}, rules_for(), spacing_deg=3.0
        )
        through = np.abs(outward(found) @ np.array([1.0, 0, 0])) > 0.995
        assert bool((through & (outward(found)[:, 0] > 0)).any()) is is_open


def test_another_body_part_in_front_of_the_skin_blocks() -> None:
    arm = paint(lambda p: ball(40)(p) | (np.hypot(p[..., 0] - 60, p[..., 1]) <= 8))
    found = search({"body": arm}, rules_for())
    assert (outward(found)[:, 0] < 0.999).all()
    assert {b.constraint for b in found.blocked} == {"body_part"}


def test_a_scan_that_ends_in_the_body_is_no_skin() -> None:
    cut = paint(lambda p: np.hypot(p[..., 0], p[..., 1]) <= 60)
    found = search({"body": cut}, rules_for())
    assert {b.constraint for b in found.blocked} == {"leaves_scan"}
    assert np.degrees(np.arcsin(np.abs(outward(found)[:, 2]))).max() < 52


def test_inputs_are_not_modified_and_the_result_repeats() -> None:
    structures = {
        "body": paint(ball(70)),
        "bone": paint(ball(8, (40, 0, 0))),
        "portal_vein": paint(ball(5, (0, 30, 0))),
    }
    before = {name: m.array.copy() for name, m in structures.items()}
    rules, target = rules_for(), paint(ball(6))
    results = []
    for _ in range(2):
        scene = PathScene.build(structures, target=target, rules=rules)
        found = search_paths(scene, CENTRE, rules, spacing_deg=4.0)
        path = found.paths[0]
        results.append(
            (
                found,
                describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=15),
            )
        )
    assert results[0] == results[1]
    for name, label_map in structures.items():
        np.testing.assert_array_equal(label_map.array, before[name])


def test_a_needle_is_described_as_the_geometry_says() -> None:
    """Straight down from the front: no tilt, perpendicular, bone 25 mm aside."""
    rules = rules_for()
    bone = paint(
        lambda p: (np.abs(p[..., 0] - 30) <= 5.25) & (np.abs(p[..., 1]) <= 60) & (np.abs(p[..., 2]) <= 6)
    )
    scene = PathScene.build({"body": paint(ball(70)), "bone": bone}, target=paint(ball(6)), rules=rules)
    found = search_paths(scene, CENTRE, rules, keep=20_000, spacing_deg=2.5)
    path = min(found.paths, key=lambda p: np.linalg.norm(np.array(p.direction) - (0, 1, 0)))
    needle = describe_path(
        scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=15, covers=lambda t, d: True
    )
    assert abs(needle.tilt_deg) < 3
    assert abs(needle.in_plane_deg) < 3
    assert needle.skin_angle_deg > 85
    assert needle.capsule_angle_deg is None
    clearance = needle.clearances[0]
    assert clearance.structure == "bone"
    assert clearance.min_distance_mm == pytest.approx(24.0 - rules.needle_radius_mm, abs=3.5)
    assert needle.robustness is not None
    assert needle.robustness.safe_pct > 99
    assert needle.robustness.covered_pct == 100
    assert "bone" not in needle.reason[1]
    assert "front" in needle.landmark[1]


def test_displaced_needles_have_the_stated_spread() -> None:
    rules = rules_for()
    entries, directions = displaced_axes(
        np.array([0, 0, 60.0]), np.array([0, 0, -1.0]), 60.0, rules, 20_000, 1
    )
    at_target = entries + 60.0 * directions
    assert np.std(at_target[:, 0]) == pytest.approx(3.5, rel=0.03)
    angle = np.degrees(np.arctan2(directions[:, 0], -directions[:, 2]))
    assert np.std(angle) == pytest.approx(2.0, rel=0.03)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1.0)


def test_tips_deeper_than_safe_and_thicker_needles_are_refused() -> None:
    rules = rules_for()
    scene = PathScene.build({"body": paint(ball(70))}, target=paint(ball(6)), rules=rules)
    path = search_paths(scene, CENTRE, rules, keep=2, spacing_deg=6.0).paths[0]
    with pytest.raises(InputError, match="not safe"):
        describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=path.safe_depth_mm + 1, gauge=15)
    with pytest.raises(InputError, match="15 G"):
        describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=40, gauge=14)


def test_unusable_input_is_refused() -> None:
    rules, body, target = rules_for(), paint(ball(70)), paint(ball(6))
    with pytest.raises(StructureError, match="outline is missing"):
        PathScene.build({}, target=target, rules=rules)
    with pytest.raises(StructureError, match="target is empty"):
        PathScene.build({"body": body}, target=paint(lambda p: p[..., 0] > 1e6), rules=rules)
    with pytest.raises(FrameOfReferenceError):
        PathScene.build({"body": paint(ball(70), make_grid(frame="9.9"))}, target=target, rules=rules)
    with pytest.raises(StructureError, match="different grids"):
        PathScene.build({"body": paint(ball(70), make_grid(3.0))}, target=target, rules=rules)
    scene = PathScene.build({"body": body}, target=target, rules=rules)
    with pytest.raises(InputError, match="outside the body"):
        search_paths(scene, [[0, 0, 74]], rules)
    with pytest.raises(InputError, match="other clearances"):
        search_paths(scene, CENTRE, rules.with_clearance("bone", 9.0))
    with pytest.raises(InputError, match="gauge 30"):
        needle_diameter_mm(30)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        search_paths(scene, CENTRE, rules, cancel=token)


def test_unknown_structures_are_said_to_be_unknown() -> None:
    found = search({"bone": paint(ball(8, (40, 0, 0)))}, rules_for(), spacing_deg=8.0)
    assert "bowel" in found.missing
    assert "bone" not in found.missing


def test_needles_in_place_together_are_measured_in_closed_form() -> None:
    """Two parallel needles 30 mm apart: too far for simultaneous MWA; two crossing hubs collide."""
    rules = rules_for()
    scene = PathScene.build({"body": paint(ball(70))}, target=paint(ball(6)), rules=rules)
    path = search_paths(scene, CENTRE, rules, keep=2, spacing_deg=8.0).paths[0]
    first = describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=60, gauge=15, robustness_draws=0)
    first = replace(first, entry_lps=(0.0, 0.0, 60.0), tip_lps=(0.0, 0.0, 0.0))
    aside = replace(first, id="N2", entry_lps=(30.0, 0.0, 60.0), tip_lps=(30.0, 0.0, 0.0))
    (pair,) = needle_pairs([first, aside], modality=Modality.MWA, shaft_length_mm=150)
    assert (pair.shafts_mm, pair.tips_mm, pair.hubs_mm) == pytest.approx((30, 30, 30))
    assert ["tips 30 mm apart" in en for _, en in pair.warnings] == [True]
    leaning = replace(first, id="N3", entry_lps=(12.0, 0.0, 60.0), tip_lps=(20.0, 0.0, 0.0))
    (pair,) = needle_pairs([first, leaning], modality=Modality.MWA, shaft_length_mm=150)
    assert pair.hubs_mm == pytest.approx(
        np.hypot(20 - 150 * 8 / np.hypot(8, 60), 150 * (1 - 60 / np.hypot(8, 60)))
    )
    assert ["collide" in en for _, en in pair.warnings] == [True]
    assert pair.shafts_mm == pytest.approx(12, abs=0.2)
