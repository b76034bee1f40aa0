"""Opening the planning page of a planned case on this machine: first picture, all numbers, every voxel.

A new window of this browser draws pages of its own for about a second, 700 ms of processor time in a renderer
that is not ours. The tab therefore rests before the page is opened in it; both at once is told beside.
"""

from __future__ import annotations

import json
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.api import free_port
from bench.browser import ARGUMENTS, CHROMIUM
from bench.harness import Figure
from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, PASSWORD, Referral
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import (
    people_the_hub,
    propose_plan,
    propose_structures,
    refer,
    review_structures,
)
from teleneedle.core.case import Patient
from teleneedle.core.progress import CancelToken, no_progress

OPENS = 5
REST_MS = 1500
BAR_MS = 1500.0
MARKS = {
    "first_picture": "[data-testid=image-state] [data-level]",
    "interactive": "[data-testid=coverage]",
    "every_voxel": "[data-testid=image-state] [data-level='0']",
}
"""Interactive: pictures, needle and the live numbers of the plan are there."""


def planned_case(url: str, sites: dict[str, str], folder: Path) -> str:
    """The synthetic liver patient with reviewed structures and a plan; the case's id."""
    facts = write_phantom("liver-mwa", folder, seed=0, progress=no_progress, cancel=CancelToken())
    patient = Patient(**json.loads((folder / "identity.json").read_text(encoding="utf-8")))
    referral = Referral(
        phantom="liver-mwa", seed=0, hospital=HOSPITALS[0], modality="mwa", indication="bench"
    )
    case_id = refer(url, referral, site_id=sites[HOSPITALS[0]], patient=patient, folder=folder)
    box = tuple(float(side) for side in facts["target_box"].split(","))
    propose_structures(url, case_id, box, lambda _: None)
    expert = HubClient(url)
    expert.sign_in(CENTRE_STAFF[0].email, PASSWORD)
    review_structures(expert, case_id)
    propose_plan(expert, case_id)
    expert.close()
    return case_id


def open_once(context: Any, url: str, case_id: str, rest_ms: float = REST_MS) -> dict[str, float]:
    """Milliseconds from going to the address in a fresh tab until each mark is there."""
    page = context.new_page()
    page.wait_for_timeout(rest_ms)
    start, seen = time.perf_counter(), {}
    page.goto(f"{url}/cases/{case_id}/planning", wait_until="commit")
    for name, selector in MARKS.items():
        page.wait_for_selector(selector, state="attached", timeout=60_000)
        seen[name] = 1000.0 * (time.perf_counter() - start)
    page.wait_for_timeout(2000)
    page.close()
    return seen


def run() -> list[Figure]:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        token = secrets.token_urlsafe(8)
        with running_hub(Path(folder) / "hub", port=free_port(), setup_token=token) as hub:
            case_id = planned_case(hub.url, people_the_hub(hub.url, token), Path(folder) / "patient")
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                answer = context.request.post(
                    f"{hub.url}/api/session",
                    data={"email": CENTRE_STAFF[0].email, "password": PASSWORD},
                    headers={"Origin": hub.url},
                )
                assert answer.ok, answer.text()
                opens = [open_once(context, hub.url, case_id) for _ in range(OPENS + 1)]
                at_once = [open_once(context, hub.url, case_id, rest_ms=0) for _ in range(OPENS)]
                browser.close()
    figures = [figure(f"first_open_{name}_ms", [opens[0]], name, None) for name in MARKS]
    bars = {"interactive": BAR_MS}
    figures += [figure(f"open_{name}_ms", opens[1:], name, bars.get(name)) for name in MARKS]
    return [*figures, figure("open_with_its_window_interactive_ms", at_once, "interactive", None)]


def figure(label: str, opens: list[dict[str, float]], name: str, bar: float | None) -> Figure:
    """Median of several opens."""
    value = statistics.median(one[name] for one in opens)
    return Figure(
        name=label, value=value, unit="ms", bar=bar, against=f"{len(opens)} opens, hub on the same cores"
    )
