"""Health, metrics and logs: route templates and numbers only, never what was asked or answered."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleneedle.apps.hub.context import Hub

log = logging.getLogger("teleneedle.hub")
BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class JsonLines(logging.Formatter):
    """One JSON document a line: time, level, logger, message and the exception's type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """`record` as JSON; the text of an exception may hold patient data and is left out."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            trace = record.exc_info[2]
            while trace and trace.tb_next:
                trace = trace.tb_next
            line["exception"] = record.exc_info[0].__name__
            if trace:
                line["place"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> None:
    """Structured logs on stderr for the hub and its server."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


class _Measured:
    """Times each request until its answer begins and notes it once it has ended; a stream may last hours."""

    def __init__(self, app: ASGIApp, *, seconds: Histogram, answers: Counter) -> None:
        self._app = app
        self._seconds = seconds
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 0
        took = 0.0

        async def begin(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status = message["status"]
                took = time.perf_counter() - start
            await send(message)

        try:
            await self._app(scope, receive, begin)
        finally:
            self._note(scope, status, took or time.perf_counter() - start)

    def _note(self, scope: Scope, status: int, took: float) -> None:
        method, route = scope["method"], getattr(scope.get("route"), "path", "unknown")
        self._seconds.labels(method, route).observe(took)
        self._answers.labels(method, route, str(status)).inc()
        facts = {"method": method, "route": route, "status": status, "ms": round(1000 * took, 1)}
        log.info("answered", extra={"facts": facts})


def install_observation(app: FastAPI, hub: Hub) -> None:
    """``/healthz`` (alive), ``/readyz`` (the database answers), ``/metrics``, a log line for each request."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "teleneedle_request_seconds",
        "Time to answer, by route.",
        ("method", "route"),
        registry=registry,
        buckets=BUCKETS,
    )
    answers = Counter(
        "teleneedle_requests_total", "Answers by status.", ("method", "route", "status"), registry=registry
    )

    app.add_middleware(_Measured, seconds=seconds, answers=answers)

    @app.get("/healthz", include_in_schema=False)
    def _alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    def _ready() -> dict[str, str]:
        with hub.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"status": "ready"}

    @app.get("/metrics", include_in_schema=False)
    def _metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
