"""DICOMweb: search (QIDO-RS) and retrieve (WADO-RS) what came in, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, SERIES_UID, STUDY_UID, Kept, rows_of
from teleneedle.adapters.dicomweb.multipart import new_boundary, write_related
from teleneedle.adapters.dicomweb.originals import read_frames
from teleneedle.adapters.dicomweb.search import INSTANCE, SERIES, STUDY, chosen, conditions, matches
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.dicomweb_access import find_instances, visible
from teleneedle.apps.hub.identity import audit, current_person, require_case
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/dicomweb", tags=["dicomweb"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
DICOM_JSON = "application/dicom+json"
MAX_ANSWERS = 1000
MEDIA = {
    "1.2.840.10008.1.2.5": "image/dicom-rle",
    "1.2.840.10008.1.2.4.50": "image/jpeg",
    "1.2.840.10008.1.2.4.51": "image/jpeg",
    "1.2.840.10008.1.2.4.57": "image/jpeg",
    "1.2.840.10008.1.2.4.70": "image/jpeg",
    "1.2.840.10008.1.2.4.80": "image/jls",
    "1.2.840.10008.1.2.4.81": "image/jls",
    "1.2.840.10008.1.2.4.90": "image/jp2",
    "1.2.840.10008.1.2.4.91": "image/jp2",
    "1.2.840.10008.1.2.4.201": "image/jphc",
    "1.2.840.10008.1.2.4.202": "image/jphc",
    "1.2.840.10008.1.2.4.203": "image/jphc",
}
"""Media type of a frame by transfer syntax (PS3.18 table 8.7.3-5); every other is plain pixels."""
LEVELS = {
    "study": (STUDY_UID, STUDY),
    "series": (SERIES_UID, STUDY + SERIES),
    "instance": (INSTANCE_UID, STUDY + SERIES + INSTANCE),
}


def _search(request: Request, hub: Hub, person: Person, level: str, study: str = "", series: str = "") -> Any:
    """Answers of one level that fit every condition of the query."""
    query = request.query_params
    try:
        wanted = conditions(query.multi_items())
        limit = min(int(query.get("limit", MAX_ANSWERS)), MAX_ANSWERS)
        offset = int(query.get("offset", 0))
        more = [name for value in query.getlist("includefield") for name in value.split(",")]
        conditions((name, "") for name in more if name.lower() != "all")
        if min(limit, offset) < 0:
            raise ValueError("limit")
    except ValueError as error:
        raise HubProblem(
            "invalid", "查询参数有误", "a parameter is not understood", where=str(error)
        ) from error
    fuzzy = query.get("fuzzymatching", "").lower() == "true"
    key, tags = LEVELS[level]
    found = [
        chosen(facts, tags, more)
        for facts, _ in rows_of(visible(hub, person, study=study, series=series), key)
        if matches(facts, wanted, fuzzy=fuzzy)
    ]
    audit(request, hub, person, f"GET dicomweb {level}", str(request.url.query), "done")
    page = found[offset : offset + limit]
    headers = {"Warning": '299 teleneedle: "there are more answers"'} if offset + limit < len(found) else {}
    if not page:
        return Response(status_code=204)
    return JSONResponse(page, headers=headers, media_type=DICOM_JSON)


@router.get("/studies")
def search_studies(request: Request, person: Who, hub: HubNow) -> Any:
    """Studies."""
    return _search(request, hub, person, "study")


@router.get("/series")
def search_all_series(request: Request, person: Who, hub: HubNow) -> Any:
    """Series of every study."""
    return _search(request, hub, person, "series")


@router.get("/instances")
def search_all_instances(request: Request, person: Who, hub: HubNow) -> Any:
    """Instances of every study."""
    return _search(request, hub, person, "instance")


@router.get("/studies/{study}/series")
def search_series(study: str, request: Request, person: Who, hub: HubNow) -> Any:
    """Series of a study."""
    return _search(request, hub, person, "series", study)


@router.get("/studies/{study}/instances")
def search_study_instances(study: str, request: Request, person: Who, hub: HubNow) -> Any:
    """Instances of a study."""
    return _search(request, hub, person, "instance", study)


@router.get("/studies/{study}/series/{series}/instances")
def search_instances(study: str, series: str, request: Request, person: Who, hub: HubNow) -> Any:
    """Instances of a series."""
    return _search(request, hub, person, "instance", study, series)


def _permitted(request: Request, hub: Hub, person: Person, *uids: str) -> list[Kept]:
    found = find_instances(hub, person, *uids)
    for case_id in {kept.case_id for kept in found}:
        require_case(request, hub, person, case_id, Action.READ_CASE)
    return found


@router.get("/studies/{study}/metadata")
@router.get("/studies/{study}/series/{series}/metadata")
@router.get("/studies/{study}/series/{series}/instances/{instance}/metadata")
def get_metadata(
    study: str, request: Request, person: Who, hub: HubNow, series: str = "", instance: str = ""
) -> Response:
    """Every attribute but the pixels."""
    found = _permitted(request, hub, person, study, series, instance)
    return JSONResponse([kept.facts for kept in found], media_type=DICOM_JSON)


@router.get("/studies/{study}/series/{series}/instances/{instance}/frames/{frames}")
def get_frames(
    study: str, series: str, instance: str, frames: str, request: Request, person: Who, hub: HubNow
) -> Response:
    """Frames (from 1, joined by commas) as the instance encodes them."""
    kept = _permitted(request, hub, person, study, series, instance)[0]
    try:
        wanted = [int(n) for n in frames.split(",")]
        syntax, content = read_frames(kept.content(hub.imaging.objects), wanted)
    except ValueError as error:
        raise not_found(f"frames {frames[:40]}") from error
    kind = MEDIA.get(syntax, "application/octet-stream")
    return _related(content, f"{kind}; transfer-syntax={syntax}", kind)


@router.get("/studies/{study}")
@router.get("/studies/{study}/series/{series}")
@router.get("/studies/{study}/series/{series}/instances/{instance}")
def get_files(
    study: str, request: Request, person: Who, hub: HubNow, series: str = "", instance: str = ""
) -> Response:
    """The files themselves, in the transfer syntax in which they came."""
    found = _permitted(request, hub, person, study, series, instance)
    return _related(
        (kept.content(hub.imaging.objects) for kept in found), "application/dicom", "application/dicom"
    )


def _related(parts: Iterable[bytes], part_kind: str, kind: str) -> Response:
    boundary = new_boundary()
    return StreamingResponse(
        write_related(parts, kind=part_kind, boundary=boundary),
        media_type=f'multipart/related; type="{kind}"; boundary={boundary}',
    )
