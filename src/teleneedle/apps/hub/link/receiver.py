"""The receiver: connections, checks of what is whole, receipts; it lives on one event loop of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from teleneedle.adapters.full_disk import storage_full
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.checks import Verdict, check
from teleneedle.adapters.link.journal import Kind, Record
from teleneedle.adapters.link.signatures import receipt_text
from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept
from teleneedle.apps.hub.link.checking import Checking, DecoderEndedError
from teleneedle.apps.hub.link.connection import Connection, quarantined, window_for
from teleneedle.apps.hub.link.peer import Seals
from teleneedle.apps.hub.link.shelf import Shelf

log = logging.getLogger("teleneedle.link")
MOST_FAILURES = 3
SAVE_S = 0.5
TIDY_S = 3600.0
KEPT_AFTER_LANDING = timedelta(hours=24)
"""A journal stays so long, for instances that come after their series was read."""
TELL_S = 0.2
"""Open pages hear of progress at most so often."""
Place = tuple[ArrivingSeries, Kept]


class Landing(Protocol):
    """Where series go: the case they are for, and the pages that show it."""

    def match(self, series: ArrivingSeries) -> None:
        """Find the case of a series that begins to arrive; called in a thread."""

    def land(self, series: ArrivingSeries) -> None:
        """A series is complete: read it into its case, or hold it for a person; called in a thread."""

    def progress(self, series: ArrivingSeries) -> None:
        """Something of a series came: tell the pages; called in a thread."""


class Receiver:
    """Made and used on one running event loop, except where a method says otherwise."""

    def __init__(
        self,
        *,
        name: str,
        now: Callable[[], datetime],
        shelf: Shelf,
        store: LinkStore,
        seals: Seals,
        landing: Landing,
        note_hello: Callable[[wire.Hello], None],
        workers: int = 1,
    ) -> None:
        self.name, self.now = name, now
        self.shelf, self.seals = shelf, seals
        self._store, self._landing, self.note_hello = store, landing, note_hello
        self._loop = asyncio.get_running_loop()
        self._checking = Checking(workers=workers)
        self._connections: set[Connection] = set()
        self._sought: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._completing: dict[str, asyncio.Lock] = {}
        self._changed: set[ArrivingSeries] = set()

    async def begin(self) -> None:
        """Take up what was there when the hub ended."""
        self._checking.warm_up()
        await asyncio.to_thread(self.shelf.resume)
        for series in self.shelf:
            self.look_at([(series, kept) for kept in series.in_order()])
            if series.is_complete():
                self._spawn(self.complete(series))
        self._spawn(self._keep_saving())
        self._spawn(self._keep_telling())
        self._spawn(self._keep_tidy())

    async def end(self) -> None:
        """Stop; whatever is not finished is taken up at the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._checking.close()
        for series in self.shelf:
            await asyncio.to_thread(self.shelf.save, series)
        self.shelf.close()

    def join(self, connection: Connection) -> None:
        """A gateway has connected."""
        self._connections.add(connection)

    def leave(self, connection: Connection) -> None:
        """A gateway is gone."""
        self._connections.discard(connection)

    def connected(self) -> list[Connection]:
        """Gateways that are connected; from any thread."""
        return list(self._connections)

    def look_at(self, places: Sequence[Place]) -> None:
        """Something came of these instances: those that are whole are checked."""
        for series, kept in places:
            self._changed.add(series)
            if kept.is_settled or kept.is_checked or kept.entry is None:
                continue
            if series.is_whole(kept):
                kept.is_checked = True
                self._spawn(self._check(series, kept))

    def note_opened(self, series: ArrivingSeries) -> None:
        """Something new was announced: look for its case once; the next look is when the series lands."""
        if not series.case_id and series.id not in self._sought:
            self._sought.add(series.id)
            self._spawn(asyncio.to_thread(self._landing.match, series))

    def ask(self, series: ArrivingSeries, message: wire.Focus | wire.Urgent) -> None:
        """Tell the gateways that send a series; from any thread."""
        self._loop.call_soon_threadsafe(lambda: self._spawn(self._tell_senders(series, message)))

    async def complete(self, series: ArrivingSeries, *, asked_by: Connection | None = None) -> None:
        """Give the receipt for a series that is all there, and let it land."""
        lock = self._completing.setdefault(series.id, asyncio.Lock())
        async with lock:
            self._changed.add(series)
            if not series.is_complete():
                return
            await asyncio.to_thread(self.shelf.save, series)
            receipt = await asyncio.to_thread(self._receipt, series)
            if asked_by is not None and not asked_by.has_announced(series):
                await _try(asked_by.say(receipt))
            await self._tell_senders(series, receipt)
            await asyncio.to_thread(self._landing.land, series)
            if series.journal is not None:
                series.journal.rest()

    async def _check(self, series: ArrivingSeries, kept: Kept) -> None:
        held = series.held(kept)
        if held is None:
            return
        try:
            verdict = await self._checking.run(check, held)
        except DecoderEndedError:
            log.warning("an instance brought its decoder down")
            kept.failures, verdict = MOST_FAILURES, Verdict.BROKEN
        if verdict is Verdict.SOUND:
            series.note_verified(kept)
            await self._tell_handles(series, kept, lambda handle: wire.Verified(handles=(handle,)))
        elif verdict is Verdict.UNTRUE or kept.failures + 1 >= MOST_FAILURES:
            await self._set_aside(series, kept, "untrue" if verdict is Verdict.UNTRUE else "undecodable")
        else:
            await self._send_again(series, kept)
        self._changed.add(series)
        if kept.is_settled and series.is_complete():
            await self.complete(series)

    async def _set_aside(self, series: ArrivingSeries, kept: Kept, why: str) -> None:
        await asyncio.to_thread(self.shelf.save, series)
        await asyncio.to_thread(self.shelf.set_aside, series, kept.sop_uid, kept.dataset_sha256, why)
        kept.is_aside = True
        await self._tell_handles(series, kept, lambda handle: quarantined(handle, why))

    async def _send_again(self, series: ArrivingSeries, kept: Kept) -> None:
        kept.failures += 1
        layers = tuple(kept.entry.layer_lengths()) if kept.entry else ()
        if series.journal is not None:
            record = Record(kind=Kind.AGAIN, number=kept.number, payload=b"")
            await asyncio.to_thread(series.journal.append, [record])
        kept.is_checked = False
        await self._tell_handles(series, kept, lambda handle: wire.Broken(handle=handle, layers=layers))

    def _receipt(self, series: ArrivingSeries) -> wire.Receipt:
        instances, at = series.verified(), self.now()
        text = receipt_text(series.series_uid, at.isoformat(), instances)
        signature = self.seals.sign(text)
        self._store.add_receipt(series.id, instances, signature, at)
        return wire.Receipt(
            series_uid=series.series_uid,
            instances=tuple(instances),
            at=at.isoformat(),
            signature=signature,
            certificate=self.seals.certificate_pem,
        )

    async def _tell_senders(self, series: ArrivingSeries, message: wire.FromHub) -> None:
        for connection in self.connected():
            if connection.has_announced(series):
                await _try(connection.say(message))

    async def _tell_handles(
        self, series: ArrivingSeries, kept: Kept, message: Callable[[int], wire.FromHub]
    ) -> None:
        for connection in self.connected():
            handle = connection.handle_of(series, kept)
            if handle is not None:
                await _try(connection.say(message(handle)))

    async def _keep_saving(self) -> None:
        while True:
            await asyncio.sleep(SAVE_S)
            for series in self.shelf:
                if series.unsaved or series.newly_verified:
                    await asyncio.to_thread(self._save, series)

    def _save(self, series: ArrivingSeries) -> None:
        """What cannot be kept while the disk is full is kept later; the journal has it."""
        try:
            self.shelf.save(series)
        except Exception as error:
            if storage_full(error) is None:
                raise

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(TELL_S)
            changed, self._changed = self._changed, set()
            for series in changed:
                await asyncio.to_thread(self._landing.progress, series)
            await self._share_the_way()

    async def _share_the_way(self) -> None:
        """Equal windows for all that send: who has more out gets more of a line that they share."""
        connections = self.connected()
        window = window_for(sum(connection.is_sending() for connection in connections))
        for connection in connections:
            await _try(connection.widen_to(window))

    async def _keep_tidy(self) -> None:
        """Let go of journals whose series is kept in a case."""
        while True:
            await asyncio.to_thread(self.shelf.tidy, self.now() - KEPT_AFTER_LANDING)
            await asyncio.sleep(TIDY_S)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("the receiver failed", exc_info=task.exception())


async def _try(saying: Coroutine[Any, Any, None]) -> None:
    """Say something to a gateway that may be gone."""
    try:
        await saying
    except (OSError, RuntimeError):
        return
