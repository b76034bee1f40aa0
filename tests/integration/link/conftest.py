"""A hub with people in every role, and the port where gateways connect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.script_gateway import LinkedHub, linked


@pytest.fixture
def world(tmp_path: Path) -> Iterator[HubWorld]:
    made = make_world(tmp_path / "hub")
    with TestClient(made.app):
        yield made


@pytest.fixture
def link(world: HubWorld) -> Iterator[LinkedHub]:
    with linked(world.hub) as found:
        yield found
