"""Events of a case, each hash covering the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Body = Mapping[str, Any]

GENESIS = "0" * 64
"""What the first event's hash covers in place of a predecessor."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it, in which role; `role` is ``hub`` for what the hub itself appends."""

    id: str
    name: str
    role: str


HUB = Actor(id="hub", name="Teleneedle", role="hub")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a decision wants appended; it has no place in the log yet."""

    kind: str
    body: Body
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class Event:
    """One entry of a case's log."""

    case_id: str
    seq: int
    command_id: str
    actor: Actor
    at: datetime
    kind: str
    body: Body
    sha256: str


def canonical_json(value: object) -> str:
    """JSON text that is the same for equal values: sorted keys, no spaces, no NaN.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": "针"})
    '{"a":"针","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def event_sha256(event: Event, previous: str) -> str:
    """Hash of an event that follows the one with hash `previous`."""
    return digest(
        {
            "previous": previous,
            "case_id": event.case_id,
            "seq": event.seq,
            "command_id": event.command_id,
            "actor": [event.actor.id, event.actor.name, event.actor.role],
            "at": event.at.astimezone(UTC).isoformat(),
            "kind": event.kind,
            "body": event.body,
        }
    )


def seal(
    drafts: Sequence[Draft], *, case_id: str, command_id: str, at: datetime, seq: int, previous: str
) -> tuple[Event, ...]:
    """Give drafts their place after event `seq` with hash `previous`.

    The first keeps the command's id; those that follow from it carry the id with their kind.
    """
    sealed: list[Event] = []
    for n, draft in enumerate(drafts):
        open_event = Event(
            case_id=case_id,
            seq=seq + 1 + n,
            command_id=command_id if n == 0 else f"{command_id}#{draft.kind}",
            actor=draft.actor,
            at=at,
            kind=draft.kind,
            body=draft.body,
            sha256="",
        )
        previous = event_sha256(open_event, previous)
        sealed.append(_with_hash(open_event, previous))
    return tuple(sealed)


def _with_hash(event: Event, sha256: str) -> Event:
    return Event(
        case_id=event.case_id,
        seq=event.seq,
        command_id=event.command_id,
        actor=event.actor,
        at=event.at,
        kind=event.kind,
        body=event.body,
        sha256=sha256,
    )


def first_broken_seq(events: Iterable[Event]) -> int | None:
    """The first place where numbering or hashes do not fit; None when the chain is whole."""
    previous = GENESIS
    for place, event in enumerate(events, start=1):
        if event.seq != place or event.sha256 != event_sha256(event, previous):
            return place
        previous = event.sha256
    return None
