"""Series that arrived go into their case: found by identity, or held until a person has compared both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.sql.job_store import Job, Orderer
from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.attempts import next_attempt
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries
from teleneedle.apps.hub.link.arriving_view import GATEWAY_ROLE, arrival_json, gateway_name
from teleneedle.apps.hub.link.case_search import find_case
from teleneedle.apps.hub.link.early import EarlyStructures
from teleneedle.apps.hub.link.row_states import HELD, IMPORTING, LANDED
from teleneedle.apps.hub.link.shelf import Shelf


@dataclass(frozen=True, kw_only=True)
class CaseLanding:
    """Cases of this hub."""

    hub: Hub
    store: LinkStore
    shelf: Shelf
    early: EarlyStructures

    def match(self, series: ArrivingSeries) -> None:
        """Find the case of a series that begins to arrive."""
        row = self.store.series(series.id)
        if row is None or row.case_id:
            return
        facts = json.loads(row.facts)
        case_id, why = find_case(
            self.hub,
            row.site_id,
            facts["patient"],
            study_uid=row.study_uid,
            accession=facts["accession"],
        )
        self.store.change(series.id, case_id=case_id, why=why)
        series.case_id = case_id

    def land(self, series: ArrivingSeries) -> None:
        """Order the import of a complete series, or hold it."""
        self.match(series)
        row = self.store.series(series.id)
        if row is None or not series.is_all_listed():
            return
        why = self._obstacle(series, row)
        if why:
            self.store.change(series.id, state=HELD, why=why)
        else:
            self._order(series, row)
        self.progress(series)

    def progress(self, series: ArrivingSeries) -> None:
        """Tell the pages of its case how far a series is, and look for its organs once they can be found."""
        row = self.store.series(series.id) if series.case_id else None
        if row is not None:
            self.early.consider(series, row)
            shown = arrival_json(self.hub, self.store, row, series)
            self.hub.broadcaster.publish(series.case_id, "arriving", shown)

    def held(self, series_id: str) -> list[Held]:
        """Where the verified instances of a series lie, for its import."""
        series = self.shelf.by_id(series_id)
        found = [series.held(kept) for kept in series.in_order() if kept.is_verified] if series else []
        return [held for held in found if held is not None]

    def hear(self, job: Job) -> None:
        """An import of an arrived series has changed."""
        series = self.shelf.by_id(str(job.payload["arriving_id"]))
        if series is None or job.state not in ("done", "failed", "cancelled"):
            return
        if job.state == "done":
            self.early.drop(series.id)
            self.store.change(series.id, state=LANDED, why="")
        else:
            self.store.change(series.id, state=HELD, why="import-failed")
        self.progress(series)

    def _obstacle(self, series: ArrivingSeries, row: ArrivingSeriesRow) -> str:
        is_confirmed = "confirmed_by" in json.loads(row.facts)
        if series.set_aside and not is_confirmed:
            return "set-aside"
        if any(kept.entry is None for kept in series.kept.values()):
            return "" if row.state in (IMPORTING, LANDED) else "later"
        if json.loads(row.facts)["modality"] != "CT":
            return "not-ct"
        if not row.case_id:
            return row.why or "no-case"
        return ""

    def _order(self, series: ArrivingSeries, row: ArrivingSeriesRow) -> None:
        facts: dict[str, Any] = json.loads(row.facts)
        confirmed = facts.get("confirmed_by")
        gateway = {"id": row.gateway_id, "name": gateway_name(self.hub, row.gateway_id), "role": GATEWAY_ROLE}
        by = confirmed or gateway
        command = f"import/link/{series.id}/{_contents(series)}/{bool(confirmed)}"
        job = self.hub.jobs.submit(
            case_id=row.case_id,
            command_id=next_attempt(self.hub.jobs.store, row.case_id, command),
            kind="import",
            payload={
                "arriving_id": series.id,
                "then_segment": True,
                "confirm_identity": confirmed is not None,
            },
            by=Orderer(person_id=by["id"], name=by["name"], role=by["role"]),
        )
        self.store.change(series.id, state=IMPORTING, why="", job_id=job.id)
        self.hear(job)


def _contents(series: ArrivingSeries) -> str:
    """One name for the instances that a series holds."""
    lines = sorted(" ".join(pair) for pair in series.verified())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
