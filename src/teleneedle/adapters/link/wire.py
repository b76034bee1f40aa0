"""Control messages of the image link: JSON text frames between a gateway and the hub.

Parts are in `wire_parts`, manifests in `wire_manifest`. Everything here is pure: bytes or text in, messages
out, and whatever cannot be one is a `WireError`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Annotated, TypeAlias, TypeVar, get_args

from teleneedle.adapters.link.wire_fields import (
    WireError,
    base64_text,
    checked,
    digest,
    listed,
    moment,
    optional,
    real,
    row,
    text,
    uid,
    whole,
)

SUBPROTOCOL = "teleneedle.link.1"
VERSION = 1
LONGEST_CONTROL = 4 << 20
"""Characters of a control message; 20,000 instances of one series fit."""
MOST_INSTANCES = 20_000
LAST_HANDLE = (1 << 32) - 1

_handle = whole(0, LAST_HANDLE)
_layer = whole(0, 5)
Instances: TypeAlias = tuple[tuple[str, str], ...]
"""``(SOP instance UID, SHA-256 of the dataset)``, the identity of each instance."""
_instances = listed(row(uid, digest), MOST_INSTANCES)


@dataclass(frozen=True, kw_only=True)
class Hello:
    """First message of a gateway; its certificate has said already which gateway it is."""

    version: Annotated[int, whole(VERSION, VERSION)]
    gateway: Annotated[str, text(64)]
    software: Annotated[str, text(64)]
    clock: Annotated[str, moment]


@dataclass(frozen=True, kw_only=True)
class Welcome:
    """The hub's answer; `window` parts of full size may be out without an acknowledgement."""

    hub: Annotated[str, text(256)]
    clock: Annotated[str, moment]
    window: Annotated[int, whole(1, 1024)]


@dataclass(frozen=True, kw_only=True)
class Have:
    """What the hub has durably of the instances of manifest `batch`.

    Parameters
    ----------
    entries : tuple of (handle, layer, bytes)
        Bytes from the start of the layer without a gap; layers with none are left out.
    done : tuple of int
        Handles of instances that are verified and need nothing more.
    """

    batch: Annotated[int, _handle]
    entries: Annotated[
        tuple[tuple[int, int, int], ...], listed(row(_handle, _layer, whole(0, LAST_HANDLE)), 4096)
    ]
    done: Annotated[tuple[int, ...], listed(_handle, 4096)]


@dataclass(frozen=True, kw_only=True)
class Ack:
    """So many binary frames of this connection are durable, manifests among them, in the order they came."""

    parts: Annotated[int, whole(0, (1 << 53) - 1)]


@dataclass(frozen=True, kw_only=True)
class Verified:
    """Instances that are whole at the hub: rebuilt, equal to their SHA-256, durable."""

    handles: Annotated[tuple[int, ...], listed(_handle, 4096)]


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """An instance that the hub keeps aside: a person must look at it, sending again does not help."""

    handle: Annotated[int, _handle]
    why_zh: Annotated[str, text(500)]
    why_en: Annotated[str, text(500)]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Layers of an instance that did not decode to its SHA-256; they are forgotten and must come again."""

    handle: Annotated[int, _handle]
    layers: Annotated[tuple[int, ...], listed(_layer, 6)]


@dataclass(frozen=True, kw_only=True)
class SeriesEnd:
    """All instances of the series that there are, signed by the gateway; comes again when more arrive."""

    series_uid: Annotated[str, uid]
    instances: Annotated[Instances, _instances]
    signature: Annotated[str, base64_text]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Instances that the hub keeps, signed by it: the gateway may let go of exactly these."""

    series_uid: Annotated[str, uid]
    instances: Annotated[Instances, _instances]
    at: Annotated[str, moment]
    signature: Annotated[str, base64_text]
    certificate: Annotated[str, text(8192)]


@dataclass(frozen=True, kw_only=True)
class Focus:
    """Someone looks at this slice of the series (counted along the table, or at a height): it goes first."""

    series_uid: Annotated[str, uid]
    index: Annotated[int | None, optional(whole(0, MOST_INSTANCES))]
    z_mm: Annotated[float | None, optional(real(100_000.0))]


@dataclass(frozen=True, kw_only=True)
class Urgent:
    """The series goes before every other."""

    series_uid: Annotated[str, uid]


@dataclass(frozen=True, kw_only=True)
class Window:
    """From now on so many parts may be out: gateways that send at the same time share the way to the hub."""

    parts: Annotated[int, whole(1, 1024)]


@dataclass(frozen=True, kw_only=True)
class Ping:
    """Is anybody there."""

    at: Annotated[str, moment]


@dataclass(frozen=True, kw_only=True)
class Pong:
    """Yes; `at` as it was asked."""

    at: Annotated[str, moment]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The hub will not go on with this gateway, and why."""

    why_zh: Annotated[str, text(500)]
    why_en: Annotated[str, text(500)]


FromGateway: TypeAlias = Hello | SeriesEnd | Ping
FromHub: TypeAlias = (
    Welcome
    | Have
    | Ack
    | Verified
    | Quarantined
    | Broken
    | Receipt
    | Focus
    | Urgent
    | Window
    | Pong
    | Refused
)
Control: TypeAlias = FromGateway | FromHub
T = TypeVar("T")

_NAMES: dict[type[Control], str] = {
    kind: "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")
    for kind in get_args(Control)
}
_FROM_GATEWAY: dict[str, type[FromGateway]] = {_NAMES[kind]: kind for kind in get_args(FromGateway)}
_FROM_HUB: dict[str, type[FromHub]] = {_NAMES[kind]: kind for kind in get_args(FromHub)}


def encode_control(message: Control) -> str:
    """A message as the text of one frame."""
    return json.dumps(
        {"kind": _NAMES[type(message)], **asdict(message)}, ensure_ascii=False, separators=(",", ":")
    )


def decode_from_gateway(frame: str) -> FromGateway:
    """What a gateway said.

    Raises
    ------
    WireError
        If the text is no message of a gateway.
    """
    return _decoded(frame, _FROM_GATEWAY)


def decode_from_hub(frame: str) -> FromHub:
    """What the hub said.

    Raises
    ------
    WireError
        If the text is no message of the hub.
    """
    return _decoded(frame, _FROM_HUB)


def _decoded(frame: str, known: dict[str, type[T]]) -> T:
    if len(frame) > LONGEST_CONTROL:
        raise WireError("a message is too long")
    try:
        values = json.loads(frame)
    except (ValueError, RecursionError):
        raise WireError("a message is no JSON") from None
    kind = known.get(str(values.pop("kind", ""))) if isinstance(values, dict) else None
    if kind is None:
        raise WireError("a message is of no known kind")
    return checked(kind, values)
