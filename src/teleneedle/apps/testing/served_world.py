"""A hub with its people as a process of its own, spoken to over real connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from teleneedle.apps.hub.identity import COOKIE
from teleneedle.apps.testing.hub_process import HubProcess
from teleneedle.apps.testing.hub_world import SETUP_TOKEN, make_world


@dataclass(frozen=True, kw_only=True)
class ServedWorld:
    """The process, one case of hospital ``a``, and the sign-ins of its people.

    Parameters
    ----------
    tokens : dict
        Session token and token against forgery by person.
    """

    process: HubProcess
    folder: Path
    case: dict[str, Any]
    tokens: dict[str, tuple[str, str]]

    def client(self, who: str) -> httpx.Client:
        """A browser of `who`."""
        token, csrf = self.tokens[who]
        return httpx.Client(
            base_url=self.process.url,
            cookies={COOKIE: token},
            headers={"X-CSRF-Token": csrf},
            timeout=60,
        )

    def bearer(self, who: str) -> dict[str, str]:
        """Header by which a machine of `who` is known."""
        return {"Authorization": f"Bearer {self.tokens[who][0]}"}


@contextmanager
def serve_world(folder: Path, **patient: str) -> Iterator[ServedWorld]:
    """Make a hub in `folder`, refer `patient`, and serve it until the end of the block."""
    world = make_world(folder)
    case = world.refer("a", **patient)
    tokens = {}
    for who, person_id in world.people.items():
        found = world.hub.identity.start(person_id)
        tokens[who] = (found.token, found.csrf_token)
    world.hub.jobs.close()
    world.hub.engine.dispose()
    with HubProcess(folder, setup_token=SETUP_TOKEN) as process:
        yield ServedWorld(process=process, folder=folder, case=case, tokens=tokens)
