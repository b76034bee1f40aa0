"""Two experts edit the same thing, or a session ends while somebody edits: no edit is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.acceptance.browser.planned_case import (
    EXPERT,
    SECOND_EMAIL,
    SECOND_NAME,
    PlannedCase,
    add_second_expert,
    make_planned_case,
    move_entry,
    paint_dab,
    wait_until_drawn,
)

from teleneedle.apps.demo.cast import PASSWORD

Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
TARGET = "tumour1"
SAVED_S = 120_000


@pytest.fixture(scope="module")
def case(hub: Any, phantom: Path) -> Iterator[PlannedCase]:
    """A planned case that hospital C referred, and a second expert."""
    add_second_expert(hub.url, hub.sites)
    made = make_planned_case(hub.url, hub.sites, phantom, hospital=2)
    yield made
    made.hub.close()


@pytest.fixture
def both(open_page: Open, case: PlannedCase) -> tuple[Page, Page]:
    """The case's planning page, open at two experts'."""
    pages = tuple(
        open_page(f"/cases/{case.id}/planning", email=email, size=(1366, 768))
        for email in (EXPERT.email, SECOND_EMAIL)
    )
    for page in pages:
        wait_until_drawn(page)
    return pages[0], pages[1]


def save_structures(page: Page) -> None:
    page.get_by_role("button", name="Save structures").click()


def end_session(page: Page) -> None:
    """As when the hub has let the session run out; the page does not know yet."""
    requests = page.context.request
    token = requests.get("/api/session").json()["csrf_token"]
    origin = page.url.split("/cases/")[0]
    gone = requests.delete("/api/session", headers={"X-CSRF-Token": token, "Origin": origin})
    assert gone.ok, gone.text()


def sign_in_again(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()


def test_who_else_has_the_case_open_is_shown(both: tuple[Page, Page]) -> None:
    mine, _ = both
    expect(mine.get_by_label("Who is here")).to_contain_text(SECOND_NAME, timeout=30_000)
    expect(mine.get_by_label("Who is here")).to_contain_text("Planning")


def test_the_slower_mask_is_kept_on_top_of_the_faster_one(
    both: tuple[Page, Page], case: PlannedCase, shoot: Shoot
) -> None:
    mine, theirs = both
    before = case.structures()[TARGET]
    paint_dab(mine, right_mm=14)
    paint_dab(theirs, right_mm=-14)
    save_structures(theirs)
    expect(theirs.get_by_role("button", name="Save structures")).to_be_hidden(timeout=30_000)
    faster = case.structures()[TARGET]
    assert faster["version"] == before["version"] + 1

    mine.wait_for_timeout(1500)
    save_structures(mine)
    dialog = mine.get_by_role("dialog")
    expect(dialog.get_by_test_id("version-mine")).to_contain_text(EXPERT.name)
    expect(dialog.get_by_test_id("version-theirs")).to_contain_text(SECOND_NAME)
    expect(dialog.get_by_test_id("version-theirs")).to_contain_text("2026")
    shoot(mine, "conflict-mask-en-1366")
    assert case.structures()[TARGET]["sha256"] == faster["sha256"]

    dialog.get_by_role("button", name="Look at the difference").click()
    expect(mine.get_by_test_id("mask-difference")).to_contain_text(SECOND_NAME)
    mine.wait_for_timeout(500)
    shoot(mine, "conflict-difference-en-1366")
    mine.get_by_role("button", name="Keep mine").click()
    expect(mine.get_by_test_id("mask-difference")).to_be_hidden(timeout=30_000)
    expect(mine.get_by_role("button", name="Save structures")).to_be_hidden()

    kept = case.structures()[TARGET]
    assert kept["version"] == faster["version"] + 1
    assert EXPERT.name in kept["engine"]
    for sha256 in (before["sha256"], faster["sha256"], kept["sha256"]):
        assert mine.context.request.get(f"/api/structures/{sha256}/mask").ok
    shown = theirs.get_by_test_id(f"structure-{TARGET}")
    theirs.keyboard.press("[")
    expect(shown).to_contain_text(f"{kept['volume_ml']:.0f}", timeout=30_000)


def test_their_mask_is_taken_and_mine_comes_back_with_undo(
    both: tuple[Page, Page], case: PlannedCase
) -> None:
    mine, theirs = both
    paint_dab(mine, right_mm=-17)
    paint_dab(theirs, right_mm=17)
    save_structures(theirs)
    expect(theirs.get_by_role("button", name="Save structures")).to_be_hidden(timeout=30_000)
    faster = case.structures()[TARGET]
    save_structures(mine)
    mine.get_by_role("dialog").get_by_role("button", name="Take theirs").click()
    expect(mine.get_by_role("button", name="Save structures")).to_be_hidden(timeout=30_000)
    assert case.structures()[TARGET]["sha256"] == faster["sha256"]

    mine.keyboard.press("Control+z")
    save_structures(mine)
    expect(mine.get_by_role("button", name="Save structures")).to_be_hidden(timeout=30_000)
    kept = case.structures()[TARGET]
    assert kept["version"] == faster["version"] + 1
    assert kept["sha256"] != faster["sha256"]


def test_a_draft_whose_base_moved_is_kept_on_top(
    both: tuple[Page, Page], case: PlannedCase, shoot: Shoot
) -> None:
    case.review()
    mine, theirs = both
    move_entry(mine)
    move_entry(theirs, times=2)
    drafted = mine.get_by_label("Entry", exact=True).input_value()
    theirs.get_by_role("button", name="Save as new version").click()
    expect(theirs.get_by_test_id("edited")).to_be_hidden(timeout=SAVED_S)
    faster = case.plans()[-1]
    assert faster["author"] == SECOND_NAME

    dialog = mine.get_by_role("dialog")
    expect(dialog.get_by_test_id("version-theirs")).to_contain_text(SECOND_NAME, timeout=30_000)
    shoot(mine, "conflict-plan-en-1366")
    dialog.get_by_role("button", name="Look at the difference").click()
    expect(mine.get_by_test_id("ghost-N1").first).to_be_attached()
    assert mine.get_by_label("Entry", exact=True).input_value() == drafted
    mine.get_by_test_id("plan-moved").get_by_role("button", name="Keep mine").click()
    expect(mine.get_by_test_id("edited")).to_be_hidden(timeout=SAVED_S)
    kept = case.plans()[-1]
    assert kept["version"] == faster["version"] + 1
    assert kept["parent_sha256"] == faster["plan_sha256"]
    assert kept["author"] == EXPERT.name
    assert mine.get_by_label("Entry", exact=True).input_value() == drafted
    expect(mine.get_by_role("dialog")).to_be_hidden()


def test_what_was_saved_stays_on_the_desk_while_the_list_of_versions_is_on_its_way(
    open_page: Open, case: PlannedCase
) -> None:
    """The list that follows a save comes late: until then the version before must not come back."""
    page = open_page(f"/cases/{case.id}/planning", email=EXPERT.email, size=(1366, 768))
    wait_until_drawn(page)
    case.review()
    move_entry(page)
    entry = page.get_by_label("Entry", exact=True)
    drafted = entry.input_value()

    def late(route: Route) -> None:
        page.wait_for_timeout(3000)
        route.continue_()

    page.route(f"**/api/cases/{case.id}/plans", late)
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_test_id("edited")).to_be_hidden(timeout=SAVED_S)
    shown = set()
    for _ in range(20):
        shown.add(entry.input_value())
        page.wait_for_timeout(100)
    page.unroute_all(behavior="wait")
    assert shown == {drafted}


def test_an_edit_is_saved_after_an_expired_session_is_renewed(
    open_page: Open, case: PlannedCase, shoot: Shoot
) -> None:
    page = open_page(f"/cases/{case.id}/planning", email=EXPERT.email, size=(1366, 768))
    page.route("**/presence", lambda route: route.abort())
    wait_until_drawn(page)
    versions = len(case.plans())
    before = case.structures()[TARGET]
    paint_dab(page, right_mm=20)
    move_entry(page)
    drafted = page.get_by_label("Entry", exact=True).input_value()
    end_session(page)

    save_structures(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    shoot(page, "session-expired-en-1366")
    assert case.structures()[TARGET]["sha256"] == before["sha256"]
    sign_in_again(page)
    expect(page.get_by_role("button", name="Save structures")).to_be_hidden(timeout=30_000)
    assert case.structures()[TARGET]["version"] == before["version"] + 1

    case.review()
    page.wait_for_timeout(3000)
    end_session(page)
    page.get_by_role("button", name="Save as new version").click()
    sign_in_again(page)
    expect(page.get_by_test_id("edited")).to_be_hidden(timeout=SAVED_S)
    assert len(case.plans()) == versions + 1
    assert page.get_by_label("Entry", exact=True).input_value() == drafted
