"""Server-sent events of one case (HTML Standard, 9.2)."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool

from teleneedle.apps.hub.broadcaster import Broadcaster
from teleneedle.apps.hub.presence import Presence
from teleneedle.apps.hub.shapes.events import event_json
from teleneedle.core.casefile.events import Event

HEARTBEAT_S = 15.0
CHECK_S = 5.0
"""How often presence is looked at, and whether the watcher may still watch."""
RETRY_MS = 1000

EventsAfter = Callable[[str, int], tuple[Event, ...]]


def frame(kind: str, payload: Any, *, event_id: int | None = None) -> bytes:
    """One message of the stream."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(payload, ensure_ascii=False)}\n\n".encode()


async def case_stream(
    case_id: str,
    *,
    after: int | None,
    broadcaster: Broadcaster,
    presence: Presence,
    events_after: EventsAfter,
    may_watch: Callable[[], bool],
    heartbeat_s: float = HEARTBEAT_S,
) -> AsyncIterator[bytes]:
    """What happens to a case from now on; first what happened after event `after`, if that is given.

    An event that is both in the log and in the queue is sent once: its number tells. The stream ends within
    some seconds when `may_watch` no longer holds: signed out, locked, or no longer of this hospital.
    """
    with broadcaster.watch(case_id) as watcher:
        yield f"retry: {RETRY_MS}\n\n".encode()
        last = after or 0
        if after is not None:
            for event in await run_in_threadpool(events_after, case_id, after):
                last = event.seq
                yield frame("case", event_json(event), event_id=event.seq)
        present = presence.of(case_id)
        yield frame("presence", present)
        sent_at = checked_at = time.monotonic()
        tick_s = min(heartbeat_s, CHECK_S)
        async for message in watcher.messages(tick_s=tick_s):
            if time.monotonic() - checked_at >= tick_s:
                if not await run_in_threadpool(may_watch):
                    return
                checked_at = time.monotonic()
            if message is None:
                now_present = presence.of(case_id)
                if len(now_present) != len(present):
                    yield frame("presence", now_present)
                elif time.monotonic() - sent_at >= heartbeat_s - 0.01:
                    yield b": still here\n\n"
                else:
                    continue
                present = now_present
            elif message.kind == "case":
                if message.payload["seq"] <= last:
                    continue
                last = message.payload["seq"]
                yield frame("case", message.payload, event_id=last)
            else:
                present = message.payload if message.kind == "presence" else present
                yield frame(message.kind, message.payload)
            sent_at = time.monotonic()
