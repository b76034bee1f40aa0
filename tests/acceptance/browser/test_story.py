"""From referral to two signatures on the synthetic patient, as its people see it in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, PASSWORD, Referral, hospital_staff
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.story import propose_plan, refer, review_structures
from teleneedle.core.case import Patient

EXPERT = CENTRE_STAFF[0].email
OPERATOR = hospital_staff(HOSPITALS[1])[0].email
LARGE, SMALL = (1920, 1080), (1366, 768)
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
REFERRAL = Referral(phantom="liver-mwa", seed=0, hospital=HOSPITALS[1], modality="mwa", indication="HCC")


@pytest.fixture(scope="module")
def referred(hub: Any, phantom: Path) -> str:
    """A case that hospital B referred, with consent, checklist and CT."""
    identity = json.loads((phantom / "identity.json").read_text(encoding="utf-8"))
    site_id = hub.sites[REFERRAL.hospital]
    return refer(hub.url, REFERRAL, site_id=site_id, patient=Patient(**identity), folder=phantom)


@pytest.fixture(scope="module")
def planned(hub: Any, referred: str, phantom: Path) -> str:
    """The same case with reviewed structures and a plan that was sent to the MDT; the plan's hash."""
    expert = HubClient(hub.url)
    expert.sign_in(EXPERT, PASSWORD)
    series = expert.get(f"/api/cases/{referred}")["series"][0]["id"]
    box = json.loads((phantom / "box.json").read_text())
    expert.wait(
        expert.command(f"/api/cases/{referred}/segmentations", {"series_id": series, "target_box": box})
    )
    review_structures(expert, referred)
    plan_sha256 = propose_plan(expert, referred)
    expert.append(referred, "plan.submitted", {"plan_sha256": plan_sha256})
    expert.close()
    return plan_sha256


def axe_violations(page: Page, axe_source: str) -> list[str]:
    page.evaluate(axe_source)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in found["violations"]]


def test_signing_in_leads_to_the_worklist(open_page: Open, shoot: Shoot, referred: str) -> None:
    page = open_page("/", size=SMALL)
    page.get_by_label(re.compile("e-mail", re.IGNORECASE)).fill(EXPERT)
    page.get_by_label(re.compile("password", re.IGNORECASE)).first.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_text("PHANTOM-LIVER-MWA-0000").first).to_be_visible()
    expect(page.get_by_text("Research software, not a medical device").first).to_be_visible()
    shoot(page, "worklist-en-1366")


@pytest.mark.parametrize(("locale", "size"), [("zh", SMALL), ("en", LARGE)])
def test_the_planning_page_follows_a_needle(
    open_page: Open, shoot: Shoot, referred: str, planned: str, locale: str, size: tuple[int, int]
) -> None:
    """Six pictures; the needle moved by key changes its depth; undo puts it back."""
    page = open_page(f"/cases/{referred}/planning", email=EXPERT, locale=locale, size=size)
    page.wait_for_selector("[data-testid=image-state] [data-level='0']", timeout=60_000)
    page.wait_for_selector("[data-testid=coverage]", timeout=60_000)
    expect(page.locator("[data-testid=clearances] > div")).to_have_count(8, timeout=60_000)
    for kind in ("axial", "coronal", "sagittal", "in-line", "probe-eye"):
        assert page.get_by_test_id(f"pane-{kind}").is_visible()
    handle = page.get_by_test_id("pane-axial").get_by_role("slider").first
    before = page.get_by_test_id("needle-facts").inner_text()
    handle.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_test_id("edited")).to_be_visible()
    assert page.get_by_test_id("needle-facts").inner_text() != before
    shoot(page, f"planning-{locale}-{size[0]}")
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.get_by_test_id("edited")).to_be_hidden()


def test_expert_and_operator_sign_and_the_plan_is_approved(
    hub: Any, open_page: Open, shoot: Shoot, referred: str, planned: str
) -> None:
    """The MDT page shows the book; two signatures, by hand of two people, approve the plan."""
    page = open_page(f"/cases/{referred}/mdt", email=EXPERT, locale="zh", size=LARGE)
    expect(page.locator("iframe")).to_be_visible()
    shoot(page, "mdt-zh-1920")
    for email in (EXPERT, OPERATOR):
        person = HubClient(hub.url)
        person.sign_in(email, PASSWORD)
        body = {"plan_sha256": planned, "plan_hash_read": planned}
        answer = person.append(referred, "plan.signed", body)
        person.close()
    assert answer["case"]["approval"]["plan_sha256"] == planned


@pytest.mark.parametrize("path", ["/cases", "/cases/{case}", "/cases/{case}/mdt", "/cases/{case}/planning"])
def test_pages_are_accessible(
    open_page: Open, referred: str, planned: str, axe_source: str, path: str
) -> None:
    page = open_page(path.format(case=referred), email=EXPERT)
    page.wait_for_timeout(2500)
    assert axe_violations(page, axe_source) == []


def test_script_in_names_stays_text(hub: Any, open_page: Open) -> None:
    """A patient whose name is markup runs nothing and adds no script node."""
    operator = HubClient(hub.url)
    operator.sign_in(OPERATOR, PASSWORD)
    name = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    patient = {"id": "<svg onload=1>", "name": name, "sex": "M", "birth_date": "19600101"}
    case = operator.command(
        "/api/cases",
        {
            "site_id": hub.sites[REFERRAL.hospital],
            "patient": patient,
            "modality": "mwa",
            "indication": "<script>document.title='owned'</script>",
        },
    )
    operator.close()
    for path in ("/cases", f"/cases/{case['id']}"):
        page = open_page(path, email=OPERATOR)
        page.wait_for_timeout(1500)
        assert page.title() != "owned"
        assert page.locator("script:not([src])").count() == 0
        assert page.locator("img[src=x]").count() == 0
