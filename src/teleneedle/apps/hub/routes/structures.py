"""Structures: listed, drawn, edited. An edit never overwrites somebody else's."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from teleneedle.adapters.packed_masks import pack_mask, unpack_mask
from teleneedle.adapters.sql.image_tables import StructureRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import CaseAccess, case_access, current_person, require_case
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.apps.hub.routes.series import container
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.hub.work.structures import structure_facts
from teleneedle.core.access import Action, Person
from teleneedle.core.anatomy import canonical_kind
from teleneedle.core.casefile.events import Actor

router = APIRouter(prefix="/api", tags=["structures"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
MAX_MASK_BYTES = 64 << 20


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
    return container(request, hub.imaging.shape(row, "mesh"), f"{sha256}-mesh")


@router.get("/structures/{sha256}/distance")
def get_distance(sha256: str, request: Request, person: Who, hub: HubNow) -> Response:
    """Signed distance field."""
    row = _permitted(request, hub, person, sha256)
    return container(request, hub.imaging.shape(row, "distance"), f"{sha256}-distance")


@router.put("/cases/{case_id}/structures/{name}/mask")
async def put_mask(
    name: str,
    request: Request,
    access: Annotated[CaseAccess, Depends(case_access(Action.EDIT_STRUCTURES))],
    hub: HubNow,
    if_match: Annotated[str, Header(max_length=100)] = "",
) -> dict[str, Any]:
    """A new version of a structure; 412 with the current one when somebody was faster."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_MASK_BYTES:
            raise HubProblem("too-large", "掩膜过大", "the mask is too large")
    return await run_in_threadpool(_edit, hub, access, name, bytes(content), if_match.strip('"'))


def _edit(hub: Hub, access: CaseAccess, name: str, content: bytes, expected: str) -> dict[str, Any]:
    rows = {row.name: row for row in hub.imaging.images.structures(access.case_id)}
    row = rows.get(name)
    if row is None:
        raise not_found(f"structure {name}")
    if row.sha256 != expected:
        raise HubProblem(
            "precondition-failed",
            "该结构已被他人修改",
            "somebody changed this structure meanwhile",
            where=f"{name}: {row.created_by}",
            remedy="look at the newer version, then keep yours or theirs",
            current_sha256=row.sha256,
            changed_by=row.created_by,
        )
    _, about = hub.imaging.series(row.series_id)
    label_map = unpack_mask(content, series_grid(about))
    sha256 = hub.imaging.objects.put(pack_mask(label_map))
    kept = hub.imaging.images.add_structure(
        case_id=access.case_id,
        name=name,
        sha256=sha256,
        series_id=row.series_id,
        kind=canonical_kind(name) or row.kind,
        engine=f"edited by {access.person.name}",
        engine_sha256=hashlib.sha256(content).hexdigest(),
        gate="green" if not label_map.is_empty else "red",
        reasons=[] if not label_map.is_empty else [("结构为空", "the structure is empty")],
        volume_ml=label_map.volume_ml,
        created_by=access.person.name,
    )
    done = hub.cases.life.append_system(
        access.case_id,
        command_id=f"structure/{name}/{kept.version}",
        kind="structure.edited",
        body=structure_facts(kept),
        by=Actor(id=access.person.id, name=access.person.name, role=access.role.value),
    )
    return {"sha256": sha256, "version": kept.version, "event": {"seq": done.events[0].seq}}
