"""What goes to DICOM stations by itself: rules become jobs when a series is complete or a plan is approved.

A job's command follows from the rule and the thing, so nothing is ordered twice; what a stopped hub did not
order is ordered at its next start.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.sql.case_tables import CaseEvent
from teleneedle.adapters.sql.image_store import all_about
from teleneedle.adapters.sql.image_tables import SeriesRow
from teleneedle.adapters.sql.job_store import Job, JobStore, Orderer
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.dicom_process import dicom_settings
from teleneedle.apps.hub.problems import problem_document
from teleneedle.apps.hub.work.forward import ForwardWork

log = logging.getLogger("teleneedle.forwarding")
BY = Orderer(person_id="hub", name="Teleneedle", role="hub")
AT_ONCE = 4
"""Stations that are sent to at the same time; a job that waits for its station takes no place."""
PLAN_FILES: Mapping[str, tuple[str, ...]] = {
    "segmentation": ("structures-seg.dcm",),
    "structure-set": ("structures-rtstruct.dcm",),
    "plan-document": ("plan-zh.dcm", "plan-en.dcm"),
}
MODALITIES: Mapping[str, str] = {"segmentation": "SEG", "structure-set": "RTSTRUCT", "plan-document": "DOC"}
KINDS = ("series", *PLAN_FILES)
"""What a rule may name."""


class Forwarding:
    """Kept as ``hub.forwarding``."""

    def __init__(self, hub: Hub, runner: JobRunner) -> None:
        self._hub = hub
        self._runner = runner

    def resume(self) -> None:
        """Take up jobs, and order what came while nobody ordered."""
        self._runner.resume()
        rules = self._hub.stations.rules()
        if not rules:
            return
        since = min(rule.created_at for rule in rules)
        with self._hub.sessions() as session:
            series = session.scalars(select(SeriesRow.id).where(SeriesRow.created_at >= since)).all()
            query = select(CaseEvent.case_id, CaseEvent.body).where(
                CaseEvent.kind == "plan.approved", CaseEvent.at >= since
            )
            plans = session.execute(query).all()
        for series_id in series:
            self.series_complete(series_id)
        for case_id, body in plans:
            self.plan_approved(case_id, str(json.loads(body)["plan_sha256"]))

    def close(self) -> None:
        """Follow no more; what runs is taken up at the next start."""
        self._runner.close()

    def series_complete(self, series_id: str) -> None:
        """Order what the rules say of a series; trouble with that never reaches the caller."""
        try:
            with self._hub.sessions() as session:
                row = session.get(SeriesRow, series_id)
            if row is not None and "instances" in all_about(row):
                modality = str(all_about(row).get("study", {}).get("modality", ""))
                order = {"series_id": series_id}
                self._order(row.case_id, "series", modality, row.created_at, series_id, order)
        except Exception as error:
            log.error("a series was not ordered to be sent", exc_info=error)

    def plan_approved(self, case_id: str, plan_sha256: str) -> None:
        """Order what the rules say of an approved plan; trouble with that never reaches the caller."""
        try:
            row = self._hub.imaging.images.plan(plan_sha256)
            files = json.loads(row.files) if row is not None else {}
            for kind, names in PLAN_FILES.items():
                there = [files[name] for name in names if name in files]
                if there:
                    now = self._hub.now()
                    self._order(case_id, kind, MODALITIES[kind], now, plan_sha256, {"objects": there})
        except Exception as error:
            log.error("a plan was not ordered to be sent", exc_info=error)

    def _order(
        self, case_id: str, kind: str, modality: str, at: Any, thing: str, order: Mapping[str, Any]
    ) -> None:
        site_id = self._hub.cases.life.log.site_of(case_id) or ""
        for rule in self._hub.stations.rules():
            station = self._hub.stations.get(rule.station_id)
            if station is None or not station.may_see(site_id) or at < rule.created_at:
                continue
            if not rule.takes(kind=kind, site_id=site_id, modality=modality):
                continue
            self._runner.submit(
                case_id=case_id,
                command_id=f"forward/{rule.id}/{kind}/{thing}",
                kind="forward",
                payload={"station_id": rule.station_id, "rule_id": rule.id, "what": kind, **order},
                by=BY,
            )


def make_forwarding(hub: Hub) -> None:
    """Set ``hub.forwarding``, with processes of its own: a slow station holds up no planning."""

    def tell(job: Job) -> None:
        hub.broadcaster.publish(job.case_id, "job", job.as_json())

    runner = JobRunner(
        store=JobStore(hub.sessions, hub.now),
        pool=ComputePool("process", workers=AT_ONCE),
        folder=hub.folder / "jobs",
        works={
            "forward": ForwardWork(
                stations=hub.stations,
                audit=hub.audit,
                now=hub.now,
                settings=dicom_settings(hub.settings),
                images=hub.imaging.images,
            )
        },
        tell=tell,
        problem=problem_document,
        followers=AT_ONCE,
    )
    hub.forwarding = Forwarding(hub, runner)
