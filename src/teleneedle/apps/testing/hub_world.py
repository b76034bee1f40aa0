"""A hub on a temporary folder with one centre, three hospitals and somebody in every role."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from teleneedle.apps.hub.bootstrap import create_app
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.identity import COOKIE
from teleneedle.apps.hub.settings import Settings
from teleneedle.core.access import Role

PASSWORD = "needle-test-2026"  # noqa: S105 - of people who exist during a test
SETUP_TOKEN = "set-up"  # noqa: S105 - likewise
CENTRE, HOSPITALS = "centre", ("a", "b", "c")
AT_CENTRE = (Role.EXPERT, Role.MDT, Role.OBSERVER, Role.ADMIN)
AT_HOSPITAL = (Role.OPERATOR, Role.TECHNOLOGIST, Role.OBSERVER)


@dataclass(kw_only=True)
class HubWorld:
    """The application and its people: ``expert``, ``mdt``, ``observer``, ``admin``, and at each hospital
    ``operator-a``, ``technologist-a``, ``observer-a`` … ``-c``.

    `sites` and `people` hold ids by name; `emails` addresses by name.
    """

    app: FastAPI
    hub: Hub
    sites: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, TestClient] = field(default_factory=dict)

    def anonymous(self) -> TestClient:
        """A new browser in which nobody has signed in."""
        return TestClient(self.app, raise_server_exceptions=False)

    def as_(self, who: str) -> TestClient:
        """The browser of `who`: signed in, its token against forgery sent along."""
        if who not in self._clients:
            found = self.hub.identity.start(self.people[who])
            client = TestClient(self.app, raise_server_exceptions=False)
            client.cookies.set(COOKIE, found.token)
            client.headers["X-CSRF-Token"] = found.csrf_token
            self._clients[who] = client
        return self._clients[who]

    def refer(self, hospital: str = "a", **patient: str) -> dict[str, Any]:
        """A new case of a hospital, referred by its operator."""
        facts: Mapping[str, str] = {
            "id": "P1",
            "name": "Test^Patient",
            "sex": "F",
            "birth_date": "1960-01-02",
            **patient,
        }
        answer = self.as_(f"operator-{hospital}").post(
            "/api/cases",
            json={
                "command_id": str(uuid.uuid4()),
                "site_id": self.sites[hospital],
                "patient": facts,
                "modality": "mwa",
                "indication": "HCC",
            },
        )
        answer.raise_for_status()
        return dict(answer.json())


def make_world(folder: Path, *, database_url: str = "", **settings: Any) -> HubWorld:
    """A hub in `folder` with its people; ``with TestClient(world.app)`` runs its background work."""
    app = create_app(Settings(folder=folder, database_url=database_url, setup_token=SETUP_TOKEN, **settings))
    world = HubWorld(app=app, hub=app.state.hub)
    world.sites[CENTRE] = world.hub.identity.add_site("中心 Centre", "centre").id
    for role in AT_CENTRE:
        _add(world, role.value, CENTRE, role)
    for letter in HOSPITALS:
        world.sites[letter] = world.hub.identity.add_site(f"{letter.upper()} 院 Hospital", "hospital").id
        for role in AT_HOSPITAL:
            _add(world, f"{role.value}-{letter}", letter, role)
    return world


def _add(world: HubWorld, name: str, site: str, role: Role) -> None:
    email = f"{name}@test.example"
    row = world.hub.identity.add_person(
        name=name, email=email, password=PASSWORD, memberships=[(world.sites[site], role)]
    )
    if row is None:
        raise ValueError(f"{email} exists already")
    world.people[name], world.emails[name] = row.id, email
