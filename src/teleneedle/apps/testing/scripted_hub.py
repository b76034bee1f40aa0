"""A hub's end of the image link that does as a test says: cuts, forgets, breaks, keeps aside, refuses.

It speaks the wire by the same messages as the hub, but knows nothing of cases or journals: what arrived lies
in memory, for as long as the object lives, over any number of connections.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from teleneedle.adapters.certificates.authority import Authority, open_authority
from teleneedle.adapters.certificates.signatures import sign
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.codec import decode_dataset
from teleneedle.adapters.link.signatures import receipt_text
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import Entry, decode_manifest
from teleneedle.adapters.link.wire_parts import MANIFEST, Part, decode_part

Identity = tuple[str, str]


@dataclass(kw_only=True)
class Script:
    """What the hub does besides its duty; changed by the test at any time.

    Parameters
    ----------
    cut_after : int or None
        Ends the connection when so many parts came in all, once.
    ack_every : int
        Acknowledges after so many parts.
    silent : bool
        Reads, but says nothing at all.
    blocks_websocket, is_revoked : bool
        Answers an upgrade with 426, or with 403.
    """

    cut_after: int | None = None
    ack_every: int = 1
    silent: bool = False
    break_once: set[str] = field(default_factory=set)
    keep_aside: set[str] = field(default_factory=set)
    blocks_websocket: bool = False
    is_revoked: bool = False
    clock_ahead_s: float = 0.0
    signs_wrongly: bool = False
    gives_receipts: bool = True


class Arrived:
    """All that came, over all connections."""

    def __init__(self) -> None:
        self.entries: dict[Identity, Entry] = {}
        self.layers: dict[Identity, dict[int, bytearray]] = {}
        self.datasets: dict[Identity, bytes] = {}
        self.ends: list[wire.SeriesEnd] = []
        self.parts = Counter[tuple[str, int, int]]()
        self.order: list[tuple[str, int]] = []
        self.connections = 0
        self.transports: list[str] = []

    def forget(self) -> None:
        """The hub has lost everything it had."""
        self.layers.clear()
        self.datasets.clear()


class _Talk:
    """One connection: frames in, messages out."""

    def __init__(self, hub: ScriptedHub, say: Callable[[wire.FromHub], None]) -> None:
        self._hub, self._say = hub, say
        self._handles: dict[int, Identity] = {}
        self._manifest = bytearray()
        self._parts = self._acknowledged = 0

    def hear(self, text: str) -> None:
        message = wire.decode_from_gateway(text)
        if isinstance(message, wire.Hello):
            clock = datetime.now(UTC) + timedelta(seconds=self._hub.script.clock_ahead_s)
            self._say(wire.Welcome(hub="scripted", clock=clock.isoformat(), window=16))
        elif isinstance(message, wire.Ping):
            self._say(wire.Pong(at=message.at))
        else:
            self._hub.arrived.ends.append(message)
            self._answer_ends()

    def take(self, frame: bytes) -> None:
        part = decode_part(frame)
        self._parts += 1
        if part.layer == MANIFEST:
            self._take_manifest(part)
        else:
            self._take_part(part)
        if self._parts - self._acknowledged >= self._hub.script.ack_every:
            self.acknowledge()

    def acknowledge(self) -> None:
        self._acknowledged = self._parts
        self._say(wire.Ack(parts=self._parts))

    def _take_manifest(self, part: Part) -> None:
        self._manifest += part.payload
        if len(self._manifest) < part.layer_length:
            return
        entries = decode_manifest(bytes(self._manifest))
        self._manifest.clear()
        held, done = list[tuple[int, int, int]](), list[int]()
        arrived = self._hub.arrived
        for entry in entries:
            one = (entry.sop_uid, entry.dataset_sha256)
            self._handles[entry.handle] = one
            layers = arrived.layers.setdefault(one, {})
            before = arrived.entries.get(one)
            for layer, length in entry.layer_lengths().items():
                if before and before.layer_lengths().get(layer) != length:
                    layers.pop(layer, None)
            arrived.entries[one] = entry
            if one in arrived.datasets:
                done.append(entry.handle)
            elif entry.sop_uid in self._hub.script.keep_aside:
                self._say(wire.Quarantined(handle=entry.handle, why_zh="另有不同", why_en="another one"))
            held += [(entry.handle, layer, len(content)) for layer, content in layers.items() if content]
        self._say(wire.Have(batch=part.handle, entries=tuple(held), done=tuple(done)))

    def _take_part(self, part: Part) -> None:
        one = self._handles[part.handle]
        arrived = self._hub.arrived
        arrived.parts[one[0], part.layer, part.offset] += 1
        arrived.order.append((one[0], part.layer))
        content = arrived.layers[one].setdefault(part.layer, bytearray())
        if part.offset == len(content):
            content += part.payload
        entry = arrived.entries[one]
        if {layer: len(content) for layer, content in arrived.layers[one].items()} == entry.layer_lengths():
            self._rebuild(entry, one)

    def _rebuild(self, entry: Entry, one: Identity) -> None:
        arrived, script = self._hub.arrived, self._hub.script
        dataset = decode_dataset(entry, {n: bytes(content) for n, content in arrived.layers[one].items()})
        is_right = hashlib.sha256(dataset).hexdigest() == entry.dataset_sha256
        if not is_right or entry.sop_uid in script.break_once:
            script.break_once.discard(entry.sop_uid)
            layers = tuple(arrived.layers[one])
            arrived.layers[one] = {}
            self._say(wire.Broken(handle=entry.handle, layers=layers))
            return
        arrived.datasets[one] = dataset
        self._say(wire.Verified(handles=(entry.handle,)))
        self._answer_ends()

    def _answer_ends(self) -> None:
        latest = {end.series_uid: end for end in self._hub.arrived.ends}
        for end in latest.values():
            if self._hub.script.gives_receipts and all(
                one in self._hub.arrived.datasets for one in end.instances
            ):
                self._say(self._hub.receipt(end))


class ScriptedHub:
    """Listens on a free port of this machine in a thread of its own.

    Parameters
    ----------
    folder : Path
        For its authority and its certificate.
    """

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        self.authority: Authority = open_authority(folder, at=now)
        self.authority.renew_server(["127.0.0.1", "localhost"], at=now)
        self.script, self.arrived = Script(), Arrived()
        self._sessions: dict[str, tuple[_Talk, deque[str]]] = {}
        routes = [
            WebSocketRoute("/link/socket", self._socket),
            Route("/link/sessions", self._open, methods=["POST"]),
            Route("/link/sessions/{name}/control", self._control, methods=["POST"]),
            Route("/link/sessions/{name}/parts", self._part, methods=["PUT"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            host="127.0.0.1",
            port=0,
            log_level="critical",
            ssl_keyfile=str(self.authority.server_key_path),
            ssl_certfile=str(self.authority.server_certificate_path),
            ssl_ca_certs=str(self.authority.certificate_path),
            ssl_cert_reqs=ssl.CERT_REQUIRED,
            ws_max_size=1 << 23,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._open_sockets: set[WebSocket] = set()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the scripted hub does not start")
            self._thread.join(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def receipt(self, end: wire.SeriesEnd) -> wire.Receipt:
        """Signed by this hub, or by nobody when the script says so."""
        at = datetime.now(UTC).isoformat()
        signed = receipt_text(end.series_uid, at, () if self.script.signs_wrongly else end.instances)
        return wire.Receipt(
            series_uid=end.series_uid,
            instances=end.instances,
            at=at,
            signature=sign(self.authority.server_key_path, signed),
            certificate=self.authority.server_certificate_path.read_text("ascii"),
        )

    async def _socket(self, socket: WebSocket) -> None:
        if self.script.blocks_websocket or self.script.is_revoked:
            status = 403 if self.script.is_revoked else 426
            await socket.send_denial_response(Response(status_code=status))
            return
        await socket.accept(subprotocol=wire.SUBPROTOCOL)
        self.arrived.connections += 1
        self.arrived.transports.append("websocket")
        said = deque[str]()
        talk = _Talk(self, lambda message: said.append(wire.encode_control(message)))
        try:
            while await self._take_one(socket, talk, said):
                pass
        except (WebSocketDisconnect, WireError, RuntimeError):
            return

    async def _take_one(self, socket: WebSocket, talk: _Talk, said: deque[str]) -> bool:
        frame = await asyncio.wait_for(socket.receive(), 60)
        if frame["type"] == "websocket.disconnect":
            return False
        if frame.get("text") is not None:
            talk.hear(frame["text"])
        else:
            talk.take(frame["bytes"])
            cut = self.script.cut_after
            if cut is not None and self.arrived.parts.total() >= cut:
                self.script.cut_after = None
                await socket.close(1011)
                return False
        while said and not self.script.silent:
            await socket.send_text(said.popleft())
        return not self.script.is_revoked

    async def _open(self, request: Request) -> Response:
        self.arrived.connections += 1
        self.arrived.transports.append("https")
        name = f"{self.arrived.connections:032x}"
        said = deque[str]()
        talk = _Talk(self, lambda message: said.append(wire.encode_control(message)))
        self._sessions[name] = (talk, said)
        talk.hear((await request.body()).decode())
        return JSONResponse({"session": name, "messages": _emptied(said)})

    async def _control(self, request: Request) -> Response:
        talk, said = self._sessions[request.path_params["name"]]
        asked = json.loads(await request.body())
        for text in asked:
            talk.hear(text)
        for _ in range(50):
            if said or asked:
                break
            await asyncio.sleep(0.02)
        return JSONResponse(_emptied(said))

    async def _part(self, request: Request) -> Response:
        talk, said = self._sessions[request.path_params["name"]]
        talk.take(await request.body())
        kept = [text for text in said if '"kind":"ack"' not in text]
        said.clear()
        said.extend(kept)
        return Response(status_code=204)


def _emptied(said: deque[str]) -> list[str]:
    found = list(said)
    said.clear()
    return found
