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
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.demo.cast import PASSWORD
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import people_the_hub
from teleneedle.core.progress import CancelToken, no_progress

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
]
SMALL, LARGE = (1366, 768), (1920, 1080)


@dataclass(frozen=True, kw_only=True)
class HubSite:
    """Where the hub under test listens, and the ids of its sites by name."""

    url: str
    sites: dict[str, str]


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubSite]:
    """A hub with one centre, three hospitals and their people."""
    token = secrets.token_urlsafe(8)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running_hub(tmp_path_factory.mktemp("hub"), port=port, setup_token=token) as running:
        yield HubSite(url=running.url, sites=people_the_hub(running.url, token))


@pytest.fixture(scope="session")
def phantom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic patient with a liver tumour: ct/, truth/, identity.json, checklist.yml, box.json."""
    folder = tmp_path_factory.mktemp("phantom") / "liver-mwa"
    written = write_phantom("liver-mwa", folder, seed=0, progress=no_progress, cancel=CancelToken())
    (folder / "box.json").write_text(json.dumps([float(v) for v in written["target_box"].split(",")]))
    return folder


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
