"""The live stream of the real hub: told at once, caught up after a cut, ended by a clean shutdown."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from teleneedle.apps.testing.hub_process import HubProcess

PASSWORD = "needle-live-2026"  # noqa: S105 - of people who exist during a test
SETUP_TOKEN = "set-up"  # noqa: S105 - likewise


class Operator:
    """An operator of a fresh hub, with one case."""

    def __init__(self, url: str) -> None:
        admin = httpx.Client(base_url=url, timeout=20)
        first = {"centre_name": "C", "name": "A", "email": "a@test.example", "password": PASSWORD}
        session = (
            admin.post("/api/setup", json={"setup_token": SETUP_TOKEN, **first}).raise_for_status().json()
        )
        admin.headers["X-CSRF-Token"] = session["csrf_token"]
        site = admin.post("/api/admin/sites", json={"name": "H", "kind": "hospital"}).json()["id"]
        operator = {"name": "operator", "email": "o@test.example", "password": PASSWORD}
        roles = [{"site_id": site, "role": "operator"}]
        admin.post("/api/admin/people", json={**operator, "memberships": roles}).raise_for_status()
        self.http = httpx.Client(base_url=url, timeout=20)
        credentials = {"email": "o@test.example", "password": PASSWORD}
        session = self.http.post("/api/session", json=credentials).raise_for_status().json()
        self.http.headers["X-CSRF-Token"] = session["csrf_token"]
        case = {
            "command_id": "refer",
            "site_id": site,
            "patient": {"id": "P1", "name": "Live^Test"},
            "modality": "mwa",
            "indication": "",
        }
        self.path = f"/api/cases/{self.http.post('/api/cases', json=case).raise_for_status().json()['id']}"

    def add(self, task: str) -> None:
        body = {"command_id": task, "kind": "task.added", "body": {"id": task, "text": task}}
        self.http.post(f"{self.path}/events", json=body).raise_for_status()


def messages(answer: httpx.Response) -> Iterator[tuple[str, str, Any]]:
    """Kind, id and payload of each message."""
    kind = event_id = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("id: "):
            event_id = line[4:]
        elif line.startswith("data: "):
            yield kind, event_id, json.loads(line[6:])


@pytest.mark.timeout(120)
def test_the_real_stream(tmp_path: Path) -> None:
    with HubProcess(tmp_path / "hub", setup_token=SETUP_TOKEN) as hub:
        operator = Operator(hub.url)
        with operator.http.stream("GET", f"{operator.path}/stream") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            told = messages(answer)
            assert next(told)[0] == "presence"
            operator.add("first")
            kind, event_id, event = next(told)
            assert (kind, event_id, event["body"]["id"]) == ("case", "2", "first")
            operator.http.post(f"{operator.path}/presence", json={"where": "plan"}).raise_for_status()
            kind, _, present = next(told)
            assert (kind, present[0]["where"]) == ("presence", "plan")
        operator.add("second")
        operator.add("third")
        with operator.http.stream(
            "GET", f"{operator.path}/stream", headers={"Last-Event-ID": event_id}
        ) as answer:
            told = messages(answer)
            assert [next(told)[2]["body"]["id"] for _ in range(2)] == ["second", "third"]
            code = hub.terminate()
            assert [kind for kind, _, _ in told] == ["presence"]  # ended by the hub; a cut stream would raise
        assert code in (0, -signal.SIGTERM)
