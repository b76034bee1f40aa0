"""Structures: listed, drawn, edited. An edit never overwrites somebody else's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from teleneedle.adapters.sql.image_tables import StructureRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.drawing import Drawing
from teleneedle.apps.hub.identity import CaseAccess, case_access, current_person, require_case
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.apps.hub.routes.series import container
from teleneedle.core.access import Action, Person
from teleneedle.engines.trajectories import large_from_mm

router = APIRouter(prefix="/api", tags=["structures"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
MAX_MASK_BYTES = 64 << 20
NAME = "^[A-Za-z][A-Za-z0-9_-]{0,63}$"


def _reviews(hub: Hub, case_id: str) -> dict[str, dict[str, Any]]:
    """State, reviewer and time of each structure, from the case."""
    case = hub.cases.life.load(case_id)
    return {
        s.name: {
            "state": "reviewed" if s.is_reviewed else "proposed",
            "reviewer": s.review.reviewer.name if s.is_reviewed else "",
            "reviewed_at": s.review.at.isoformat() if s.is_reviewed else None,
        }
        for s in case.structures.values()
    }


@router.get("/cases/{case_id}/structures", dependencies=[Depends(case_access(Action.READ_CASE))])
def list_structures(case_id: str, hub: HubNow) -> list[dict[str, Any]]:
    """The latest version of each structure."""
    reviews = _reviews(hub, case_id)
    fresh = {"state": "proposed", "reviewer": "", "reviewed_at": None}
    rows = hub.imaging.images.structures(case_id)
    return [hub.imaging.structure_json(row, reviews.get(row.name, fresh)) for row in rows]


def _permitted(request: Request, hub: Hub, person: Person, sha256: str) -> StructureRow:
    """A version with this mask in a case that the person may read."""
    rows = hub.imaging.images.structure_by_hash(sha256)
    for row in rows:
        site_id = hub.cases.life.log.site_of(row.case_id)
        if person.may(Action.READ_CASE, site_id=site_id):
            require_case(request, hub, person, row.case_id, Action.READ_CASE)
            return row  # type: ignore[no-any-return] # Hub holds its parts untyped
    if rows:
        require_case(request, hub, person, rows[0].case_id, Action.READ_CASE)
    raise not_found(f"structure {sha256[:16]}")


@router.get("/structures/{sha256}/mask")
def get_mask(sha256: str, request: Request, person: Who, hub: HubNow) -> Response:
    """Packed bits of the bounding box."""
    row = _permitted(request, hub, person, sha256)
    return container(request, hub.imaging.objects.get(row.sha256), sha256)


@router.get("/structures/{sha256}/mesh")
def get_mesh(sha256: str, request: Request, person: Who, hub: HubNow) -> Response:
    """Surface in LPS mm."""
    row = _permitted(request, hub, person, sha256)
    return container(request, hub.imaging.packed_shape(row, "mesh"), f"{sha256}-mesh", packing="kept")


@router.get("/structures/{sha256}/distance")
def get_distance(
    sha256: str,
    request: Request,
    person: Who,
    hub: HubNow,
    part: Annotated[Literal["whole", "large"], Query()] = "whole",
) -> Response:
    """Signed distance field, of the whole structure or of the large parts that its clearance rule means."""
    row = _permitted(request, hub, person, sha256)
    if part == "large":
        from_mm = large_from_mm(row.kind)
        if from_mm is None:
            raise not_found(f"large parts of {row.kind}")
        packed = hub.imaging.packed_large_distance(row, from_mm)
        return container(request, packed, f"{sha256}-distance-from-{from_mm:g}", packing="kept")
    packed = hub.imaging.packed_shape(row, "distance")
    return container(request, packed, f"{sha256}-distance", packing="kept")


@router.put("/cases/{case_id}/structures/{name}/mask")
async def put_mask(
    name: Annotated[str, Path(pattern=NAME)],
    request: Request,
    access: Annotated[CaseAccess, Depends(case_access(Action.EDIT_STRUCTURES))],
    hub: HubNow,
    series_id: Annotated[str, Query(max_length=36)] = "",
    kind: Annotated[str, Query(max_length=64)] = "",
    if_match: Annotated[str, Header(max_length=100)] = "",
    if_none_match: Annotated[str, Header(max_length=100)] = "",
) -> dict[str, Any]:
    """A new version of a structure, or with ``If-None-Match: *`` a new structure drawn on a series.

    412 with the current version when somebody was faster.
    """
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_MASK_BYTES:
            raise HubProblem("too-large", "掩膜过大", "the mask is too large")
    drawing = Drawing(hub=hub, access=access, name=name, content=bytes(content), expected=if_match.strip('"'))
    if if_none_match == "*" and not if_match:
        return await run_in_threadpool(drawing.create, series_id, kind)
    if not if_match or if_none_match:
        raise HubProblem(
            "precondition-required",
            "缺少版本条件",
            "say which version this follows",
            where="If-Match",
            remedy='send If-Match: "SHA-256" for a version, If-None-Match: * for a new structure',
        )
    return await run_in_threadpool(drawing.edit)
