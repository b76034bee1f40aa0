"""How long a sign-in lasts, who has to wait, and what strangers leave in the audit record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient

from teleneedle.apps.hub.audit_limit import MOST, MOST_OF_ONE_ADDRESS, StrangerLimit
from teleneedle.apps.hub.sign_in_throttle import MOST_FAILURES, MOST_PLACES, SignInThrottle, place_of
from teleneedle.apps.testing.hub_world import PASSWORD, HubWorld


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(world: HubWorld, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the hub."""
    made = Clock()
    monkeypatch.setattr(world.hub, "now", made)
    for part in (world.hub.identity, world.hub.throttle, world.hub.strangers):
        monkeypatch.setattr(part, "_now", made)
    world.hub.strangers.close()
    return made


def set_hours(world: HubWorld, hours: float) -> None:
    limits = {**world.hub.limits.all(), "session_hours": hours}
    assert world.as_("admin").put("/api/admin/limits", json=limits).status_code == 200


def sign_in(client: TestClient, world: HubWorld, who: str, password: str = PASSWORD) -> int:
    return client.post("/api/session", json={"email": world.emails[who], "password": password}).status_code


def test_a_sign_in_ends_after_the_hours_of_the_limits_used_or_not(world: HubWorld, clock: Clock) -> None:
    set_hours(world, 2)
    client = world.anonymous()
    answer = client.post("/api/session", json={"email": world.emails["mdt"], "password": PASSWORD})
    assert answer.json()["expires_at"] == "2026-03-01T10:00:00+00:00"
    assert "max-age=7200" in answer.headers["set-cookie"].lower()
    for minutes in (30, 60, 89):
        clock.at = datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=minutes)
        assert client.get("/api/cases").status_code == 200
    clock.at = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert client.get("/api/cases").status_code == 401


def test_a_shorter_time_ends_older_sign_ins_at_once_and_a_longer_one_revives_none(
    world: HubWorld, clock: Clock
) -> None:
    early = world.anonymous()
    assert sign_in(early, world, "mdt") == 200
    clock.at += timedelta(hours=3)
    late = world.anonymous()
    assert sign_in(late, world, "mdt") == 200
    set_hours(world, 2)
    assert (early.get("/api/cases").status_code, late.get("/api/cases").status_code) == (401, 200)
    set_hours(world, 168)
    clock.at += timedelta(hours=12)
    assert late.get("/api/cases").status_code == 401


def test_no_setting_ends_every_sign_in_at_its_start(world: HubWorld) -> None:
    limits = {**world.hub.limits.all(), "session_hours": 1e-9}
    assert world.as_("admin").put("/api/admin/limits", json=limits).status_code == 422


def test_trying_many_accounts_from_one_address_has_to_wait(world: HubWorld, clock: Clock) -> None:
    client = world.anonymous()
    for n in range(MOST_FAILURES):
        body = {"email": f"guess{n}@test.example", "password": "no"}
        assert client.post("/api/session", json=body).status_code == 401
    refused = client.post("/api/session", json={"email": world.emails["mdt"], "password": PASSWORD})
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:teleneedle:problem:too-many")
    elsewhere = TestClient(world.app, client=("192.0.2.7", 5), raise_server_exceptions=False)
    assert sign_in(elsewhere, world, "mdt") == 200
    clock.at += timedelta(minutes=6)
    assert sign_in(client, world, "mdt") == 200


def test_places_are_bounded_and_an_ipv6_network_is_one() -> None:
    clock = Clock()
    throttle = SignInThrottle(clock)
    for n in range(MOST_PLACES + 10):
        throttle.count_failure(f"h{n}")
    assert len(throttle._failures) == MOST_PLACES
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff:2") != place_of("2001:db8:0:1::1")
    assert place_of("::ffff:192.0.2.1") == "192.0.2.1"


def test_strangers_cannot_flood_the_audit_record(world: HubWorld, clock: Clock) -> None:
    case_id = world.refer("a")["id"]
    before = world.hub.audit.page(limit=1)[0].seq
    stranger = world.anonymous()
    for _ in range(MOST_OF_ONE_ADDRESS + 50):
        assert stranger.get(f"/api/cases/{case_id}").status_code == 401
    assert world.hub.audit.page(limit=1)[0].seq == before + MOST_OF_ONE_ADDRESS
    for who, status in (("expert", 200), ("operator-b", 404)):
        assert world.as_(who).get(f"/api/cases/{case_id}").status_code == status
        assert world.hub.audit.page(limit=1)[0].person_id == world.people[who]
    clock.at += timedelta(hours=1)
    stranger.get(f"/api/cases/{case_id}")
    single, summary = world.hub.audit.page(limit=2)
    assert single.object == f"case_id/{case_id}"
    assert summary.object.startswith("50 more")
    assert world.hub.audit.verify().ok


def test_strangers_of_many_addresses_have_one_limit() -> None:
    limit = StrangerLimit(Clock())
    singles = [limit.admit(f"192.0.{n // 250}.{n % 250}").is_single for n in range(MOST + 20)]
    assert sum(singles) == MOST
    rest = limit.close()
    assert rest is not None
    assert rest.object.startswith("20 more")
    assert limit.close() is None


def test_an_administrator_removes_a_lost_second_factor(world: HubWorld, clock: Clock) -> None:
    me = world.as_("mdt")
    secret = me.post("/api/session/totp").json()["secret"]
    code = pyotp.TOTP(secret).at(clock.at)
    assert me.post("/api/session/totp/confirmation", json={"code": code}).status_code == 204
    assert sign_in(world.anonymous(), world, "mdt") == 401
    person = world.people["mdt"]
    assert world.as_("expert").delete(f"/api/admin/people/{person}/totp").status_code == 403
    assert world.as_("admin").delete(f"/api/admin/people/{person}/totp").status_code == 204
    found = world.hub.audit.page(limit=1)[0]
    assert (found.person_id, found.object) == (world.people["admin"], f"person_id/{person}")
    assert found.action == "DELETE /api/admin/people/{person_id}/totp"
    assert me.get("/api/session").status_code == 401
    assert sign_in(world.anonymous(), world, "mdt") == 200
    people = {p["id"]: p for p in world.as_("admin").get("/api/admin/people").json()}
    assert people[person]["has_totp"] is False
    assert world.as_("admin").delete("/api/admin/people/nobody/totp").status_code == 404
