"""Serve the built web app: files by name, the page for everything else, strict headers on all."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.middleware.base import RequestResponseEndpoint

from teleneedle import RESEARCH_STATEMENT_EN, RESEARCH_STATEMENT_ZH
from teleneedle.apps.hub.problems import not_found

STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
NOT_PAGES = ("api/", "dicomweb", "fhir", "metrics", "healthz", "readyz")
MISSING = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Teleneedle</title>
<body style="font:16px sans-serif;background:#0B0E13;color:#E7ECF3;padding:4em">
<h1>Teleneedle</h1>
<p>网页应用尚未构建，请在项目目录运行 <code>make web</code>，然后刷新。</p>
<p>The web app has not been built: run <code>make web</code> in the project folder, then reload.</p>
<p>{RESEARCH_STATEMENT_ZH} · {RESEARCH_STATEMENT_EN}</p>"""


def install_headers(app: FastAPI) -> None:
    """Security headers on every answer; files of a plan may be shown in a frame of our own page."""

    @app.middleware("http")
    async def _headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        framed = request.url.path.startswith("/api/plans/") and "/files/" in request.url.path
        response.headers["Content-Security-Policy"] = POLICY.format(
            ancestors="'self'" if framed else "'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.url.path.startswith(("/api", "/fhir", "/dicomweb")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def install_web_app(app: FastAPI) -> None:
    """Routes of the built files; must be installed after every other route."""

    @app.get("/{path:path}", include_in_schema=False)
    def _page(path: str) -> Response:
        if path.startswith(NOT_PAGES):
            raise not_found(f"/{path}")
        index = STATIC / "index.html"
        if not index.is_file():
            return HTMLResponse(MISSING, status_code=503)
        wanted = (STATIC / path).resolve()
        if path and wanted.is_relative_to(STATIC.resolve()) and wanted.is_file():
            forever = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
            return FileResponse(wanted, headers={"Cache-Control": forever})
        if path.startswith("assets/"):
            raise not_found(f"/{path}")
        return FileResponse(index, headers={"Cache-Control": "no-cache"})
