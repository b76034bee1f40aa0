"""A gateway that does what a test says, honest or not, over real TLS."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity, new_request
from teleneedle.adapters.certificates.key_files import pem
from teleneedle.adapters.certificates.signatures import sign
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.codec import Coding, Packing, encode_instance, pack_instance
from teleneedle.adapters.link.dataset_layout import lay_out
from teleneedle.adapters.link.signatures import end_text
from teleneedle.adapters.link.wire_manifest import Entry, encode_manifest
from teleneedle.adapters.link.wire_parts import MANIFEST, Part, encode_part, split
from teleneedle.adapters.sql.gateway_store import serial_text
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.server import LinkServer
from teleneedle.apps.testing.loop_socket import LoopSocket, open_socket

WAIT_S = 60.0
PLAIN = Coding()
T = TypeVar("T", bound=wire.FromHub)


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """An instance ready to be sent: its announcement and the content of its layers."""

    entry: Entry
    dataset: bytes
    layers: dict[int, bytes]

    @property
    def identity(self) -> tuple[str, str]:
        """SOP Instance UID and digest."""
        return self.entry.sop_uid, self.entry.dataset_sha256

    def told(self, **changes: Any) -> Shipment:
        """The same with another announcement."""
        return replace(self, entry=replace(self.entry, **changes))


def encoded(dataset: Dataset) -> bytes:
    """A dataset as explicit little endian bytes, without file meta information."""
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = False, True
    write_dataset(buffer, dataset)
    return bytes(buffer.getvalue())


def ship(
    content: bytes,
    handle: int,
    *,
    coding: Coding = PLAIN,
    packing: Packing | None = None,
    syntax: str = "1.2.840.10008.1.2.1",
) -> Shipment:
    """An encoded dataset as a gateway announces and codes it."""
    layout = lay_out(content, syntax)
    coded, facts = encode_instance(memoryview(content), layout, coding), layout.facts
    if packing:
        coded = pack_instance(memoryview(content), layout, coded, packing)
    entry = Entry(
        handle=handle,
        study_uid=facts.study_uid,
        series_uid=facts.series_uid,
        sop_uid=facts.sop_uid,
        sop_class=facts.sop_class,
        transfer_syntax=syntax,
        dataset_sha256=hashlib.sha256(content).hexdigest(),
        dataset_length=len(content),
        phase="pre",
        via="dimse",
        received_at=_now(),
        calling_aet="CT1",
        codec=coded.codec,
        frames=coded.frames,
        opaque_length=0 if coded.frames else coded.size,
        facts=facts.to_json(),
        head=coded.head,
        tail=coded.tail,
    )
    return Shipment(entry=entry, dataset=content, layers=dict(coded.layers))


@dataclass(kw_only=True)
class ScriptGateway:
    """One connection of a gateway."""

    identity: GatewayIdentity
    socket: LoopSocket
    heard: list[wire.FromHub] = field(default_factory=list)
    sent: int = 0

    def say(self, message: wire.FromGateway) -> None:
        """Send a message."""
        self.socket.send(wire.encode_control(message))

    def hello(self, gateway: str = "") -> Self:
        """Begin, by the own name unless another is given."""
        name = gateway or self.identity.gateway_id
        self.say(wire.Hello(version=1, gateway=name, software="script", clock=_now()))
        return self

    def announce(self, shipments: Sequence[Shipment], batch: int = 1) -> None:
        """Send a manifest."""
        for part in split(MANIFEST, batch, encode_manifest([one.entry for one in shipments])):
            self.send(part)

    def send(self, part: Part) -> None:
        """Send a part."""
        self.sent += 1
        self.socket.send(encode_part(part))

    def send_layers(self, shipment: Shipment, layers: Sequence[int] | None = None) -> None:
        """Send whole layers of an instance, all of them unless some are named."""
        for layer in layers if layers is not None else sorted(shipment.layers):
            for part in split(layer, shipment.entry.handle, shipment.layers[layer]):
                self.send(part)

    def end(self, shipments: Sequence[Shipment], **changes: Any) -> None:
        """Sign that this is all of the series."""
        series_uid = shipments[0].entry.series_uid
        instances = tuple(one.identity for one in shipments)
        signature = sign(self.identity.key_path, end_text(series_uid, instances))
        end = wire.SeriesEnd(series_uid=series_uid, instances=instances, signature=signature)
        self.say(replace(end, **changes))

    def wait_for(self, kind: type[T], matches: Callable[[T], bool] = lambda _: True) -> T:
        """The next message of this kind that fits; what comes before it is kept in `heard`."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            message = wire.decode_from_hub(str(self.socket.recv(timeout=until - time.monotonic())))
            self.heard.append(message)
            if isinstance(message, kind) and matches(message):
                return message
        raise TimeoutError(kind.__name__)

    def wait_until_acknowledged(self) -> None:
        """Until everything that was sent is on the hub's disk."""
        self.wait_for(wire.Ack, lambda ack: ack.parts == self.sent)


@dataclass(frozen=True, kw_only=True)
class LinkedHub:
    """The link's port of a hub, and gateways that know the way."""

    hub: Hub
    server: LinkServer

    @property
    def url(self) -> str:
        """Where gateways connect."""
        return f"wss://127.0.0.1:{self.server.port}/link/socket"

    def enrol(self, folder: Path, site_id: str, name: str = "CT 1") -> GatewayIdentity:
        """A new gateway of a hospital."""
        _, secret = self.hub.gateways.make_code(site_id=site_id, name=name, created_by="test")
        gateway = self.hub.gateways.redeem(secret)
        if gateway is None:
            raise ValueError("the code does not work")
        key, request = new_request()
        certificate = self.hub.authority.issue_to_gateway(request, gateway.id, at=self.hub.now())
        self.hub.gateways.add_certificate(
            gateway.id,
            serial=serial_text(certificate.serial_number),
            expires_at=certificate.not_valid_after_utc,
        )
        identity = GatewayIdentity(folder=folder)
        identity.keep(key_pem=key, certificate_pem=pem(certificate), authority_pem=self.hub.authority.pem)
        return identity

    @contextmanager
    def connected(self, identity: GatewayIdentity) -> Iterator[ScriptGateway]:
        """A connection on which nothing was said yet."""
        with open_socket(
            self.url, context=identity.client_context(), timeout_s=WAIT_S, subprotocol=wire.SUBPROTOCOL
        ) as socket:
            yield ScriptGateway(identity=identity, socket=socket)


@contextmanager
def linked(hub: Hub) -> Iterator[LinkedHub]:
    """Open the link's port of a hub until the end of the block."""
    server = LinkServer(hub)
    server.start()
    try:
        yield LinkedHub(hub=hub, server=server)
    finally:
        server.close()


def _now() -> str:
    return datetime.now(UTC).isoformat()
