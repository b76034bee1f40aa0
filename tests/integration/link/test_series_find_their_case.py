"""Series go into the case that they surely belong to; others wait for a person who has compared both."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.link.sent_series import arriving, refer, send_all, shipments
from tests.waiting import until

from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.apps.testing.script_gateway import LinkedHub


@pytest.mark.parametrize(
    ("referred", "why"),
    [
        ({"id": "P2"}, "no open case"),
        ({"name": "Doe^John"}, "compare both"),
        ({"birth_date": "1950-01-02"}, "compare both"),
    ],
)
def test_an_unsure_series_waits_for_a_person_who_has_seen_both(
    world: HubWorld, link: LinkedHub, tmp_path: Path, referred: dict[str, str], why: str
) -> None:
    case_id = refer(world, **referred)
    send_all(link, link.enrol(tmp_path / "gw", world.sites["a"]), shipments())
    until(lambda: arriving(world)[0]["state"] == "held")
    (shown,) = arriving(world)
    assert why in shown["held_because"][0]["en"]
    assert world.as_("expert").get(f"/api/cases/{case_id}").json()["series"] == []
    assert world.as_("expert").get(f"/api/cases/{case_id}/jobs").json() == []
    url, body = f"/api/arriving/{shown['id']}/confirm", {"command_id": "1", "case_id": case_id}
    other = {**shown["patient"], "name": "Roe^Richard"}
    wrong = world.as_("operator-a").post(url, json={**body, "expected": other})
    assert wrong.status_code == 409
    right = world.as_("operator-a").post(url, json={**body, "expected": shown["patient"]})
    assert right.status_code == 200
    expert = world.as_("expert")
    until(lambda: expert.get(f"/api/cases/{case_id}").json()["series"])
    added = [
        e for e in expert.get(f"/api/cases/{case_id}/events").json()["events"] if e["kind"] == "series.added"
    ]
    assert added[0]["actor"]["id"] == world.people["operator-a"]
    assert "Doe^Jane" in str(added[0]["body"]["identity_confirmed"])


def test_of_two_cases_a_series_goes_to_the_one_that_has_its_study(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    """A person decides once; further series of the same study or accession follow, others wait again."""
    refer(world)
    chosen = refer(world)
    identity = link.enrol(tmp_path / "gw", world.sites["a"])
    study = {"StudyInstanceUID": "1.2.826.0.1.7.1", "AccessionNumber": "A-1"}
    send_all(link, identity, shipments("1", attributes=study))
    until(lambda: arriving(world)[0]["state"] == "held")
    (shown,) = arriving(world)
    assert "several" in shown["held_because"][0]["en"]
    body = {"command_id": "1", "case_id": chosen, "expected": shown["patient"]}
    assert world.as_("operator-a").post(f"/api/arriving/{shown['id']}/confirm", json=body).status_code == 200
    send_all(link, identity, shipments("2", attributes=study))
    other_study = {**study, "StudyInstanceUID": "1.2.826.0.1.7.2"}
    send_all(link, identity, shipments("3", attributes=other_study))
    expert = world.as_("expert")
    until(lambda: len(expert.get(f"/api/cases/{chosen}").json()["series"]) == 3)
    strange = {"StudyInstanceUID": "1.2.826.0.1.7.3", "AccessionNumber": ""}
    send_all(link, identity, shipments("4", attributes=strange))
    until(lambda: [one["state"] for one in arriving(world)].count("held") == 1)
