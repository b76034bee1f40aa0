"""Commands that a person may append to a case: one shape for each kind, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from teleneedle.apps.hub.shapes import bodies as b

KindT = TypeVar("KindT", bound=str)
BodyT = TypeVar("BodyT", bound=BaseModel)

CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]


class CommandOf(BaseModel, Generic[KindT, BodyT]):
    """A command: sent again with the same id, it gets the first answer and changes nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    command_id: CommandId
    expected_seq: int | None = None
    kind: KindT
    body: BodyT


class ConsentRecordedCommand(CommandOf[Literal["consent.recorded"], b.ConsentRecorded]):
    """Record the patient's consent."""


class ChecklistAnsweredCommand(CommandOf[Literal["checklist.answered"], b.ChecklistAnswered]):
    """Answer the checklist."""


class StructureReviewedCommand(CommandOf[Literal["structure.reviewed"], b.StructureReviewed]):
    """Review the current version of a mask."""


class PlanSubmittedCommand(CommandOf[Literal["plan.submitted"], b.PlanSubmitted]):
    """Submit a plan to the MDT."""


class OpinionGivenCommand(CommandOf[Literal["opinion.given"], b.OpinionGiven]):
    """Give an opinion."""


class ObjectionAnsweredCommand(CommandOf[Literal["objection.answered"], b.ObjectionAnswered]):
    """Answer an objection."""


class ObjectionWithdrawnCommand(CommandOf[Literal["objection.withdrawn"], b.ObjectionWithdrawn]):
    """Withdraw one's objection."""


class PlanSignedCommand(CommandOf[Literal["plan.signed"], b.PlanSigned]):
    """Sign a plan."""


class TreatmentRecordedCommand(CommandOf[Literal["treatment.recorded"], b.TreatmentRecorded]):
    """Record the procedure."""


class ReportFiledCommand(CommandOf[Literal["report.filed"], b.ReportFiled]):
    """File a report."""


class TaskAddedCommand(CommandOf[Literal["task.added"], b.TaskAdded]):
    """Add a task."""


class TaskDoneCommand(CommandOf[Literal["task.done"], b.TaskDone]):
    """A task is done."""


class CaseClosedCommand(CommandOf[Literal["case.closed"], b.CaseClosed]):
    """Close the case."""


CaseCommand = Annotated[
    ConsentRecordedCommand
    | ChecklistAnsweredCommand
    | StructureReviewedCommand
    | PlanSubmittedCommand
    | OpinionGivenCommand
    | ObjectionAnsweredCommand
    | ObjectionWithdrawnCommand
    | PlanSignedCommand
    | TreatmentRecordedCommand
    | ReportFiledCommand
    | TaskAddedCommand
    | TaskDoneCommand
    | CaseClosedCommand,
    Field(discriminator="kind"),
]
"""Everything a person may append."""
