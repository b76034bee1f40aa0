"""Routes of the life of a case."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from teleneedle.apps.hub.case_view import case_json
from teleneedle.apps.hub.casework import Casework, casework_of
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.event_stream import case_stream
from teleneedle.apps.hub.identity import audit, case_access, current_person, find_person
from teleneedle.apps.hub.shapes.cases import (
    Appended,
    CaseList,
    CaseShape,
    EventList,
    Referral,
    Stage,
    Whereabouts,
)
from teleneedle.apps.hub.shapes.commands import CaseCommand
from teleneedle.apps.hub.shapes.events import event_json
from teleneedle.core.access import Action, Person
from teleneedle.core.case import Patient

router = APIRouter(prefix="/api/cases", tags=["cases"])

OfHub = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
Work = Annotated[Casework, Depends(casework_of)]
MOST_EVENTS = 2**31 - 1
READS = [Depends(case_access(Action.READ_CASE))]


@router.get("", response_model=CaseList)
def list_cases(
    request: Request,
    person: Who,
    hub: OfHub,
    work: Work,
    state: Stage | None = None,
    site_id: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JSONResponse:
    """Cases that you may see, the one that changed last first."""
    page = work.life.list(person, state=state, site_id=site_id, text=q, cursor=cursor, limit=limit)
    audit(request, hub, person, "GET /api/cases", f"cases state={state or ''} q={q}", "done")
    return JSONResponse({"items": [dict(row.summary) for row in page.items], "next": page.next})


@router.post("", status_code=201, response_model=CaseShape)
def refer_case(referral: Referral, request: Request, person: Who, hub: OfHub, work: Work) -> JSONResponse:
    """Open a case at a hospital."""
    done = work.life.refer(
        command_id=referral.command_id,
        site_id=referral.site_id,
        site_name=work.site_name(referral.site_id),
        patient=Patient(**referral.patient.model_dump()),
        modality=referral.modality,
        indication=referral.indication,
        by=person,
    )
    audit(request, hub, person, "POST /api/cases", f"case/{done.case.id}", "done")
    return JSONResponse(case_json(done.case), status_code=201)


@router.get("/{case_id}", dependencies=READS, response_model=CaseShape)
def get_case(case_id: str, work: Work) -> JSONResponse:
    """The case now."""
    return JSONResponse(case_json(work.life.load(case_id)))


@router.get("/{case_id}/events", dependencies=READS, response_model=EventList)
def get_events(
    case_id: str, work: Work, after: Annotated[int, Query(ge=0, le=MOST_EVENTS)] = 0
) -> JSONResponse:
    """What happened after event `after`."""
    events = work.life.log.events_after(case_id, after)
    return JSONResponse({"events": [event_json(event) for event in events]})


@router.post("/{case_id}/events", dependencies=READS, response_model=Appended)
def append_event(case_id: str, command: CaseCommand, person: Who, hub: OfHub, work: Work) -> JSONResponse:
    """Append one event; the same command again gets the first answer."""
    body: dict[str, Any] = command.body.model_dump(mode="json")
    done = work.life.append(
        case_id,
        command_id=command.command_id,
        kind=command.kind,
        body=body,
        by=person,
        expected_seq=command.expected_seq,
    )
    return JSONResponse({"event": event_json(done.events[0]), "case": case_json(done.case)})


@router.get(
    "/{case_id}/stream",
    dependencies=READS,
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def stream_case(
    case_id: str,
    request: Request,
    hub: OfHub,
    work: Work,
    after: Annotated[int | None, Query(ge=0, le=MOST_EVENTS)] = None,
    last_event_id: Annotated[int | None, Header(ge=0, le=MOST_EVENTS)] = None,
) -> StreamingResponse:
    """What happens from now on; after event `after` (or ``Last-Event-ID``) when one is given."""

    def may_watch() -> bool:
        found = find_person(request, hub)
        site_id = work.life.log.site_of(case_id)
        return found is not None and found.may(Action.READ_CASE, site_id=site_id)

    chunks = case_stream(
        case_id,
        after=last_event_id if last_event_id is not None else after,
        broadcaster=work.broadcaster,
        presence=work.presence,
        events_after=work.life.log.events_after,
        may_watch=may_watch,
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(chunks, media_type="text/event-stream", headers=headers)


@router.post("/{case_id}/presence", status_code=204, dependencies=READS)
def be_present(case_id: str, here: Whereabouts, person: Who, work: Work) -> Response:
    """Say what you are looking at; it is forgotten after 20 s."""
    present = work.presence.seen(case_id, person, here.where)
    work.broadcaster.publish(case_id, "presence", present)
    return Response(status_code=204)
