"""Read routes of a running hub with 50 people at work: a request a second each, then as fast as they can."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import secrets
import socket
import tempfile
import time
from pathlib import Path

import httpx

from bench.harness import Figure
from teleneedle.apps.demo.cast import CENTRE_STAFF, HOSPITALS, PASSWORD, hospital_staff
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import people_the_hub

PEOPLE = 50
CASES = 60
SECONDS = 15.0
BAR_MS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fill(url: str, sites: dict[str, str]) -> list[str]:
    """Cases of three hospitals, each with consent and checklist; their ids."""
    cases = []
    for hospital in HOSPITALS:
        operator = HubClient(url)
        operator.sign_in(hospital_staff(hospital)[0].email, PASSWORD)
        for n in range(CASES // len(HOSPITALS)):
            case = operator.command(
                "/api/cases",
                {
                    "site_id": sites[hospital],
                    "patient": {"id": f"P{n}", "name": f"Bench^{n}", "sex": "M", "birth_date": "19600101"},
                    "modality": "mwa",
                    "indication": "bench",
                },
            )
            cases.append(str(case["id"]))
            operator.append(cases[-1], "consent.recorded", {"signed_on": "2026-11-20", "document_note": ""})
        operator.close()
    return cases


def routes(cases: list[str]) -> dict[str, list[str]]:
    """Read routes by name, with the addresses that are asked for."""
    return {
        "worklist": ["/api/cases", "/api/cases?state=referred"],
        "case": [f"/api/cases/{case}" for case in cases],
        "events": [f"/api/cases/{case}/events?after=0" for case in cases],
        "structures": [f"/api/cases/{case}/structures" for case in cases],
        "plans": [f"/api/cases/{case}/plans" for case in cases],
        "devices": ["/api/devices"],
        "session": ["/api/session"],
    }


async def _person(
    url: str, addresses: dict[str, list[str]], pause_s: float, until: float, seen: list[tuple[str, float]]
) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30.0, headers={"Origin": url}) as http:
        answer = await http.post("/api/session", json={"email": CENTRE_STAFF[0].email, "password": PASSWORD})
        answer.raise_for_status()
        draw = random.Random(id(http))  # noqa: S311 - load, not secrets
        await asyncio.sleep(draw.random() * max(pause_s, 1.0))
        while time.monotonic() < until:
            name = draw.choice(list(addresses))
            address = draw.choice(addresses[name])
            start = time.perf_counter()
            (await http.get(address)).raise_for_status()
            seen.append((name, 1000.0 * (time.perf_counter() - start)))
            if pause_s:
                await asyncio.sleep(draw.expovariate(1.0 / pause_s))


def _load(url: str, cases: list[str], pause_s: float, out: str) -> None:
    """In a process of its own: everybody's requests and how long each took, ms."""

    async def everybody() -> list[tuple[str, float]]:
        seen: list[tuple[str, float]] = []
        until = time.monotonic() + SECONDS + 15.0
        await asyncio.gather(*(_person(url, routes(cases), pause_s, until, seen) for _ in range(PEOPLE)))
        return seen

    Path(out).write_text(json.dumps(asyncio.run(everybody())))


def measure(url: str, cases: list[str], pause_s: float) -> list[tuple[str, float]]:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        child = multiprocessing.get_context("spawn").Process(
            target=_load, args=(url, cases, pause_s, out.name)
        )
        child.start()
        child.join()
        return [(name, ms) for name, ms in json.loads(Path(out.name).read_text())]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        token = secrets.token_urlsafe(8)
        with running_hub(Path(folder), port=free_port(), setup_token=token) as hub:
            cases = fill(hub.url, people_the_hub(hub.url, token))
            paced = measure(hub.url, cases, 1.0)
            flat_out = measure(hub.url, cases, 0.0)
    every = [ms for _, ms in paced]
    figures = [
        Figure(
            name="read_p95_50_people_ms",
            value=percentile(every, 0.95),
            unit="ms",
            bar=BAR_MS,
            against=f"{PEOPLE} people, one request a second each, {len(every)} in all, same cores",
        )
    ]
    for name in routes(cases):
        own = [ms for route, ms in paced if route == name]
        figures.append(
            Figure(name=f"read_p95_{name}_ms", value=percentile(own, 0.95), unit="ms", bar=None, against="")
        )
    quick = [ms for _, ms in flat_out]
    figures.append(
        Figure(
            name="read_p95_50_without_pause_ms",
            value=percentile(quick, 0.95),
            unit="ms",
            bar=None,
            against=f"{len(quick) / SECONDS:.0f} requests/s: {PEOPLE} clients that never pause",
        )
    )
    return figures
