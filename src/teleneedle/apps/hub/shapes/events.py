"""Events of a case: one shape for each kind, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from teleneedle.apps.hub.shapes import bodies as b
from teleneedle.apps.hub.shapes.commands import BodyT, KindT
from teleneedle.core.casefile.events import Event


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


class CaseReferredEvent(EventOf[Literal["case.referred"], b.CaseReferred]):
    """A hospital opened the case."""


class SeriesAddedEvent(EventOf[Literal["series.added"], b.SeriesAdded]):
    """An image series was read."""


class StructureProposedEvent(EventOf[Literal["structure.proposed"], b.StructureChanged]):
    """An engine proposed a mask."""


class StructureEditedEvent(EventOf[Literal["structure.edited"], b.StructureChanged]):
    """A mask has a new version."""


class PlanProposedEvent(EventOf[Literal["plan.proposed"], b.PlanMade]):
    """A plan was proposed."""


class PlanEditedEvent(EventOf[Literal["plan.edited"], b.PlanMade]):
    """A plan has a new version."""


class PlanApprovedEvent(EventOf[Literal["plan.approved"], b.PlanApproved]):
    """Both have signed."""


class ConsentRecordedEvent(EventOf[Literal["consent.recorded"], b.ConsentRecorded]):
    """Consent was recorded."""


class ChecklistAnsweredEvent(EventOf[Literal["checklist.answered"], b.ChecklistAnswered]):
    """The checklist was answered."""


class StructureReviewedEvent(EventOf[Literal["structure.reviewed"], b.StructureReviewed]):
    """A mask was reviewed."""


class PlanSubmittedEvent(EventOf[Literal["plan.submitted"], b.PlanSubmitted]):
    """A plan went to the MDT."""


class OpinionGivenEvent(EventOf[Literal["opinion.given"], b.OpinionGiven]):
    """An opinion was given."""


class ObjectionAnsweredEvent(EventOf[Literal["objection.answered"], b.ObjectionAnswered]):
    """An objection was answered."""


class ObjectionWithdrawnEvent(EventOf[Literal["objection.withdrawn"], b.ObjectionWithdrawn]):
    """An objection was withdrawn."""


class PlanSignedEvent(EventOf[Literal["plan.signed"], b.PlanSigned]):
    """A plan was signed."""


class TreatmentRecordedEvent(EventOf[Literal["treatment.recorded"], b.TreatmentRecorded]):
    """The procedure was recorded."""


class ReportFiledEvent(EventOf[Literal["report.filed"], b.ReportFiled]):
    """A report was filed."""


class TaskAddedEvent(EventOf[Literal["task.added"], b.TaskAdded]):
    """A task was added."""


class TaskDoneEvent(EventOf[Literal["task.done"], b.TaskDone]):
    """A task was done."""


class CaseClosedEvent(EventOf[Literal["case.closed"], b.CaseClosed]):
    """The case was closed."""


EventShape = Annotated[
    CaseReferredEvent
    | SeriesAddedEvent
    | StructureProposedEvent
    | StructureEditedEvent
    | PlanProposedEvent
    | PlanEditedEvent
    | PlanApprovedEvent
    | ConsentRecordedEvent
    | ChecklistAnsweredEvent
    | StructureReviewedEvent
    | PlanSubmittedEvent
    | OpinionGivenEvent
    | ObjectionAnsweredEvent
    | ObjectionWithdrawnEvent
    | PlanSignedEvent
    | TreatmentRecordedEvent
    | ReportFiledEvent
    | TaskAddedEvent
    | TaskDoneEvent
    | CaseClosedEvent,
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
