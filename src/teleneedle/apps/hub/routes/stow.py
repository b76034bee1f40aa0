"""DICOMweb: store (STOW-RS) into a case named in the address, or into the one open case of the patient."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from teleneedle.adapters.dicomweb.stored import store_answer
from teleneedle.apps.hub.identity import audit, require_case
from teleneedle.apps.hub.routes.dicomweb import DICOM_JSON, HubNow, Who
from teleneedle.apps.hub.stow import Storing, body_place, receive_body, require_stow_type
from teleneedle.core.access import Action

router = APIRouter(prefix="/dicomweb", tags=["dicomweb"])


@router.post("/studies")
@router.post("/studies/{study}")
@router.post("/cases/{case_id}/studies")
@router.post("/cases/{case_id}/studies/{study}")
async def store_instances(
    request: Request, person: Who, hub: HubNow, case_id: str = "", study: str = ""
) -> JSONResponse:
    """Keep CT instances; the answer says what became of each."""
    if case_id:
        await run_in_threadpool(require_case, request, hub, person, case_id, Action.UPLOAD_IMAGES)
    require_stow_type(request)
    hub.imaging.uploads.require_room(2 * int(request.headers.get("content-length", "0")))
    storing = Storing(hub=hub, request=request, person=person, case_id=case_id, study=study)
    with body_place(hub) as place:
        await receive_body(request.stream(), place)
        kind = request.headers["content-type"]
        outcomes = await run_in_threadpool(storing.store, place, kind)
    status, answer = store_answer(outcomes, str(request.base_url) + "dicomweb")
    kept = sum(outcome.reason is None for outcome in outcomes)
    what = f"{kept} of {len(outcomes)} instances"
    await run_in_threadpool(audit, request, hub, person, "POST dicomweb", what, "done" if kept else "refused")
    return JSONResponse(answer, status_code=status, media_type=DICOM_JSON)
