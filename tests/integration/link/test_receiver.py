"""The hub's end of the image link, spoken to over real TLS by a gateway that follows a script."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from pydicom import dcmread
from tests.integration.link.sent_series import arriving, refer, send_all, shipments
from tests.waiting import until

from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity
from teleneedle.adapters.certificates.signatures import sign, verify
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.codec import Coding, Packing
from teleneedle.adapters.link.rebuild import rebuild_dataset
from teleneedle.adapters.link.signatures import end_text, receipt_text
from teleneedle.adapters.link.wire_manifest import encode_manifest
from teleneedle.adapters.link.wire_parts import MANIFEST, split
from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.apps.edge.sender_https import open_https
from teleneedle.apps.edge.sender_plan import SenderPlan
from teleneedle.apps.hub.bootstrap import create_app
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.script_gateway import LinkedHub, ScriptGateway, Shipment, encoded, linked, ship
from teleneedle.testing.ct_files import CtScan

WAIT_S = 120.0


def test_a_series_arrives_is_verified_and_its_receipt_holds(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    identity = link.enrol(tmp_path / "gw", world.sites["a"])
    sent = shipments()
    with link.connected(identity) as gateway:
        assert gateway.hello().wait_for(wire.Welcome).window == 16
        gateway.announce(sent)
        have = gateway.wait_for(wire.Have)
        assert (have.batch, have.entries, have.done) == (1, (), ())
        for one in sent:
            gateway.send_layers(one)
        gateway.end(sent)
        receipt = gateway.wait_for(wire.Receipt)
        verified = {h for m in gateway.heard if isinstance(m, wire.Verified) for h in m.handles}
        assert verified == {one.entry.handle for one in sent}
        assert max(m.parts for m in gateway.heard if isinstance(m, wire.Ack)) == gateway.sent
    assert set(receipt.instances) == {one.identity for one in sent}
    text = receipt_text(receipt.series_uid, receipt.at, receipt.instances)
    authority = identity.authority_pem()
    assert verify(receipt.certificate, authority, text, receipt.signature, purpose="hub")
    assert not verify(receipt.certificate, authority, text + b"x", receipt.signature, purpose="hub")


def test_a_sure_series_lands_in_its_case_bit_by_bit(world: HubWorld, link: LinkedHub, tmp_path: Path) -> None:
    case_id = refer(world)
    sent = shipments()
    send_all(link, link.enrol(tmp_path / "gw", world.sites["a"]), sent)
    expert = world.as_("expert")
    until(lambda: expert.get(f"/api/cases/{case_id}").json()["series"])
    until(lambda: arriving(world)[0]["series_id"])
    (shown,) = expert.get(f"/api/cases/{case_id}/arriving").json()["items"]
    assert (shown["state"], shown["case_id"], shown["held_because"]) == ("complete", case_id, [])
    assert shown["instances"] == {"expected": 6, "known": 6, "verified": 6, "quarantined": 0}
    by_uid = {one.entry.sop_uid: one for one in sent}
    study = sent[0].entry.study_uid
    for uid, one in by_uid.items():
        url = f"/dicomweb/studies/{study}/series/{one.entry.series_uid}/instances/{uid}"
        until(lambda url=url: expert.get(url).status_code == 200)
        kept = dcmread(BytesIO(_first_part(expert.get(url))))
        assert encoded(kept) == one.dataset
        assert kept.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    kinds = {job["kind"] for job in expert.get(f"/api/cases/{case_id}/jobs").json()}
    assert kinds == {"import", "segmentation"}
    _, about = world.hub.imaging.series(shown["series_id"])
    frames = world.hub.objects.get(about["frames"])
    came = [b"".join(one.layers[n] for n in sorted(one.layers)) for one in sent]
    assert frames == b"".join(came), "the code streams that came are the ones that are kept"


def _first_part(answer: Response) -> bytes:
    boundary = answer.headers["content-type"].split("boundary=")[1].split(";")[0].strip('"')
    body: bytes = answer.content.split(f"--{boundary}".encode())[1]
    return body.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")


def test_what_is_urgent_stays_so_when_the_link_is_opened_anew(world: HubWorld, tmp_path: Path) -> None:
    refer(world)
    sent = shipments()
    with linked(world.hub) as link:
        identity = link.enrol(tmp_path / "gw", world.sites["a"])
        with link.connected(identity) as gateway:
            gateway.hello().announce(sent)
            gateway.wait_for(wire.Have)
            (shown,) = arriving(world)
            urgent = world.as_("operator-a").post(
                f"/api/arriving/{shown['id']}/urgent", json={"command_id": "u"}
            )
            assert urgent.json()["is_urgent"]
    with linked(world.hub) as link, link.connected(identity) as gateway:
        gateway.hello().announce(sent)
        assert gateway.wait_for(wire.Urgent).series_uid == sent[0].entry.series_uid
        assert arriving(world)[0]["is_urgent"]


def test_nothing_is_planned_on_a_series_that_never_completes(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    case_id = refer(world)
    sent = shipments()
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent[:-1]:
            gateway.send_layers(one)
        gateway.send_layers(sent[-1], layers=[1])
        gateway.end(sent)
        gateway.wait_until_acknowledged()
        until(lambda: arriving(world)[0]["instances"]["verified"] == 5)
        detail = world.as_("expert").get(f"/api/arriving/{arriving(world)[0]['id']}").json()
    assert detail["missing"][0]["en"] == "1 instances are missing"
    assert detail["missing"][1]["en"] == "instances 6 are not whole"
    assert detail["layers"]["1"]["have"] == detail["layers"]["1"]["of"]
    assert detail["layers"]["3"]["have"] < detail["layers"]["3"]["of"]
    assert world.as_("expert").get(f"/api/cases/{case_id}").json()["series"] == []
    assert world.as_("expert").get(f"/api/cases/{case_id}/jobs").json() == []


def test_pictures_are_there_before_the_rest(world: HubWorld, link: LinkedHub, tmp_path: Path) -> None:
    sent = shipments()
    truth = CtScan(series="1", size=(64, 48), intercept=0.0)
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(list(reversed(sent)))
        for one in sent:
            gateway.send_layers(one, layers=[1])
        gateway.send_layers(sent[2], layers=[2, 3])
        gateway.wait_until_acknowledged()
        found = arriving(world)[0]["id"]
        expert = world.as_("expert")
        geometry = expert.get(f"/api/arriving/{found}").json()["geometry"]
        assert geometry["shape"] == [6, 64, 48]
        affine = np.reshape(geometry["affine"], (4, 4))
        np.testing.assert_allclose(affine[:3, 3], truth.origin_lps)
        np.testing.assert_allclose(affine[:3, 2], truth.step_lps)
        coarse, facts = decode_tnb1(expert.get(f"/api/arriving/{found}/pictures?skip=3").content)
        assert (coarse["k"].tolist(), facts["skip"]) == ([0, 1, 2, 3, 4, 5], 3)
        first = imagecodecs.htj2k_decode(
            coarse["code"][: coarse["ends"][0]].tobytes(), skipres=3, resilient=True
        )
        assert first.shape == (8, 6)
        rest, _ = decode_tnb1(expert.get(f"/api/arriving/{found}/pictures?skip=0&after=3").content)
        assert rest["k"].tolist() == [2]
        start = coarse["ends"][1]
        whole = coarse["code"][start : coarse["ends"][2]].tobytes() + rest["code"].tobytes()
        np.testing.assert_array_equal(imagecodecs.htj2k_decode(whole), np.rint(truth.hu(2)))
        assert expert.post(f"/api/arriving/{found}/focus", json={"k": 4}).status_code == 204
        focus = gateway.wait_for(wire.Focus)
        assert focus.z_mm == pytest.approx(truth.position_lps(4)[2])
        assert expert.post(f"/api/arriving/{found}/urgent", json={"command_id": "u"}).json()["is_urgent"]
        assert gateway.wait_for(wire.Urgent).series_uid == sent[0].entry.series_uid


def test_on_a_slow_line_a_first_picture_is_shown_before_the_rest_too(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    """The first layer ends at 1/16, before the 1/8 that pages ask for first."""
    truth = CtScan(series="1", size=(64, 48), intercept=0.0)
    contents = [encoded(one) for one in truth.datasets()]
    slow = Coding(skips=(4, 4))
    sent = [ship(one, n, coding=slow) for n, one in enumerate(contents[:5], 1)]
    sent.append(ship(contents[5], 6, coding=slow, packing=Packing("jls")))
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one, layers=[1])
        gateway.wait_until_acknowledged()
        found, expert = arriving(world)[0]["id"], world.as_("expert")
        coarse, _ = decode_tnb1(expert.get(f"/api/arriving/{found}/pictures?skip=3").content)
        assert coarse["k"].tolist() == [0, 1, 2, 3, 4, 5]
        assert coarse["is_start"].all()
        for n, k in enumerate(coarse["k"].tolist()):
            start, end = [0, *coarse["ends"]][n : n + 2]
            seen = imagecodecs.htj2k_decode(coarse["code"][start:end].tobytes(), skipres=3, resilient=True)
            assert seen.shape == (8, 6)
            assert abs(float(seen.mean()) - float(truth.hu(k).mean())) < 60
        gateway.send_layers(sent[2], layers=[3])
        gateway.wait_until_acknowledged()
        rest, _ = decode_tnb1(expert.get(f"/api/arriving/{found}/pictures?skip=0&after=3").content)
        assert (rest["k"].tolist(), rest["is_start"].tolist()) == ([2], [1])
        whole = imagecodecs.htj2k_decode(rest["code"].tobytes())
        np.testing.assert_array_equal(whole, np.rint(truth.hu(2)))


def test_a_new_connection_goes_on_where_the_last_one_ended(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    identity = link.enrol(tmp_path / "gw", world.sites["a"])
    sent = shipments()
    with link.connected(identity) as gateway:
        gateway.hello().announce(sent)
        gateway.send_layers(sent[0])
        gateway.send_layers(sent[1], layers=[1])
        gateway.wait_for(wire.Verified)
        gateway.wait_until_acknowledged() if not _acknowledged(gateway) else None
    again = [one.told(handle=one.entry.handle + 100) for one in sent]
    with link.connected(identity) as gateway:
        gateway.hello().announce(again, batch=9)
        have = gateway.wait_for(wire.Have)
        assert have.done == (101,)
        assert have.entries == ((102, 1, len(sent[1].layers[1])),)


def _acknowledged(gateway: ScriptGateway) -> bool:
    return any(isinstance(m, wire.Ack) and m.parts == gateway.sent for m in gateway.heard)


def test_a_hub_that_starts_anew_takes_up_what_it_acknowledged(tmp_path: Path) -> None:
    folder, sent = tmp_path / "hub", shipments()
    world = make_world(folder)
    with TestClient(world.app), linked(world.hub) as link:
        identity = link.enrol(tmp_path / "gw", world.sites["a"])
        with link.connected(identity) as gateway:
            gateway.hello().announce(sent)
            for one in sent:
                gateway.send_layers(one, layers=[1, 2])
            gateway.send_layers(sent[0], layers=[3])
            gateway.wait_until_acknowledged()
    app = create_app(Settings(folder=folder))
    with TestClient(app), linked(app.state.hub) as link, link.connected(identity) as gateway:
        gateway.hello().announce(sent)
        have = gateway.wait_for(wire.Have)
        held = {(h, layer): length for h, layer, length in have.entries}
        for one in sent[1:]:
            assert held[one.entry.handle, 1] == len(one.layers[1])
            assert held[one.entry.handle, 2] == len(one.layers[2])
            gateway.send_layers(one, layers=[3])
        gateway.end(sent)
        assert set(gateway.wait_for(wire.Receipt).instances) == {one.identity for one in sent}
        gateway.end(sent)
        assert set(gateway.wait_for(wire.Receipt).instances) == {one.identity for one in sent}


def test_the_same_uid_with_other_content_is_set_aside_and_shown(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    case_id = refer(world)
    sent = shipments()
    scan = CtScan(size=(64, 48), intercept=0.0, attributes={"StudyDescription": "changed"})
    twin = ship(encoded(scan.datasets()[3]), 50)
    assert twin.entry.sop_uid == sent[3].entry.sop_uid
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one)
        gateway.announce([twin], batch=2)
        gateway.send_layers(twin)
        assert gateway.wait_for(wire.Quarantined).handle == 50
        gateway.end([*sent, twin])
        receipt = gateway.wait_for(wire.Receipt)
    assert twin.identity not in receipt.instances
    assert sent[3].identity in receipt.instances
    (shown,) = arriving(world)
    assert (shown["state"], shown["instances"]["quarantined"]) == ("quarantined", 1)
    assert shown["set_aside"][0]["sop_uid"] == twin.entry.sop_uid
    assert world.as_("expert").get(f"/api/cases/{case_id}").json()["series"] == []


def test_odd_instances_arrive_bit_by_bit(world: HubWorld, link: LinkedHub, tmp_path: Path) -> None:
    plain = CtScan(series="5", size=(30, 17), intercept=0.0).datasets()
    contents = [encoded(one) for one in plain]
    opaque = [ship(one, n, coding=Coding(is_opaque=True)) for n, one in enumerate(contents[:3], 1)]
    packed = (Packing("jxl", 1), Packing("jls"), Packing("jls"))
    slow = [
        ship(one, n, packing=packing)
        for n, (one, packing) in enumerate(zip(contents[3:], packed, strict=True), 4)
    ]
    sent = [*opaque, *slow]
    assert {one.entry.codec for one in sent} == {"zstd", "jxl", "jls"}
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one)
        gateway.end(sent)
        assert len(gateway.wait_for(wire.Receipt).instances) == 6
    (series,) = world.hub.arriving.shelf
    for held, content in zip(world.hub.arriving.held(series.id), contents, strict=True):
        assert rebuild_dataset(held) == content


def test_broken_layers_are_asked_for_again(world: HubWorld, link: LinkedHub, tmp_path: Path) -> None:
    (one, *_) = shipments()
    spoilt = replace(one, layers={**one.layers, 3: bytes(len(one.layers[3]))})
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce([one])
        gateway.send_layers(spoilt)
        assert gateway.wait_for(wire.Broken).layers == (1, 2, 3)
        gateway.send_layers(one)
        assert gateway.wait_for(wire.Verified).handles == (1,)


def test_the_same_goes_over_plain_requests(world: HubWorld, link: LinkedHub, tmp_path: Path) -> None:
    """The sender's own line of requests, four parts at a time."""
    identity = link.enrol(tmp_path / "gw", world.sites["a"])
    sent = shipments()
    said = asyncio.run(_over_requests(link, identity, sent))
    (receipt,) = [m for m in said if isinstance(m, wire.Receipt)]
    assert set(receipt.instances) == {one.identity for one in sent}
    parts = sum(len(list(split(n, 1, c))) for one in sent for n, c in one.layers.items()) + 1
    assert max(m.parts for m in said if isinstance(m, wire.Ack)) == parts


