"""What a case is after its events; nothing here changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from teleneedle.core.case import Answer, Patient
from teleneedle.core.casefile.events import GENESIS, Actor, Body, digest


def patient_key(site_id: str, patient_id: str) -> str:
    """One key for every case of one patient at one hospital; it tells neither."""
    return digest([site_id, patient_id])[:40]


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The patient's consent as the hospital recorded it."""

    signed_on: str
    document_note: str
    recorded_by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The pre-operative checklist as answered last."""

    answers: Mapping[str, Answer]
    answered_by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Series:
    """An image series of the case; `facts` is what the reader said of it."""

    id: str
    sha256: str
    is_primary: bool
    facts: Body
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Review:
    """An expert's review of exactly one version of a mask."""

    sha256: str
    reviewer: Actor
    note: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Structure:
    """The current version of a structure and its last review."""

    name: str
    sha256: str
    version: int
    facts: Body
    review: Review | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether the review is of the current version."""
        return self.review is not None and self.review.sha256 == self.sha256


@dataclass(frozen=True, kw_only=True)
class PlanVersion:
    """One immutable version of a plan.

    Parameters
    ----------
    structures : mapping
        Hash of every mask the plan was made on, by structure name.
    failed_checks : tuple of str
        Rules of the check list that the plan does not meet.
    answers : mapping or None
        The checklist as it stood when the plan was checked.
    """

    plan_sha256: str
    seq: int
    version: int
    structures: Mapping[str, str]
    series_sha256: str
    failed_checks: tuple[str, ...]
    answers: Mapping[str, Answer] | None
    facts: Body
    author: Actor
    at: datetime
    submitted_by: Actor | None = None
    submitted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a member of the MDT says about a plan."""

    seq: int
    plan_sha256: str
    person: Actor
    verdict: str
    text: str
    at: datetime
    answer: str | None = None
    answered_by: Actor | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open_objection(self) -> bool:
        """Whether it still blocks signing."""
        return self.verdict == "object" and self.answered_at is None and self.withdrawn_at is None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature on a plan."""

    seq: int
    plan_sha256: str
    role: str
    person: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Both signatures, bound to the hashes of plan, structures and series."""

    seq: int
    plan_sha256: str
    binding_sha256: str
    at: datetime
    superseded_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """What the hospital recorded of the procedure."""

    treated_at: str
    note: str
    plan_sha256: str | None
    recorded_by: Actor
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Report:
    """A filed report; `is_after_treatment` tells whether it closes the procedure."""

    seq: int
    title: str
    text: str
    author: Actor
    at: datetime
    is_after_treatment: bool


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to be done for the patient, such as a follow-up CT."""

    id: str
    text: str
    due: str | None
    added_by: Actor
    done_by: Actor | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case after event `seq`."""

    id: str
    site_id: str
    site_name: str
    patient: Patient
    modality: str
    indication: str
    created_at: datetime
    updated_at: datetime
    seq: int = 0
    last_sha256: str = GENESIS
    consent: Consent | None = None
    checklist: Answers | None = None
    series: tuple[Series, ...] = ()
    structures: Mapping[str, Structure] = field(default_factory=dict)
    plans: Mapping[str, PlanVersion] = field(default_factory=dict)
    opinions: tuple[Opinion, ...] = ()
    signatures: tuple[Signature, ...] = ()
    approvals: tuple[Approval, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    reports: tuple[Report, ...] = ()
    tasks: Mapping[str, Task] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def approval(self) -> Approval | None:
        """The approval in force."""
        return self.approvals[-1] if self.approvals else None

    def approval_of(self, plan_sha256: str) -> Approval | None:
        """The approval of one plan, in force or superseded."""
        return next((a for a in self.approvals if a.plan_sha256 == plan_sha256), None)

    def signature_of(self, plan_sha256: str, role: str) -> Signature | None:
        """The signature a role has put on a plan."""
        return next((s for s in self.signatures if (s.plan_sha256, s.role) == (plan_sha256, role)), None)

    def open_objections(self, plan_sha256: str) -> tuple[Opinion, ...]:
        """Objections to a plan that nobody has answered and nobody withdrew."""
        return tuple(o for o in self.opinions if o.plan_sha256 == plan_sha256 and o.is_open_objection)
