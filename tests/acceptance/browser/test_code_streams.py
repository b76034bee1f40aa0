"""HTJ2K in a real Chromium, under the hub's own headers: a real CT decoded there is the hub's own array."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, PASSWORD
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.hub.web_app import STATIC

EXPERT = CENTRE_STAFF[0].email
Open = Callable[..., Page]
EVERY_VOXEL = "[data-testid=image-state] [data-level='0']"
SLOW_MS = 180_000
DECODE = """
async ({ series, worker, depth, rows, columns }) => {
  const read = async (path) => {
    const answer = await fetch(`/api/series/${series}/${path}`);
    const buffer = await answer.arrayBuffer();
    const length = new DataView(buffer).getUint32(4, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
    const bytes = {};
    for (const { name, shape, dtype, offset } of header.arrays) {
      const size = { int16: 2, uint32: 4, float32: 4, uint8: 1 }[dtype];
      const from = 8 + length + offset;
      bytes[name] = buffer.slice(from, from + size * shape.reduce((a, b) => a * b, 1));
    }
    return bytes;
  };
  const decoder = new Worker(worker, { type: "module" });
  const decode = (code, skip) => new Promise((done, failed) => {
    decoder.onerror = (event) => failed(new Error(event.message));
    decoder.onmessage = ({ data }) => data.problem ? failed(new Error(data.problem)) : done(data.pixels.hu);
    const picture = { code, skip, size: [rows, columns], slope: 1, intercept: 0 };
    decoder.postMessage({ id: 1, picture, pixels: null, skip, enlargeTo: null });
  });
  const codes = Array.from({ length: depth }, () => []);
  const sizes = [];
  let wrong = 0, compared = 0;
  for (const query of ["skip=3", "skip=2&after=3", "skip=0&after=2"]) {
    const parts = await read(`pictures?${query}`);
    const ends = new Uint32Array(parts.ends);
    new Uint32Array(parts.k).forEach((k, n) => {
      codes[k].push(new Uint8Array(parts.code.slice(n ? ends[n - 1] : 0, ends[n])));
    });
    sizes.push(parts.code.byteLength);
  }
  for (let k = 0; k < depth; k++) {
    const code = new Uint8Array(await new Blob(codes[k]).arrayBuffer());
    const hu = await decode(code, 0);
    const truth = new Int16Array((await read(`slab?level=0&k0=${k}&k1=${k + 1}`)).hu);
    compared += truth.length;
    for (let n = 0; n < truth.length; n++) if (hu[n] !== truth[n]) wrong++;
  }
  decoder.terminate();
  return { wrong, compared, sizes };
}
"""


@pytest.fixture(scope="module")
def real_case(hub: Any, real_data: Path) -> tuple[str, str]:
    """A case with a real CT and nothing else; ids of case and series."""
    folder = real_data / "ircad17" / "PATIENT_DICOM"
    header = pydicom.dcmread(folder / "image_0", stop_before_pixels=True)
    client = HubClient(hub.url)
    client.sign_in(EXPERT, PASSWORD)
    patient = {"id": "IRCAD-17", "name": str(header.PatientName), "sex": "", "birth_date": "2009-05-27"}
    body = {"site_id": hub.sites[HOSPITALS[0]], "patient": patient, "modality": "mwa", "indication": "HCC"}
    case_id = str(client.command("/api/cases", body)["id"])
    series_id = str(client.upload(case_id, folder)["result"]["series_id"])
    client.close()
    return case_id, series_id


def test_every_voxel_of_a_real_ct(hub: Any, open_page: Open, real_case: tuple[str, str]) -> None:
    case_id, series_id = real_case
    page = open_page(f"/cases/{case_id}", email=EXPERT)
    about = page.context.request.get(f"/api/series/{series_id}").json()
    depth, rows, columns = about["shape"]
    (worker,) = (STATIC / "assets").glob("decode-worker-*.js")
    order = {"series": series_id, "worker": f"/assets/{worker.name}"}
    found = page.evaluate(DECODE, {**order, "depth": depth, "rows": rows, "columns": columns})
    assert found["compared"] == depth * rows * columns
    assert found["wrong"] == 0
    coarse, medium, rest = found["sizes"]
    assert coarse < medium < rest
    assert coarse + medium + rest < 0.4 * 2 * found["compared"]


def test_a_slow_line_shows_the_same_pictures(hub: Any, open_page: Open, real_case: tuple[str, str]) -> None:
    """Code streams over a slow line and slices over a fast one make the same pixels in every picture."""
    case_id, _ = real_case
    shown = {}
    for name, mbit_per_s in (("slow", 60.0), ("fast", None)):
        page = open_page(f"/cases/{case_id}", email=EXPERT)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        if mbit_per_s:
            _slow_down(page, mbit_per_s)
        else:
            _refuse_pictures(page)
        page.get_by_role("button", name="Open the planning").click()
        page.wait_for_selector(EVERY_VOXEL, state="attached", timeout=SLOW_MS)
        assert any("/slab?" in url for url in asked) == (name == "fast")
        assert any("skip=0&after=2" in url for url in asked) == (name == "slow")
        shown[name] = [_picture(page, kind) for kind in ("axial", "coronal", "sagittal")]
        page.context.close()
    assert all(len(picture) > 20_000 for picture in shown["fast"])
    assert shown["slow"] == shown["fast"]


def _slow_down(page: Page, mbit_per_s: float) -> None:
    session = page.context.new_cdp_session(page)
    rate = mbit_per_s * 1e6 / 8
    session.send("Network.enable")
    line = {"offline": False, "latency": 20, "downloadThroughput": rate, "uploadThroughput": rate}
    session.send("Network.emulateNetworkConditions", line)


def _refuse_pictures(page: Page) -> None:
    problem = {"type": "urn:teleneedle:not-found", "title": {"zh": "-", "en": "-"}, "status": 404}
    page.route(
        "**/pictures?*",
        lambda route: route.fulfill(
            status=404, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )


def _picture(page: Page, kind: str) -> str:
    """What a pane shows, once two looks at it are alike."""
    canvas = page.get_by_test_id(f"pane-{kind}").locator("canvas")
    expect(canvas).to_be_visible()
    before = ""
    for _ in range(50):
        now = str(canvas.evaluate("canvas => canvas.toDataURL()"))
        if now == before:
            return now
        before = now
        page.wait_for_timeout(400)
    raise AssertionError("the picture does not come to rest")
