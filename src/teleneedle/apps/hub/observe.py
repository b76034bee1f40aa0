"""Health, metrics and logs: route templates and numbers only, never what was asked or answered."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text
from starlette.middleware.base import RequestResponseEndpoint

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

    @app.middleware("http")
    async def _measured(request: Request, call_next: RequestResponseEndpoint) -> Response:
        start = time.perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "unknown")
        took = time.perf_counter() - start
        seconds.labels(request.method, route).observe(took)
        answers.labels(request.method, route, str(response.status_code)).inc()
        facts = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(1000 * took, 1),
        }
        log.info("answered", extra={"facts": facts})
        return response

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
