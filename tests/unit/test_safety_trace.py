"""The trace matrix: hazard → control → test, with nothing missing and nothing that does not exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
HAZARDS = yaml.safe_load((ROOT / "safety" / "hazards.yml").read_text(encoding="utf-8"))
REQUIREMENTS = {
    r["id"]: r for r in yaml.safe_load((ROOT / "safety" / "requirements.yml").read_text(encoding="utf-8"))
}
SOUP = yaml.safe_load((ROOT / "safety" / "soup.yml").read_text(encoding="utf-8"))


def test_every_hazard_that_applies_has_a_control() -> None:
    bare = [h["id"] for h in HAZARDS if h["applies"] == "now" and not h["controls"]]
    assert bare == []
    assert all(h["applies"] == "now" or h["applies"].startswith("later, ") for h in HAZARDS)


def test_controls_and_requirements_name_each_other() -> None:
    named = {control for h in HAZARDS for control in h["controls"]}
    assert named == set(REQUIREMENTS)


def test_every_control_has_tests_that_exist() -> None:
    missing = [
        (r["id"], test) for r in REQUIREMENTS.values() for test in r["tests"] or ["none"] if not exists(test)
    ]
    assert missing == []


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))


def test_soup_lists_exactly_the_runtime_libraries() -> None:
    wanted = set()
    for name in ("core.in", "ai-extra.in"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        wanted |= {re.split(r"[<>=!~\[;\s]", line)[0] for line in lines if line and line[0] not in "#-"}
    assert {entry["name"] for entry in SOUP} == wanted
