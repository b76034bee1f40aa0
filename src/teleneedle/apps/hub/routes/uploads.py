"""Uploads: begun, resumed part by part, completed into an import job."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.job_store import Orderer
from teleneedle.apps.hub.attempts import next_attempt
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import CaseAccess, case_access, current_person, require_case
from teleneedle.apps.hub.problems import HubProblem
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api", tags=["uploads"])
MOST_FILES = 20_000
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]


class UploadFile(BaseModel):
    """One file: its name is shown, never used as a path."""

    path: str = Field(min_length=1, max_length=1000)
    size: int = Field(ge=0, le=1 << 40)


class NewUpload(BaseModel):
    """What is going to be sent."""

    command_id: str = Field(min_length=1, max_length=200, pattern="^[^#]")
    files: list[UploadFile] = Field(min_length=1, max_length=MOST_FILES)


class Completion(BaseModel):
    """How to read what was sent, and whether structures are to be proposed on it at once."""

    series: str | None = Field(default=None, max_length=200)
    confirm_identity: bool = False
    then_segment: bool = False


@router.post("/cases/{case_id}/uploads", status_code=201)
def begin_upload(
    upload: NewUpload,
    access: Annotated[CaseAccess, Depends(case_access(Action.UPLOAD_IMAGES))],
    hub: HubNow,
) -> dict[str, Any]:
    """Announce files; the answer says how much of each is there already."""
    files = [(f.path, f.size) for f in upload.files]
    upload_id = hub.imaging.uploads.begin(access.case_id, upload.command_id, files)
    return dict(hub.imaging.uploads.state(upload_id))


def _access(request: Request, hub: Hub, person: Person, upload_id: str) -> CaseAccess:
    row, _ = hub.imaging.uploads.get(upload_id)
    return require_case(request, hub, person, row.case_id, Action.UPLOAD_IMAGES)


@router.get("/uploads/{upload_id}")
def get_upload(upload_id: str, request: Request, person: Who, hub: HubNow) -> dict[str, Any]:
    """How much of each file is there."""
    _access(request, hub, person, upload_id)
    return dict(hub.imaging.uploads.state(upload_id))


@router.put("/uploads/{upload_id}/files/{n}")
async def put_part(
    upload_id: str,
    n: Annotated[int, Path(ge=0, lt=MOST_FILES)],
    request: Request,
    person: Who,
    hub: HubNow,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, int]:
    """Append raw bytes at `offset`; what is acknowledged is on the disk."""
    row, _ = await run_in_threadpool(hub.imaging.uploads.get, upload_id)
    site_id = await run_in_threadpool(hub.cases.life.log.site_of, row.case_id)
    if n == 0 or not person.may(Action.UPLOAD_IMAGES, site_id=site_id):
        await run_in_threadpool(_access, request, hub, person, upload_id)
    received = await hub.imaging.uploads.receive(upload_id, n, offset, request.stream())
    return {"received": received}


@router.post("/uploads/{upload_id}/complete", status_code=202)
def complete_upload(
    upload_id: str, completion: Completion, request: Request, person: Who, hub: HubNow
) -> dict[str, Any]:
    """Everything was sent: read it."""
    access = _access(request, hub, person, upload_id)
    hub.imaging.uploads.complete(upload_id)
    command = f"import/{upload_id}/{completion.series or ''}"
    if completion.confirm_identity:
        if person.is_machine:
            raise HubProblem("forbidden", "患者身份须由人确认", "a person confirms an identity, no machine")
        _require_asked(hub, access.case_id, f"{command}/False")
    job = hub.jobs.submit(
        case_id=access.case_id,
        command_id=next_attempt(hub.jobs.store, access.case_id, f"{command}/{completion.confirm_identity}"),
        kind="import",
        payload={"upload_id": upload_id, **completion.model_dump()},
        by=Orderer(person_id=person.id, name=person.name, role=access.role.value),
    )
    return dict(job.as_json())


def _require_asked(hub: Hub, case_id: str, command_id: str) -> None:
    """An identity is confirmed by somebody to whom both were shown: only after the import has asked."""
    asked = hub.jobs.store.by_command(case_id, command_id)
    if asked is None or asked.failure != "patient-mismatch":
        raise HubProblem(
            "conflict",
            "导入并未询问患者身份，无需确认",
            "the import has not asked whose images these are",
            remedy="read the images first; confirm when it asks",
        )


@router.delete("/uploads/{upload_id}", status_code=204)
def cancel_upload(upload_id: str, request: Request, person: Who, hub: HubNow) -> Response:
    """Forget an upload and its bytes."""
    _access(request, hub, person, upload_id)
    hub.imaging.uploads.cancel(upload_id)
    return Response(status_code=204)
