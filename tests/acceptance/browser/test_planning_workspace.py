"""The planning workspace in a real browser: room for pictures, keys, the tumour box, numbers as the hub's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.acceptance.browser.planned_case import (
    EXPERT,
    PlannedCase,
    make_planned_case,
    move_entry,
    refer_case,
    wait_until_drawn,
)
from tests.waiting import until

from teleneedle.adapters.tnb1 import decode_tnb1

Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
SIZES = ((1366, 768), (1920, 1080))
LEAST_SHARE = 0.60
LIVE_MM = 0.3
"""The stored distances are 1.5 mm apart and interpolated; see tests/unit/hub/test_anatomy_shapes.py."""
REACH_MM = 38.0
BOX_MM = 3.0
"""The engine takes a side of the box as right to a few millimetres."""
SHARE = """() => {
  const panes = [...document.querySelectorAll('[data-testid=panes] > section')];
  const area = panes.reduce((sum, pane) => sum + pane.clientWidth * pane.clientHeight, 0);
  return area / (innerWidth * innerHeight);
}"""
CUT_OFF = """() => [...document.querySelectorAll('header *, main *, footer *')].filter((one) => {
  if (one.closest('svg, .sr-only') || !one.clientWidth) return false;
  const {overflowX} = getComputedStyle(one);
  return overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1;
}).map((one) => `${one.tagName} ${one.textContent.slice(0, 60)}`)"""
OUTSIDE = """() => [...document.querySelectorAll('main :is(button, a, input, select)')].filter((one) => {
  if (one.closest('svg')) return false;
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
}).map((one) => one.textContent.slice(0, 40))"""


@pytest.fixture(scope="module")
def case(hub: Any, phantom: Path) -> Iterator[PlannedCase]:
    """A planned case that hospital A referred."""
    made = make_planned_case(hub.url, hub.sites, phantom, hospital=0)
    yield made
    made.hub.close()


@pytest.fixture
def page(open_page: Open, case: PlannedCase) -> Page:
    """The planning page at the smaller size, in English, everything drawn."""
    shown = open_page(f"/cases/{case.id}/planning", email=EXPERT.email, size=SIZES[0])
    wait_until_drawn(shown)
    return shown


def live_clearances(page: Page) -> dict[tuple[str, str], float]:
    """Distances on screen by structure and part, mm."""
    rows = page.locator("[data-testid=clearances] > div").evaluate_all(
        "rows => rows.map(({dataset}) => [dataset.structure, dataset.part, Number(dataset.mm)])"
    )
    return {(structure, part): mm for structure, part, mm in rows}


def assert_same_clearances(page: Page, case: PlannedCase, plan_sha256: str) -> int:
    """Live figures against those in the plan; how many were compared."""
    plan = case.hub.get(f"/api/plans/{plan_sha256}")
    kinds = {one["name"]: one["kind"] for one in case.structures().values()}
    said = {(c["structure"], bool(c["hard"])): c["min_distance_mm"] for c in plan["needles"][0]["clearances"]}
    compared = 0
    for (structure, part), mm in live_clearances(page).items():
        server = said.get((kinds.get(structure, structure), part != "thin"))
        if server is None or server > REACH_MM:
            continue
        assert mm == pytest.approx(server, abs=LIVE_MM), (structure, part, mm, server)
        compared += 1
    return compared


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_pictures_have_three_fifths_of_the_window(
    open_page: Open, case: PlannedCase, shoot: Shoot, locale: str, size: tuple[int, int]
) -> None:
    """Six pictures, each with its patient, letters and scale; nothing is cut off or lies outside."""
    page = open_page(f"/cases/{case.id}/planning", email=EXPERT.email, locale=locale, size=size)
    wait_until_drawn(page)
    page.wait_for_timeout(1500)
    shoot(page, f"workspace-{locale}-{size[0]}")
    assert page.evaluate(SHARE) >= LEAST_SHARE
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(OUTSIDE) == []
    patient = case.hub.get(f"/api/cases/{case.id}")["patient"]
    panes = page.locator("[data-testid=panes] > section")
    expect(panes).to_have_count(6)
    for n in range(6):
        banner = panes.nth(n).get_by_test_id("pane-banner")
        expect(banner).to_contain_text(patient["name"])
        expect(banner).to_contain_text(patient["id"])
    for kind in ("axial", "coronal", "sagittal", "in-line", "probe-eye"):
        pane = page.get_by_test_id(f"pane-{kind}")
        for side in ("left", "right", "top", "bottom"):
            expect(pane.get_by_test_id(f"letter-{side}")).not_to_be_empty()
        expect(pane.get_by_text("mm", exact=False).first).to_be_attached()


def test_layouts_and_panels_are_remembered(page: Page, case: PlannedCase, shoot: Shoot) -> None:
    panes = page.get_by_test_id("panes")
    for key, layout, count in (
        ("7", "needle", 4),
        ("8", "orthogonal", 3),
        ("9", "scene", 4),
        ("0", "one", 1),
    ):
        page.keyboard.press(key)
        expect(panes).to_have_attribute("data-layout", layout)
        expect(panes.locator("> section")).to_have_count(count)
        page.wait_for_timeout(400)
        shoot(page, f"layout-{layout}-en-1366")
        assert page.evaluate(SHARE) >= LEAST_SHARE
    page.get_by_role("button", name="In-line 7").click()
    expect(panes).to_have_attribute("data-layout", "needle")
    page.get_by_role("button", name="Structures [").click()
    expect(page.get_by_test_id("structure-liver")).to_be_visible()
    expect(page.get_by_test_id("needle-facts")).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("panes")).to_have_attribute("data-layout", "needle")
    expect(page.get_by_test_id("structure-liver")).to_be_visible()


def test_keys_work_while_a_button_has_the_focus_and_are_listed(page: Page) -> None:
    page.get_by_role("button", name="Window W").click()
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Brush B")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Entry", exact=True).focus()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Brush B")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Brush B").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    for words in (
        "Brush",
        "Box",
        "To the needle's tip",
        "Next slice",
        "Save what was edited",
        "Cross 1 mm left",
    ):
        expect(sheet.get_by_text(words).first).to_be_visible()


def test_a_needle_is_planned_by_keyboard_alone(page: Page) -> None:
    """Tab to a handle, arrows; a needle more, its coordinates typed; undo takes everything back."""
    page.get_by_test_id("pane-axial").focus()
    for _ in range(12):
        if page.evaluate("document.activeElement?.dataset.testid") == "needle-N1-entry":
            break
        page.keyboard.press("Tab")
    before = page.get_by_label("Entry", exact=True).input_value()
    page.keyboard.press("ArrowLeft")
    moved = page.get_by_label("Entry", exact=True)
    expect(moved).not_to_have_value(before)
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="N2", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Tip", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("r 70 a 50 h 25.5")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tip", exact=True)).to_have_value("R 70.0  A 50.0  H 25.5")
    page.keyboard.press("Control+a")
    page.keyboard.type("R 1 L 2 H 3")
    expect(page.get_by_label("Tip", exact=True)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    page.get_by_test_id("pane-axial").focus()
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="N2", exact=True)).to_have_count(0)
    expect(page.get_by_label("Entry", exact=True)).to_have_value(before)


def test_the_tumour_box_is_dragged_and_limits_the_segmentation(page: Page, case: PlannedCase) -> None:
    page.keyboard.press("t")
    pane = page.get_by_test_id("pane-axial")
    left = page.get_by_role("spinbutton", name="left")
    start = float(left.input_value())
    handle = pane.get_by_test_id("box-1")
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y, steps=4)
    page.mouse.up()
    dragged = float(left.input_value())
    assert dragged > start + 5
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert float(left.input_value()) == pytest.approx(dragged + 1, abs=0.11)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert float(left.input_value()) == pytest.approx(start, abs=0.11)
    before = case.structures()["tumour1"]
    left.fill(str(round(start - 20.0, 1)))
    page.get_by_role("button", name="Segment tumour in box").click()
    expect(page.get_by_test_id("running-job")).to_be_visible()
    expect(page.get_by_test_id("running-job")).to_be_hidden(timeout=120_000)
    half = case.structures()["tumour1"]
    assert half["version"] == before["version"] + 1
    assert leftmost_mm(page, case, before["sha256"]) > start - 20.0 + BOX_MM
    assert leftmost_mm(page, case, half["sha256"]) <= start - 20.0 + BOX_MM
    left.fill(str(start))
    page.get_by_role("button", name="Segment tumour in box").click()
    expect(page.get_by_test_id("running-job")).to_be_visible()
    expect(page.get_by_test_id("running-job")).to_be_hidden(timeout=120_000)
    whole = case.structures()["tumour1"]
    assert leftmost_mm(page, case, whole["sha256"]) > start - 20.0 + BOX_MM
    case.review()


def test_a_job_that_ended_while_the_list_was_on_its_way_stays_ended(page: Page, case: PlannedCase) -> None:
    """The list of jobs was answered while the job ran and arrives after the stream told of its end."""
    held: list[str] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        unfinished = [job["id"] for job in answer.json() if job["state"] in ("queued", "running")]
        if unfinished and not held:
            held.extend(unfinished)
            until(lambda: case.hub.get(f"/api/jobs/{held[0]}")["state"] == "done")
            page.wait_for_timeout(1000)
        route.fulfill(response=answer)

    page.keyboard.press("t")
    page.route(f"**/api/cases/{case.id}/jobs", hold)
    page.get_by_role("button", name="Segment tumour in box").click()
    with page.expect_response(lambda answer: bool(held) and answer.url.endswith("/jobs"), timeout=60_000):
        expect(page.get_by_test_id("running-job")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("running-job")).to_be_hidden()
    case.review()


def leftmost_mm(page: Page, case: PlannedCase, sha256: str) -> float:
    """The largest LPS x of a structure's voxels, mm."""
    answer = page.context.request.get(f"/api/structures/{sha256}/mask")
    _, facts = decode_tnb1(answer.body())
    series = case.hub.get(f"/api/series/{case.series_id}")
    i = facts["start_kji"][2] + facts["shape_kji"][2] - 1
    return float(series["affine"][0] * i + series["affine"][3])


