"""Preliminary organs of series on their way in: ordered once every slice is there coarsely, held in memory.

They are shown while the rest of a series comes and go when it is in its case: no plan, no file and no table
ever holds one of them.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from teleneedle.adapters.sql.job_store import Job, Orderer
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries
from teleneedle.apps.hub.link.arriving_view import GATEWAY_ROLE, gateway_name
from teleneedle.apps.hub.link.early_slices import NO_STACK, EarlySlices, Stack, early_slices, stack_of
from teleneedle.apps.hub.link.row_states import ARRIVING, IMPORTING, LANDED
from teleneedle.apps.hub.link.shelf import Shelf
from teleneedle.apps.hub.work.early_structures import KIND
from teleneedle.core.anatomy import KINDS
from teleneedle.core.errors import Cancelled

STATES = {"queued": "computing", "running": "computing", "done": "done"}
"""State that pages show, by that of the job; every other one is ``failed``."""


@dataclass(kw_only=True)
class _Early:
    instances: int
    slices: EarlySlices | None
    """As they were when the work was ordered. Bytes in a journal stay where they are, also those of a coding
    that another one has taken the place of."""
    job_id: str = ""
    state: str = "computing"
    is_over: bool = False
    """The series is in its case."""
    grid: dict[str, Any] | None = None
    organs: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    """By kind, in the order they were found: what pages show of one, and its packed mask."""


class EarlyStructures:
    """Every method may be called from any thread."""

    def __init__(self, *, hub: Hub, shelf: Shelf) -> None:
        self._hub, self._shelf = hub, shelf
        self._lock = threading.Lock()
        self._of: dict[str, _Early] = {}
        self._stacks: dict[str, Stack] = {}
        self._start = uuid.uuid4()
        """Names this start of the hub: what an earlier one found is not in memory."""

    def consider(self, series: ArrivingSeries, row: ArrivingSeriesRow) -> None:
        """Order the organs of a series whose case is known; again when its sender counts more to it."""
        count = len(series.listed)
        is_wanted = series.case_id and row.state in (ARRIVING, IMPORTING)
        if not is_wanted or not count or not series.is_all_listed() or self._is_known(series.id, count):
            return
        stack = self._stacks[series.id] = stack_of(series, self._stacks.get(series.id, NO_STACK))
        slices = early_slices(series, stack)
        if slices is None:
            return
        with self._lock:
            self._of[series.id] = _Early(instances=count, slices=slices)
        self._stacks.pop(series.id, None)
        sender = gateway_name(self._hub, row.gateway_id)
        self._hub.jobs.submit(
            case_id=series.case_id,
            command_id=f"{KIND}/{series.id}/{count}/{self._start}",
            kind=KIND,
            payload={"arriving_id": series.id, "instances": count},
            by=Orderer(person_id=row.gateway_id, name=sender, role=GATEWAY_ROLE),
        )

    def _is_known(self, series_id: str, instances: int) -> bool:
        with self._lock:
            known = self._of.get(series_id)
            return known is not None and (known.is_over or known.instances == instances)

    def source(self, series_id: str) -> dict[str, Any]:
        """What the work needs of a series.

        Raises
        ------
        Cancelled
            If it is not on its way any more.
        """
        with self._lock:
            known = self._of.get(series_id)
            slices = known.slices if known is not None else None
            is_over = known is not None and known.is_over
        series = None if is_over else self._shelf.by_id(series_id)
        if slices is None and series is not None:
            slices = early_slices(series, stack_of(series))
        if slices is None or series is None or series.journal is None:
            raise Cancelled
        return {"held": list(slices.held), "affine": slices.affine}

    def hear(self, job: Job) -> None:
        """The work has begun or ended."""
        series_id = str(job.payload["arriving_id"])
        with self._lock:
            known = self._of.get(series_id)
            if known is None:  # ordered before the hub was started anew
                known = _Early(instances=int(job.payload["instances"]), slices=None)
                row = self._hub.arriving.store.series(series_id)
                known.is_over = row is None or row.state == LANDED
                self._of[series_id] = known
            if known.instances == job.payload["instances"]:
                known.job_id, known.state = job.id, STATES.get(job.state, "failed")
            if known.state != "computing":
                known.slices = None

    def take(self, job: Job, message: Mapping[str, Any]) -> None:
        """A message of the work: the grid, or an organ whose mask lies in a file."""
        with self._lock:
            known = self._of.get(str(job.payload["arriving_id"]))
            if known is None or known.job_id != job.id or known.is_over:
                return
            if "grid" in message:
                known.grid, known.organs = message["grid"], {}
                return
            kind = KINDS[message["kind"]]
            shown = {
                "kind": kind.name,
                "label": {"zh": kind.name_zh, "en": kind.name_en},
                "colour": kind.colour,
                "volume_ml": message["volume_ml"],
                "gate": message["gate"],
            }
            known.organs[kind.name] = shown, Path(message["path"]).read_bytes()

    def drop(self, series_id: str) -> None:
        """The series is in its case: its own structures take over."""
        self._stacks.pop(series_id, None)
        with self._lock:
            known = self._of.get(series_id)
            if known is None:
                return
            known.is_over, known.slices, known.grid, known.organs = True, None, None, {}
        if known.state == "computing":
            self._hub.jobs.cancel(known.job_id)

    def shown(self, series_id: str) -> dict[str, Any] | None:
        """State, grid and organs so far; None when nothing was ordered."""
        with self._lock:
            known = self._of.get(series_id)
            if known is None or known.is_over:
                return None
            organs = [shown for shown, _ in known.organs.values()]
            return {"state": known.state, "grid": known.grid, "structures": organs}

    def mask(self, series_id: str, kind: str) -> bytes | None:
        """The packed mask of an organ on that grid."""
        with self._lock:
            known = self._of.get(series_id)
            found = known.organs.get(kind) if known is not None else None
            return found[1] if found is not None else None
