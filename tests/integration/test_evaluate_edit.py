"""A plan moved by hand is measured as exactly as a proposed one; what it breaks is named, never raised."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from teleneedle.adapters.devices.library import choose_device
from teleneedle.adapters.plan_folder.encode import encode_plan
from teleneedle.apps.hub.plan_diff import diff_plans
from teleneedle.core.anatomy import Proposed
from teleneedle.core.case import Checklist, CtSeries, Patient, StudyContext
from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.plan import Plan
from teleneedle.services.evaluate_edit import EditedApplication, EditedNeedles, evaluate_edit
from teleneedle.services.propose_plan import PlanRequest, propose_plan

GRID = Grid.regular((64, 100, 100), spacing_mm=(2.0, 2.0, 2.5), frame_of_reference_uid="1.2.3")
_K, _J, _I = np.indices(GRID.shape)
POINTS = GRID.index_to_lps(np.stack([_I, _J, _K], axis=-1))
RIB = (100.0, 20.0, 80.0)


def blob(centre: tuple[float, float, float], half: tuple[float, float, float]) -> LabelMap:
    inside = (((POINTS - np.array(centre)) / np.array(half)) ** 2).sum(axis=-1) <= 1.0
    return LabelMap(array=inside, grid=GRID)


@cache
def request() -> PlanRequest:
    masks = {
        "body": blob((100.0, 100.0, 80.0), (95.0, 85.0, 400.0)),
        "liver": blob((100.0, 100.0, 80.0), (70.0, 65.0, 70.0)),
        "bone": blob(RIB, (6.0, 4.0, 6.0)),
        "tumour1": blob((100.0, 90.0, 80.0), (10.0, 10.0, 10.0)),
    }
    volume = Volume(array=np.zeros(GRID.shape, np.int16), grid=GRID)
    return PlanRequest(
        series=CtSeries(
            volume=volume,
            patient=Patient(id="P"),
            study=StudyContext(series_uid="1.2"),
            source_sha256="0" * 64,
        ),
        structures=tuple(Proposed(name=n, label_map=m, engine="test") for n, m in masks.items()),
        device=choose_device(Modality.MWA, None),
        margin_mm=5.0,
        needles=None,
        target_name=None,
        accept_unreviewed=True,
        accept_unverified_device=True,
        checklist=Checklist(),
        rules=(),
        care=(),
        contingency=(),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        plan_id="T",
        input_sha256={"ct": "0" * 64},
    )


@cache
def original() -> Plan:
    return propose_plan(request()).plan


def as_edit(
    plan: Plan, **moved: tuple[tuple[float, float, float], tuple[float, float, float]]
) -> EditedNeedles:
    tips = {n.id: np.array(n.tip_lps) for n in plan.needles}
    return EditedNeedles(
        needles=tuple((n.id, *moved.get(n.id, (n.entry_lps, n.tip_lps))) for n in plan.needles),
        applications=tuple(
            EditedApplication(
                needle=a.needle,
                tip_back_mm=float(np.linalg.norm(tips[a.needle] - a.tip_lps)),
                power_w=a.power_w,
                time_s=a.time_s,
            )
            for a in plan.applications
        ),
        aims={n.id: n.target_lps for n in plan.needles},
    )


def statuses(plan: Plan) -> dict[str, str]:
    return {check.id: check.status for check in plan.checks}


def test_nothing_changed_gives_the_figures_of_the_proposed_plan() -> None:
    before, after = original(), evaluate_edit(request(), as_edit(original())).plan
    for name in ("p10", "p50", "p90"):
        one, other = getattr(before.coverage, name), getattr(after.coverage, name)
        assert vars(one) == pytest.approx(vars(other), abs=1e-6)
    for old, new in zip(before.needles, after.needles, strict=True):
        assert new.robustness == old.robustness
        assert new.skin_angle_deg == pytest.approx(old.skin_angle_deg, abs=1e-6)
        assert new.capsule_angle_deg == pytest.approx(old.capsule_angle_deg, abs=1e-6)
        assert new.liver_before_target_mm == pytest.approx(old.liver_before_target_mm, abs=1e-6)
        assert [(c.structure, c.is_hard) for c in new.clearances] == [
            (c.structure, c.is_hard) for c in old.clearances
        ]
        assert [c.min_distance_mm for c in new.clearances] == pytest.approx(
            [c.min_distance_mm for c in old.clearances], abs=1e-6
        )
    assert "fail" not in statuses(after).values()
    assert {k: v for k, v in statuses(after).items() if k in statuses(before)} == statuses(before)


def test_a_needle_moved_into_bone_fails_the_named_check() -> None:
    name = original().needles[0].id
    plan = evaluate_edit(
        request(), as_edit(original(), **{name: ((100.0, 15.0, 80.0), (100.0, 100.0, 80.0))})
    ).plan
    bone = next(c for c in plan.needles[0].clearances if c.structure == "bone")
    assert bone.min_distance_mm < 0.0
    check = next(c for c in plan.checks if c.id == "path_clear")
    assert check.status == "fail"
    assert "bone" in check.finding[1]
    assert " < " in check.finding[1]


def test_an_entry_off_the_skin_fails_the_named_check() -> None:
    needle = original().needles[0]
    entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
    inner = tuple(float(v) for v in entry + 12.0 * (tip - entry) / np.linalg.norm(tip - entry))
    plan = evaluate_edit(request(), as_edit(original(), **{needle.id: (inner, needle.tip_lps)})).plan
    check = next(c for c in plan.checks if c.id == "entry_on_skin")
    assert check.status == "fail"
    assert float(check.finding[1].split(" is ")[1].split(" mm")[0]) == pytest.approx(12.0, abs=1.5)


def test_a_needle_without_energy_is_refused() -> None:
    edit = as_edit(original())
    idle = EditedNeedles(
        needles=(*edit.needles, ("N9", (100.0, 15.0, 60.0), (100.0, 90.0, 60.0))),
        applications=edit.applications,
    )
    with pytest.raises(InputError, match="no energy"):
        evaluate_edit(request(), idle)


def test_what_changed_is_said_in_both_languages() -> None:
    name = original().needles[0].id
    moved = evaluate_edit(
        request(), as_edit(original(), **{name: ((100.0, 15.0, 80.0), (100.0, 100.0, 80.0))})
    ).plan
    rows = diff_plans(encode_plan(original()), encode_plan(moved))
    assert rows
    assert all(row["what"]["zh"] and row["what"]["en"] for row in rows)
    assert diff_plans(encode_plan(original()), encode_plan(original())) == []
