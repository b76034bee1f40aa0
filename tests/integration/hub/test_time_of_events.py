"""The hub's clock dates what happens; what a site says of the time orders nothing (hazard H8)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from teleneedle.apps.testing.hub_world import HubWorld


@pytest.mark.parametrize("claimed", ["1999-01-01T00:00:00+00:00", "2199-01-01T00:00:00+00:00"])
def test_a_time_that_a_site_claims_is_not_taken(world: HubWorld, claimed: str) -> None:
    case_id = str(world.refer("a")["id"])
    operator = world.as_("operator-a")
    body = {"signed_on": "2026-01-02", "document_note": "on paper"}
    command = {"command_id": str(uuid.uuid4()), "kind": "consent.recorded", "body": body}
    before = datetime.now(UTC)
    answer = operator.post(
        f"/api/cases/{case_id}/events", json={**command, "at": claimed}, headers={"Date": claimed}
    )
    if answer.status_code == 422:
        answer = operator.post(f"/api/cases/{case_id}/events", json=command, headers={"Date": claimed})
    assert answer.status_code in (200, 201), answer.text
    at = datetime.fromisoformat(answer.json()["event"]["at"])
    assert before - timedelta(seconds=1) <= at <= datetime.now(UTC) + timedelta(seconds=1)
    events = world.as_("expert").get(f"/api/cases/{case_id}/events").json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
