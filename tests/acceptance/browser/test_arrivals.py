"""Series on their way, on the page: seen while they sharpen, named when not whole, confirmed side by side."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from tests.acceptance.browser.fake_arrivals import ID, FakeArrivals, make_fake, quarter
from tests.acceptance.browser.planned_case import EXPERT, PlannedCase, refer_case

from teleneedle.adapters.nifti import read_masks
from teleneedle.core.image import LabelMap

Open = Callable[..., Page]
Check = Callable[[Page, str], None]
SOON_MS = 60_000
ORGANS = ("liver", "lung", "bone", "kidney", "spleen")
LATER = {
    "zh": "各层粗略影像到齐后开始计算初步器官",
    "en": "Preliminary organs start once every slice is here coarsely",
}
NOTHING = {"zh": "未能在粗略影像中找到器官", "en": "Organs could not be found in the coarse pictures"}
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


@pytest.fixture(scope="module")
def organs(phantom: Path) -> dict[str, LabelMap]:
    """Exact masks of the synthetic patient."""
    found = read_masks([phantom / "truth" / f"{kind}.nii.gz" for kind in ORGANS])
    return {kind: one.label_map for kind, one in zip(ORGANS, found, strict=True)}


def coloured(page: Page) -> NDArray[np.bool_]:
    """Where the axial picture is not grey: contours and fills lie there."""
    canvas = page.get_by_test_id("pane-axial").locator("canvas")
    content = base64.b64decode(canvas.evaluate("canvas => canvas.toDataURL()").split(",")[1])
    rgb = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(np.int16)
    return np.asarray(np.ptp(rgb, axis=2) > 4)


def cut_of(mask: LabelMap, page: Page, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The axial cut of `mask` in a picture of that many rows and columns, as large as the scale bar says."""
    script = """svg => { const bar = svg.querySelector('line[stroke-width="2"]');
        const px = bar.getAttribute('x2') - bar.getAttribute('x1');
        return parseFloat([...svg.querySelectorAll('text')].find(t => / mm$/.test(t.textContent)).textContent)
            / px * svg.clientWidth; }"""
    svg = page.get_by_test_id("pane-axial").locator("svg").first
    mm_per_pixel = float(svg.evaluate(script)) / shape[1]
    k = int(page.get_by_test_id("sight").get_attribute("data-k") or -1)
    grid = mask.grid
    middle = grid.index_to_lps((np.asarray(grid.size_ijk) - 1) / 2)
    rows, columns = np.indices(shape) + 0.5
    right, back = (columns - shape[1] / 2) * mm_per_pixel, (rows - shape[0] / 2) * mm_per_pixel
    height = np.full(shape, grid.index_to_lps([0, 0, k])[2])
    places = np.stack([middle[0] + right, middle[1] + back, height], axis=-1)
    i, j, k_ = np.moveaxis(np.rint(grid.lps_to_index(places)).astype(int), -1, 0)
    inside = grid.contains(places)
    found = np.zeros(shape, np.bool_)
    found[inside] = mask.array[k_[inside], j[inside], i[inside]]
    return found


def drawn(page: Page, *, as_cut: LabelMap | None) -> bool:
    """Whether the axial picture soon has colour within this cut and nowhere else; None means nowhere."""
    for _ in range(50):
        seen = coloured(page)
        if as_cut is None and not seen.any():
            return True
        if as_cut is not None and seen.any():
            wanted = cut_of(as_cut, page, (seen.shape[0], seen.shape[1]))
            assert wanted.sum() > 2000
            if 2 * (seen & wanted).sum() > 0.93 * (seen.sum() + wanted.sum()):
                return True
        page.wait_for_timeout(100)
    return False


