"""FHIR search without a patient on 2,000 cases: one page, beside reading every case for a whole answer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.harness import Figure, median_seconds
from teleneedle.adapters.fhir.resources import RESOURCES
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.core.access import Membership, Person, Role
from teleneedle.core.case import Patient

CASES = 2000
BAR_MS = 300.0


def fill(world: HubWorld) -> None:
    """Cases of three hospitals, two of each patient."""
    for n in range(CASES):
        site_id = world.sites["abc"[n % 3]]
        by = Person(id="bench", name="Bench", memberships=(Membership(site_id=site_id, role=Role.OPERATOR),))
        world.hub.cases.life.refer(
            command_id=str(n),
            site_id=site_id,
            site_name="Hospital",
            patient=Patient(id=f"P{n // 6}", name=f"Bench^{n}", sex="F", birth_date="1960-01-02"),
            modality="mwa",
            indication="bench",
            by=by,
        )


def everything(world: HubWorld) -> int:
    """Every resource of every case."""
    life, found, cursor = world.hub.cases.life, 0, None
    person = world.hub.identity.find(world.hub.identity.start(world.people["expert"]).token).person
    while True:
        page = life.list(person, cursor=cursor, limit=200)
        found += sum(len(list(RESOURCES["ServiceRequest"](life.load(row.id)))) for row in page.items)
        cursor = page.next
        if cursor is None:
            return found


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder) / "hub")
        fill(world)
        client, figures = world.as_("expert"), []
        whole_ms = 1000 * median_seconds(lambda: everything(world), repeats=3)
        for name, path in (
            ("page of referrals", "/fhir/ServiceRequest?_count=50"),
            ("page of patients", "/fhir/Patient?_count=50"),
            ("page of 100 cases in which nothing fits", "/fhir/CarePlan?status=active"),
            ("patient by identifier", "/fhir/Patient?identifier=P300"),
        ):
            value = 1000 * median_seconds(lambda path=path: client.get(path).raise_for_status())
            beside = f"{CASES} cases; reading all of them {whole_ms:.0f} ms"
            figures.append(Figure(name=name, value=value, unit="ms", bar=BAR_MS, against=beside))
        world.hub.engine.dispose()
        return figures
