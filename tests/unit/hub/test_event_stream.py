"""The live stream of a case: order, catching up, heartbeats, presence, slow watchers, shutdown."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from teleneedle.apps.hub.broadcaster import QUEUE_LENGTH, Broadcaster
from teleneedle.apps.hub.event_stream import case_stream
from teleneedle.apps.hub.presence import Presence
from teleneedle.apps.hub.shapes.events import event_json
from teleneedle.testing.case_people import EXPERT, MDT, Story
from teleneedle.testing.memory_case_log import MemoryCaseLog


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class Room:
    """One case with everything a stream needs."""

    def __init__(self) -> None:
        self.broadcaster = Broadcaster()
        self.clock = Clock()
        self.may_watch = True
        self.presence = Presence(self.clock)
        self.log = MemoryCaseLog()
        self.story = Story(
            self.log, tell=lambda e: self.broadcaster.publish(e.case_id, "case", event_json(e))
        )

    def stream(self, after: int | None = None, heartbeat_s: float = 15.0) -> AsyncIterator[bytes]:
        return case_stream(
            self.story.case_id,
            after=after,
            broadcaster=self.broadcaster,
            presence=self.presence,
            events_after=self.log.events_after,
            may_watch=lambda: self.may_watch,
            heartbeat_s=heartbeat_s,
        )


async def until(stream: AsyncIterator[bytes], kind: str, count: int = 1) -> list[Any]:
    found: list[Any] = []
    while len(found) < count:
        async with asyncio.timeout(5):
            lines = (await anext(stream)).decode().splitlines()
        if f"event: {kind}" in lines:
            found.append(json.loads(next(x for x in lines if x.startswith("data: "))[6:]))
    return found


def test_events_come_in_order_from_any_thread() -> None:
    async def run() -> None:
        room = Room()
        stream = room.stream()
        await until(stream, "presence")
        threading.Thread(target=room.story.submitted).start()
        events = await until(stream, "case", 9)
        assert [e["seq"] for e in events] == list(range(2, 11))
        assert events[0]["kind"] == "consent.recorded"

    asyncio.run(run())


def test_what_was_missed_is_sent_first_and_nothing_twice() -> None:
    async def run() -> None:
        room = Room()
        room.story.papers()
        stream = room.stream(after=1)
        await anext(stream)
        room.story.images()
        events = await until(stream, "case", 7)
        assert [e["seq"] for e in events] == list(range(2, 9))

    asyncio.run(run())


def test_a_silent_stream_has_heartbeats() -> None:
    async def run() -> None:
        room = Room()
        stream = room.stream(heartbeat_s=0.05)
        await until(stream, "presence")
        assert (await anext(stream)).startswith(b":")
        assert (await anext(stream)).startswith(b":")

    asyncio.run(run())


def test_presence_is_told_and_goes_stale_after_twenty_seconds() -> None:
    async def run() -> None:
        room = Room()
        stream = room.stream(heartbeat_s=0.05)
        assert await until(stream, "presence") == [[]]
        present = room.presence.seen(room.story.case_id, EXPERT, "plan/1")
        room.broadcaster.publish(room.story.case_id, "presence", present)
        assert [p["where"] for p in (await until(stream, "presence"))[0]] == ["plan/1"]
        room.clock.at += timedelta(seconds=21)
        assert await until(stream, "presence") == [[]]

    asyncio.run(run())


def test_one_of_two_goes_stale() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.seen("c", EXPERT, "a")
    clock.at += timedelta(seconds=15)
    assert len(presence.seen("c", MDT, "b")) == 2
    clock.at += timedelta(seconds=6)
    assert [p["person_id"] for p in presence.of("c")] == ["mdt"]


def test_a_watcher_that_cannot_follow_is_cut_off() -> None:
    async def run() -> None:
        broadcaster = Broadcaster()
        with broadcaster.watch("c") as watcher:
            for n in range(QUEUE_LENGTH + 1):
                broadcaster.publish("c", "job", n)
            await asyncio.sleep(0)
            assert [m async for m in watcher.messages(tick_s=1)] == []
            broadcaster.publish("c", "job", "late")
            await asyncio.sleep(0)
        assert broadcaster.count() == 0

    asyncio.run(run())


def test_closing_ends_streams_old_and_new() -> None:
    async def run() -> None:
        room = Room()
        stream = room.stream()
        await until(stream, "presence")
        assert room.broadcaster.count() == 1
        room.broadcaster.close()
        assert [chunk async for chunk in stream] == []
        late = [chunk async for chunk in room.stream()]
        assert len(late) == 2
        assert room.broadcaster.count() == 0

    asyncio.run(run())


def test_a_stream_ends_when_its_watcher_may_no_longer_watch() -> None:
    async def run() -> None:
        room = Room()
        stream = room.stream(heartbeat_s=0.05)
        await until(stream, "presence")
        room.may_watch = False
        assert len([chunk async for chunk in stream]) <= 1

    asyncio.run(run())


def test_another_case_hears_nothing() -> None:
    async def run() -> None:
        broadcaster = Broadcaster()
        with broadcaster.watch("mine") as watcher:
            broadcaster.publish("other", "job", 1)
            async for message in watcher.messages(tick_s=0.01):
                assert message is None
                break

    asyncio.run(run())
