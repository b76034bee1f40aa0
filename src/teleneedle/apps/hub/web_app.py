"""Serve the built web app: files by name, the page for everything else, strict headers on all."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleneedle import RESEARCH_STATEMENT_EN, RESEARCH_STATEMENT_ZH
from teleneedle.apps.hub.problems import not_found

STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
PACKED = (".js", ".css", ".wasm", ".svg")
"""Kinds of built files that are worth compressing: a third of the bytes, which counts on a slow line."""
NOT_PAGES = ("api/", "dicomweb", "fhir", "metrics", "healthz", "readyz")
MISSING = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Teleneedle</title>
<body style="font:16px sans-serif;background:#0B0E13;color:#E7ECF3;padding:4em">
<h1>Teleneedle</h1>
<p>网页应用尚未构建，请在项目目录运行 <code>make web</code>，然后刷新。</p>
<p>The web app has not been built: run <code>make web</code> in the project folder, then reload.</p>
<p>{RESEARCH_STATEMENT_ZH} · {RESEARCH_STATEMENT_EN}</p>"""


def install_headers(app: FastAPI) -> None:
    """Security headers on every answer; files of a plan may be shown in a frame of our own page."""
    app.add_middleware(_Headers)


@lru_cache(maxsize=256)
def _packed(file: Path, _changed_at: int) -> bytes:
    """A built file, compressed once for as long as it stays the same."""
    return gzip.compress(file.read_bytes(), mtime=0)


def _built(file: Path, request: Request, *, is_asset: bool) -> Response:
    """A built file; an asset, whose name changes with its content, is kept by the browser."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if is_asset else "no-cache"}
    if not is_asset or file.suffix not in PACKED:
        return FileResponse(file, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(file, headers=headers)
    kind, _ = mimetypes.guess_type(file.name)
    packed = _packed(file, file.stat().st_mtime_ns)
    return Response(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})


class _Headers:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]

        async def begin(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, begin)


def _secure(headers: MutableHeaders, path: str) -> None:
    framed = path.startswith("/api/plans/") and "/files/" in path
    headers["Content-Security-Policy"] = POLICY.format(ancestors="'self'" if framed else "'none'")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if path.startswith(("/api", "/fhir", "/dicomweb")):
        headers.setdefault("Cache-Control", "no-store")


def install_web_app(app: FastAPI) -> None:
    """Routes of the built files; must be installed after every other route."""

    @app.get("/{path:path}", include_in_schema=False)
    def _page(path: str, request: Request) -> Response:
        if path.startswith(NOT_PAGES):
            raise not_found(f"/{path}")
        index = STATIC / "index.html"
        if not index.is_file():
            return HTMLResponse(MISSING, status_code=503)
        wanted = (STATIC / path).resolve()
        if path and wanted.is_relative_to(STATIC.resolve()) and wanted.is_file():
            return _built(wanted, request, is_asset=path.startswith("assets/"))
        if path.startswith("assets/"):
            raise not_found(f"/{path}")
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
