"""One connection of a gateway: its frames go into journals, what became of them goes back.

Frames are taken in the order they come. Those that wait while the disk works are synced together; an
acknowledgement leaves only after that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from teleneedle.adapters.full_disk import storage_full
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.journal import Kind, Record
from teleneedle.adapters.link.signatures import end_text
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import LONGEST_MANIFEST, Entry, decode_manifest
from teleneedle.adapters.link.wire_parts import MANIFEST, Part, decode_part
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept
from teleneedle.apps.hub.link.link_texts import HELD_TEXTS
from teleneedle.apps.hub.link.peer import Peer
from teleneedle.core.error_texts.translate import in_chinese, in_english
from teleneedle.core.errors import TeleneedleError

if TYPE_CHECKING:
    from teleneedle.apps.hub.link.receiver import Receiver

WINDOW, SHARED_WINDOW, LEAST_WINDOW = 16, 12, 4
"""Parts that may be out: of one gateway, of all that send at the same time, and of each of them at least."""
SENDING_S = 2.0
GATHER_S = 0.015
"""Parts that come within this time share a sync."""
MOST_WAITING = 4 * WINDOW
"""Frames that wait for the disk; a gateway that sends more without an answer is not read meanwhile."""
MOST_REPEATED = 1 << 20
"""Bytes beyond its length that may come twice of a layer."""
MOST_HANDLES = 100_000
MOST_BATCHES = 8
"""Manifests of a gateway that are in pieces at the same time."""

Say = Callable[[wire.FromHub], Awaitable[None]]
Place = tuple[ArrivingSeries, Kept]


class Connection:
    """A gateway that is connected.

    Parameters
    ----------
    say : coroutine function
        Sends a message; raises OSError when the line is gone.
    """

    def __init__(self, receiver: Receiver, peer: Peer, say: Say) -> None:
        self.peer = peer
        self._receiver = receiver
        self._say = say
        self._frames: asyncio.Queue[bytes | wire.SeriesEnd] = asyncio.Queue(MOST_WAITING)
        self._taken = 0
        self._progress = asyncio.Event()
        self._places: dict[int, Place | None] = {}
        self._handles: dict[tuple[str, int], int] = {}
        self._manifests: dict[int, bytearray] = {}
        self._durable = 0
        self._has_greeted = False
        self._taken_at = 0.0
        self._window = WINDOW

    async def say(self, message: wire.FromHub) -> None:
        """Send a message."""
        await self._say(message)

    async def hear(self, text: str) -> None:
        """Take in a control message.

        Raises
        ------
        WireError
            If it is none, or not in its place.
        """
        message = wire.decode_from_gateway(text)
        if isinstance(message, wire.Hello):
            await self._greet(message)
        elif not self._has_greeted:
            raise WireError("a gateway says hello before anything else")
        elif isinstance(message, wire.Ping):
            await self.say(wire.Pong(at=message.at))
        else:
            await self._frames.put(message)

    async def take(self, frame: bytes) -> None:
        """Take in a binary frame; waits while too many are on their way to the disk."""
        if not self._has_greeted:
            raise WireError("a gateway says hello before anything else")
        self._taken += 1
        self._taken_at = time.monotonic()
        await self._frames.put(frame)

    async def take_awaited(self, frame: bytes) -> None:
        """Take in a binary frame and wait until it is on the disk."""
        number = self._taken
        await self.take(frame)
        while self._durable <= number:
            await self._progress.wait()

    async def work(self) -> None:
        """Bring frames to the disk and answer, until cancelled.

        Raises
        ------
        TeleneedleError
            If the gateway cannot go on: what it sent is not what it may send, or there is no room.
        """
        while True:
            waiting = [await self._frames.get()]
            await asyncio.sleep(GATHER_S if isinstance(waiting[0], bytes) else 0)
            while not self._frames.empty():
                waiting.append(self._frames.get_nowait())
            try:
                await self._carry_out(waiting)
            except Exception as error:
                full = storage_full(error)
                if full is None:
                    raise
                raise full from error

    def handle_of(self, series: ArrivingSeries, kept: Kept) -> int | None:
        """The handle by which this connection knows an instance."""
        return self._handles.get((series.id, kept.number))

    def is_sending(self) -> bool:
        """Whether parts have come lately."""
        return self._has_greeted and time.monotonic() - self._taken_at < SENDING_S

    async def widen_to(self, window: int) -> None:
        """Let so many parts be out from now on."""
        if self._has_greeted and window != self._window:
            self._window = window
            await self.say(wire.Window(parts=window))

    def has_announced(self, series: ArrivingSeries) -> bool:
        """Whether anything of the series was announced on this connection."""
        return any(series_id == series.id for series_id, _ in self._handles)

    async def _greet(self, hello: wire.Hello) -> None:
        if hello.gateway != self.peer.gateway_id:
            raise WireError("a gateway says another name than its certificate")
        self._has_greeted = True
        await asyncio.to_thread(self._receiver.note_hello, hello)
        await self.say(
            wire.Welcome(hub=self._receiver.name, clock=self._receiver.now().isoformat(), window=WINDOW)
        )

    async def _carry_out(self, waiting: Sequence[bytes | wire.SeriesEnd]) -> None:
        parts: list[Part] = []
        for one in waiting:
            if isinstance(one, wire.SeriesEnd):
                await self._store(parts)
                await self._end_series(one)
                continue
            part = decode_part(one)
            if part.layer == MANIFEST:
                await self._store(parts)
                await self._take_manifest(part)
            else:
                parts.append(part)
        await self._store(parts)

    async def _store(self, parts: list[Part]) -> None:
        """Sync parts and acknowledge them; the list is empty afterwards."""
        if not parts:
            return
        places = {part.handle: place for part in parts if (place := self._place(part)) is not None}
        by_series: dict[ArrivingSeries, list[Record]] = {}
        for part in parts:
            place = places.get(part.handle)
            if place is not None and _is_wanted(*place, part):
                by_series.setdefault(place[0], []).append(_record(place[1], part))
        for series, records in by_series.items():
            if series.journal is not None:
                await asyncio.to_thread(series.journal.append, records)
        await self._acknowledge(len(parts))
        parts.clear()
        self._receiver.look_at([place for place in places.values() if place[0] in by_series])

    async def _acknowledge(self, count: int) -> None:
        self._durable += count
        self._progress.set()
        self._progress = asyncio.Event()
        await self.say(wire.Ack(parts=self._durable))

    def _place(self, part: Part) -> Place | None:
        """Where a part belongs; None when nothing more of its instance is wanted."""
        if part.handle not in self._places:
            raise WireError("a part belongs to no announced instance")
        place = self._places[part.handle]
        if place is None or place[1].is_settled or place[1].is_checked or place[1].entry is None:
            return None
        length = place[1].entry.layer_lengths().get(part.layer)
        if length != part.layer_length or part.offset + len(part.payload) > length:
            raise WireError("a part reaches beyond what was announced")
        return place

    async def _take_manifest(self, part: Part) -> None:
        """A piece of a manifest; the whole of it is announced with its last piece."""
        content = self._manifests.setdefault(part.handle, bytearray())
        is_next = part.offset == len(content) and part.layer_length <= LONGEST_MANIFEST
        if not is_next or len(self._manifests) > MOST_BATCHES:
            raise WireError("the pieces of a manifest do not follow each other")
        content += part.payload
        if len(content) == part.layer_length:
            del self._manifests[part.handle]
            await self._announce(part.handle, bytes(content))
        await self._acknowledge(1)

    async def _announce(self, batch: int, packed: bytes) -> None:
        entries = await asyncio.to_thread(decode_manifest, packed)
        answer = await asyncio.to_thread(self._receiver.shelf.announce, self.peer, entries)
        for entry, _ in answer.aside:
            self._places[entry.handle] = None
        for handle, (series, kept) in answer.places.items():
            self._places[handle] = (series, kept)
            self._handles[series.id, kept.number] = handle
        if len(self._places) > MOST_HANDLES:
            raise WireError("a gateway announces too much on one connection")
        await self.say(_have(batch, answer.places))
        for entry, why in answer.aside:
            await self.say(quarantined(entry.handle, why))
        await self._tell_of_aside(entries)
        for series in {place[0] for place in answer.places.values()}:
            if series.is_urgent:
                await self.say(wire.Urgent(series_uid=series.series_uid))
        for series in answer.opened:
            self._receiver.note_opened(series)
        self._receiver.look_at(list(answer.places.values()))

    async def _tell_of_aside(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            place = self._places.get(entry.handle)
            if place is not None and place[1].is_aside:
                await self.say(quarantined(entry.handle, "untrue"))

    async def _end_series(self, end: wire.SeriesEnd) -> None:
        message = end_text(end.series_uid, end.instances)
        if not self._receiver.seals.holds(self.peer, message, end.signature):
            raise WireError("the list of a series is not signed by its gateway")
        series = self._receiver.shelf.find(self.peer.site_id, end.series_uid)
        if series is None:
            raise WireError("a series ends that was never announced")
        await asyncio.to_thread(self._receiver.shelf.list_end, series, end.instances)
        await self._receiver.complete(series, asked_by=self)


def window_for(sending: int) -> int:
    """Parts that each of so many gateways may have out.

    Examples
    --------
    >>> [window_for(n) for n in (0, 1, 2, 3, 9)]
    [16, 16, 6, 4, 4]
    """
    return WINDOW if sending < 2 else max(LEAST_WINDOW, SHARED_WINDOW // sending)


def quarantined(handle: int, why: str) -> wire.Quarantined:
    """The message that an instance was set aside."""
    return wire.Quarantined(handle=handle, why_zh=HELD_TEXTS[why]["zh"], why_en=HELD_TEXTS[why]["en"])


def refusal(error: TeleneedleError) -> wire.Refused:
    """The message with which a connection ends."""
    english = in_english(error.what)
    return wire.Refused(why_zh=(in_chinese(error.what) or error.title_zh)[:500], why_en=english[:500])


def _is_wanted(series: ArrivingSeries, kept: Kept, part: Part) -> bool:
    """Whether a part brings anything.

    Raises
    ------
    WireError
        If more came of its layer, over and over, than any honest sender repeats.
    """
    journal = series.journal
    if journal is None or journal.covers(kept.number, part.layer, part.offset, len(part.payload)):
        return False
    if journal.stored(kept.number, part.layer) > 2 * part.layer_length + MOST_REPEATED:
        raise WireError("the same bytes come over and over")
    return True


def _record(kept: Kept, part: Part) -> Record:
    return Record(
        kind=Kind.PART, number=kept.number, layer=part.layer, offset=part.offset, payload=bytes(part.payload)
    )


def _have(batch: int, places: dict[int, Place]) -> wire.Have:
    rows = [
        (handle, layer, length)
        for handle, (series, kept) in places.items()
        if not kept.is_settled
        for layer, length in series.durable(kept).items()
    ]
    done = [handle for handle, (_, kept) in places.items() if kept.is_verified]
    return wire.Have(batch=batch, entries=tuple(rows), done=tuple(done))
