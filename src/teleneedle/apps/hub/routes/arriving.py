"""Series on their way in: listed, watched while they come, put into a case by whoever has compared both."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from teleneedle.adapters.picture_batch import encode_pictures
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import audit, case_access, current_person, require_case
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries
from teleneedle.apps.hub.link.arriving_view import arrival_json, detail_json
from teleneedle.apps.hub.link.row_states import HELD
from teleneedle.apps.hub.link.slices import coded_slices, stacked
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person
from teleneedle.services.case_life import visible_sites

router = APIRouter(prefix="/api", tags=["arriving"])
MOST_SKIPPED = 6
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
FRESH = {"Cache-Control": "no-store"}
Json = dict[str, Any]


class Focus(BaseModel):
    """The slice that somebody looks at, counted from the feet."""

    k: int = Field(ge=0, lt=20_000)


class Command(BaseModel):
    """A request that is carried out once."""

    command_id: str = Field(min_length=1, max_length=200)


class Identity(BaseModel):
    """Whose images they are, as they were shown."""

    id: str = Field(max_length=256)
    name: str = Field(max_length=256)
    birth_date: str = Field(max_length=256)


class Confirmation(Command):
    """The case that a series is put into, and the identity in its images as the person saw it."""

    case_id: str = Field(max_length=64)
    expected: Identity


def require_arriving(
    request: Request, hub: Hub, person: Person, arriving_id: str, action: Action
) -> ArrivingSeriesRow:
    """Check and record one access to a series on its way in.

    Raises
    ------
    HubProblem
        not-found when the person may not know of it, forbidden when they may look only.
    """
    row: ArrivingSeriesRow | None = hub.arriving.store.series(arriving_id)
    name = f"{request.method} {request.scope['route'].path}"
    if row is None or not person.may(Action.READ_CASE, site_id=row.site_id):
        audit(request, hub, person, name, f"arriving/{arriving_id}", "refused")
        raise not_found(f"series {arriving_id}")
    is_granted = person.may(action, site_id=row.site_id)
    audit(request, hub, person, name, f"arriving/{arriving_id}", "done" if is_granted else "refused")
    if not is_granted:
        raise HubProblem("forbidden", "没有权限", "not permitted", where=action)
    return row


def arriving_access(action: Action) -> Callable[..., ArrivingSeriesRow]:
    """Dependency of routes with ``{arriving_id}``: asked before anything else of the request is looked at."""

    def allowed(arriving_id: str, request: Request, person: Who, hub: HubNow) -> ArrivingSeriesRow:
        return require_arriving(request, hub, person, arriving_id, action)

    return allowed


Looked = Annotated[ArrivingSeriesRow, Depends(arriving_access(Action.READ_CASE))]
Moved = Annotated[ArrivingSeriesRow, Depends(arriving_access(Action.UPLOAD_IMAGES))]


@router.get("/arriving")
def list_arriving(person: Who, hub: HubNow) -> Json:
    """Series of the hospitals that one sees, the one that changed last first."""
    rows = hub.arriving.store.list(sites=visible_sites(person))
    return {"items": [_shown(hub, row) for row in rows]}


@router.get("/cases/{case_id}/arriving", dependencies=[Depends(case_access(Action.READ_CASE))])
def list_arriving_of_case(case_id: str, hub: HubNow) -> Json:
    """Series on their way into a case."""
    rows = hub.arriving.store.list(sites=None, case_id=case_id)
    return {"items": [_shown(hub, row) for row in rows]}


@router.get("/arriving/{arriving_id}")
def get_arriving(row: Looked, hub: HubNow) -> Json:
    """How far it is, what was set aside, and where its slices lie."""
    return detail_json(hub, hub.arriving.store, row, hub.arriving.shelf.by_id(row.id))


@router.get("/arriving/{arriving_id}/pictures")
def get_arriving_pictures(
    row: Looked,
    hub: HubNow,
    skip: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
    after: Annotated[int | None, Query(ge=1, le=MOST_SKIPPED)] = None,
    k0: Annotated[int, Query(ge=0, le=20_000)] = 0,
    k1: Annotated[int | None, Query(ge=1, le=20_000)] = None,
) -> Response:
    """HTJ2K of slices [k0, k1) from the feet, like a kept series' pictures; slices not there are left out."""
    series = _live(hub, row)
    if after is not None and after <= skip:
        raise HubProblem("invalid", "分辨率次序有误", "`after` must be coarser than `skip`", where=f"{after}")
    slices = coded_slices(series, skip=skip, after=after, k0=k0, k1=k1)
    content = encode_pictures(slices, skip=skip, after=after)
    return Response(content, media_type="application/octet-stream", headers=FRESH)


@router.get("/arriving/{arriving_id}/structures/{kind}")
def get_early_structure(row: Looked, kind: str, hub: HubNow) -> Response:
    """Packed mask of a preliminary organ on the grid that ``early.grid`` says; for looking at only."""
    mask = hub.arriving.early.mask(row.id, kind)
    if mask is None:
        raise not_found(f"structure {kind}")
    return Response(mask, media_type="application/octet-stream", headers=FRESH)


@router.post("/arriving/{arriving_id}/focus", status_code=204)
def post_focus(focus: Focus, row: Looked, hub: HubNow) -> Response:
    """Let the slices around this one come first."""
    series = _live(hub, row)
    slices = stacked(series)
    if focus.k >= len(slices):
        raise not_found(f"slice {focus.k}")
    place = slices[focus.k][0]
    hub.arriving.focus(series, place)
    return Response(status_code=204)


@router.post("/arriving/{arriving_id}/urgent")
def post_urgent(command: Command, row: Moved, hub: HubNow) -> Json:
    """Let the series go before every other of its gateway."""
    series = _live(hub, row)
    hub.arriving.hurry(row, series)
    return _shown(hub, row)


@router.post("/arriving/{arriving_id}/confirm")
def confirm_case(confirmation: Confirmation, row: Moved, request: Request, person: Who, hub: HubNow) -> Json:
    """Put a series into a case; whoever does it has compared both identities (hazard H2)."""
    if person.is_machine:
        raise HubProblem("forbidden", "患者身份须由人确认", "a person confirms an identity, no machine")
    access = require_case(request, hub, person, confirmation.case_id, Action.UPLOAD_IMAGES)
    if access.site_id != row.site_id:
        raise HubProblem("conflict", "病例属于另一家医院", "the case is another hospital's")
    if row.case_id and row.state != HELD:
        raise HubProblem("conflict", "该序列已归入病例", "the series is in a case already", where=row.case_id)
    if confirmation.expected.model_dump() != json.loads(row.facts)["patient"]:
        raise HubProblem(
            "conflict",
            "图像中的患者身份与所显示的不同，请重新核对",
            "the identity in the images is not the one that was shown",
            remedy="reload the page",
        )
    by = {"id": person.id, "name": person.name, "role": access.role.value}
    hub.arriving.confirm(row, confirmation.case_id, by)
    return _shown(hub, hub.arriving.store.series(row.id))


def _shown(hub: Hub, row: ArrivingSeriesRow) -> Json:
    return arrival_json(hub, hub.arriving.store, row, hub.arriving.shelf.by_id(row.id))


def _live(hub: Hub, row: ArrivingSeriesRow) -> ArrivingSeries:
    series: ArrivingSeries | None = hub.arriving.shelf.by_id(row.id)
    if series is None:
        raise not_found(f"series {row.id}")
    return series
