"""Series on their way, on the page: seen while they sharpen, named when not whole, confirmed side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.acceptance.browser.fake_arrivals import ID, FakeArrivals, make_fake
from tests.acceptance.browser.planned_case import EXPERT, PlannedCase, refer_case

Open = Callable[..., Page]
Check = Callable[[Page, str], None]
SOON_MS = 60_000
LANGUAGES = pytest.mark.parametrize("locale", ["zh", "en"])


@pytest.fixture(scope="module")
def case(hub: Any, phantom: Path) -> PlannedCase:
    return refer_case(hub.url, hub.sites, phantom, hospital=1)


@pytest.fixture
def fake(case: PlannedCase) -> FakeArrivals:
    patient = case.hub.get(f"/api/cases/{case.id}")["patient"]
    identity = {key: patient[key] for key in ("id", "name", "birth_date")}
    return make_fake(case.hub, case.id, case.series_id, identity)


@pytest.fixture
def arriving(open_page: Open, fake: FakeArrivals) -> Iterator[Callable[[str, str], Page]]:
    """A page of somebody for whom the series is arriving: ``arriving("/cases", "zh")``."""
    pages: list[Page] = []

    def open_at(path: str, locale: str) -> Page:
        page = open_page("/account", email=EXPERT.email, locale=locale)
        pages.append(page)
        fake.install(page)
        page.goto(path)
        return page

    yield open_at
    for page in pages:
        page.unroute_all(behavior="ignoreErrors")


def words(locale: str, zh: str, en: str) -> str:
    return zh if locale == "zh" else en


def sight(page: Page, **facts: int | str) -> None:
    """Wait until the page says so of the slice that is looked at and of the series."""
    shown = page.get_by_test_id("sight")
    for name, value in facts.items():
        expect(shown).to_have_attribute(f"data-{name}", str(value), timeout=SOON_MS)


def greys(page: Page, kind: str) -> int:
    """How many different greys a picture has: one when it is blank, few when it is coarse."""
    script = """canvas => new Set(canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data.filter((_, n) => n % 4 == 0)).size"""
    return int(page.get_by_test_id(f"pane-{kind}").locator("canvas").evaluate(script))


@LANGUAGES
def test_the_worklist_and_the_case_say_what_comes(
    arriving: Callable[[str, str], Page], fake: FakeArrivals, check: Check, locale: str
) -> None:
    fake.come = {3: fake.depth, 2: fake.depth // 2, 0: 7}
    page = arriving("/cases", locale)
    coming = page.get_by_test_id("coming")
    expect(coming.get_by_role("progressbar")).to_have_count(1)
    expect(coming).to_contain_text("CT 室网关 CT room")
    check(page, "arrivals-worklist")
    coming.get_by_role("link").click()
    row = page.get_by_test_id(f"arrival-{ID}")
    expect(row.get_by_role("progressbar")).to_have_count(3)
    expect(row).to_contain_text(words(locale, f"7 / {fake.depth} 层", f"7 of {fake.depth} slices"))
    expect(row).to_contain_text("1.2 MB/s")
    expect(row).to_contain_text(words(locale, "收全后自动开始分割", "Structures start when complete"))
    check(page, "arrivals-case")
    row.get_by_role("button", name=words(locale, "优先传送", "Send first")).click()
    expect(page.get_by_role("button", name=words(locale, "边到边看", "View live"))).to_be_visible()
    assert [kind for kind, _ in fake.posted] == ["urgent"]


@LANGUAGES
def test_it_is_seen_while_it_sharpens(
    arriving: Callable[[str, str], Page], fake: FakeArrivals, check: Check, locale: str
) -> None:
    """Coarse everywhere, then sharp about the middle, then whole; the banner stays until all is there."""
    page = arriving(f"/cases/{fake.case_id}/arriving/{ID}", locale)
    warning = page.get_by_text(
        words(locale, "影像仍在到达：不可用于规划", "Still arriving: not for planning")
    )
    expect(warning).to_have_count(4)
    fake.come[3] = fake.depth
    sight(page, slices=fake.depth, coarse=fake.depth, skip=3, whole=0)
    assert all(greys(page, kind) > 8 for kind in ("axial", "coronal", "sagittal"))
    check(page, "arrivals-coarse")
    fake.come[2] = fake.depth
    fake.come[0] = 9
    sight(page, skip=0, whole=9)
    page.get_by_test_id("pane-axial").hover()
    for _ in range(12):
        page.mouse.wheel(0, 100)
    sight(page, skip=2)
    check(page, "arrivals-sharpening")
    k = int(page.get_by_test_id("sight").get_attribute("data-k") or -1)
    assert abs(k - (fake.depth - 1) / 2) >= 11
    told = [body["k"] for kind, body in fake.posted if kind == "focus"]
    assert k in told or _told_soon(page, fake, k)
    assert len(told) < 14
    fake.come[0] = fake.depth
    sight(page, skip=0, whole=fake.depth)
    expect(warning).to_have_count(4)
    fake.arrival |= {"state": "complete", "series_id": fake.series_id}
    expect(warning).to_have_count(0, timeout=SOON_MS)
    expect(page.get_by_role("button", name=words(locale, "打开规划", "Open the planning"))).to_be_visible()
    check(page, "arrivals-complete")


def _told_soon(page: Page, fake: FakeArrivals, k: int) -> bool:
    """The last place is told after a pause."""
    for _ in range(100):
        if ("focus", {"k": k}) in fake.posted:
            return True
        page.wait_for_timeout(100)
    return False


def test_slices_that_are_announced_later_keep_what_is_there(
    arriving: Callable[[str, str], Page], fake: FakeArrivals
) -> None:
    """A scanner that still sends: the series grows upwards; what was decoded is not asked for again."""
    whole = dict(fake.geometry)
    fake.geometry = {**whole, "shape": [20, *whole["shape"][1:]]}
    fake.come = dict.fromkeys(fake.come, 20)
    page = arriving(f"/cases/{fake.case_id}/arriving/{ID}", "en")
    sight(page, slices=20, whole=20)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pictures" in request.url else None)
    fake.geometry = whole
    fake.come = dict.fromkeys(fake.come, fake.depth)
    sight(page, slices=fake.depth, whole=fake.depth)
    assert asked
    assert all("k0=20&" in url or int(url.split("k0=")[1].split("&")[0]) > 20 for url in asked)


@LANGUAGES
def test_a_series_that_stays_incomplete_is_named_so(
    arriving: Callable[[str, str], Page], fake: FakeArrivals, check: Check, locale: str
) -> None:
    missing = {"zh": "缺第 31–38 层", "en": "slices 31–38"}
    fake.come = dict.fromkeys(fake.come, fake.depth - 8)
    fake.arrival |= {"state": "incomplete", "missing": [missing], "bytes_per_s": None}
    page = arriving(f"/cases/{fake.case_id}", locale)
    row = page.get_by_test_id(f"arrival-{ID}")
    expect(row).to_contain_text(missing[locale])
    expect(row).to_contain_text(words(locale, "不能用于规划", "cannot be planned on"))
    check(page, "arrivals-incomplete")
    row.get_by_role("button", name=words(locale, "边到边看", "View live")).click()
    stopped = page.get_by_text(words(locale, "影像不完整：不可用于规划", "Incomplete: not for planning"))
    expect(stopped).to_be_visible()
    sight(page, coarse=fake.depth - 8, whole=fake.depth - 8)


@LANGUAGES
def test_identities_are_compared_by_keyboard_before_images_enter_a_case(
    arriving: Callable[[str, str], Page], fake: FakeArrivals, check: Check, locale: str
) -> None:
    inside = dict(fake.arrival["patient"])
    fake.come[3] = fake.depth
    fake.arrival |= {
        "state": "held",
        "case_id": None,
        "patient": {**inside, "name": "Wrong^Name"},
        "held_because": [{"zh": "姓名不一致", "en": "the names differ"}],
        "candidates": [{"case_id": fake.case_id, "patient": inside, "indication": "HCC"}],
    }
    page = arriving("/cases", locale)
    page.get_by_role("button", name=words(locale, "去核对", "Compare"), exact=True).click()
    page.wait_for_url("**/arrivals")
    entry = page.get_by_test_id(f"unsure-{ID}")
    expect(entry).to_contain_text(words(locale, "姓名不一致", "the names differ"))
    check(page, "arrivals-inbox")
    entry.get_by_role("button", name=words(locale, "核对身份", "Compare identities")).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name=words(locale, "已核对，是同一患者", "it is the same patient"))
    expect(confirm).to_be_disabled()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    table = dialog.get_by_test_id("identities")
    expect(table.get_by_text(words(locale, "不一致", "differs"), exact=True)).to_have_count(1)
    expect(table.get_by_text(words(locale, "一致", "equal"), exact=True)).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.type("somebody else")
    expect(confirm).to_be_disabled()
    check(page, "arrivals-compare")
    number = dialog.get_by_label(words(locale, "输入病例的病历号以确认", "Type the case's patient number"))
    number.fill("")
    number.focus()
    page.keyboard.type(inside["id"])
    expect(confirm).to_be_enabled()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    ((kind, body),) = [one for one in fake.posted if one[0] == "confirm"]
    assert kind == "confirm"
    assert body["case_id"] == fake.case_id
    assert body["expected"] == fake.arrival["patient"]
