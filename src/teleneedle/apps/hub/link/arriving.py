"""Series on their way in, as the rest of the hub reaches them: kept as ``hub.arriving``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_manifest import Entry
from teleneedle.adapters.sql.job_store import Job
from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.announced_facts import position_along
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries
from teleneedle.apps.hub.link.early import EarlyStructures
from teleneedle.apps.hub.link.landing import CaseLanding
from teleneedle.apps.hub.link.peer import HubSeals
from teleneedle.apps.hub.link.receiver import Receiver
from teleneedle.apps.hub.link.row_states import ARRIVING
from teleneedle.apps.hub.link.shelf import Shelf
from teleneedle.apps.hub.work.early_structures import KIND as EARLY

HUB_NAME = "Teleneedle"


@dataclass(kw_only=True)
class ArrivingWork:
    """Store and shelf are there from the start; the receiver while the link's port is open."""

    hub: Hub
    store: LinkStore
    shelf: Shelf
    landing: CaseLanding
    early: EarlyStructures
    _receivers: list[Receiver] = field(default_factory=list)

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[Receiver]:
        """A receiver on the running loop, until the end of the block."""
        receiver = Receiver(
            name=HUB_NAME,
            now=self.hub.now,
            shelf=self.shelf,
            store=self.store,
            seals=HubSeals(authority=self.hub.authority),
            landing=self.landing,
            note_hello=self._note_hello,
        )
        await receiver.begin()
        self._receivers.append(receiver)
        try:
            yield receiver
        finally:
            self._receivers.remove(receiver)
            await receiver.end()

    def _note_hello(self, hello: wire.Hello) -> None:
        difference = datetime.fromisoformat(hello.clock) - self.hub.now()
        self.hub.gateways.note_hello(
            hello.gateway, software=hello.software, clock_difference_s=difference.total_seconds()
        )

    def ask(self, series: ArrivingSeries, message: wire.Focus | wire.Urgent) -> None:
        """Tell the gateways that send a series."""
        for receiver in self._receivers:
            receiver.ask(series, message)

    def hurry(self, row: ArrivingSeriesRow, series: ArrivingSeries) -> None:
        """Let a series go before every other of its gateway, also after a new start of either end."""
        facts = {**json.loads(row.facts), "is_urgent": True}
        self.store.change(row.id, facts=json.dumps(facts, ensure_ascii=False))
        series.is_urgent = True
        self.ask(series, wire.Urgent(series_uid=row.series_uid))

    def focus(self, series: ArrivingSeries, entry: Entry) -> None:
        """Let a slice and those around it come first; gateways count places as its own header says."""
        self.ask(series, wire.Focus(series_uid=series.series_uid, index=None, z_mm=position_along(entry)))

    def confirm(self, row: ArrivingSeriesRow, case_id: str, by: Mapping[str, str]) -> None:
        """A person has put a series into a case; it is read as soon as it is complete."""
        facts = {**json.loads(row.facts), "confirmed_by": dict(by)}
        text = json.dumps(facts, ensure_ascii=False)
        self.store.change(row.id, case_id=case_id, facts=text, why="", state=ARRIVING)
        series = self.shelf.by_id(row.id)
        if series is not None:
            series.case_id = case_id
            if series.is_complete():
                self.landing.land(series)

    def held(self, arriving_id: str) -> list[Held]:
        """Where the instances of a series lie, for its import."""
        return self.landing.held(arriving_id)

    def hear(self, job: Job) -> None:
        """A job of a series on its way has changed."""
        if job.kind != EARLY:
            self.landing.hear(job)
            return
        self.early.hear(job)
        self.tell_pages(job)

    def take_early(self, job: Job, message: Mapping[str, Any]) -> None:
        """The work on preliminary organs has found something."""
        self.early.take(job, message)
        self.tell_pages(job)

    def tell_pages(self, job: Job) -> None:
        """Show what a job has changed of its series."""
        series = self.shelf.by_id(str(job.payload["arriving_id"]))
        if series is not None:
            self.landing.progress(series)


def make_arriving(hub: Hub) -> None:
    """Set ``hub.arriving``."""
    store = LinkStore(hub.sessions, hub.now)
    shelf = Shelf(folder=hub.folder / "link", store=store, require_room=hub.imaging.uploads.require_room)
    early = EarlyStructures(hub=hub, shelf=shelf)
    landing = CaseLanding(hub=hub, store=store, shelf=shelf, early=early)
    hub.arriving = ArrivingWork(hub=hub, store=store, shelf=shelf, landing=landing, early=early)
