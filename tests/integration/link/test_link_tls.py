"""The link's port with real TLS: a code lets one gateway in, revocation ends it at once, others stay out."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from teleneedle.adapters.certificates.authority import open_authority
from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity, new_request, trusting
from teleneedle.adapters.certificates.key_files import pem
from teleneedle.apps.hub.link import server
from teleneedle.apps.hub.link.app import make_link_app
from teleneedle.apps.hub.link.gate import KEY
from teleneedle.apps.hub.link.server import LinkServer
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.loop_socket import open_socket

WAIT_S = 30.0


@pytest.fixture
def world(tmp_path: Path) -> HubWorld:
    return make_world(tmp_path / "hub")


@pytest.fixture
def url(world: HubWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The link with two more routes, which say by what name the peer is known."""

    def with_probes(hub: object) -> FastAPI:
        app = make_link_app(world.hub)

        @app.get("/link/who")
        def who(request: Request) -> str:
            return str(request.scope[KEY].name)

        @app.websocket("/link/echo")
        async def echo(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text(socket.scope[KEY].name)
            async for text in socket.iter_text():
                await socket.send_text(text)

        return app

    monkeypatch.setattr(server, "make_link_app", with_probes)
    link = LinkServer(world.hub)
    link.start()
    yield f"https://127.0.0.1:{link.port}"
    link.close()


def make_code(world: HubWorld, site: str = "a") -> str:
    answer = world.as_("admin").post(
        "/api/admin/gateways/codes", json={"site_id": world.sites[site], "name": "CT 1"}
    )
    assert answer.status_code == 201
    return str(answer.json()["code"])


def join(world: HubWorld, url: str, folder: Path) -> GatewayIdentity:
    secret = make_code(world).split("-")[1]
    key, request = new_request()
    with httpx.Client(verify=trusting(world.hub.authority.pem), timeout=WAIT_S) as http:
        answer = http.post(f"{url}/link/enrol", json={"secret": secret, "request": request})
        assert answer.status_code == 201
        again = http.post(f"{url}/link/enrol", json={"secret": secret, "request": request})
        assert again.status_code == 403
    found = answer.json()
    identity = GatewayIdentity(folder=folder)
    identity.keep(key_pem=key, certificate_pem=found["certificate"], authority_pem=found["authority"])
    assert identity.gateway_id == found["gateway_id"]
    return identity


def client(identity: GatewayIdentity) -> httpx.Client:
    return httpx.Client(verify=identity.client_context(), timeout=WAIT_S)


def test_a_gateway_is_known_on_both_protocols_until_it_is_revoked(
    world: HubWorld, url: str, tmp_path: Path
) -> None:
    identity = join(world, url, tmp_path / "identity")
    with client(identity) as http:
        assert http.get(f"{url}/link/who").json() == "CT 1"
    address = url.replace("https", "wss") + "/link/echo"
    with open_socket(address, context=identity.client_context(), timeout_s=WAIT_S) as socket:
        assert socket.recv(timeout=WAIT_S) == "CT 1"
        socket.send("x" * 1000)
        assert socket.recv(timeout=WAIT_S) == "x" * 1000
        listed = world.as_("admin").get("/api/admin/gateways").json()
        assert [(one["is_connected"], one["rate_bytes_per_s"] > 0) for one in listed] == [(True, True)]
        assert listed[0]["last_seen_at"] is not None
        gone = world.as_("admin").delete(f"/api/admin/gateways/{identity.gateway_id}")
        assert gone.json()["revoked_at"] is not None
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=WAIT_S)
    context = identity.client_context()
    with (
        pytest.raises(InvalidStatus) as refused,
        open_socket(address, context=context, timeout_s=WAIT_S),
    ):
        pass
    assert refused.value.response.status_code == 403
    with client(identity) as http:
        answer = http.get(f"{url}/link/who")
        assert answer.status_code == 403
        assert "网关" in answer.json()["title"]["zh"]


def test_without_a_certificate_of_this_hub_nobody_gets_anywhere(
    world: HubWorld, url: str, tmp_path: Path
) -> None:
    with httpx.Client(verify=trusting(world.hub.authority.pem), timeout=WAIT_S) as http:
        assert http.get(f"{url}/link/who").status_code == 403
        assert http.get(f"{url}/link/ca").text == world.hub.authority.pem
        assert http.get(f"{url}/link/ca/").status_code in (403, 404)
    address, context = url.replace("https", "wss") + "/link/echo", trusting(world.hub.authority.pem)
    with pytest.raises(InvalidStatus), open_socket(address, context=context, timeout_s=WAIT_S):
        pass
    stranger = stranger_of(world, tmp_path)
    with client(stranger) as http, pytest.raises((httpx.TransportError, ssl.SSLError)):
        http.get(f"{url}/link/who")


