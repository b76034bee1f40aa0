"""Jobs: how far they are, and the button that stops them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import case_access, current_person, require_case
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api", tags=["jobs"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]


@router.get("/cases/{case_id}/jobs", dependencies=[Depends(case_access(Action.READ_CASE))])
def list_jobs(case_id: str, hub: HubNow) -> list[dict[str, Any]]:
    """Jobs of a case, newest first."""
    return [job.as_json() for job in hub.jobs.store.of_case(case_id)]


@router.get("/jobs/{job_id}")
def get_job(job_id: str, request: Request, person: Who, hub: HubNow) -> dict[str, Any]:
    """One job."""
    job = hub.jobs.store.get(job_id)
    if job is None:
        raise not_found(f"job {job_id}")
    require_case(request, hub, person, job.case_id, Action.READ_CASE)
    return dict(job.as_json())


@router.delete("/jobs/{job_id}", status_code=202)
def cancel_job(job_id: str, request: Request, person: Who, hub: HubNow) -> dict[str, Any]:
    """Stop a job; it ends within ten seconds."""
    job = hub.jobs.store.get(job_id)
    if job is None:
        raise not_found(f"job {job_id}")
    action = Action.UPLOAD_IMAGES if job.kind == "import" else Action.EDIT_PLAN
    require_case(request, hub, person, job.case_id, action)
    return dict(hub.jobs.cancel(job_id).as_json())