async def _over_requests(
    link: LinkedHub, identity: GatewayIdentity, sent: list[Shipment]
) -> list[wire.FromHub]:
    plan = SenderPlan(folder=identity.folder, host="127.0.0.1", port=link.server.port)
    now = datetime.now(UTC).isoformat()
    hello = wire.Hello(version=1, gateway=identity.gateway_id, software="script", clock=now)
    line = await open_https(plan, identity.client_context(), hello)
    said: list[wire.FromHub] = []
    try:
        for part in split(MANIFEST, 1, encode_manifest([one.entry for one in sent])):
            await line.send(part)
        for one in sent:
            for layer, content in one.layers.items():
                for part in split(layer, one.entry.handle, content):
                    await line.send(part)
        instances = tuple(one.identity for one in sent)
        uid = sent[0].entry.series_uid
        signature = sign(identity.key_path, end_text(uid, instances))
        await line.say(wire.SeriesEnd(series_uid=uid, instances=instances, signature=signature))
        async with asyncio.timeout(WAIT_S):
            async for message in line.heard():
                said.append(message)
                if isinstance(message, wire.Receipt):
                    return said
    finally:
        await line.close()
    return said


def test_a_person_may_let_a_series_in_although_something_was_set_aside(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    case_id = refer(world)
    sent = shipments()
    scan = CtScan(size=(64, 48), intercept=0.0, attributes={"StudyDescription": "changed"})
    twin = ship(encoded(scan.datasets()[3]), 50)
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce([*sent, twin])
        for one in sent:
            gateway.send_layers(one)
        gateway.end([*sent, twin])
        gateway.wait_for(wire.Receipt)
    expert = world.as_("expert")
    until(lambda: arriving(world)[0]["held_because"])
    (shown,) = arriving(world)
    body = {"command_id": "1", "case_id": case_id, "expected": shown["patient"]}
    assert expert.post(f"/api/arriving/{shown['id']}/confirm", json=body).status_code == 200
    until(lambda: expert.get(f"/api/cases/{case_id}").json()["series"])
    assert expert.get(f"/api/cases/{case_id}").json()["series"][0]["shape"][0] == 6


def test_instances_that_come_later_make_a_fuller_series(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    case_id = refer(world)
    sent = shipments()
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent[:4])
        for one in sent[:4]:
            gateway.send_layers(one)
        gateway.end(sent[:4])
        gateway.wait_for(wire.Receipt)
        expert = world.as_("expert")
        until(lambda: len(expert.get(f"/api/cases/{case_id}").json()["series"]) == 1)
        gateway.announce(sent[4:], batch=2)
        for one in sent[4:]:
            gateway.send_layers(one)
        gateway.end(sent)
        assert len(gateway.wait_for(wire.Receipt, lambda r: len(r.instances) == 6).instances) == 6
    until(lambda: len(expert.get(f"/api/cases/{case_id}").json()["series"]) == 2)
    depths = [one["shape"][0] for one in expert.get(f"/api/cases/{case_id}").json()["series"]]
    assert sorted(depths) == [4, 6]