def test_threshold_and_opacity_are_set(page: Page) -> None:
    page.keyboard.press("b")
    page.get_by_label("only HU from").check()
    page.get_by_label("Lowest HU").fill("40")
    page.get_by_label("Highest HU").fill("180")
    expect(page.get_by_label("Highest HU")).to_have_value("180")
    page.get_by_role("button", name="Structures [").click()
    page.get_by_label("Opacity").fill("35")
    expect(page.get_by_text("Opacity 35 %")).to_be_visible()


def test_live_distances_are_those_of_the_hub(page: Page, case: PlannedCase) -> None:
    """Large vessels count under their rule; thin branches have a line of their own. Also after an edit."""
    case.review()
    plan = case.plans()[-1]["plan_sha256"]
    assert assert_same_clearances(page, case, plan) >= 3
    assert any(part == "large" for _, part in live_clearances(page))
    move_entry(page)
    page.wait_for_timeout(300)
    edited = live_clearances(page)
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_test_id("edited")).to_be_hidden(timeout=120_000)
    assert assert_same_clearances(page, case, case.plans()[-1]["plan_sha256"]) >= 3
    assert live_clearances(page) == pytest.approx(edited, abs=1e-3)


def test_soft_limits_are_told_apart_by_sign_and_word(page: Page) -> None:
    soft = page.locator("[data-testid=clearances] > [data-limit=soft]").first
    expect(soft).to_contain_text("▲")
    expect(soft).to_contain_text("soft")


