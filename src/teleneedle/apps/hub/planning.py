"""Put images, jobs and planning together on the hub."""

from __future__ import annotations

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job, JobStore, Orderer
from teleneedle.adapters.sql.result_store import ResultStore
from teleneedle.apps.hub.arrivals import Arrivals
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.imaging import Imaging
from teleneedle.apps.hub.link.arriving import make_arriving
from teleneedle.apps.hub.plan_results import PlanResults
from teleneedle.apps.hub.problems import problem_document
from teleneedle.apps.hub.uploads import Uploads
from teleneedle.apps.hub.work.access_map import AccessWork
from teleneedle.apps.hub.work.early_structures import KIND as EARLY
from teleneedle.apps.hub.work.early_structures import EarlyWork
from teleneedle.apps.hub.work.import_ct import ImportWork
from teleneedle.apps.hub.work.propose import ProposeWork
from teleneedle.apps.hub.work.segment import SegmentWork


def make_planning(hub: Hub) -> None:
    """Set ``hub.imaging``, ``hub.jobs``, ``hub.arrivals``; `JobRunner.resume` takes jobs up at the start."""
    settings = hub.settings
    objects = ObjectStore(settings.object_url, hub.folder)
    images = ImageStore(hub.sessions, hub.now)
    uploads = Uploads(
        hub.sessions,
        hub.folder / "uploads",
        now=hub.now,
        max_bytes=lambda: hub.limits.all()["max_upload_gb"] * 1e9,
        reserve_bytes=int(settings.reserve_mb * 1e6),
    )
    life, place = hub.cases.life, hub.folder / "jobs"
    propose = ProposeWork(objects=objects, images=images, life=life, devices=hub.devices, folder=place)

    def tell(job: Job) -> None:
        if "arriving_id" in job.payload:
            hub.arriving.hear(job)
        elif job.kind == "import" and job.failure:
            uploads.refuse(job.payload["upload_id"], job.failure)
        hub.broadcaster.publish(job.case_id, "job", job.as_json())
        if job.kind == "import" and job.state == "done" and hub.forwarding is not None:
            hub.forwarding.series_complete(str((job.result or {}).get("series_id", "")))

    def segment(job: Job, series_id: str) -> None:
        hub.jobs.submit(
            case_id=job.case_id,
            command_id=f"segmentation/{series_id}",
            kind="segmentation",
            payload={"series_id": series_id},
            by=Orderer(person_id=job.person_id, name=job.person_name, role=job.role),
        )

    hub.objects = objects
    hub.imaging = Imaging(objects=objects, images=images, uploads=uploads)
    make_arriving(hub)
    hub.results = PlanResults(objects=objects, images=images, store=ResultStore(hub.sessions, hub.now))
    hub.jobs = JobRunner(
        store=JobStore(hub.sessions, hub.now),
        pool=ComputePool(settings.compute, workers=settings.workers),
        folder=place,
        works={
            "import": ImportWork(
                objects=objects,
                images=images,
                life=life,
                upload_path=uploads.path,
                clear_upload=uploads.clear,
                arrived=lambda arriving_id: hub.arriving.held(arriving_id),
                folder=place,
                segment=segment,
            ),
            "segmentation": SegmentWork(objects=objects, images=images, life=life),
            EARLY: EarlyWork(
                source=lambda arriving_id: hub.arriving.early.source(arriving_id),
                take=lambda job, message: hub.arriving.take_early(job, message),
            ),
            "proposal": propose,
            "evaluation": propose,
            "access-map": AccessWork(objects=objects, images=images, devices=hub.devices, folder=place),
        },
        tell=tell,
        problem=problem_document,
    )
    hub.arrivals = Arrivals(
        uploads=uploads, images=images, objects=objects, jobs=hub.jobs, quiet_s=settings.arrival_quiet_s
    )
