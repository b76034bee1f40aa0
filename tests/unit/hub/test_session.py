"""Sign-in, sign-out, forgery, first run, one-time codes, throttling."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient

from teleneedle.apps.hub.bootstrap import create_app
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.testing.hub_world import PASSWORD, SETUP_TOKEN, HubWorld

FIRST = {
    "setup_token": SETUP_TOKEN,
    "centre_name": "Centre",
    "name": "Wang",
    "email": "Admin@centre.example",
    "password": "a-long-password",
}


def sign_in(world: HubWorld, who: str, password: str = PASSWORD, **more: str) -> tuple[TestClient, int, str]:
    client = world.anonymous()
    answer = client.post("/api/session", json={"email": world.emails[who], "password": password, **more})
    return client, answer.status_code, answer.json().get("type", "").rpartition(":")[2]


def test_first_run_happens_once(tmp_path: Path, database_url: str) -> None:
    app = create_app(Settings(folder=tmp_path, database_url=database_url, setup_token=SETUP_TOKEN))
    client = TestClient(app)
    assert client.get("/api/setup").json() == {"needed": True}
    assert client.post("/api/setup", json={**FIRST, "setup_token": "x"}).status_code == 403
    assert client.post("/api/setup", json={**FIRST, "password": "short"}).status_code == 422
    made = client.post("/api/setup", json=FIRST)
    assert made.status_code == 201
    assert made.json()["memberships"][0]["role"] == "admin"
    assert client.get("/api/session").json()["person"]["email"] == "admin@centre.example"
    assert client.get("/api/setup").json() == {"needed": False}
    assert client.post("/api/setup", json={**FIRST, "email": "b@c.example"}).status_code == 409


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: HubWorld) -> None:
    client = world.anonymous()
    answer = client.post("/api/session", json={"email": world.emails["expert"], "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    token = client.cookies["teleneedle_session"]
    assert token not in answer.text
    stored = world.hub.folder / "hub.db"
    assert not stored.exists() or token.encode() not in stored.read_bytes()


def test_a_change_needs_the_token_against_forgery_and_an_own_origin(world: HubWorld) -> None:
    client, status, _ = sign_in(world, "expert")
    assert status == 200
    assert client.delete("/api/session").status_code == 403
    csrf = {"X-CSRF-Token": client.get("/api/session").json()["csrf_token"]}
    assert client.delete("/api/session", headers={"X-CSRF-Token": "wrong"}).status_code == 403
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert client.delete("/api/session", headers={**csrf, "Origin": origin}).status_code == 403
    assert client.delete("/api/session", headers={**csrf, "Origin": "http://testserver"}).status_code == 204
    assert client.get("/api/session").status_code == 401


def test_a_stolen_token_is_worthless_after_sign_out(world: HubWorld) -> None:
    client, _, _ = sign_in(world, "expert")
    token = client.cookies["teleneedle_session"]
    client.delete("/api/session", headers={"X-CSRF-Token": client.get("/api/session").json()["csrf_token"]})
    thief = world.anonymous()
    thief.cookies.set("teleneedle_session", token)
    assert thief.get("/api/session").status_code == 401


def test_unknown_people_and_wrong_passwords_look_the_same(world: HubWorld) -> None:
    wrong = world.anonymous().post("/api/session", json={"email": world.emails["mdt"], "password": "no"})
    nobody = world.anonymous().post("/api/session", json={"email": "no@no.example", "password": "no"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()


def test_five_failures_in_a_row_lock_the_account_for_a_while(world: HubWorld) -> None:
    for _ in range(5):
        assert sign_in(world, "mdt", "wrong")[1] == 401
    assert sign_in(world, "mdt")[1:] == (429, "too-many")
    assert sign_in(world, "expert")[1] == 200


def test_a_new_password_ends_every_sign_in(world: HubWorld) -> None:
    assert world.as_("mdt").get("/api/session").status_code == 200
    changed = world.as_("admin").patch(
        f"/api/admin/people/{world.people['mdt']}", json={"password": "another-password"}
    )
    assert changed.status_code == 200
    assert world.as_("mdt").get("/api/session").status_code == 401


def test_somebody_taken_out_of_use_is_out_at_once(world: HubWorld) -> None:
    client, _, _ = sign_in(world, "operator-a")
    world.as_("admin").patch(f"/api/admin/people/{world.people['operator-a']}", json={"is_active": False})
    assert client.get("/api/session").status_code == 401
    assert sign_in(world, "operator-a")[1] == 401


def test_a_one_time_code_is_asked_for_and_works_once(
    world: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)]
    monkeypatch.setattr(world.hub.identity, "_now", lambda: clock[0])
    me = world.as_("mdt")
    secret = me.post("/api/session/totp").json()["secret"]

    def code() -> str:
        return pyotp.TOTP(secret).at(clock[0])

    assert me.post("/api/session/totp/confirmation", json={"code": "000000"}).status_code == 401
    assert sign_in(world, "mdt")[1] == 200
    assert me.post("/api/session/totp/confirmation", json={"code": code()}).status_code == 204
    assert sign_in(world, "mdt")[1:] == (401, "totp-required")
    assert sign_in(world, "mdt", totp=code())[1:] == (401, "sign-in-failed")
    clock[0] = datetime(2026, 3, 1, 12, 1, 5, tzinfo=UTC)
    assert sign_in(world, "mdt", totp=code())[1] == 200
    assert sign_in(world, "mdt", totp=code())[1] == 401