def test_alternatives_stand_side_by_side(page: Page, shoot: Shoot) -> None:
    """Of the proposal itself: an edited version, which another test may have saved, has none."""
    page.keyboard.press("[")
    page.get_by_role("button", name="v1 · auto").click()
    page.keyboard.press("]")
    page.keyboard.press("a")
    table = page.get_by_test_id("alternatives-table")
    expect(table.get_by_role("rowheader", name="Least margin", exact=True)).to_be_visible()
    table.get_by_role("button", name="Show").first.click()
    expect(page.get_by_test_id("ghost-N1").first).to_be_attached()
    page.wait_for_timeout(400)
    shoot(page, "alternatives-en-1366")
    table.get_by_role("button", name="Adopt").first.click()
    expect(page.get_by_test_id("edited")).to_be_visible()


def test_structures_appear_one_by_one_and_nobody_asks_again_and_again(
    hub: Any, open_page: Open, phantom: Path
) -> None:
    """Each structure is listed as soon as it is there, while others are still being segmented."""
    case = refer_case(hub.url, hub.sites, phantom, hospital=1)
    page = open_page(f"/cases/{case.id}/planning", email=EXPERT.email, size=SIZES[0])
    page.get_by_role("button", name="Propose structures").click()
    running = page.get_by_test_id("running-job")
    expect(running).to_be_visible()
    rows = page.locator("[data-testid^=structure-]")
    seen: set[int] = set()
    while running.is_visible():
        seen.add(rows.count())
        page.wait_for_timeout(100)
    assert len(seen - {0}) >= 3, seen
    expect(rows).to_have_count(len(case.structures()), timeout=30_000)
    page.wait_for_timeout(4000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(6000)
    assert [url for url in asked if "/jobs" in url or "/structures" in url] == []
    case.hub.close()