@LANGUAGES
def test_preliminary_organs_lie_over_the_pictures_as_they_are_found(
    arriving: Callable[[str, str], Page],
    fake: FakeArrivals,
    organs: dict[str, LabelMap],
    check: Check,
    locale: str,
) -> None:
    fake.come = dict.fromkeys(fake.come, fake.depth)
    page = arriving(f"/cases/{fake.case_id}/arriving/{ID}", locale)
    sight(page, whole=fake.depth)
    legend = page.get_by_test_id("early-structures")
    expect(page.get_by_test_id("arrival-state")).to_contain_text(LATER[locale])
    expect(legend).to_have_count(0)
    assert drawn(page, as_cut=None)

    fake.find_organ("liver", organs["liver"])
    row = page.get_by_test_id("early-liver")
    shown = row.get_by_role("checkbox", name=words(locale, "显示 肝", "Show liver"))
    expect(shown).to_be_checked(timeout=SOON_MS)
    expect(row).to_contain_text(f"{quarter(organs['liver']).volume_ml:,.0f} mL")
    expect(row).to_contain_text(words(locale, "可信", "good"))
    expect(legend).to_contain_text(words(locale, "初步器官", "Preliminary organs"))
    expect(legend).to_contain_text(words(locale, "未经核对，不可用于规划", "not reviewed, not for planning"))
    expect(legend).to_contain_text(words(locale, "其余器官随后显示", "more to come"))
    assert drawn(page, as_cut=organs["liver"])
    shown.focus()
    page.keyboard.press("Space")
    assert drawn(page, as_cut=None)
    page.keyboard.press("Space")
    assert drawn(page, as_cut=organs["liver"])

    for kind in ORGANS[1:]:
        fake.find_organ(kind, organs[kind], gate="amber" if kind == "kidney" else "green")
    fake.look_for_organs("done")
    expect(legend.get_by_role("checkbox", checked=True)).to_have_count(5, timeout=SOON_MS)
    expect(page.get_by_test_id("early-kidney")).to_contain_text(words(locale, "注意", "check"))
    expect(page.get_by_test_id("early-progress")).to_have_text("")
    assert fake.asked_masks == list(ORGANS)
    check(page, "arrivals-organs")
    _fits_beside_the_pictures(page)

    fake.early = None
    expect(legend).to_have_count(0, timeout=SOON_MS)
    assert drawn(page, as_cut=None)


def _fits_beside_the_pictures(page: Page) -> None:
    """On a small screen all of it is seen, and no picture lies below it."""
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_timeout(150)
    legend = page.get_by_test_id("early-structures")
    assert legend.evaluate("it => it.scrollHeight <= it.clientHeight && it.scrollWidth <= it.clientWidth")
    box = legend.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1366
    assert box["y"] + box["height"] <= 768
    for kind in ("axial", "coronal", "sagittal"):
        picture = page.get_by_test_id(f"pane-{kind}").bounding_box()
        assert picture is not None
        assert picture["x"] + picture["width"] <= box["x"]
        assert min(picture["width"], picture["height"]) > 150


@LANGUAGES
def test_what_became_of_the_preliminary_organs_is_said(
    arriving: Callable[[str, str], Page],
    fake: FakeArrivals,
    organs: dict[str, LabelMap],
    check: Check,
    locale: str,
) -> None:
    fake.come[3] = fake.depth
    fake.look_for_organs()
    page = arriving(f"/cases/{fake.case_id}", locale)
    row = page.get_by_test_id(f"arrival-{ID}")
    expect(row).to_contain_text(words(locale, "正在粗略影像中寻找器官", "Looking for organs"))
    fake.find_organ("liver", organs["liver"])
    fake.find_organ("spleen", organs["spleen"])
    page.reload()
    expect(row).to_contain_text(words(locale, "已有初步器官：肝 · 脾", "organs so far: liver · spleen"))
    fake.look_for_organs("done")
    page.reload()
    expect(row).to_contain_text(
        words(locale, "初步器官：肝 · 脾（不可用于规划）", "organs, not for planning: liver · spleen")
    )
    fake.early = {"state": "failed", "grid": None, "structures": []}
    page.reload()
    expect(row).to_contain_text(NOTHING[locale])
    row.get_by_role("button", name=words(locale, "边到边看", "View live")).click()
    expect(page.get_by_test_id("early-progress")).to_contain_text(NOTHING[locale])
    check(page, "arrivals-no-organs")


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
    expect(row).to_contain_text(LATER[locale])
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
