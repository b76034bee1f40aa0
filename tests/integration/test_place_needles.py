"""Placement on a small made-up patient: what is planned is judged with plain geometry, not by the engine."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.adapters.devices.library import choose_device
from teleneedle.core.devices import Modality
from teleneedle.core.errors import DeviceError, InputError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.services.place_needles import Placement, place_needles

GRID = Grid.regular((64, 100, 100), spacing_mm=(2.0, 2.0, 2.5), frame_of_reference_uid="1.2.3")
_K, _J, _I = np.indices(GRID.shape)
POINTS = GRID.index_to_lps(np.stack([_I, _J, _K], axis=-1))


def blob(centre: tuple[float, float, float], half: tuple[float, float, float]) -> LabelMap:
    inside = (((POINTS - np.array(centre)) / np.array(half)) ** 2).sum(axis=-1) <= 1.0
    return LabelMap(array=inside, grid=GRID)


def place(
    radius_mm: float, *, organ: LabelMap | None = None, also: LabelMap | None = None, **options: object
) -> tuple[Placement, LabelMap]:
    liver = blob((100.0, 100.0, 80.0), (70.0, 65.0, 70.0))
    target = blob((100.0, 90.0, 80.0), (radius_mm,) * 3)
    target = target if also is None else target.union(also)
    structures = {"body": blob((100.0, 100.0, 80.0), (95.0, 85.0, 400.0)), "liver": liver}
    if organ is not None:
        structures["bowel"] = organ
    device = choose_device(Modality.MWA, None)
    placed = place_needles(
        structures=structures,
        target=target,
        device=device,
        margin_mm=5.0,
        **options,  # type: ignore[arg-type]  # options by name
    )
    return placed, target


def covered_by_hand(placed: Placement, target: LabelMap) -> bool:
    points = target.points_lps()
    inside = np.zeros(len(points), dtype=bool)
    for application in placed.applications:
        away = points - np.array(application.centre_lps)
        along = away @ np.array(application.axis)
        across = np.linalg.norm(away, axis=1) ** 2 - along**2
        zone = application.zone.p50
        inside |= (2 * along / zone.long_mm) ** 2 + across / (zone.short_mm / 2) ** 2 <= 1.0
    return bool(inside.all())


def test_small_target_takes_one_zone_with_its_margin() -> None:
    placed, target = place(10.0)
    assert (placed.coverage.punctures, placed.coverage.applications) == (1, 1)
    assert covered_by_hand(placed, target)
    assert placed.coverage.p50.min_margin_mm >= 4.9
    assert placed.coverage.optimality_gap == 0.0
    tip, centre = np.array(placed.applications[0].tip_lps), np.array(placed.applications[0].centre_lps)
    assert np.linalg.norm(tip - centre) == pytest.approx(15.0, abs=1e-6)
    assert len(placed.alternatives) == 2


def test_large_target_is_covered_by_several_zones() -> None:
    placed, target = place(27.0)
    assert placed.coverage.applications >= 2
    assert covered_by_hand(placed, target)
    assert placed.coverage.p50.target_pct == 100.0
    assert 0.0 <= placed.coverage.optimality_gap < 1.0


def test_the_number_of_needles_asked_for_is_kept() -> None:
    placed, target = place(10.0, needles=2)
    assert len(placed.needles) == 2
    assert covered_by_hand(placed, target)


def test_too_few_needles_are_named_with_the_number_that_would_do() -> None:
    apart = blob((100.0, 90.0, 130.0), (8.0, 8.0, 8.0))
    placed, _ = place(8.0, also=apart, needles=1)
    assert len(placed.needles) == 1
    assert placed.coverage.p50.target_pct < 100.0
    assert "cannot cover everything: the candidate paths need 2" in placed.coverage.statement[1]
    assert "需 2 针" in placed.coverage.statement[0]


def test_two_tumours_apart_take_a_needle_each() -> None:
    placed, target = place(8.0, also=blob((100.0, 90.0, 130.0), (8.0, 8.0, 8.0)))
    assert (placed.coverage.punctures, placed.coverage.applications) == (2, 2)
    assert placed.coverage.optimality_gap == 0.0
    assert covered_by_hand(placed, target)


def test_more_needles_than_paths_are_refused() -> None:
    with pytest.raises(InputError, match="safe paths"):
        place(10.0, needles=5000)


def test_each_tumour_has_figures_of_its_own() -> None:
    _, target = place(10.0)
    far = blob((100.0, 90.0, 80.0), (4.0, 4.0, 4.0))
    placed, _ = place(10.0, targets={"whole": target, "core": far})
    bands = placed.coverage.per_target
    assert bands["whole"] == placed.coverage.p50
    assert bands["core"].min_margin_mm > bands["whole"].min_margin_mm + 4.0


def test_a_zone_never_reaches_into_an_organ_beside_the_target() -> None:
    placed, target = place(10.0, organ=blob((100.0, 118.0, 80.0), (16.0, 14.0, 30.0)))
    inside = blob((100.0, 118.0, 80.0), (16.0, 14.0, 30.0)).array
    assert not (target.array & inside).any()
    assert not (placed.zones["p50"].array & inside).any()


def test_a_device_of_another_modality_is_refused() -> None:
    with pytest.raises(DeviceError):
        place(10.0, modality=Modality.RFA)


def test_the_same_seed_gives_the_same_plan() -> None:
    first, second = place(10.0)[0], place(10.0)[0]
    assert first.applications == second.applications
    assert first.coverage == second.coverage
