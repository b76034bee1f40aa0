"""Whatever the interface is asked, by whomever: it answers, and never with an error of its own.

`TELENEEDLE_FUZZ_EXAMPLES` sets the cases of each kind for each operation and role (a long run: 40).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode

from teleneedle.apps.hub.identity import COOKIE
from teleneedle.apps.testing.hub_world import CENTRE, HubWorld, make_world
from teleneedle.apps.testing.imaged_case import make_imaged_case
from teleneedle.apps.testing.postgres import fresh_database
from teleneedle.core.access import GRANTS, Action, Role

EXAMPLES = int(os.environ.get("TELENEEDLE_FUZZ_EXAMPLES", "3"))
WHO = {
    "anonymous": None,
    "expert": Role.EXPERT,
    "mdt": Role.MDT,
    "operator-a": Role.OPERATOR,
    "technologist-a": Role.TECHNOLOGIST,
    "observer-a": Role.OBSERVER,
    "admin": Role.ADMIN,
}
TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\U0010ffff\u202e",
    "../../etc/passwd",
    "%00%ff",
    "A" * 5000,
    "-1",
    str(2**31),
    str(2**63),
    str(2**200),
    "1" * 5000,
    "1e999",
    "nan",
    "0x10",
    "١",
    "²",
]
VALUES: list[Any] = [*TEXTS, -1, 2**31, 2**63, 2**200, 1e308, float("nan"), float("inf"), True, None, [], {}]
STREAM = "GET /api/cases/{case_id}/stream"
"""Never ends, so those who may read the case ask for one that is not there."""
BAD_BODIES = [b"\xff\xfe", b'{"a": "\xff"}', b"[" * 100_000, b'{"a":' * 2000, b"", b"null", b"1" * 5000]


Operation = APIOperation[Any, Any, Any, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The hub, one browser on it, and ids by the names of the routes' parameters."""

    world: HubWorld
    client: TestClient
    ids: dict[str, list[str]]


