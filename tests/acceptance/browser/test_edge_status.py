"""The technologist's page of a gateway in Chromium: what it shows is what lies in the gateway's folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from tests.acceptance.browser.conftest import free_port

from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance
from teleneedle.apps.edge.settings import read_settings, write_first_settings
from teleneedle.apps.edge.status_web import make_status_app
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

Check = Callable[[Page, str], None]
WAIT_MS = 30_000
AWAY_ZH, AWAY_EN = "暂时连不上中心，图像已安全存放，将自动续传", "the hub cannot be reached; images are safe"


class Gateway:
    """A gateway's folder, filled as its processes fill it, and its page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_first_settings(folder, dicom_port=11112, status_port=8090)
        self.spool = Spool(folder, quota_bytes=1 << 30, reserve_bytes=0)
        self.url = ""

    def receive(self, number: int, patient: str = "张^三", series: int = 1, pixels: bytes = b"\1\2") -> None:
        dataset = encoded_ct(number, series, pixels, patient=patient)
        arrival = Arrival(
            via="dimse", phase="intra", calling_aet="CT_ROOM_1", called_aet="TELENEEDLE", peer="10.0.0.9"
        )
        self.spool.keep(
            Instance.of(dataset, EXPLICIT_LITTLE, arrival, datetime(2026, 3, 1, 8, 0, tzinfo=UTC))
        )

    def key(self) -> str:
        return next(iter(self.spool.entries())).series_key

    def report(self, state: str = "connected", durable: int = 0, **way: object) -> None:
        """What the sender says: one series of 4 MB."""
        now = datetime.now(UTC).isoformat()
        series = {
            "series_key": self.key(), "series_uid": "1.2.1", "modality": "CT", "phase": "intra",
            "is_urgent": True,
            "arrived": 2, "coded": 2, "verified": 0, "receipted": 0, "quarantined": 0, "bytes": 4_000_000,
            "bytes_durable": durable, "is_closed": True, "started_at": now, "changed_at": now,
            "stuck_zh": way.get("why_zh", ""), "stuck_en": way.get("why_en", ""),
        }  # fmt: skip
        content = {
            "at": now, "state": state, "why_zh": "", "why_en": "", "transport": "websocket", "hub": "hub",
            "clock_difference_s": 0.0, "rate_bytes_per_s": 1_000_000, "bytes_waiting": 4_000_000 - durable,
            "series": [series], **way,
        }  # fmt: skip
        part = self.folder / ".new"
        part.write_text(json.dumps(content))
        part.replace(self.folder / "sender.json")

    def serve(self) -> uvicorn.Server:
        port = free_port()
        app = make_status_app(self.folder, read_settings(self.folder))
        server = uvicorn.Server(
            uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
        )
        self.thread = threading.Thread(target=server.run, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{port}"
        return server


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    made = Gateway(tmp_path / "gateway")
    server = made.serve()
    yield made
    server.should_exit = True
    made.thread.join()


@pytest.fixture
def open_status(browser: Browser, gateway: Gateway) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []
    wrong: list[str] = []

    def open_at(locale: str) -> Page:
        page = browser.new_page(
            base_url=gateway.url,
            viewport={"width": 1366, "height": 768},
            locale={"zh": "zh-CN", "en": "en-GB"}[locale],
        )
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda one: None if one.url.startswith((gateway.url, "data:")) else wrong.append(one.url),
        )
        page.goto("/")
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert wrong == []


@pytest.mark.parametrize(("locale", "nothing"), [("zh", "没有待发送的图像"), ("en", "No images are waiting")])
def test_before_anything_came(
    open_status: Callable[..., Page], check: Check, locale: str, nothing: str
) -> None:
    page = open_status(locale)
    expect(page.get_by_text(nothing)).to_be_visible(timeout=WAIT_MS)
    check(page, "gateway-empty")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_series_comes_goes_is_stuck_and_arrives(
    gateway: Gateway, open_status: Callable[..., Page], check: Check, locale: str
) -> None:
    gateway.receive(1)
    gateway.receive(2)
    gateway.report(durable=1_000_000)
    page = open_status(locale)
    row = page.get_by_role("row").filter(has_text="张 三")
    for text in ("P-1", "CT_ROOM_1", "25 %", {"zh": "术中", "en": "during"}[locale]):
        expect(row).to_contain_text(text, timeout=WAIT_MS)
    expect(page.get_by_text("1.0 MB/s").first).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text({"zh": "3 秒", "en": "3 s"}[locale], exact=True)).to_be_visible(timeout=WAIT_MS)
    check(page, "gateway-going")

    gateway.report(state="away", durable=1_000_000, why_zh=AWAY_ZH, why_en=AWAY_EN)
    gateway.receive(1, pixels=b"\3\4")
    banner = page.get_by_role("alert").filter(has_text={"zh": AWAY_ZH, "en": AWAY_EN}[locale])
    expect(banner).to_be_visible(timeout=WAIT_MS)
    aside = {"zh": "有 1 幅图像被隔离", "en": "images kept aside: 1"}[locale]
    expect(page.get_by_role("status").filter(has_text=aside)).to_be_visible(timeout=WAIT_MS)
    check(page, "gateway-stuck")

    instances = [["1.2.1.1", "a" * 64], ["1.2.1.2", "b" * 64]]
    for entry in list(gateway.spool.entries()):
        gateway.spool.drop(entry.key)
    gateway.spool.save_receipt("1.2.1", {"instances": instances, "at": "2026-03-01T08:01:00+00:00"})
    (gateway.folder / "sender.json").write_text(json.dumps({"state": "connected", "series": []}))
    delivered = page.get_by_role("table", name={"zh": "已送达", "en": "Delivered"}[locale])
    expect(delivered.get_by_role("row").filter(has_text="张 三")).to_contain_text("2", timeout=WAIT_MS)
    expect(
        page.get_by_text({"zh": "没有待发送的图像", "en": "No images are waiting"}[locale])
    ).to_be_visible()


def test_the_language_is_switched_and_kept(open_status: Callable[..., Page]) -> None:
    page = open_status("zh")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Hospital gateway")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Hospital gateway")).to_be_visible()
    expect(page.get_by_text("Research software, not a medical device")).to_be_visible()


def test_a_name_that_leads_here_by_another_site_s_doing_is_refused(gateway: Gateway) -> None:
    gateway.receive(1)
    asked = httpx.get(f"{gateway.url}/status", headers={"Host": "evil.example"}, timeout=30)
    assert asked.status_code == 421
    assert "张" not in asked.text
    assert "张 三" in httpx.get(f"{gateway.url}/status", timeout=30).text
