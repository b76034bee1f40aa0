"""The pictures themselves, in the browser: processor, graphics card and kept picture show the same."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[3]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def pictures(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The measuring page of the viewer, built as for production, with a volume of 512 × 512 × 224 voxels."""
    folder = tmp_path_factory.mktemp("viewer")
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    assert node, "node is missing: make setup installs it"
    build = [node, "node_modules/vite/bin/vite.js", "build", "-c", "bench/vite.config.ts"]
    out = {**os.environ, "TELENEEDLE_BENCH_OUT": str(folder)}
    subprocess.run([*build, "--logLevel", "error"], cwd=ROOT / "web", env=out, check=True, timeout=120)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport={"width": 1560, "height": 1040})
        page.goto(f"http://127.0.0.1:{server.server_port}/ours.html")
        page.wait_for_function("window.teleneedleBench")
        yield page
        page.close()
        server.shutdown()


def test_processor_and_card_show_the_same_planes(pictures: Page) -> None:
    seen = pictures.evaluate("teleneedleBench.agreement(25)")
    assert "SwiftShader" in seen["card"]
    assert seen["grey"] <= 1
    assert seen["label_share"] <= 0.001


def test_a_needle_in_the_kept_picture_of_the_surfaces_looks_as_drawn_whole(pictures: Page) -> None:
    assert pictures.evaluate("teleneedleBench.stillAgreement()") <= 1


def test_opening_a_patient_again_and_again_keeps_nothing(pictures: Page) -> None:
    first = pictures.evaluate("teleneedleBench.reopen(10)")
    assert pictures.evaluate("teleneedleBench.reopen(40)") - first < 20 * 2**20