class Asked:
    """What the hub was asked, and which answers were errors of its own."""

    def __init__(self) -> None:
        self.count = 0
        self.errors: dict[str, str] = {}

    def note(self, label: str, request: dict[str, Any], answer: Response) -> None:
        self.count += 1
        if answer.status_code >= 500:
            self.errors.setdefault(label, f"{answer.status_code} after {str(request)[:600]}")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running hub with an object of every kind."""
    url = fresh_database(request.getfixturevalue("postgres_cluster")) if request.param == "postgres" else ""
    folder = tmp_path_factory.mktemp("fuzz")
    world = make_world(folder / "hub", database_url=url)
    with TestClient(world.app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield Place(world=world, client=client, ids=make_imaged_case(world, folder / "ct").ids)


@pytest.fixture(scope="module")
def operations() -> list[tuple[Operation, list[Case]]]:
    """Every operation of the interface with cases that fit its schema and cases that do not."""
    with TemporaryDirectory() as folder:
        document = make_world(Path(folder)).app.openapi()
    found = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    return [(one, _cases(one)) for one in found]


def _cases(operation: Operation) -> list[Case]:
    """The same cases in every run; one when there is nothing to vary."""
    made: list[Case] = []
    is_plain = not operation.body and not list(operation.iter_parameters())
    for mode in [GenerationMode.POSITIVE] if is_plain else list(GenerationMode):

        @given(operation.as_strategy(mode))
        @settings(
            max_examples=1 if is_plain else EXAMPLES,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def make(case: Case) -> None:
            made.append(case)

        with suppress(Unsatisfiable):  # where every value fits, none can be against the schema
            make()
    return made


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", WHO)
def test_no_answer_is_an_error_of_the_hub(
    place: Place, operations: list[tuple[Operation, list[Case]]], who: str
) -> None:
    asked = Asked()
    for operation, cases in operations:
        _sign_in(place, who)
        ids = _reachable(place.ids, operation.label, who)
        for n, case in enumerate(cases):
            request = _varied(case, ids, Random(f"{who} {operation.label} {n}"))
            asked.note(operation.label, request, place.client.request(**request))
        _ask_with_bad_bytes(place.client, operation, ids, asked)
    print(f"{who}: {asked.count} requests")
    assert not asked.errors, "\n".join(f"{label}: {what}" for label, what in asked.errors.items())
    assert asked.count > 400


def _sign_in(place: Place, who: str) -> None:
    """`who`, signed in and with their role, whatever was done to the accounts before."""
    world, client, role = place.world, place.client, WHO[who]
    client.cookies.clear()
    client.headers.pop("X-CSRF-Token", None)
    if role is not None:
        site = world.sites["a" if who.endswith("-a") else CENTRE]
        world.hub.identity.change_site(site, name=None, is_active=True)
        world.hub.identity.change_person(world.people[who], is_active=True, memberships=[(site, role)])
        found = world.hub.identity.start(world.people[who])
        client.cookies.set(COOKIE, found.token)
        client.headers["X-CSRF-Token"] = found.csrf_token


def _reachable(ids: dict[str, list[str]], label: str, who: str) -> dict[str, list[str]]:
    may_read = WHO[who] in GRANTS[Action.READ_CASE]
    return {**ids, "case_id": ["no-such-case"]} if label == STREAM and may_read else ids


def _varied(case: Case, ids: dict[str, list[str]], random: Random) -> dict[str, Any]:
    """The case with ids that are often real ones, and in every other with something hostile."""
    parts = {name: deepcopy(getattr(case, name)) for name in ("path_parameters", "query", "body")}
    for values in parts.values():
        _make_real(values, ids, random)
    if random.random() < 0.5:
        _poison(parts, random)
    return _request(case, **parts)


def _make_real(values: Any, ids: dict[str, list[str]], random: Random) -> None:
    if isinstance(values, dict):
        for name in values:
            if name in ids and random.random() < 0.7:
                values[name] = random.choice(ids[name])


def _poison(parts: dict[str, Any], random: Random) -> None:
    """Put something hostile in one place."""
    hostile = {"path_parameters": TEXTS, "query": TEXTS, "body": VALUES}
    filled = [(parts[name], bad) for name, bad in hostile.items() if _is_filled(parts[name])]
    if filled:
        values, bad = random.choice(filled)
        while True:
            name = random.choice(sorted(values, key=str))
            inner = values[name]
            if isinstance(inner, list) and inner and isinstance(inner[0], dict) and inner[0]:
                inner = inner[0]
            if not (isinstance(inner, dict) and inner and random.random() < 0.7):
                break
            values = inner
        values[name] = random.choice(bad)


def _is_filled(values: Any) -> bool:
    return isinstance(values, dict) and bool(values)


def _quoted(value: Any) -> str:
    return quote(str(value).encode("utf-8", "surrogatepass"), safe="")


def _request(case: Case, path_parameters: Any, query: Any, body: Any) -> dict[str, Any]:
    """The case as bytes on the wire; a lone surrogate becomes the bytes that stand for it."""
    path = case.operation.path
    for name, value in (path_parameters or {}).items():
        path = path.replace("{" + name + "}", _quoted(value) or "x")
    asked = "&".join(
        f"{_quoted(name)}={_quoted(one)}"
        for name, value in (query or {}).items()
        for one in (value if isinstance(value, list) else [value])
    )
    request: dict[str, Any] = {"method": case.method, "url": f"{path}?{asked}" if asked else path}
    headers = {
        str(name): str(value).encode("utf-8", "replace") for name, value in (case.headers or {}).items()
    }
    if case.media_type and case.operation.body:
        headers["Content-Type"] = case.media_type.encode()
        is_json = isinstance(body, dict | list | str | int | float | None)
        request["content"] = json.dumps(body if is_json else {}).encode()
    return {**request, "headers": headers}


def _ask_with_bad_bytes(
    client: TestClient, operation: Operation, ids: dict[str, list[str]], asked: Asked
) -> None:
    """Bodies that are no JSON, or far too deep, on real objects."""
    if operation.method.upper() in ("GET", "DELETE"):
        return
    path = operation.path
    for name, values in ids.items():
        path = path.replace("{" + name + "}", values[0])
    for body in BAD_BODIES:
        headers = {"Content-Type": "application/json", "If-Match": f'"{ids["sha256"][0]}"'}
        request = {"method": operation.method.upper(), "url": path, "content": body, "headers": headers}
        asked.note(operation.label, request, client.request(**request))
