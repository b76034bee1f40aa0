"""A gateway that lies: with a good certificate it may say anything, and gets nowhere with it."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import imagecodecs
import pytest
from fastapi.testclient import TestClient
from websockets.exceptions import ConnectionClosed, InvalidStatus

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.wire_manifest import encode_manifest
from teleneedle.adapters.link.wire_parts import Part, split
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.script_gateway import (
    LinkedHub,
    ScriptGateway,
    Shipment,
    encoded,
    linked,
    ship,
)
from teleneedle.testing.ct_files import CtScan

WAIT_S = 60.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    made = make_world(tmp_path_factory.mktemp("hostile"))
    with TestClient(made.app):
        yield made


@pytest.fixture(scope="module")
def link(world: HubWorld) -> Iterator[LinkedHub]:
    with linked(world.hub) as found:
        yield found


@pytest.fixture
def gateway(world: HubWorld, link: LinkedHub, tmp_path: Path) -> Iterator[ScriptGateway]:
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as found:
        yield found


_series = iter(range(1000, 10_000))


def some(count: int = 2) -> list[Shipment]:
    scan = CtScan(series=str(next(_series)), size=(32, 32), heights=tuple(range(count)))
    return [ship(encoded(dataset), n) for n, dataset in enumerate(scan.datasets(), 1)]


def refusal(gateway: ScriptGateway) -> str:
    refused = gateway.wait_for(wire.Refused)
    assert any("\u4e00" <= c <= "\u9fff" for c in refused.why_zh)
    wait_for_the_end(gateway)
    return refused.why_en


def wait_for_the_end(gateway: ScriptGateway, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Until the hub has closed the connection."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            meanwhile()
            gateway.socket.recv(timeout=1)
        except TimeoutError:
            continue
        except ConnectionClosed:
            return
    pytest.fail("the hub keeps the connection open")


Lie = Callable[[ScriptGateway, list[Shipment]], None]
LIES: dict[str, Lie] = {
    "hello before": lambda g, s: g.announce(s),
    "another name": lambda g, s: g.hello("somebody-else"),
    "no announced": lambda g, s: g.hello().send(
        Part(layer=1, handle=9, offset=0, layer_length=9, payload=b"x")
    ),
    "beyond what": lambda g, s: (
        g.hello().announce(s),
        g.send(Part(layer=1, handle=1, offset=1 << 31, layer_length=0xFFFFFFFF, payload=b"x")),
    )[0],
    "no known kind": lambda g, s: g.socket.send('{"kind": "verified", "handles": [1]}'),
    "no JSON": lambda g, s: g.socket.send("[" * 100_000),
    "cannot be read": lambda g, s: [g.hello().send(p) for p in split(0, 1, b"not zstd")] and None,
    "follow each": lambda g, s: g.hello().send(
        Part(layer=0, handle=1, offset=5, layer_length=100, payload=b"x" * 9)
    ),
    "never announced": lambda g, s: g.hello().end(s),
    "not signed": lambda g, s: (g.hello().announce(s), g.end(s, signature="AAAA"))[0],
    "arrived damaged": lambda g, s: (
        g.hello(),
        g.socket.send(struct.pack("!BBHIQII", 1, 1, 0, 1, 0, 4, 0) + b"xxxx"),
    )[0],
    "an instance is larger": lambda g, s: g.hello().announce(
        [
            replace(
                s[0],
                entry=replace(
                    s[0].entry,
                    codec="zstd",
                    frames=None,
                    head=b"",
                    tail=b"",
                    opaque_length=10,
                    dataset_length=3 << 30,
                ),
            )
        ]
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_ends_the_connection_and_says_why(gateway: ScriptGateway, lie: str) -> None:
    LIES[lie](gateway, some())
    assert lie in refusal(gateway)


def test_a_manifest_that_unpacks_to_gigabytes_is_refused(gateway: ScriptGateway) -> None:
    bomb = imagecodecs.zstd_encode(bytes(1 << 30), level=3)
    gateway.hello()
    for part in split(0, 1, bytes(bomb)):
        gateway.send(part)
    assert "manifest" in refusal(gateway)


def test_an_instance_under_another_name_is_set_aside(world: HubWorld, gateway: ScriptGateway) -> None:
    """Whose images they are is taken from the bytes, not from the announcement."""
    one, other = some()
    patient = {**one.entry.facts, "patient_id_b64": "UFg="}
    liars = [one.told(facts=patient), other.told(sop_uid=other.entry.sop_uid + ".9")]
    gateway.hello().announce(liars)
    for liar in liars:
        gateway.send_layers(liar)
    handles = {gateway.wait_for(wire.Quarantined).handle for _ in liars}
    assert handles == {1, 2}
    gateway.end(liars)
    assert gateway.wait_for(wire.Receipt).instances == ()


def test_a_picture_that_asks_for_gigabytes_is_no_picture(gateway: ScriptGateway) -> None:
    """A code stream of 65535² inside an announced 32²: refused by its header, sent again, set aside."""
    (one, *_) = some()
    code = bytearray(one.layers[1])
    struct.pack_into(">II", code, 8, 65535, 65535)
    liar = replace(one, layers={**one.layers, 1: bytes(code)})
    gateway.hello().announce([liar])
    for _ in range(2):
        gateway.send_layers(liar)
        gateway.wait_for(wire.Broken)
    gateway.send_layers(liar)
    assert gateway.wait_for(wire.Quarantined).handle == 1


def test_a_decoder_that_is_brought_down_takes_nothing_with_it(
    world: HubWorld, gateway: ScriptGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    (receiver,) = world.hub.arriving._receivers
    sent = some()
    real = receiver._checking.run

    async def deadly(task: object, *arguments: object) -> object:
        is_first = arguments[0].entry.handle == 1
        return await real(_die if is_first else task, *arguments)

    monkeypatch.setattr(receiver._checking, "run", deadly)
    gateway.hello().announce(sent)
    for one in sent:
        gateway.send_layers(one)
    gateway.end(sent)
    receipt = gateway.wait_for(wire.Receipt)
    assert receipt.instances == (sent[1].identity,)


def _die(_held: object) -> None:
    os._exit(7)


def test_another_hospitals_series_is_neither_seen_nor_touched(
    world: HubWorld, link: LinkedHub, gateway: ScriptGateway, tmp_path: Path
) -> None:
    sent = some()
    gateway.hello().announce(sent)
    for one in sent:
        gateway.send_layers(one)
    gateway.end(sent)
    gateway.wait_for(wire.Receipt)
    with link.connected(link.enrol(tmp_path / "b", world.sites["b"])) as stranger:
        stranger.hello().end(sent)
        assert "never announced" in refusal(stranger)
    with link.connected(link.enrol(tmp_path / "b2", world.sites["b"])) as stranger:
        stranger.hello().announce(sent)
        assert stranger.wait_for(wire.Have).done == ()
    items = world.as_("operator-b").get("/api/arriving").json()["items"]
    assert {one["site"]["id"] for one in items} == {world.sites["b"]}


def test_said_again_is_taken_once(world: HubWorld, gateway: ScriptGateway) -> None:
    sent = some()
    gateway.hello()
    for batch in range(5):
        gateway.announce(sent, batch=batch)
        for one in sent:
            gateway.send_layers(one)
    gateway.end(sent)
    assert len(gateway.wait_for(wire.Receipt).instances) == 2
    series = world.hub.arriving.shelf.find(world.sites["a"], sent[0].entry.series_uid)
    size = sum(len(content) for one in sent for content in one.layers.values())
    assert series.journal.size < 2 * size + (1 << 20)


def test_a_revoked_gateway_is_out_at_once_and_stays_out(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    identity = link.enrol(tmp_path / "gw", world.sites["a"])
    sent = some()
    with link.connected(identity) as gateway:
        gateway.hello().announce(sent)
        gateway.wait_for(wire.Have)
        answer = world.as_("admin").delete(f"/api/admin/gateways/{identity.gateway_id}")
        assert answer.status_code < 300, answer.text
        wait_for_the_end(gateway, lambda: gateway.send_layers(sent[0]))
    with pytest.raises((InvalidStatus, OSError)), link.connected(identity):
        pass


def test_more_entries_than_a_manifest_holds_are_refused(gateway: ScriptGateway) -> None:
    (one, *_) = some()
    many = [replace(one.entry, handle=n, sop_uid=f"1.2.{n}") for n in range(300)]
    gateway.hello()
    for part in split(0, 1, encode_manifest(many)):
        gateway.send(part)
    assert "manifest" in refusal(gateway)
