"""A kept CT opened in the browser over a slow line: as HTJ2K code streams and as int16 slices.

The line is emulated by the browser (Chrome DevTools protocol) between it and a hub on the same cores.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.api import free_port
from bench.browser import ARGUMENTS, CHROMIUM
from bench.harness import Figure
from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, PASSWORD
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import people_the_hub

DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
LINES = {"10Mbit_80ms": (10.0, 80.0), "100Mbit_20ms": (100.0, 20.0)}
"""Mbit/s down, and round trip in ms."""
FIRST_PICTURE = "[data-testid=image-state] [data-level]:not([data-level=''])"
EVERY_VOXEL = "[data-testid=image-state] [data-level='0']"
PATIENCE_MS = 300_000


def case_with_ct(url: str, sites: dict[str, str]) -> tuple[str, int]:
    """A case with a real CT; its id and how many slices."""
    client = HubClient(url)
    client.sign_in(CENTRE_STAFF[0].email, PASSWORD)
    patient = {"id": "IRCAD-17", "name": "liver_17^patient", "sex": "", "birth_date": "2009-05-27"}
    body = {"site_id": sites[HOSPITALS[0]], "patient": patient, "modality": "mwa", "indication": "bench"}
    case_id = str(client.command("/api/cases", body)["id"])
    folder = DATA / "ircad17" / "PATIENT_DICOM"
    client.upload(case_id, folder)
    client.close()
    return case_id, len([p for p in folder.iterdir() if p.is_file()])


class Line:
    """One page behind an emulated line; counts what comes from routes of series."""

    def __init__(self, page: Any, mbit_per_s: float, round_trip_ms: float) -> None:
        self.received = 0
        self._of_series: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        rate = mbit_per_s * 1e6 / 8
        self._session = session
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": round_trip_ms,
                "downloadThroughput": rate,
                "uploadThroughput": rate,
            },
        )

    def _sent(self, event: dict[str, Any]) -> None:
        if "/api/series/" in event["request"]["url"]:
            self._of_series.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._of_series:
            self.received += int(event["encodedDataLength"])


def refuse_pictures(page: Any) -> None:
    """As a series without code streams answers: the page falls back on int16 slices."""
    problem = '{"type":"urn:teleneedle:not-found","title":{"zh":"-","en":"-"},"status":404}'
    page.route(
        "**/pictures?*",
        lambda route: route.fulfill(status=404, content_type="application/problem+json", body=problem),
    )


def open_once(browser: Any, url: str, case_id: str, line: tuple[float, float], *, as_slabs: bool) -> Any:
    """Seconds to the first picture and to every voxel after the page itself is there, and bytes of images."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=url)
    answer = context.request.post(
        "/api/session",
        data={"email": CENTRE_STAFF[0].email, "password": PASSWORD},
        headers={"Origin": url},
    )
    assert answer.ok, answer.text()
    page = context.new_page()
    if as_slabs:
        refuse_pictures(page)
    page.goto(f"/cases/{case_id}")
    page.wait_for_load_state("networkidle")
    counted = Line(page, *line)
    start = time.perf_counter()
    page.get_by_role("button", name="打开规划").or_(page.get_by_role("button", name="planning")).click()
    seen = []
    for mark in (FIRST_PICTURE, EVERY_VOXEL):
        page.wait_for_selector(mark, state="attached", timeout=PATIENCE_MS)
        seen.append(time.perf_counter() - start)
    page.wait_for_timeout(200)
    context.close()
    return *seen, counted.received


def run() -> list[Figure]:
    from playwright.sync_api import sync_playwright

    figures = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        token = secrets.token_urlsafe(8)
        with running_hub(Path(folder), port=free_port(), setup_token=token) as hub:
            case_id, slices = case_with_ct(hub.url, people_the_hub(hub.url, token))
            browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, line in LINES.items():
                slabs = open_once(browser, hub.url, case_id, line, as_slabs=True)
                codes = open_once(browser, hub.url, case_id, line, as_slabs=False)
                figures += compared(name, slices, codes, slabs)
            browser.close()
    return figures


def compared(line: str, slices: int, codes: Any, slabs: Any) -> list[Figure]:
    """Three figures of code streams, each beside the same of slabs."""
    named = (("first_picture_s", 1.0), ("every_voxel_s", 1.0), ("image_mb", 1e6))
    units = ("s", "s", "MB")
    return [
        Figure(
            name=f"{line}_{name}",
            value=code / scale,
            unit=unit,
            bar=slab / scale,
            against=f"int16 slices in the same run: {slab / scale:.2f} {unit}; {slices} slices",
        )
        for (name, scale), unit, code, slab in zip(named, units, codes, slabs, strict=True)
    ]
