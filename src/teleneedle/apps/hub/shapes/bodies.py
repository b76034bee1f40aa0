"""Bodies of the events of a case, by kind."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Answer = bool | int | float | Annotated[str, StringConstraints(max_length=2000)] | None


class Body(BaseModel):
    """What a person sends; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HubBody(BaseModel):
    """What the hub appends; further facts are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)


class ConsentRecorded(Body):
    """The patient has signed; the paper stays at the hospital."""

    signed_on: date
    document_note: Text = ""


class ChecklistAnswered(Body):
    """All answers of the pre-operative checklist, by question."""

    answers: Annotated[dict[Line, Answer], Field(min_length=1, max_length=200)]


class StructureReviewed(Body):
    """A review binds the mask that was looked at."""

    name: Line
    sha256: Sha256
    note: Text = ""


class PlanSubmitted(Body):
    """A plan goes to the MDT."""

    plan_sha256: Sha256


class OpinionGiven(Body):
    """What a member of the MDT says about a plan."""

    plan_sha256: Sha256
    verdict: Literal["agree", "agree_with_changes", "object"]
    text: Text = ""


class ObjectionAnswered(Body):
    """The answer to an objection, named by the event it was given in."""

    opinion_seq: int
    text: Text


class ObjectionWithdrawn(Body):
    """The author takes an objection back."""

    opinion_seq: int


class PlanSigned(Body):
    """A signature; `plan_hash_read` is the hash of the plan as it was read."""

    plan_sha256: Sha256
    plan_hash_read: Sha256


class TreatmentRecorded(Body):
    """The procedure took place."""

    at: AwareDatetime
    note: Text = ""


class ReportFiled(Body):
    """A report in words."""

    title: Line
    text: Text


class TaskAdded(Body):
    """Something to be done for the patient; the sender makes up the id."""

    id: Line
    text: Line
    due: date | None = None


class TaskDone(Body):
    """A task is done."""

    id: Line


class CaseClosed(Body):
    """Nothing more is appended."""

    note: Text = ""


class PatientIdentity(BaseModel):
    """Who the patient is, as the hospital has it."""

    id: Line
    name: Line
    sex: Annotated[str, StringConstraints(pattern=r"^[MFO]?$")] = ""
    birth_date: Annotated[str, StringConstraints(pattern=r"^(\d{4}-?\d{2}-?\d{2})?$")] = ""


class CaseReferred(HubBody):
    """A hospital opens a case."""

    site_id: str
    site_name: str
    patient: dict[str, str]
    modality: str
    indication: str


class SeriesAdded(HubBody):
    """An image series was read."""

    id: str
    sha256: Sha256
    is_primary: bool = True


class StructureChanged(HubBody):
    """A mask was proposed or edited."""

    name: str
    sha256: Sha256


class PlanMade(HubBody):
    """A version of a plan, and the masks and series it was made on."""

    plan_sha256: Sha256
    structures: dict[str, Sha256]
    series_sha256: Sha256
    failed_checks: list[str] = []


class PlanApproved(HubBody):
    """Both have signed; the binding covers plan, structures and series."""

    plan_sha256: Sha256
    structures: dict[str, Sha256]
    series_sha256: Sha256
    binding_sha256: Sha256
