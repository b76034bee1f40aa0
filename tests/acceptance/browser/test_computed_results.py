"""What was computed for a plan, in the browser: lines as the formula has them, read-outs as numpy counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.browser.computed_case import ComputedCase
from tests.acceptance.browser.planned_case import move_entry, wait_until_drawn

from teleneedle.apps.demo.cast import CENTRE_STAFF
from teleneedle.apps.testing import analytic_results as analytic
from teleneedle.core.plan_results import Quantity

EXPERT = CENTRE_STAFF[0].email
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
TOLERANCE_MM = 0.5
PIXEL = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def open_results(page: Page) -> Page:
    wait_until_drawn(page)
    page.get_by_role("tab", name=re.compile("Results|结果")).click()
    return page


def test_without_a_computation_the_panel_says_so(open_page: Open, computed_case: ComputedCase) -> None:
    page = open_results(open_page(f"/cases/{computed_case.id}/planning", email=EXPERT))
    expect(page.get_by_test_id("curves-power_w")).to_be_visible()
    page.get_by_role("button", name=re.compile("^v1 ")).click()
    expect(page.get_by_test_id("results-heat")).to_contain_text("no heating computation for this plan")
    assert page.get_by_test_id("isoline").count() == 0
    expect(page.locator(".uplot")).to_have_count(0)


def radii_mm(page: Page, pane: str, value: float) -> np.ndarray:
    """Distances (mm) of the points of a line in a pane from its middle, by the pane's own scale bar."""
    place = page.get_by_test_id(f"pane-{pane}")
    line = place.locator(f"[data-testid=isoline][data-value='{value:g}']")
    expect(line).to_have_count(1)
    points = np.array([[float(u) for u in xy] for xy in PIXEL.findall(line.get_attribute("d") or "")])
    assert len(points) > 12

    system = np.column_stack([2 * points, np.ones(len(points))])
    a, b, _ = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0]
    return np.asarray(np.linalg.norm(points - (a, b), axis=1)) * mm_per_pixel(place)


def mm_per_pixel(place: Any) -> float:
    """From the scale bar: its text over its length."""
    return float(
        place.evaluate(
            """(pane) => {
              const text = [...pane.querySelectorAll("text")].find((t) => /^\\d+ mm$/.test(t.textContent));
              const lines = [...pane.querySelectorAll("line")];
              const bars = lines.filter((l) => l.getAttribute("stroke-width") === "2");
              const length = (l) => Math.abs(l.x2.baseVal.value - l.x1.baseVal.value);
              return parseFloat(text.textContent) / Math.max(...bars.map(length));
            }"""
        )
    )


FIELDS = (
    ("Temperature after 10 min", Quantity.TEMPERATURE, (43.0, 50.0)),
    ("Dose", Quantity.DOSE, (60.0, 120.0, 180.0)),
    ("Ablation probability", Quantity.ABLATION, (0.1, 0.5, 0.9)),
)


@pytest.mark.parametrize(("name", "quantity", "values"), FIELDS)
def test_lines_lie_where_the_formula_has_them(
    open_page: Open,
    shoot: Shoot,
    computed_case: ComputedCase,
    name: str,
    quantity: Quantity,
    values: Any,
) -> None:
    """Planes through the source: each line is a circle of the radius that the formula gives."""
    page = open_results(open_page(f"/cases/{computed_case.id}/planning", email=EXPERT))
    page.get_by_role("radio", name=name).check()
    expect(page.get_by_test_id("pane-axial").get_by_test_id("isoline").first).to_be_attached()
    for pane in ("axial", "coronal", "sagittal"):
        for value in values:
            found = radii_mm(page, pane, value)
            assert np.abs(found - analytic.radius_mm(quantity, value)).max() < TOLERANCE_MM, (pane, value)
    assert page.get_by_test_id("isoband").count() == (5 if quantity is Quantity.ABLATION else 0)
    shoot(page, f"results-{quantity.value}-en-1920")


def test_read_outs_are_those_that_numpy_counts(
    open_page: Open, shoot: Shoot, computed_case: ComputedCase
) -> None:
    counted = computed_case.counted
    page = open_results(open_page(f"/cases/{computed_case.id}/planning", email=EXPERT, locale="zh"))
    cells = page.get_by_test_id(f"readout-{counted.structure}").locator("td")
    expect(cells).to_have_count(3)
    d90, v100, v150 = (float(cell) for cell in cells.all_inner_texts())
    assert abs(d90 - counted.d90_gy) < 0.5
    assert abs(v100 - counted.v100_pct) < 0.2
    assert abs(v150 - counted.v150_pct) < 0.2
    for testid in ("dvh", "curves-temperature_degc", "curves-power_w"):
        expect(page.get_by_test_id(testid).locator(".uplot canvas")).to_be_visible()
    page.get_by_test_id("dvh").scroll_into_view_if_needed()
    shoot(page, "results-dvh-zh-1920")


def test_an_edited_draft_takes_the_field_of_the_saved_version_away(
    open_page: Open, computed_case: ComputedCase
) -> None:
    """Lines of a computation never lie over needles that it was not made for."""
    page = open_results(open_page(f"/cases/{computed_case.id}/planning", email=EXPERT))
    page.get_by_role("radio", name="Dose").check()
    expect(page.get_by_test_id("isoline").first).to_be_attached()
    move_entry(page)
    expect(page.get_by_test_id("isoline")).to_have_count(0)
    expect(page.get_by_test_id("results-heat")).to_contain_text("The draft has changed")
    expect(page.get_by_role("radio", name="Temperature after 10 min")).to_be_disabled()
