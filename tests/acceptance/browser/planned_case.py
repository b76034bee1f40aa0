"""A case of the synthetic patient with reviewed structures and a plan, and two experts who work on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import ADMINISTRATOR, CENTRE, CENTRE_STAFF, HOSPITALS, PASSWORD, Referral
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.story import propose_plan, refer, review_structures
from teleneedle.core.case import Patient

EXPERT = CENTRE_STAFF[0]
SECOND_NAME, SECOND_EMAIL = "孙专家 Sun", "second@centre.example"


@dataclass(frozen=True, kw_only=True)
class PlannedCase:
    """The case and its series; `hub` is signed in as the first expert."""

    id: str
    series_id: str
    hub: HubClient

    def structures(self) -> dict[str, dict[str, Any]]:
        """Newest version of each structure by name."""
        return {one["name"]: one for one in self.hub.get(f"/api/cases/{self.id}/structures")}

    def review(self) -> None:
        """The expert puts their name to every structure that is not reviewed."""
        review_structures(self.hub, self.id)

    def plans(self) -> list[dict[str, Any]]:
        """Versions, the oldest first."""
        return sorted(self.hub.get(f"/api/cases/{self.id}/plans"), key=lambda one: int(one["version"]))


def refer_case(url: str, sites: dict[str, str], phantom: Path, *, hospital: int) -> PlannedCase:
    """The synthetic patient's images, referred by a hospital; nothing segmented."""
    referral = Referral(
        phantom="liver-mwa", seed=0, hospital=HOSPITALS[hospital], modality="mwa", indication="HCC"
    )
    identity = json.loads((phantom / "identity.json").read_text(encoding="utf-8"))
    case_id = refer(
        url, referral, site_id=sites[referral.hospital], patient=Patient(**identity), folder=phantom
    )
    hub = HubClient(url)
    hub.sign_in(EXPERT.email, PASSWORD)
    series_id = hub.get(f"/api/cases/{case_id}")["series"][0]["id"]
    return PlannedCase(id=case_id, series_id=series_id, hub=hub)


def make_planned_case(url: str, sites: dict[str, str], phantom: Path, *, hospital: int) -> PlannedCase:
    """Referred by a hospital, structures proposed and reviewed, a plan proposed."""
    case = refer_case(url, sites, phantom, hospital=hospital)
    box = json.loads((phantom / "box.json").read_text())
    order = {"series_id": case.series_id, "target_box": box}
    case.hub.wait(case.hub.command(f"/api/cases/{case.id}/segmentations", order))
    case.review()
    propose_plan(case.hub, case.id)
    return case


def add_second_expert(url: str, sites: dict[str, str]) -> None:
    """Another expert of the centre."""
    administrator = HubClient(url)
    administrator.sign_in(ADMINISTRATOR[1], PASSWORD)
    administrator.post(
        "/api/admin/people",
        {
            "name": SECOND_NAME,
            "email": SECOND_EMAIL,
            "password": PASSWORD,
            "memberships": [{"site_id": sites[CENTRE], "role": "expert"}],
        },
    )
    administrator.close()


def wait_until_drawn(page: Page) -> None:
    """Images complete, structures drawn, the plan's live numbers there."""
    page.wait_for_selector("[data-testid=image-state] [data-level='0']", state="attached", timeout=60_000)
    page.wait_for_selector("[data-testid=coverage]", timeout=60_000)
    expect(page.locator("[data-testid=clearances] > div")).to_have_count(8, timeout=60_000)
    for nearest in ("[data-structure=vessels][data-part=large]", "[data-structure=bowel]"):
        expect(page.locator(nearest)).to_be_visible(timeout=60_000)


def move_entry(page: Page, times: int = 1) -> None:
    """Move the needle's entry 5 mm to the patient's right, by key."""
    handle = page.get_by_test_id("needle-N1-entry").first
    handle.focus()
    for _ in range(times):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_test_id("edited")).to_be_visible()


def paint_dab(page: Page, *, right_mm: int) -> None:
    """A dab of the brush on the target, `right_mm` from the cursor in the axial picture; by keys alone."""
    page.get_by_test_id("pane-axial").focus()
    page.keyboard.press("b")
    for _ in range(abs(right_mm)):
        page.keyboard.press("Control+ArrowRight" if right_mm > 0 else "Control+ArrowLeft")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Save structures")).to_be_visible()
