"""Pre-operative rules: limits on both sides, unknown never passes, the abscess flag changes the care."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.adapters.rulebook.load import load_checklist, load_rule_book
from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.engines.checks import evaluate_rules, plan_care

BOOK = load_rule_book()
HEALTHY = {
    "inr": 1.1,
    "platelets_e9_l": 142,
    "bilioenteric_anastomosis": False,
    "biliary_stent_or_sphincterotomy": False,
    "pacemaker_or_icd": False,
    "child_pugh": "A",
    "bilirubin_umol_l": 18,
    "uncontrolled_ascites": False,
    "active_infection": False,
    "consent_signed": True,
    "rf_pads_checked": True,
    "largest_diameter_mm": 24.0,
    "zone_to_gallbladder_mm": 12.0,
    "zone_to_bowel_mm": 20.0,
    "zone_to_heart_mm": 30.0,
    "needle_to_bile_ducts_mm": 8.0,
}


def status_of(check_id: str, modality: Modality = Modality.MWA, **changes: object) -> str:
    facts = {**HEALTHY, **changes}
    checks = evaluate_rules(BOOK.rules, facts, modality=modality)  # type: ignore[arg-type]  # values by name
    return {check.id: check.status for check in checks}[check_id]


def test_a_healthy_patient_passes_every_rule() -> None:
    for modality in (Modality.MWA, Modality.RFA):
        checks = evaluate_rules(BOOK.rules, HEALTHY, modality=modality)
        assert {check.id: check.status for check in checks if check.status != "pass"} == {}


def test_an_empty_checklist_passes_nothing() -> None:
    checks = evaluate_rules(BOOK.rules, {}, modality=Modality.MWA)
    assert {check.status for check in checks} == {"unknown"}


@pytest.mark.parametrize(
    ("check_id", "changes", "expected"),
    [
        ("inr", {"inr": 1.5}, "pass"),
        ("inr", {"inr": 1.6}, "warn"),
        ("inr", {"inr": 1.81}, "fail"),
        ("platelets", {"platelets_e9_l": 50}, "pass"),
        ("platelets", {"platelets_e9_l": 49}, "fail"),
        ("bilioenteric_anastomosis", {"bilioenteric_anastomosis": True}, "fail"),
        (
            "bilioenteric_anastomosis",
            {"bilioenteric_anastomosis": True, "four_drug_prophylaxis": True},
            "warn",
        ),
        ("child_pugh", {"child_pugh": "B"}, "warn"),
        ("child_pugh", {"child_pugh": "C"}, "fail"),
        ("tumour_size", {"largest_diameter_mm": 30.0}, "pass"),
        ("tumour_size", {"largest_diameter_mm": 41.0}, "warn"),
        ("tumour_size", {"largest_diameter_mm": 51.0}, "fail"),
        ("bowel_distance", {"zone_to_bowel_mm": 9.9}, "warn"),
        ("bowel_distance", {"zone_to_bowel_mm": -0.1}, "fail"),
        ("consent", {"consent_signed": False}, "fail"),
    ],
)
def test_limits(check_id: str, changes: dict[str, object], expected: str) -> None:
    assert status_of(check_id, **changes) == expected


def test_a_pacemaker_stops_rf_and_warns_for_microwaves() -> None:
    assert status_of("pacemaker", Modality.RFA, pacemaker_or_icd=True) == "fail"
    assert status_of("pacemaker_mwa", Modality.MWA, pacemaker_or_icd=True) == "warn"


@given(value=st.floats(1.0, 3.0, allow_nan=False))
def test_a_rounded_figure_never_hides_a_broken_limit(value: float) -> None:
    check = next(
        c for c in evaluate_rules(BOOK.rules, {"inr": value}, modality=Modality.MWA) if c.id == "inr"
    )
    if check.status == "pass":
        assert value <= 1.5
    else:
        assert value > 1.5


def test_a_wrong_kind_of_answer_is_named() -> None:
    with pytest.raises(InputError, match="inr"):
        status_of("inr", inr="high")
    with pytest.raises(InputError, match="consent_signed"):
        status_of("consent", consent_signed="yes")


def test_bilioenteric_anastomosis_raises_the_abscess_watch() -> None:
    def care(**changes: object) -> list[bool]:
        facts = {**HEALTHY, **changes}
        checks = evaluate_rules(BOOK.rules, facts, modality=Modality.RFA)  # type: ignore[arg-type]  # values by name
        return [i.is_raised for i in plan_care(BOOK.care, BOOK.rules, checks, modality=Modality.RFA)]

    assert care() == [False] * 5
    raised = care(bilioenteric_anastomosis=True, four_drug_prophylaxis=True)
    assert raised == [False, False, True, False, False]


def test_every_rule_is_bilingual_and_sourced() -> None:
    for rule in BOOK.rules:
        assert all(rule.text)
        assert rule.source
    for row in BOOK.care:
        assert all(zh and en for zh, en in row.actions)


def test_checklists_from_yaml_and_json(tmp_path: Path) -> None:
    yml = tmp_path / "a.yml"
    yml.write_text(
        "inr: 1.2\nchild_pugh: A\nanswered_by: 护士长\nanswered_on: 2026-03-01\n", encoding="utf-8"
    )
    read = load_checklist(yml)
    assert read.answers == {"inr": 1.2, "child_pugh": "A"}
    assert read.answered_by == "护士长"
    js = tmp_path / "a.json"
    js.write_text('{"inr": 1.2}')
    assert load_checklist(js).answers == {"inr": 1.2}


@pytest.mark.parametrize("text", ["- a\n- b\n", "inr: [1, 2]\n"])
def test_an_odd_checklist_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(text)
    with pytest.raises(InputError):
        load_checklist(path)


def test_a_broken_or_missing_checklist_is_not_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("inr: [")
    for broken in (path, tmp_path / "none.yml"):
        with pytest.raises(NotReadableError):
            load_checklist(broken)


def test_a_site_book_replaces_one_file_and_names_a_broken_row(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[[rule]]\nid = "x"\nfact = "x"\nrequirement = "sometimes"\n')
    with pytest.raises(InputError, match="rule book row"):
        load_rule_book(tmp_path)
    (tmp_path / "rules.toml").unlink()
    assert load_rule_book(tmp_path).rules == BOOK.rules
    with pytest.raises(NotReadableError):
        load_rule_book(tmp_path / "none")
