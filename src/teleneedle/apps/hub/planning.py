"""Put images, jobs and planning together on the hub."""

from __future__ import annotations

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job, JobStore
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.imaging import Imaging
from teleneedle.apps.hub.problems import problem_document
from teleneedle.apps.hub.uploads import Uploads
from teleneedle.apps.hub.work.access_map import AccessWork
from teleneedle.apps.hub.work.import_ct import ImportWork
from teleneedle.apps.hub.work.propose import ProposeWork
from teleneedle.apps.hub.work.segment import SegmentWork


def make_planning(hub: Hub) -> None:
    """Set ``hub.imaging`` and ``hub.jobs``; jobs are taken up by `JobRunner.resume` at the start."""
    settings = hub.settings
    objects = ObjectStore(settings.object_url, hub.folder)
    images = ImageStore(hub.sessions, hub.now)
    uploads = Uploads(
        hub.sessions,
        hub.folder / "uploads",
        now=hub.now,
        max_bytes=lambda: hub.limits.all()["max_upload_gb"] * 1e9,
    )
    life, place = hub.cases.life, hub.folder / "jobs"
    propose = ProposeWork(objects=objects, images=images, life=life, devices=hub.devices, folder=place)

    def tell(job: Job) -> None:
        hub.broadcaster.publish(job.case_id, "job", job.as_json())

    hub.objects = objects
    hub.imaging = Imaging(objects=objects, images=images, uploads=uploads)
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
                folder=place,
            ),
            "segmentation": SegmentWork(objects=objects, images=images, life=life),
            "proposal": propose,
            "evaluation": propose,
            "access-map": AccessWork(objects=objects, images=images, devices=hub.devices, folder=place),
        },
        tell=tell,
        problem=problem_document,
    )
