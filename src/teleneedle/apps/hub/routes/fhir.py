"""HL7 FHIR R4, read only, at ``/fhir``: the same sign-in and permissions as everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from teleneedle import __version__
from teleneedle.adapters.fhir.resources import RESOURCES
from teleneedle.adapters.fhir.search import make_search, searchset
from teleneedle.adapters.fhir.statements import capability_statement, operation_outcome
from teleneedle.apps.hub.casework import Casework, casework_of
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.fhir_walk import Place, Walk, read_place
from teleneedle.apps.hub.identity import audit, current_person, require_case
from teleneedle.apps.hub.problems import STATUS, not_found
from teleneedle.core.access import Action, Person
from teleneedle.core.errors import TeleneedleError

PAGE = 200
Kind = Literal[
    "Patient", "ImagingStudy", "ServiceRequest", "CarePlan", "DiagnosticReport", "DocumentReference"
]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class FhirResponse(JSONResponse):
    """A resource."""

    media_type = "application/fhir+json"


class FhirRoute(APIRoute):
    """A route whose errors are OperationOutcome resources."""

    def get_route_handler(self) -> Handler:
        """The handler, with its errors told as FHIR tells them."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except TeleneedleError as error:
                return _outcome(STATUS.get(error.code, 422), error.what, error.where)
            except RequestValidationError as error:
                first = error.errors()[0]
                return _outcome(400, str(first.get("msg", "")), "/".join(map(str, first.get("loc", ()))))
            except HTTPException as error:
                return _outcome(error.status_code, str(error.detail))

        return handled


def _outcome(status: int, text: str, where: str = "") -> FhirResponse:
    return FhirResponse(operation_outcome(status, text, diagnostics=where), status_code=status)


router = APIRouter(prefix="/fhir", tags=["fhir"], route_class=FhirRoute)

Who = Annotated[Person, Depends(current_person)]
OfHub = Annotated[Hub, Depends(hub_of)]
Work = Annotated[Casework, Depends(casework_of)]
Parameter = Annotated[str, Query(max_length=500)]


@router.get("/metadata", response_class=FhirResponse)
def get_metadata(request: Request, hub: OfHub) -> FhirResponse:
    """What this server can do; needs no sign-in."""
    statement = capability_statement(base=_base(request), version=__version__, started=hub.now())
    return FhirResponse(statement)


@router.get("/{kind}", response_class=FhirResponse)
def search_resources(
    kind: Kind,
    request: Request,
    person: Who,
    hub: OfHub,
    work: Work,
    ids: Annotated[str, Query(alias="_id", max_length=500)] = "",
    patient: Parameter = "",
    identifier: Parameter = "",
    status: Parameter = "",
    count: Annotated[int, Query(alias="_count", ge=0, le=PAGE)] = 50,
    cursor: Annotated[str, Query(alias="_cursor", max_length=500)] = "",
) -> FhirResponse:
    """Resources of the cases that you may see."""
    search = make_search(kind, ids=ids, patient=patient, identifier=identifier, status=status)
    walk = Walk(life=work.life, person=person, search=search, resources=RESOURCES[kind])
    page, following = walk.page(count, read_place(cursor)) if count else ([], None)
    audit(request, hub, person, "GET /fhir/{kind}", f"fhir/{kind} {search.parameters()}", "done")
    bundle = searchset(_base(request), search, page, count=count, here=cursor, following=str(following or ""))
    return FhirResponse(bundle)


@router.get("/{kind}/{logical_id}", response_class=FhirResponse)
def read_resource(
    kind: Kind, logical_id: str, request: Request, person: Who, hub: OfHub, work: Work
) -> FhirResponse:
    """One resource by its id."""
    if kind == "Patient":
        walk = Walk(
            life=work.life,
            person=person,
            search=make_search(kind, ids=logical_id),
            resources=RESOURCES[kind],
        )
        found, _ = walk.page(1, Place())
        audit(request, hub, person, "GET /fhir/Patient", f"patient/{logical_id}", _outcome_of(found))
    else:
        case_id = logical_id.split(".")[0]
        require_case(request, hub, person, case_id, Action.READ_CASE)
        found = [r for r in RESOURCES[kind](work.life.load(case_id)) if r["id"] == logical_id]
    if not found:
        raise not_found(f"{kind}/{logical_id}")
    return FhirResponse(found[0], headers={"ETag": f'W/"{found[0]["meta"]["versionId"]}"'})


def _outcome_of(found: list[Any]) -> str:
    return "done" if found else "refused"


@router.get("/{rest:path}", response_class=FhirResponse, include_in_schema=False)
def refuse_the_rest(rest: str) -> FhirResponse:
    """Nothing else is served."""
    return _outcome(404, "this server does not have that", rest)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/fhir"
