"""Files of the built web app: packed for browsers that take it, as they are for others."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from teleneedle.apps.hub import web_app

SCRIPT = b"export const needle = 1;\n" * 400


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1.js").write_bytes(SCRIPT)
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    monkeypatch.setattr(web_app, "STATIC", tmp_path)
    app = FastAPI()
    web_app.install_web_app(app)
    return TestClient(app)


def test_a_script_is_packed_for_whoever_takes_it(client: TestClient) -> None:
    packed = client.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT) // 10
    assert packed.content == SCRIPT
    plain = client.get("/assets/app-1.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT
    for answer in (packed, plain):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"].endswith("immutable")


def test_a_file_that_was_built_again_is_packed_again(client: TestClient, tmp_path: Path) -> None:
    client.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip"})
    (tmp_path / "assets" / "app-1.js").write_bytes(b"other")
    assert client.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip"}).content == b"other"


def test_the_page_itself_is_asked_for_every_time(client: TestClient) -> None:
    page = client.get("/cases/1", headers={"Accept-Encoding": "gzip"})
    assert page.headers["cache-control"] == "no-cache"
    assert page.content == b"<!doctype html>"
