"""Planning on the hub: structures proposed, plans proposed and evaluated, versions, files, access maps."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from teleneedle.adapters.sql.image_tables import PlanRow
from teleneedle.adapters.sql.job_store import Orderer
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import CaseAccess, case_access, current_person, require_case
from teleneedle.apps.hub.plan_diff import diff_plans
from teleneedle.apps.hub.problems import not_found
from teleneedle.apps.hub.routes.series import container
from teleneedle.apps.hub.work.propose import COMPARED
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api", tags=["plans"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
Planner = Annotated[CaseAccess, Depends(case_access(Action.EDIT_PLAN))]
Millimetres = Annotated[float, Field(ge=-5000, le=5000)]
Point = tuple[Millimetres, Millimetres, Millimetres]
Id = Annotated[str, Field(min_length=1, max_length=200)]
TYPES = {
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".dcm": "application/dicom",
    ".stl": "model/stl",
    ".3mf": "model/3mf",
    ".gz": "application/gzip",
}


class Segmentation(BaseModel):
    """Structures to be proposed."""

    command_id: Id
    series_id: Id
    target_box: tuple[Millimetres, Millimetres, Millimetres, Millimetres, Millimetres, Millimetres] | None = (
        None
    )
    target_name: str | None = Field(default=None, pattern=r"^tumour[0-9]{1,2}$")
    only: list[Annotated[str, Field(max_length=40)]] | None = Field(default=None, max_length=40)


class Proposal(BaseModel):
    """A plan to be proposed."""

    command_id: Id
    series_id: Id
    device_id: Id
    margin_mm: float = Field(default=5.0, ge=0, le=20)
    needles: int | None = Field(default=None, ge=1, le=12)
    target: str | None = Field(default=None, max_length=64)
    accept_unreviewed: bool = False
    accept_unverified_device: bool = False
    label: str = Field(default="", max_length=200)


class NeedleIn(BaseModel):
    """A needle as it was dragged."""

    id: str = Field(pattern=r"^N[0-9]{1,2}$")
    entry_lps: Point
    tip_lps: Point


class ApplicationIn(BaseModel):
    """One delivery of energy on a needle."""

    needle: str = Field(pattern=r"^N[0-9]{1,2}$")
    tip_back_mm: float = Field(default=0.0, ge=0, le=300)
    power_w: float = Field(gt=0, le=500)
    time_s: float = Field(gt=0, le=7200)


class EvaluationIn(BaseModel):
    """An edited plan to be measured."""

    command_id: Id
    base_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    label: str = Field(default="", max_length=200)
    needles: list[NeedleIn] = Field(min_length=1, max_length=12)
    applications: list[ApplicationIn] = Field(min_length=1, max_length=60)


class AccessMapIn(BaseModel):
    """A map of the skin to be made."""

    command_id: Id
    series_id: Id
    device_id: Id
    target: str | None = Field(default=None, max_length=64)


def _submit(hub: Hub, access: CaseAccess, kind: str, command_id: str, payload: dict[str, Any]) -> Any:
    series_id = payload.get("series_id")
    if series_id is not None and hub.imaging.series(series_id)[0].case_id != access.case_id:
        raise not_found(f"series {series_id}")
    job = hub.jobs.submit(
        case_id=access.case_id,
        command_id=f"{kind}/{command_id}",
        kind=kind,
        payload=payload,
        by=Orderer(person_id=access.person.id, name=access.person.name, role=access.role.value),
    )
    return job.as_json()


@router.post("/cases/{case_id}/segmentations", status_code=202)
def order_segmentation(
    order: Segmentation,
    access: Annotated[CaseAccess, Depends(case_access(Action.EDIT_STRUCTURES))],
    hub: HubNow,
) -> dict[str, Any]:
    """Have structures proposed; each appears in the case as soon as it is there."""
    payload = order.model_dump(exclude={"command_id"})
    return dict(_submit(hub, access, "segmentation", order.command_id, payload))


@router.post("/cases/{case_id}/proposals", status_code=202)
def order_proposal(order: Proposal, access: Planner, hub: HubNow) -> dict[str, Any]:
    """Have a plan proposed."""
    if order.device_id not in hub.devices.known():
        raise not_found(f"device {order.device_id}")
    payload = order.model_dump(exclude={"command_id"})
    return dict(_submit(hub, access, "proposal", order.command_id, payload))


@router.post("/cases/{case_id}/evaluations", status_code=202)
def order_evaluation(order: EvaluationIn, access: Planner, hub: HubNow) -> dict[str, Any]:
    """Have an edited plan measured; it becomes a new version."""
    base = hub.imaging.images.plan(order.base_sha256)
    if base is None or base.case_id != access.case_id:
        raise not_found(f"plan {order.base_sha256[:16]}")
    payload = {
        "base_sha256": order.base_sha256,
        "label": order.label,
        "edit": order.model_dump(include={"needles", "applications"}),
    }
    return dict(_submit(hub, access, "evaluation", order.command_id, payload))


@router.post("/cases/{case_id}/access-maps", status_code=202)
def order_access_map(order: AccessMapIn, access: Planner, hub: HubNow) -> dict[str, Any]:
    """Have the skin mapped."""
    payload = order.model_dump(exclude={"command_id"})
    return dict(_submit(hub, access, "access-map", order.command_id, payload))


@router.get("/cases/{case_id}/access-maps/{sha256}")
def get_access_map(
    sha256: str,
    request: Request,
    access: Annotated[CaseAccess, Depends(case_access(Action.READ_CASE))],
    hub: HubNow,
) -> Response:
    """Skin points with the slack over the tightest rule."""
    if hub.imaging.images.derived(f"access/{access.case_id}/{sha256}") is None:
        raise not_found(f"access map {sha256[:16]}")
    return container(request, hub.imaging.objects.get(sha256), sha256)


def plan_shown(row: PlanRow) -> dict[str, Any]:
    """A version of a plan as the interface shows it."""
    summary = json.loads(row.summary)
    return {
        "plan_sha256": row.plan_sha256,
        "version": row.version,
        "parent_sha256": row.parent_sha256 or None,
        "kind": row.kind,
        "label": row.label,
        "created": row.created_at.isoformat(),
        "author": row.author,
        "device_id": summary["device_id"],
        "margin_mm": summary["margin_mm"],
        "series_id": summary["series_id"],
        "checks": summary["checks"],
        "failed_checks": summary["failed_checks"],
        "plan_id": summary["plan_id"],
        "summary": {key: summary[key] for key in COMPARED},
    }


@router.get("/cases/{case_id}/plans", dependencies=[Depends(case_access(Action.READ_CASE))])
def list_plans(case_id: str, hub: HubNow) -> list[dict[str, Any]]:
    """Versions, newest first."""
    return [plan_shown(row) for row in hub.imaging.images.plans(case_id)]


def _plan(request: Request, hub: Hub, person: Person, sha256: str) -> tuple[PlanRow, dict[str, str]]:
    row = hub.imaging.images.plan(sha256)
    if row is None:
        raise not_found(f"plan {sha256[:16]}")
    require_case(request, hub, person, row.case_id, Action.READ_CASE)
    return row, json.loads(row.files)


@router.get("/plans/{sha256}")
def get_plan(sha256: str, request: Request, person: Who, hub: HubNow) -> Response:
    """plan.json, byte for byte as it was signed."""
    _, files = _plan(request, hub, person, sha256)
    return Response(hub.imaging.objects.get(files["plan.json"]), media_type="application/json")


@router.get("/plans/{sha256}/files")
def list_files(sha256: str, request: Request, person: Who, hub: HubNow) -> list[str]:
    """Names of the plan folder."""
    return sorted(_plan(request, hub, person, sha256)[1])


@router.get("/plans/{sha256}/files/{path:path}")
def get_file(sha256: str, path: str, request: Request, person: Who, hub: HubNow) -> FileResponse:
    """One file of the plan folder: books, DICOM, masks, template."""
    row, files = _plan(request, hub, person, sha256)
    if path not in files:
        raise not_found(path)
    kind = next(
        (value for suffix, value in TYPES.items() if path.endswith(suffix)), "application/octet-stream"
    )
    name = f"{json.loads(row.summary)['plan_id']}-v{row.version}-{path.rsplit('/', 1)[-1]}"
    shown = "inline" if kind == "application/pdf" else "attachment"
    return FileResponse(
        hub.imaging.objects.path(files[path]),
        media_type=kind,
        headers={"Content-Disposition": f'{shown}; filename="{name}"', "Cache-Control": "private, no-cache"},
    )


@router.get("/plans/{sha256}/template")
def get_template(sha256: str, request: Request, person: Who, hub: HubNow) -> Response:
    """Mesh of the puncture template."""
    _, files = _plan(request, hub, person, sha256)
    if "print/template.tnb1" not in files:
        raise not_found("print/template.tnb1")
    return container(request, hub.imaging.objects.get(files["print/template.tnb1"]), f"{sha256}-template")


@router.get("/plans/{sha256}/results")
def list_results(sha256: str, request: Request, person: Who, hub: HubNow) -> list[dict[str, Any]]:
    """What engines computed for a version: fields, curves and histograms, without their arrays."""
    row, _ = _plan(request, hub, person, sha256)
    return list(hub.results.listed(row.plan_sha256))


@router.get("/plans/{sha256}/results/{result}")
def get_result(sha256: str, result: str, request: Request, person: Who, hub: HubNow) -> Response:
    """One result with its arrays."""
    row, _ = _plan(request, hub, person, sha256)
    return container(request, hub.results.content(row.plan_sha256, result), result)


@router.get("/plans/{sha256}/diff/{other}")
def get_diff(sha256: str, other: str, request: Request, person: Who, hub: HubNow) -> list[dict[str, Any]]:
    """What differs between two versions, in words."""
    row, files = _plan(request, hub, person, sha256)
    other_row, other_files = _plan(request, hub, person, other)
    if row.case_id != other_row.case_id:
        raise not_found(f"plan {other[:16]}")
    read = hub.imaging.objects.get
    return diff_plans(json.loads(read(files["plan.json"])), json.loads(read(other_files["plan.json"])))
