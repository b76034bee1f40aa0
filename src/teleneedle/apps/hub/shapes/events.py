"""Commands and events of a case: one shape for each kind, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from teleneedle.apps.hub.shapes import bodies as b
from teleneedle.core.casefile.events import Event

KindT = TypeVar("KindT", bound=str)
BodyT = TypeVar("BodyT", bound=BaseModel)

CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]


def _name(parameters: tuple[Any, ...], what: str) -> str:
    words = parameters[0].__args__[0].replace("_", ".").split(".")
    return "".join(word.capitalize() for word in words) + what


class CommandOf(BaseModel, Generic[KindT, BodyT]):
    """A command: sent again with the same id, it gets the first answer and changes nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    command_id: CommandId
    expected_seq: int | None = None
    kind: KindT
    body: BodyT

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name in the OpenAPI document."""
        return _name(params, "Command")


class ActorShape(BaseModel):
    """Who did it, in which role."""

    id: str
    name: str
    role: str


class EventOf(BaseModel, Generic[KindT, BodyT]):
    """An event; its hash covers the one before."""

    model_config = ConfigDict(frozen=True)
    seq: int
    command_id: str
    actor: ActorShape
    at: AwareDatetime
    kind: KindT
    body: BodyT
    sha256: b.Sha256

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name in the OpenAPI document."""
        return _name(params, "Event")


CaseCommand = Annotated[
    CommandOf[Literal["consent.recorded"], b.ConsentRecorded]
    | CommandOf[Literal["checklist.answered"], b.ChecklistAnswered]
    | CommandOf[Literal["structure.reviewed"], b.StructureReviewed]
    | CommandOf[Literal["plan.submitted"], b.PlanSubmitted]
    | CommandOf[Literal["opinion.given"], b.OpinionGiven]
    | CommandOf[Literal["objection.answered"], b.ObjectionAnswered]
    | CommandOf[Literal["objection.withdrawn"], b.ObjectionWithdrawn]
    | CommandOf[Literal["plan.signed"], b.PlanSigned]
    | CommandOf[Literal["treatment.recorded"], b.TreatmentRecorded]
    | CommandOf[Literal["report.filed"], b.ReportFiled]
    | CommandOf[Literal["task.added"], b.TaskAdded]
    | CommandOf[Literal["task.done"], b.TaskDone]
    | CommandOf[Literal["case.closed"], b.CaseClosed],
    Field(discriminator="kind"),
]
"""Everything a person may append."""

EventShape = Annotated[
    EventOf[Literal["case.referred"], b.CaseReferred]
    | EventOf[Literal["series.added"], b.SeriesAdded]
    | EventOf[Literal["structure.proposed"], b.StructureChanged]
    | EventOf[Literal["structure.edited"], b.StructureChanged]
    | EventOf[Literal["structure.reviewed"], b.StructureReviewed]
    | EventOf[Literal["plan.proposed"], b.PlanMade]
    | EventOf[Literal["plan.edited"], b.PlanMade]
    | EventOf[Literal["plan.approved"], b.PlanApproved]
    | EventOf[Literal["consent.recorded"], b.ConsentRecorded]
    | EventOf[Literal["checklist.answered"], b.ChecklistAnswered]
    | EventOf[Literal["plan.submitted"], b.PlanSubmitted]
    | EventOf[Literal["opinion.given"], b.OpinionGiven]
    | EventOf[Literal["objection.answered"], b.ObjectionAnswered]
    | EventOf[Literal["objection.withdrawn"], b.ObjectionWithdrawn]
    | EventOf[Literal["plan.signed"], b.PlanSigned]
    | EventOf[Literal["treatment.recorded"], b.TreatmentRecorded]
    | EventOf[Literal["report.filed"], b.ReportFiled]
    | EventOf[Literal["task.added"], b.TaskAdded]
    | EventOf[Literal["task.done"], b.TaskDone]
    | EventOf[Literal["case.closed"], b.CaseClosed],
    Field(discriminator="kind"),
]
"""Everything a case's log holds."""


def event_json(event: Event) -> dict[str, Any]:
    """An event as it goes over the wire; the body exactly as its hash covers it."""
    return {
        "seq": event.seq,
        "command_id": event.command_id,
        "actor": {"id": event.actor.id, "name": event.actor.name, "role": event.actor.role},
        "at": event.at.isoformat(),
        "kind": event.kind,
        "body": dict(event.body),
        "sha256": event.sha256,
    }
