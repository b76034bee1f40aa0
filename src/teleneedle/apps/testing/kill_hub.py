"""Kill the hub while people write: what it acknowledged must be there, once, after each restart."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from teleneedle.apps.testing.hub_process import HubProcess
from teleneedle.core.casefile.events import Actor, Event, first_broken_seq

PASSWORD = "needle-kill-2026"  # noqa: S105 - of people who exist during a test
SETUP_TOKEN = "set-up"  # noqa: S105 - likewise
EVENTS_OF_A_CASE = 25
Json = dict[str, Any]


@dataclass(kw_only=True)
class Tally:
    """What was sent, acknowledged and found."""

    kills: int = 0
    acknowledged: int = 0
    retried: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    broken_chains: list[str] = field(default_factory=list)
    slowest_restart_s: float = 0.0


class Writer(threading.Thread):
    """An operator whose tablet sends a command again, with its id, until it is answered.

    `answers` holds what the hub acknowledged: hash of the event, by case and command.
    """

    def __init__(self, url: str, cookies: Json, csrf: str, site_id: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._http = httpx.Client(base_url=url, cookies=cookies, headers={"X-CSRF-Token": csrf}, timeout=20)
        self._site = site_id
        self._stop_wanted = threading.Event()
        self.answers: dict[tuple[str, str], str] = {}
        self.cases: list[str] = []
        self.retried = 0
        self.refused: list[str] = []

    def run(self) -> None:
        """Open cases and add tasks to them until told to stop."""
        n = 0
        while not self._stop_wanted.is_set():
            command_id = f"{self.name}-{n}"
            if n % EVENTS_OF_A_CASE == 0:
                self._refer(command_id)
            else:
                self._add_task(command_id)
            n += 1

    def stop(self) -> None:
        """Finish the command in hand and end."""
        self._stop_wanted.set()
        self.join()

    def _refer(self, command_id: str) -> None:
        body = {
            "command_id": command_id,
            "site_id": self._site,
            "patient": {"id": command_id, "name": "Kill^Test"},
            "modality": "mwa",
            "indication": "durability",
        }
        self.cases.append(str(self._until_answered("/api/cases", body)["id"]))

    def _add_task(self, command_id: str) -> None:
        case_id = self.cases[-1]
        body = {"command_id": command_id, "kind": "task.added", "body": {"id": command_id, "text": "CT"}}
        answer = self._until_answered(f"/api/cases/{case_id}/events", body)
        self.answers[case_id, command_id] = str(answer["event"]["sha256"])

    def _until_answered(self, path: str, body: Json) -> Json:
        tries = 0
        while True:
            try:
                answer = self._http.post(path, json=body)
            except httpx.TransportError:
                tries += 1
                time.sleep(0.02)
                continue
            if answer.status_code not in (200, 201):
                self.refused.append(f"{path}: {answer.status_code} {answer.text[:200]}")
                time.sleep(0.1)
                continue
            found: Json = answer.json()
            self.retried += bool(tries)
            return found


def kill_and_verify(
    folder: Path, *, kills: int, writers: int = 3, seed: int = 0, database_url: str = ""
) -> Tally:
    """Kill the hub `kills` times at random points of its work, verifying all it acknowledged each time."""
    chance = random.Random(seed)  # noqa: S311 - when to kill
    tally = Tally()
    with HubProcess(folder, setup_token=SETUP_TOKEN, database_url=database_url) as hub:
        crew, reader = _people(hub.url, writers)
        for writer in crew:
            writer.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 0.4))
            hub.kill()
            tally.kills += 1
            started = time.monotonic()
            hub.start()
            tally.slowest_restart_s = max(tally.slowest_restart_s, time.monotonic() - started)
            _verify(reader, crew, tally, latest_only=True)
        for writer in crew:
            writer.stop()
        _verify(reader, crew, tally, latest_only=False)
    tally.acknowledged = sum(len(w.answers) + len(w.cases) for w in crew)
    tally.retried = sum(w.retried for w in crew)
    tally.lost += [refusal for w in crew for refusal in w.refused]
    return tally


def _people(url: str, writers: int) -> tuple[list[Writer], httpx.Client]:
    admin = httpx.Client(base_url=url, timeout=20)
    first = {"centre_name": "Centre", "name": "Admin", "email": "admin@test.example", "password": PASSWORD}
    session = admin.post("/api/setup", json={"setup_token": SETUP_TOKEN, **first}).raise_for_status().json()
    admin.headers["X-CSRF-Token"] = session["csrf_token"]
    centre = session["memberships"][0]["site_id"]
    site = admin.post("/api/admin/sites", json={"name": "County", "kind": "hospital"}).raise_for_status()
    site_id = str(site.json()["id"])
    for name, place, role in (("operator", site_id, "operator"), ("expert", centre, "expert")):
        person = {"name": name, "email": f"{name}@test.example", "password": PASSWORD}
        roles = [{"site_id": place, "role": role}]
        admin.post("/api/admin/people", json={**person, "memberships": roles}).raise_for_status()
    crew = []
    for n in range(writers):
        cookies, csrf = _sign_in(url, "operator")
        crew.append(Writer(url, cookies, csrf, site_id, f"writer-{n}"))
    cookies, _ = _sign_in(url, "expert")
    return crew, httpx.Client(base_url=url, cookies=cookies, timeout=20)


def _sign_in(url: str, name: str) -> tuple[Json, str]:
    with httpx.Client(base_url=url, timeout=20) as browser:
        credentials = {"email": f"{name}@test.example", "password": PASSWORD}
        answer = browser.post("/api/session", json=credentials).raise_for_status()
        return dict(browser.cookies), str(answer.json()["csrf_token"])


def _verify(reader: httpx.Client, crew: list[Writer], tally: Tally, *, latest_only: bool) -> None:
    for writer in crew:
        acknowledged = dict(writer.answers)
        for case_id in writer.cases[-2:] if latest_only else list(writer.cases):
            wanted = {c: sha for (case, c), sha in acknowledged.items() if case == case_id}
            found = reader.get(f"/api/cases/{case_id}/events").raise_for_status().json()["events"]
            ids = [e["command_id"] for e in found]
            kept = {e["command_id"]: e["sha256"] for e in found}
            tasks = [e["body"]["id"] for e in found if e["kind"] == "task.added"]
            tally.lost += [f"{case_id}/{c}" for c, sha in wanted.items() if kept.get(c) != sha]
            tally.twice += [f"{case_id}/{c}" for c in {*ids, *tasks} if max(ids.count(c), tasks.count(c)) > 1]
            if first_broken_seq(_event(case_id, e) for e in found) is not None:
                tally.broken_chains.append(case_id)


def _event(case_id: str, found: Json) -> Event:
    return Event(
        case_id=case_id,
        seq=found["seq"],
        command_id=found["command_id"],
        actor=Actor(**found["actor"]),
        at=datetime.fromisoformat(found["at"]),
        kind=found["kind"],
        body=found["body"],
        sha256=found["sha256"],
    )
