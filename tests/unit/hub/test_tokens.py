"""Machines come in by tokens: shown once, kept as hashes, scoped, dated, revoked at once, recorded."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from teleneedle.apps.testing.case_story import make_story
from teleneedle.apps.testing.hub_world import HubWorld


def issue(world: HubWorld, role: str = "technologist", site: str = "a", **more: Any) -> dict[str, Any]:
    body = {"name": "CT gateway", "site_id": world.sites[site], "role": role, "valid_days": 30, **more}
    answer = world.as_("admin").post("/api/admin/tokens", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def machine(world: HubWorld, token: str) -> TestClient:
    client = world.anonymous()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def listed(world: HubWorld) -> list[dict[str, Any]]:
    answer = world.as_("admin").get("/api/admin/tokens")
    return list(answer.json())


def test_a_token_is_shown_once_and_kept_as_a_hash(world: HubWorld) -> None:
    token = issue(world)["token"]
    assert token.startswith("tnk_")
    assert len(token) > 40
    assert "token" not in listed(world)[0]
    assert token not in world.as_("admin").get("/api/admin/tokens").text
    for stored in world.hub.folder.glob("hub.db*"):
        assert token.encode() not in stored.read_bytes()


def test_a_machine_refers_and_reads_without_cookie_or_token_against_forgery(world: HubWorld) -> None:
    made = issue(world)
    client = machine(world, made["token"])
    referral = {
        "command_id": str(uuid.uuid4()),
        "site_id": world.sites["a"],
        "patient": {"id": "P", "name": "N", "sex": "F", "birth_date": "1960-01-02"},
        "modality": "mwa",
        "indication": "HCC",
    }
    assert listed(world)[0]["last_used_at"] is None
    answer = client.post("/api/cases", json=referral, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 201
    found = world.hub.audit.page(limit=1)[0]
    assert (found.person_id, found.person_name) == (made["id"], "CT gateway")
    assert listed(world)[0]["last_used_at"] is not None
    assert client.get("/fhir/ServiceRequest").json()["total"] == 1
    assert machine(world, issue(world, site="b")["token"]).get("/fhir/ServiceRequest").json()["total"] == 0


def test_a_machine_signs_and_decides_nothing(world: HubWorld) -> None:
    story = make_story(world)
    for role, site in (("expert", "centre"), ("operator", "a")):
        client = machine(world, issue(world, role=role, site=site)["token"])
        assert client.get(f"/api/cases/{story.case_id}").status_code == 200
        for kind, body in (
            ("consent.recorded", {"signed_on": "2026-01-01"}),
            ("report.filed", {"title": "t", "text": "x"}),
            ("case.closed", {}),
        ):
            command = {"command_id": str(uuid.uuid4()), "kind": kind, "body": body}
            answer = client.post(f"/api/cases/{story.case_id}/events", json=command)
            assert answer.status_code == 403, (role, kind, answer.text)


def test_revoked_expired_or_wrong_opens_nothing_even_beside_a_cookie(
    world: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, dated = issue(world), issue(world, valid_days=2)
    client = machine(world, made["token"])
    assert client.get("/api/cases").status_code == 200
    revoked = world.as_("admin").delete(f"/api/admin/tokens/{made['id']}")
    assert revoked.json()["revoked_at"] is not None
    assert client.get("/api/cases").status_code == 401
    later = world.hub.now() + timedelta(days=2)
    assert machine(world, dated["token"]).get("/api/cases").status_code == 200
    monkeypatch.setattr(world.hub.tokens, "_now", lambda: later)
    assert machine(world, dated["token"]).get("/api/cases").status_code == 401
    signed_in = world.as_("expert")
    for wrong in ("tnk_wrong", "", "x" * 5000):
        headers = {"Authorization": f"Bearer {wrong}"}
        assert signed_in.get("/api/cases", headers=headers).status_code == 401
    assert world.as_("admin").delete("/api/admin/tokens/nobody").status_code == 404


def test_a_site_out_of_use_takes_its_machines_along(world: HubWorld) -> None:
    client = machine(world, issue(world)["token"])
    world.as_("admin").patch(f"/api/admin/sites/{world.sites['a']}", json={"is_active": False})
    assert client.get("/api/cases").status_code == 401


def test_issuing_and_revoking_are_recorded_and_for_administrators_only(world: HubWorld) -> None:
    made = issue(world)
    found = world.hub.audit.page(limit=1)[0]
    assert (found.person_id, found.object) == (world.people["admin"], f"token/{made['id']} CT gateway")
    world.as_("admin").delete(f"/api/admin/tokens/{made['id']}")
    found = world.hub.audit.page(limit=1)[0]
    assert found.action == "DELETE /api/admin/tokens/{token_id}"
    assert found.object == f"token_id/{made['id']}"
    assert machine(world, issue(world)["token"]).get("/api/admin/tokens").status_code == 403
    assert world.as_("expert").get("/api/admin/tokens").status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": "admin"}, 422),
        ({"role": "expert"}, 422),
        ({"site_id": "x"}, 404),
        ({"valid_days": 9999}, 422),
    ],
)
def test_what_no_machine_may_be(world: HubWorld, change: dict[str, Any], status: int) -> None:
    body = {"name": "n", "site_id": world.sites["a"], "role": "observer", "valid_days": 1, **change}
    assert world.as_("admin").post("/api/admin/tokens", json=body).status_code == status


def test_no_machine_confirms_whose_images_these_are(world: HubWorld) -> None:
    client = machine(world, issue(world)["token"])
    case_id = world.refer("a")["id"]
    body = {"command_id": "u", "files": [{"path": "a.dcm", "size": 0}]}
    upload = client.post(f"/api/cases/{case_id}/uploads", json=body).json()
    client.put(f"/api/uploads/{upload['id']}/files/0?offset=0", content=b"")
    answer = client.post(f"/api/uploads/{upload['id']}/complete", json={"confirm_identity": True})
    assert answer.status_code == 403
