"""Reference pages that must not go stale: each value in the code stands on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from teleneedle.adapters.devices.library import load_devices
from teleneedle.apps.cli.main import app
from teleneedle.core.devices import Modality
from teleneedle.engines.trajectories import default_rules

DOCS = Path(__file__).resolve().parents[2] / "docs"


def rows(page: str) -> list[str]:
    return [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def test_every_path_constraint_stands_on_its_page_with_its_values() -> None:
    table = rows("reference/path-constraints.md")
    rules = default_rules(modality=Modality.MWA, usable_length_mm=170, gauge=15)
    for rule in rules.clearances:
        row = next(r for r in table if f"`{rule.structure}`" in r)
        assert f"| {rule.hard_mm:g} | {rule.soft_mm:g} |" in row
    for limit in rules.limits:
        row = next(r for r in table if f"(`{limit.name}`)" in r)
        assert f"| {limit.unit} |" in row
        assert limit.hard_low is None or f"≥ {limit.hard_low:g}" in row


def test_every_shipped_device_stands_on_its_page() -> None:
    page = (DOCS / "reference" / "devices.md").read_text(encoding="utf-8")
    assert [d for d in load_devices() if d not in page] == []


def test_every_command_stands_on_its_page() -> None:
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    commands = getattr(get_command(app), "commands")  # noqa: B009 - a click group, whatever typer calls it
    assert [name for name in commands if f"`teleneedle {name}" not in page] == []


@pytest.mark.parametrize("page", sorted(p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((DOCS / page).parent / link).exists(), link
