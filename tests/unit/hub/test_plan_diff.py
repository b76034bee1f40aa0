"""What differs between two versions of a plan: needles by mm and degrees, settings, figures, checks."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from teleneedle.apps.hub.plan_diff import diff_plans, needle_change

PLAN: dict[str, Any] = {
    "device": {"id": "d"},
    "target": {"margin_mm": 5.0, "name": "tumour1"},
    "needles": [
        {"id": "N1", "entry_lps": [0, -100, 0], "tip_lps": [0, 0, 0]},
        {"id": "N2", "entry_lps": [20, -100, 0], "tip_lps": [20, 0, 0]},
    ],
    "applications": [
        {"needle": "N1", "power_w": 60.0, "time_s": 300.0},
        {"needle": "N2", "power_w": 60.0, "time_s": 300.0},
    ],
    "coverage": {"target_pct": 100.0, "min_margin_mm": 5.4},
    "checks": [{"id": "inr", "status": "pass", "text_zh": "INR 可", "text_en": "INR ok", "source": "SIR"}],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(PLAN), **parts}


def test_a_plan_does_not_differ_from_itself() -> None:
    assert diff_plans(PLAN, copy.deepcopy(PLAN)) == []


@pytest.mark.parametrize("angle_deg", [0.5, 5.0, 30.0, 90.0, 179.0])
def test_a_needle_turned_about_its_tip_says_so(angle_deg: float) -> None:
    """Turned by φ about the tip, an entry 100 mm away moves 200 sin(φ/2) mm."""
    a = math.radians(angle_deg)
    new = {"entry_lps": [100 * math.sin(a), -100 * math.cos(a), 0], "tip_lps": [0, 0, 0]}
    change = needle_change(PLAN["needles"][0], new)
    assert change["angle_deg"] == pytest.approx(angle_deg, abs=0.01)
    assert change["entry_mm"] == pytest.approx(200 * math.sin(a / 2), abs=0.01)
    assert change["tip_mm"] == 0.0


def test_a_needle_moved_along_itself_turns_by_nothing() -> None:
    change = needle_change(PLAN["needles"][0], {"entry_lps": [0, -90, 0], "tip_lps": [0, 10, 0]})
    assert change == {"entry_mm": 10.0, "tip_mm": 10.0, "angle_deg": 0.0}


def test_needles_come_go_and_move() -> None:
    moved = {"id": "N1", "entry_lps": [3, -100, 4], "tip_lps": [3, 0, 4]}
    third = {"id": "N3", "entry_lps": [0, -50, 0], "tip_lps": [0, 0, 0]}
    rows = [row for row in diff_plans(PLAN, changed(needles=[moved, third])) if row["group"] == "needle"]
    assert [row["what"]["en"] for row in rows] == ["N1 moved", "N2 removed", "N3 added"]
    assert rows[0]["change"] == {"entry_mm": 5.0, "tip_mm": 5.0, "angle_deg": 0.0}
    assert rows[1]["after"] is None
    assert rows[2]["before"] is None


def test_less_than_the_rounding_is_no_move() -> None:
    near = [{**n, "tip_lps": [n["tip_lps"][0] + 0.04, 0, 0]} for n in PLAN["needles"]]
    assert diff_plans(PLAN, changed(needles=near)) == []


def test_figures_that_read_alike_do_not_differ() -> None:
    after = changed(coverage={"target_pct": 100.0, "min_margin_mm": 5.44})
    assert diff_plans(PLAN, after) == []


def test_settings_figures_facts_and_checks() -> None:
    applications = [{"needle": "N1", "power_w": 80.0, "time_s": 300.0}, PLAN["applications"][1]]
    after = changed(
        applications=applications,
        coverage={"target_pct": 98.7, "min_margin_mm": 5.42},
        target={"margin_mm": 10.0, "name": "tumour1"},
        checks=[
            {"id": "inr", "status": "fail", "text_zh": "INR 过高", "text_en": "INR too high", "source": "SIR"}
        ],
    )
    rows = diff_plans(PLAN, after)
    assert [
        (row["group"], row["what"]["en"], row["before"], row["after"], row["change"]) for row in rows
    ] == [
        ("fact", "margin mm", 5.0, 10.0, None),
        ("setting", "N1 settings", ["60 W × 300 s"], ["80 W × 300 s"], None),
        ("figure", "target covered %", 100.0, 98.7, -1.3),
        ("check", "INR too high", "pass", "fail", None),
    ]
    assert json.dumps(rows)