def stranger_of(world: HubWorld, folder: Path) -> GatewayIdentity:
    """A gateway of another hub, which trusts this one."""
    other = open_authority(folder / "other", at=datetime.now(UTC))
    key, request = new_request()
    certificate = pem(other.issue_to_gateway(request, "x", at=datetime.now(UTC)))
    identity = GatewayIdentity(folder=folder / "stranger")
    identity.keep(key_pem=key, certificate_pem=certificate, authority_pem=other.pem)
    identity.authority_path.write_text(world.hub.authority.pem)
    return identity


def test_a_certificate_that_the_store_does_not_know_or_that_has_ended_is_refused(
    world: HubWorld, url: str, tmp_path: Path
) -> None:
    key, request = new_request()
    forged = pem(world.hub.authority.issue_to_gateway(request, "never-enrolled", at=datetime.now(UTC)))
    identity = GatewayIdentity(folder=tmp_path / "unknown")
    identity.keep(key_pem=key, certificate_pem=forged, authority_pem=world.hub.authority.pem)
    with client(identity) as http:
        assert http.get(f"{url}/link/who").status_code == 403
    key, request = new_request()
    ended = pem(
        world.hub.authority.issue_to_gateway(request, "x", at=datetime.now(UTC) - timedelta(days=400))
    )
    identity = GatewayIdentity(folder=tmp_path / "ended")
    identity.keep(key_pem=key, certificate_pem=ended, authority_pem=world.hub.authority.pem)
    with client(identity) as http, pytest.raises((httpx.TransportError, ssl.SSLError)):
        http.get(f"{url}/link/who")


def test_a_hospital_out_of_use_loses_its_open_connections(world: HubWorld, url: str, tmp_path: Path) -> None:
    identity = join(world, url, tmp_path / "identity")
    address = url.replace("https", "wss") + "/link/echo"
    with open_socket(address, context=identity.client_context(), timeout_s=WAIT_S) as socket:
        assert socket.recv(timeout=WAIT_S) == "CT 1"
        world.as_("admin").patch(f"/api/admin/sites/{world.sites['a']}", json={"is_active": False})
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=WAIT_S)


def test_a_certificate_is_renewed_by_who_holds_one(world: HubWorld, url: str, tmp_path: Path) -> None:
    identity = join(world, url, tmp_path / "identity")
    before = identity.certificate().serial_number
    key, request = new_request()
    with client(identity) as http:
        issued = http.post(f"{url}/link/renewal", json={"request": request}).json()
    identity.keep(key_pem=key, certificate_pem=issued["certificate"], authority_pem=issued["authority"])
    assert identity.certificate().serial_number != before
    with client(identity) as http:
        assert http.get(f"{url}/link/who").json() == "CT 1"
    with httpx.Client(verify=trusting(world.hub.authority.pem), timeout=WAIT_S) as http:
        assert http.post(f"{url}/link/renewal", json={"request": request}).status_code == 403


def test_a_code_ends_after_half_an_hour_and_guessing_is_slowed(world: HubWorld, url: str) -> None:
    secret, (_, request) = make_code(world).split("-")[1], new_request()
    store = world.hub.gateways
    late = datetime.now(UTC) + timedelta(minutes=31)
    store._now = lambda: late
    assert store.redeem(secret) is None
    with httpx.Client(verify=trusting(world.hub.authority.pem), timeout=WAIT_S) as http:
        answers = [
            http.post(f"{url}/link/enrol", json={"secret": f"guess{n}", "request": request}).status_code
            for n in range(31)
        ]
        assert answers == [403] * 30 + [429]
        long = http.post(f"{url}/link/enrol", json={"secret": "x", "request": "y" * 5000})
        assert long.status_code == 422
    assert world.hub.audit.page(limit=1)[0].outcome == "refused"
    assert world.hub.audit.verify().ok


def test_one_code_lets_one_gateway_in_however_many_try_at_once(world: HubWorld) -> None:
    secret = make_code(world).split("-")[1]
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(world.hub.gateways.redeem(secret))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in found) == 1
