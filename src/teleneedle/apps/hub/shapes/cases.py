"""A case as the web app sees it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from teleneedle.apps.hub.shapes import bodies as b
from teleneedle.apps.hub.shapes.commands import CommandId
from teleneedle.apps.hub.shapes.events import ActorShape, EventShape

Stage = Literal[
    "referred", "imaging", "structures", "planning", "mdt", "approved", "treated", "follow_up", "closed"
]


class Bilingual(BaseModel):
    """The same in Chinese and in English."""

    zh: str
    en: str


class SiteRef(BaseModel):
    """The hospital that owns the case."""

    id: str
    name: str


class PatientShape(BaseModel):
    """Who the patient is."""

    id: str
    name: str
    sex: str
    birth_date: str


class Referral(BaseModel):
    """What opens a case."""

    model_config = ConfigDict(extra="forbid")
    command_id: CommandId
    site_id: str
    patient: b.PatientIdentity
    modality: b.Line
    indication: b.Text = ""


class CaseSummary(BaseModel):
    """A case in a list."""

    id: str
    state: Stage
    patient: PatientShape
    site: SiteRef
    modality: str
    indication: str
    updated_at: AwareDatetime
    seq: int
    next_action: Bilingual


class CaseList(BaseModel):
    """One page; `next` is the cursor of the following one."""

    items: list[CaseSummary]
    next: str | None


class ConsentState(BaseModel):
    """The consent recorded last."""

    signed_on: str
    document_note: str
    recorded_by: ActorShape
    at: AwareDatetime


class ChecklistState(BaseModel):
    """The answers given last."""

    answers: dict[str, b.Answer]
    answered_by: ActorShape
    at: AwareDatetime


class SeriesState(BaseModel):
    """An image series, with what the reader said of it."""

    model_config = ConfigDict(extra="allow")
    id: str
    description: str = ""
    is_primary: bool
    sha256: str


class StructureState(BaseModel):
    """The current version of a structure."""

    model_config = ConfigDict(extra="allow")
    name: str
    kind: str = ""
    label: Bilingual
    colour: str = ""
    sha256: str
    version: int
    volume_ml: float | None = None
    engine: str = ""
    state: Literal["proposed", "reviewed"]
    reviewer: str
    reviewed_at: AwareDatetime | None
    gate: Any = None
    reasons: list[Any] = []


class BlockShape(BaseModel):
    """One reason why a plan may not be signed yet."""

    code: str
    zh: str
    en: str


class PlanState(BaseModel):
    """One version of a plan and where it stands."""

    model_config = ConfigDict(extra="allow")
    plan_sha256: str
    version: int
    parent_sha256: str | None = None
    kind: str = "auto"
    label: str = ""
    created: AwareDatetime
    author: str
    summary: dict[str, Any] = {}
    device_id: str = ""
    margin_mm: float | None = None
    checks: dict[str, int] = {}
    structures: dict[str, str]
    series_sha256: str
    state: Literal["draft", "submitted", "approved", "superseded"]
    submitted_at: AwareDatetime | None
    blocked_by: list[BlockShape]


class OpinionState(BaseModel):
    """An opinion and what became of it; `is_open` while it blocks signing."""

    seq: int
    plan_sha256: str
    person: ActorShape
    verdict: Literal["agree", "agree_with_changes", "object"]
    text: str
    at: AwareDatetime
    answer: str | None
    answered_by: ActorShape | None
    answered_at: AwareDatetime | None
    withdrawn_at: AwareDatetime | None
    is_open: bool


class SignatureState(BaseModel):
    """A signature."""

    plan_sha256: str
    role: str
    person: ActorShape
    at: AwareDatetime


class ApprovalState(BaseModel):
    """The approval in force."""

    plan_sha256: str
    binding_sha256: str
    at: AwareDatetime


class TreatmentState(BaseModel):
    """A recorded procedure."""

    treated_at: str
    note: str
    plan_sha256: str | None
    recorded_by: ActorShape
    at: AwareDatetime


class ReportState(BaseModel):
    """A filed report."""

    seq: int
    title: str
    text: str
    author: ActorShape
    at: AwareDatetime


class TaskState(BaseModel):
    """Something to be done."""

    id: str
    text: str
    due: str | None
    done_at: AwareDatetime | None


class CaseShape(CaseSummary):
    """Everything about a case."""

    consent: ConsentState | None
    checklist: ChecklistState | None
    series: list[SeriesState]
    structures: list[StructureState]
    plans: list[PlanState]
    opinions: list[OpinionState]
    signatures: list[SignatureState]
    approval: ApprovalState | None
    treatments: list[TreatmentState]
    reports: list[ReportState]
    tasks: list[TaskState]


class EventList(BaseModel):
    """Events in order."""

    events: list[EventShape]


class Appended(BaseModel):
    """The answer to a command: its event and the case right after it."""

    event: EventShape
    case: CaseShape


class Whereabouts(BaseModel):
    """What somebody is looking at."""

    model_config = ConfigDict(extra="forbid")
    where: Annotated[str, StringConstraints(max_length=200)]
