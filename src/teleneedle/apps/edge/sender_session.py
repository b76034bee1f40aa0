"""One connection to the hub: manifests, parts as the window allows, ends of series; and the hub's answers."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.outgoing import Piece
from teleneedle.adapters.link.wire_manifest import MOST_ENTRIES, encode_manifest
from teleneedle.adapters.link.wire_parts import LARGEST_PAYLOAD, MANIFEST, split
from teleneedle.apps.edge.sender_cargo import Cargo, SeriesState
from teleneedle.apps.edge.sender_line import Line, LineLostError

STALL_S = (1.5, 12.0)
"""Nothing heard for so long while an answer is due: the line is dead. Doubled while a line this slow brings
nothing through in time, up to the second figure."""
LOOK_S = 0.25
IDLE_PING_S = 10.0
WELCOME_S = 5.0
BATCH_S = 0.03
"""Instances that arrive within this time share a manifest."""
AROUND_BYTES = 4 << 20
"""Heads, tails and lines in one manifest, about."""
LINE_BYTES = 2048
"""The line of an instance, and of each 64 of its frames, about."""
RATE_S = 2.0
BUSY_S = 0.5
"""A backlog of this age means that the line is what holds things up."""


QUEUE_S = 0.3
"""What is in the air may hold up what comes next so long, beyond one and a half round trips."""
FIRST_WINDOW_BYTES = 8 * LARGEST_PAYLOAD
"""While it is not known what the line carries."""


class StalledError(LineLostError):
    """Nothing was heard while an answer was due."""


class RefusedError(ConnectionError):
    """The hub does not want this gateway now."""

    def __init__(self, refused: wire.Refused) -> None:
        super().__init__(refused.why_en)
        self.refused = refused


class Rate:
    """Bytes a second that became durable lately; and what the line carries, from times with a backlog.

    Parameters
    ----------
    line_mbit_s : float or None
        What is known of the line beforehand.
    """

    def __init__(self, line_mbit_s: float | None = None) -> None:
        self.line_mbit_s = line_mbit_s
        self._steps: deque[tuple[float, int]] = deque()
        self._busy_since: float | None = None

    def note(self, now: float, length: int) -> None:
        """So many bytes more are durable."""
        self._steps.append((now, length))
        while self._steps and self._steps[0][0] < now - RATE_S:
            self._steps.popleft()

    def per_s(self, now: float) -> float:
        """The rate; 0 when nothing became durable lately."""
        recent = [step for step in self._steps if step[0] >= now - RATE_S]
        if len(recent) < 2:
            return 0.0
        return sum(length for _, length in recent[1:]) / max(recent[-1][0] - recent[0][0], 0.05)

    def note_backlog(self, now: float, *, has_backlog: bool) -> None:
        """Whether parts are waiting for the line; if so for some time, its rate is what it carries."""
        if not has_backlog:
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        elif now - self._busy_since >= BUSY_S and (rate := self.per_s(now)):
            self.line_mbit_s = rate * 8e-6


class Session:
    """A connection from its first word to its end.

    Parameters
    ----------
    sign_end : function
        The signed list of a series: everything this gateway ever had of it.
    on_answer : coroutine function
        Told of receipts and instances kept aside, which touch the disk.
    on_welcome, on_heard : function
        Told when the hub has taken this gateway, and of every message.
    """

    def __init__(
        self,
        line: Line,
        cargo: Cargo,
        *,
        hello: Callable[[], wire.Hello],
        sign_end: Callable[[SeriesState], wire.SeriesEnd],
        on_answer: Callable[[wire.Receipt | wire.Quarantined], Awaitable[None]],
        on_welcome: Callable[[Session], None],
        on_heard: Callable[[], None],
        rate: Rate,
        quiet_s: float,
        open_quiet_s: float,
        stall_s: float = STALL_S[0],
    ) -> None:
        self.line, self.cargo, self.rate = line, cargo, rate
        self._hello, self._sign_end, self._on_answer, self._on_welcome = (
            hello,
            sign_end,
            on_answer,
            on_welcome,
        )
        self._on_heard, self._stall_s = on_heard, stall_s
        self._quiet_s, self._open_quiet_s = quiet_s, open_quiet_s
        self._wake = asyncio.Event()
        self._batch = 0
        self._batches: dict[int, list[int]] = {}
        self._batch_at = 0.0
        self._ends_at = 0.0
        self._heard_at = self._due_since = time.monotonic()
        self._ping_at = self._round_trip_s = 0.0
        self.welcome: wire.Welcome | None = None
        self.clock_difference_s = 0.0
        self.bytes_durable = 0

    def wake(self) -> None:
        """Something changed that may let more go out."""
        self._wake.set()

    async def run(self) -> None:
        """Send and listen until the line is lost.

        Raises
        ------
        LineLostError
            The line is dead or closed.
        RefusedError
            The hub does not go on with this gateway.
        WireError
            The hub said something that cannot be used.
        """
        heard = self.line.heard()
        await self.line.say(self._hello())
        asked = time.time()
        try:
            async with asyncio.timeout(WELCOME_S):
                first = await anext(heard)
        except (TimeoutError, StopAsyncIteration):
            raise LineLostError("the hub does not answer") from None
        self._take_welcome(first, asked)
        await _first_failure(self._listen(heard), self._pump(), self._watch())

    def _take_welcome(self, message: wire.FromHub, asked: float) -> None:
        if isinstance(message, wire.Refused):
            raise RefusedError(message)
        if not isinstance(message, wire.Welcome):
            raise LineLostError("the hub does not begin with a welcome")
        self.welcome = message
        middle = (asked + time.time()) / 2
        self.clock_difference_s = datetime.fromisoformat(message.clock).timestamp() - middle
        self._round_trip_s = time.time() - asked
        self.cargo.connect(message.window)
        self._fit_window()
        self._on_welcome(self)

    async def _pump(self) -> None:
        """Send whatever is next, and sleep when nothing is."""
        while True:
            self._wake.clear()
            now = time.monotonic()
            if self.cargo.undeclared and now >= self._batch_at:
                await self._declare()
                self._batch_at = now + BATCH_S
            elif now >= self._ends_at:
                await self._end_series(now)
                self._ends_at = now + LOOK_S
            elif piece := self._next_piece():
                await self.line.send(self.cargo.part(piece))
            else:
                await self._sleep(now)

    def _next_piece(self) -> Piece | None:
        was_due = self._is_answer_due()
        piece = self.cargo.outgoing.next_piece()
        if piece and not was_due:
            self._due_since = time.monotonic()
        return piece

    async def _sleep(self, now: float) -> None:
        until = (self._batch_at if self.cargo.undeclared else self._ends_at) - now
        try:
            async with asyncio.timeout(max(until, 0.001)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _declare(self) -> None:
        handles, around = list[int](), 0
        for handle in self.cargo.undeclared:
            entry = self.cargo.shipments[handle].entry
            if entry is None or len(handles) >= MOST_ENTRIES or around > AROUND_BYTES:
                break
            handles.append(handle)
            around += len(entry.head) + len(entry.tail) + LINE_BYTES * (1 + entry.frame_count // 64)
        entries = [entry for handle in handles if (entry := self.cargo.shipments[handle].entry)]
        packed = encode_manifest(entries)
        self._batch += 1
        self._batches[self._batch] = handles
        for handle in handles:
            del self.cargo.undeclared[handle]
        for part in split(MANIFEST, self._batch, packed):
            self._note_due()
            self.cargo.outgoing.note_manifest(len(part.payload))
            await self.line.send(part)
        for handle in handles:
            if handle not in self.cargo.undeclared:
                self.cargo.outgoing.declared(handle)

    async def _end_series(self, now: float) -> None:
        unended = self.cargo.unended(now, quiet_s=self._quiet_s, open_quiet_s=self._open_quiet_s)
        for series in unended:
            series.is_ended = True
            await self.line.say(self._sign_end(series))

    def _note_due(self) -> None:
        """Something goes out that the hub has to answer."""
        if not self._is_answer_due():
            self._due_since = time.monotonic()

    def _is_answer_due(self) -> bool:
        return self.cargo.outgoing.parts_in_air > 0 or self._ping_at > self._heard_at

    async def _watch(self) -> None:
        """Notice a dead line: nothing is heard while an answer is due."""
        while True:
            await asyncio.sleep(LOOK_S)
            self._fit_window()
            now, is_due = time.monotonic(), self._is_answer_due()
            if is_due and now - max(self._heard_at, self._due_since) > self._stall_s:
                raise StalledError("nothing was heard of the hub while an answer was due")
            is_ping_open = self._ping_at > self._heard_at
            if not is_ping_open and now - self._heard_at > (self._stall_s / 3 if is_due else IDLE_PING_S):
                self._note_due()
                self._ping_at = now
                async with asyncio.timeout(self._stall_s):
                    await self.line.say(wire.Ping(at=clock()))

    def _fit_window(self) -> None:
        """Let no more be in the air than the line needs, so that what is urgent is not far behind."""
        mbit_s = self.rate.line_mbit_s
        carried = None if mbit_s is None else mbit_s * 1e6 / 8 * (QUEUE_S + 1.5 * self._round_trip_s)
        self.cargo.outgoing.narrow(FIRST_WINDOW_BYTES if carried is None else carried)

    async def _listen(self, heard: AsyncIterator[wire.FromHub]) -> None:
        async for message in heard:
            self._heard_at = time.monotonic()
            await self._take(message)
            self._on_heard()
            self._wake.set()

    async def _take(self, message: wire.FromHub) -> None:
        cargo, now = self.cargo, self._heard_at
        match message:
            case wire.Ack(parts=parts):
                self._take_pieces(cargo.outgoing.acknowledge(parts), now)
            case wire.Have(batch=batch, entries=entries, done=done):
                self._take_have(entries, done, batch)
            case wire.Verified(handles=handles):
                for handle in handles:
                    cargo.note_verified(handle)
            case wire.Broken(handle=handle, layers=layers):
                cargo.note_broken(handle, layers)
            case wire.Focus(series_uid=uid, index=index, z_mm=z_mm):
                cargo.outgoing.focus(uid, index=index, at=z_mm)
            case wire.Urgent(series_uid=uid):
                cargo.outgoing.hurry(uid)
            case wire.Window(parts=parts):
                cargo.outgoing.limit(parts)
                self._fit_window()
            case wire.Receipt() | wire.Quarantined():
                await self._on_answer(message)
            case wire.Refused():
                raise RefusedError(message)
            case _:
                return

    def _take_pieces(self, pieces: list[Piece], now: float) -> None:
        length = sum(piece.length for piece in pieces)
        self.bytes_durable += length
        self.rate.note(now, length)
        self.cargo.note_durable(pieces)

    def _take_have(
        self, entries: tuple[tuple[int, int, int], ...], done: tuple[int, ...], batch: int
    ) -> None:
        for handle in done:
            self.cargo.note_verified(handle)
        held: dict[int, dict[int, int]] = {handle: {} for handle in self._batches.pop(batch, ())}
        for handle, layer, length in entries:
            held.setdefault(handle, {})[layer] = length
        for handle in held.keys() - set(done):
            self.cargo.note_held(handle, held[handle])


def clock() -> str:
    """The time as it is told to the hub."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


async def _first_failure(*works: Coroutine[None, None, None]) -> None:
    """Work at all until one fails; the others are ended, its error is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
