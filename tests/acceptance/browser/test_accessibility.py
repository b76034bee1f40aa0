"""Every page, in both languages, without a violation that axe finds; pictures of each are kept."""

from __future__ import annotations

import re
import secrets
import socket
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.acceptance.browser.computed_case import ComputedCase
from tests.acceptance.browser.planned_case import wait_until_drawn

from teleneedle.apps.demo.cast import ADMINISTRATOR, CENTRE_STAFF, HOSPITALS, PASSWORD, hospital_staff
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.hub_process import running_hub

EXPERT, ADMIN = CENTRE_STAFF[0].email, ADMINISTRATOR[1]
OPERATOR, TECHNOLOGIST = (person.email for person in hospital_staff(HOSPITALS[2])[:2])
SMALL, LARGE = (1366, 768), (1920, 1080)
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
Check = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def empty_case(hub: Any) -> str:
    """A referred case without images."""
    operator = HubClient(hub.url)
    operator.sign_in(OPERATOR, PASSWORD)
    patient = {"id": "PHANTOM-EMPTY", "name": "Phantom^Empty", "sex": "F", "birth_date": "19600102"}
    body = {"site_id": hub.sites[HOSPITALS[2]], "patient": patient, "modality": "mwa", "indication": "HCC"}
    made = operator.command("/api/cases", body)
    operator.close()
    return str(made["id"])


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_before_anybody_is_there(
    browser: Browser, tmp_path: Path, check: Check, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first visit to a new hub."""
    for name in ("TELENEEDLE_LINK_PORT", "TELENEEDLE_DICOM_PORT"):  # another hub's
        monkeypatch.setenv(name, "0")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running_hub(tmp_path, port=port, setup_token=secrets.token_urlsafe(8)) as running:
        page = browser.new_page(base_url=running.url, locale={"zh": "zh-CN", "en": "en-GB"}[locale])
        page.goto("/setup")
        expect(page.locator("input[name=setup_token]")).to_be_visible()
        check(page, "setup")
        page.close()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_signing_in(open_page: Open, check: Check, locale: str) -> None:
    page = open_page("/sign-in", locale=locale)
    expect(page.locator("input[type=password]")).to_be_visible()
    check(page, "sign-in")
    page.locator("input[type=email]").fill(EXPERT)
    page.locator("input[type=password]").fill("not-the-password")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    check(page, "sign-in-refused")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_lists_and_the_case(open_page: Open, check: Check, computed_case: ComputedCase, locale: str) -> None:
    page = open_page("/cases", email=EXPERT, locale=locale)
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    check(page, "worklist")
    for name, path in (
        ("case", f"/cases/{computed_case.id}"),
        ("mdt", f"/cases/{computed_case.id}/mdt"),
        ("account", "/account"),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        expect(page.locator("h1")).to_have_count(1)
        check(page, name)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_uploading(open_page: Open, check: Check, empty_case: str, locale: str) -> None:
    """Nothing chosen; on its way; refused."""
    page = open_page(f"/cases/{empty_case}/upload", email=TECHNOLOGIST, locale=locale)
    expect(page.get_by_test_id("choose-files")).to_be_attached()
    check(page, "upload-empty")
    held: list[Any] = []
    page.route(re.compile(r"/api/uploads/.*/files/"), lambda route: held.append(route))
    junk = {"name": f"{uuid.uuid4()}.dcm", "mimeType": "application/dicom", "buffer": b"no DICOM" * 4096}
    page.get_by_test_id("choose-files").set_input_files([junk])
    page.get_by_role("button", name=re.compile("^(开始上传|Upload)$")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    check(page, "upload-running")
    for route in held:
        route.continue_()
    page.unroute_all(behavior="ignoreErrors")
    expect(page.get_by_role("alert").first).to_be_visible(timeout=30_000)
    check(page, "upload-failed")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_planning_with_each_panel_open(
    open_page: Open, check: Check, computed_case: ComputedCase, locale: str
) -> None:
    page = open_page(f"/cases/{computed_case.id}/planning", email=EXPERT, locale=locale)
    wait_until_drawn(page)
    check(page, "planning-needle")
    tabs = page.get_by_role("tab")
    tabs.nth(1).click()
    expect(page.get_by_test_id("dvh")).to_be_visible()
    page.get_by_role("radio").nth(1).click()
    expect(page.get_by_test_id("isoline").first).to_be_attached()
    check(page, "planning-results")
    tabs.nth(2).click()
    expect(page.get_by_test_id("template-report")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("三维|3-D")).check()
    check(page, "planning-files")
    page.get_by_role("button", name=re.compile("^(预览|Preview)$")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "planning-book")
    page.get_by_role("button", name="关闭 Close").click()
    page.get_by_role("button", name=re.compile("v1 相比|Compared with v1")).click()
    expect(page.get_by_test_id("plan-diff")).to_contain_text("3.0 mm")
    check(page, "planning-versions")
    page.get_by_role("button", name=re.compile("^v1 ")).click()
    page.get_by_role("button", name=re.compile("^(对比|Compare)$")).click()
    expect(page.get_by_role("table").last).to_be_visible()
    check(page, "planning-alternatives")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_administration(open_page: Open, check: Check, computed_case: ComputedCase, locale: str) -> None:
    page = open_page("/admin", email=ADMIN, locale=locale)
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_be_visible()
    for n in range(tabs.count()):
        tabs.nth(n).click()
        page.wait_for_load_state("networkidle")
        check(page, f"admin-{n}")
