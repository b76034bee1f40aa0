"""A real hub and a real browser: Debian's Chromium on the production build of the web app."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.acceptance.browser.computed_case import ComputedCase, make_computed_case

from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.demo.cast import PASSWORD
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import people_the_hub
from teleneedle.core.progress import CancelToken, no_progress

expect.set_options(timeout=30_000)
"""Of what shows without computing: a busy machine draws late, and no test is about how late."""

ROOT = Path(__file__).resolve().parents[3]
ARTIFACTS = ROOT / "artifacts" / "screenshots"
CHROMIUM = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
]
SMALL, LARGE = (1366, 768), (1920, 1080)


@dataclass(frozen=True, kw_only=True)
class HubSite:
    """Where the hub under test listens for people, gateways and stations; its folder; site ids by name."""

    url: str
    link_port: int
    dicom_port: int
    folder: Path
    sites: dict[str, str]


def free_port() -> int:
    """A port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubSite]:
    """A hub with one centre, three hospitals and their people."""
    token = secrets.token_urlsafe(8)
    port, link_port, dicom_port = free_port(), free_port(), free_port()
    folder = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TELENEEDLE_LINK_PORT", str(link_port))
        patch.setenv("TELENEEDLE_DICOM_PORT", str(dicom_port))
        with running_hub(folder, port=port, setup_token=token) as running:
            sites = people_the_hub(running.url, token)
            yield HubSite(
                url=running.url, link_port=link_port, dicom_port=dicom_port, folder=folder, sites=sites
            )


@pytest.fixture(scope="session")
def phantom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic patient with a liver tumour: ct/, truth/, identity.json, checklist.yml, box.json."""
    folder = tmp_path_factory.mktemp("phantom") / "liver-mwa"
    written = write_phantom("liver-mwa", folder, seed=0, progress=no_progress, cancel=CancelToken())
    (folder / "box.json").write_text(json.dumps([float(v) for v in written["target_box"].split(",")]))
    return folder


@pytest.fixture(scope="session")
def computed_case(hub: HubSite, phantom: Path) -> Iterator[ComputedCase]:
    """Two versions of a plan, the second with results of engines."""
    made = make_computed_case(hub.url, hub.folder, hub.sites, phantom)
    yield made
    made.planned.hub.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: make test installs it (requirements/debian-test.txt)"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, hub: HubSite) -> Iterator[Callable[..., Page]]:
    """A page in a fresh context: ``open_page("/cases", email=…, locale="zh", size=LARGE)``.

    Requests to other hosts and errors in the page fail the test when it ends.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_at(
        path: str, *, email: str | None = None, locale: str = "en", size: tuple[int, int] = LARGE
    ) -> Page:
        context = browser.new_context(
            base_url=hub.url,
            viewport={"width": size[0], "height": size[1]},
            locale={"zh": "zh-CN", "en": "en-GB"}[locale],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((hub.url, "blob:", "data:", "chrome-extension:", "chrome:"))
                else wrong.append(f"foreign request: {request.url}")
            ),
        )
        if email:
            answer = context.request.post(
                "/api/session", data={"email": email, "password": PASSWORD}, headers={"Origin": hub.url}
            )
            assert answer.ok, answer.text()
        page.goto(path)
        if email and locale == "en":
            page.get_by_role("button", name="EN", exact=True).click()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot as an artefact: ``shoot(page, "worklist-zh-1366")``."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=ARTIFACTS / f"{name}.png")

    return take


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker that is put into the page."""
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def check(axe_source: str, shoot: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """Look at a page as axe does, in both languages; keep a picture at both sizes."""

    def violations(page: Page) -> list[str]:
        page.evaluate(f"window.axe || ({{}}, eval)({axe_source!r})")
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {node['target']} {node['html'][:120]}"
            for v in found["violations"]
            for node in v["nodes"]
        ]

    def look(page: Page, name: str) -> None:
        language = str(page.evaluate("document.documentElement.lang"))[:2]
        assert violations(page) == [], f"{name} in {language}"
        for size in (LARGE, SMALL):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_timeout(150)
            shoot(page, f"{name}-{language}-{size[0]}")
        page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})

    return look
