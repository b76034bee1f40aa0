"""A small series as a scripted gateway sends it, the case it belongs to, and what the hub lists of it."""

from __future__ import annotations

from typing import Any

from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity
from teleneedle.adapters.link import wire
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.apps.testing.script_gateway import LinkedHub, Shipment, encoded, ship
from teleneedle.testing.ct_files import CtScan


def shipments(series: str = "1", **scan: object) -> list[Shipment]:
    datasets = CtScan(series=series, size=(64, 48), intercept=0.0, **scan).datasets()  # type: ignore[arg-type] # fields of a scan
    return [ship(encoded(dataset), handle) for handle, dataset in enumerate(datasets, 1)]


def refer(world: HubWorld, **changes: str) -> str:
    patient = {"id": "P1", "name": "Doe^Jane", "birth_date": "1950-01-01", **changes}
    return str(world.refer("a", **patient)["id"])


def send_all(link: LinkedHub, identity: GatewayIdentity, sent: list[Shipment]) -> None:
    with link.connected(identity) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one)
        gateway.end(sent)
        gateway.wait_for(wire.Receipt)


def arriving(world: HubWorld, who: str = "operator-a") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.as_(who).get("/api/arriving").json()["items"]
    return items
