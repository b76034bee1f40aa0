"""From the scanner to the expert: DCMTK sends, a real gateway codes, the line is slow, Chromium looks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pydicom import dcmread
from pydicom.uid import generate_uid
from tests.acceptance.browser.conftest import free_port
from tests.acceptance.browser.test_arrivals import greys, sight

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.apps.demo.cast import ADMINISTRATOR, CENTRE_STAFF, HOSPITALS, PASSWORD, hospital_staff
from teleneedle.apps.demo.client import HubClient
from teleneedle.testing.line import Line, open_line
from teleneedle.testing.line.opened import OpenLine

EXPERT, OPERATOR = CENTRE_STAFF[0].email, hospital_staff(HOSPITALS[1])[0].email
CLI = (sys.executable, "-m", "teleneedle.apps.cli.main")
SLOW, CRAWLING, FAST = 6.0, 0.3, 400.0
"""Mbit/s: the phantom's code streams take half a minute, ten, or no time."""
PATIENCE_MS = 120_000
Open = Callable[..., Page]


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway that runs, and the line to the hub; 0 where the gateway was not told its speed."""

    dicom_port: int
    told_mbit_s: float
    line: OpenLine

    def send(self, folder: Path) -> subprocess.Popen[bytes]:
        """Let DCMTK's storescu send every file of `folder`."""
        words = ["storescu", "-aec", "TELENEEDLE", "+sd", "127.0.0.1", str(self.dicom_port), str(folder)]
        return subprocess.Popen(words)


@contextmanager
def running_gateway(hub: Any, folder: Path, site_id: str, told_mbit_s: float) -> Iterator[Gateway]:
    """A gateway enrolled by code and started by its own command, behind a slow line."""
    administrator = HubClient(hub.url)
    administrator.sign_in(ADMINISTRATOR[1], PASSWORD)
    code = administrator.post("/api/admin/gateways/codes", {"site_id": site_id})["code"]
    administrator.close()
    dicom_port = free_port()
    with open_line(Line(up_mbit=SLOW, down_mbit=SLOW, one_way_ms=20), relayed=True) as line:
        host, port = line.reach(hub.link_port)
        options = {
            "--folder": folder,
            "--hub": f"https://{host}:{port}",
            "--code": code,
            "--dicom-port": dicom_port,
            "--status-port": free_port(),
        }
        subprocess.run([*CLI, "edge", "enrol", *[str(w) for o in options.items() for w in o]], check=True)
        settings = (folder / "gateway.toml").read_text(encoding="utf-8")
        assert "mbit_s = 0.0" in settings
        told = settings.replace("mbit_s = 0.0", f"mbit_s = {told_mbit_s}")
        (folder / "gateway.toml").write_text(told, encoding="utf-8")
        with (folder / "gateway.log").open("ab") as log:
            command = [*CLI, "edge", "run", "--folder", str(folder)]
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_until_echoed(dicom_port, process)
            yield Gateway(dicom_port=dicom_port, told_mbit_s=told_mbit_s, line=line)
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_echoed(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    words = ["echoscu", "-aec", "TELENEEDLE", "127.0.0.1", str(port)]
    while subprocess.run(words, capture_output=True, check=False).returncode != 0:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.3)


@pytest.fixture(scope="module", params=[0.0, SLOW], ids=["measured", "told"])
def gateway(
    hub: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Gateway]:
    """Begins with first pictures of 1/8; told that the line is slow, with 1/16, and packs the rest."""
    folder = tmp_path_factory.mktemp("gateway")
    with running_gateway(hub, folder, hub.sites[HOSPITALS[1]], request.param) as running:
        yield running


def with_own_number(ct: Path, folder: Path, number: str) -> Path:
    """The same slices under a patient number that no other case of this hub has, and UIDs of their own."""
    folder.mkdir()
    for path in ct.iterdir():
        dataset = dcmread(path)
        dataset.PatientID = number
        for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
            setattr(dataset, name, generate_uid(entropy_srcs=[number, str(dataset[name].value)]))
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.save_as(folder / path.name)
    return folder


def refer(hub: Any, identity: dict[str, str]) -> str:
    """A case of the gateway's hospital; its id."""
    operator = HubClient(hub.url)
    operator.sign_in(OPERATOR, PASSWORD)
    site = hub.sites[HOSPITALS[1]]
    body = {"site_id": site, "patient": identity, "modality": "mwa", "indication": "HCC, over the link"}
    case_id = str(operator.command("/api/cases", body)["id"])
    operator.close()
    return case_id


@pytest.mark.timeout(600)
def test_an_expert_scrolls_while_the_scanner_sends(
    hub: Any,
    gateway: Gateway,
    open_page: Open,
    phantom: Path,
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    """Coarse at once, organs soon, finer while one looks, bit for bit in the end; only then planned on."""
    identity = json.loads((phantom / "identity.json").read_text(encoding="utf-8"))
    number = f"PHANTOM-OVER-THE-LINK-{gateway.told_mbit_s:.0f}"
    case_id = refer(hub, {"id": number, **{key: identity[key] for key in ("name", "sex", "birth_date")}})
    ct = with_own_number(phantom / "ct", tmp_path / "ct", number)
    truth = read_ct(ct).volume.array
    gateway.line.set_rate(up_mbit=SLOW, down_mbit=SLOW)
    page = open_page(f"/cases/{case_id}", email=EXPERT)
    sending = gateway.send(ct)
    row = page.get_by_test_id("arriving")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Open the planning")).to_have_count(0)
    row.get_by_role("button", name="View live").click()
    expect(page.get_by_text("Still arriving: not for planning").first).to_be_visible()
    sight(page, slices=len(truth), coarse=len(truth))
    assert sending.wait(120) == 0
    assert all(greys(page, kind) > 8 for kind in ("axial", "coronal", "sagittal"))
    whole = int(page.get_by_test_id("sight").get_attribute("data-whole") or 0)
    assert whole < len(truth)
    shoot(page, f"arrivals-link-coarse-{gateway.told_mbit_s:.0f}")
    organs = page.get_by_test_id("early-structures")
    expect(organs).to_be_visible(timeout=PATIENCE_MS)
    gateway.line.set_rate(up_mbit=CRAWLING, down_mbit=CRAWLING)
    expect(page.get_by_test_id("early-liver").get_by_role("checkbox")).to_be_checked(timeout=PATIENCE_MS)
    expect(page.get_by_text("Still arriving: not for planning").first).to_be_visible()
    shoot(page, f"arrivals-link-organs-{gateway.told_mbit_s:.0f}")
    gateway.line.set_rate(up_mbit=FAST, down_mbit=FAST)
    expect(page.get_by_text("Every slice is here")).to_be_visible(timeout=PATIENCE_MS)
    sight(page, whole=len(truth))
    shoot(page, f"arrivals-link-whole-{gateway.told_mbit_s:.0f}")
    plan = page.get_by_role("button", name="Open the planning")
    expect(plan).to_be_visible(timeout=PATIENCE_MS)
    expect(organs).to_have_count(0)
    series = page.context.request.get(f"/api/cases/{case_id}").json()["series"]
    (about,) = series
    slab = page.context.request.get(f"/api/series/{about['id']}/slab?level=0").body()
    assert np.array_equal(decode_tnb1(slab)[0]["hu"], truth)
