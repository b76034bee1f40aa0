"""Who may do what: roles, sites and the one table that grants; whatever is not granted is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is at a site."""

    EXPERT = "expert"
    MDT = "mdt"
    OPERATOR = "operator"
    TECHNOLOGIST = "technologist"
    OBSERVER = "observer"
    ADMIN = "admin"


class Action(StrEnum):
    """Everything that needs a grant."""

    READ_CASE = "case.read"
    REFER_CASE = "case.refer"
    RECORD_CONSENT = "consent.record"
    ANSWER_CHECKLIST = "checklist.answer"
    UPLOAD_IMAGES = "images.upload"
    EDIT_STRUCTURES = "structures.edit"
    EDIT_PLAN = "plan.edit"
    SUBMIT_PLAN = "plan.submit"
    GIVE_OPINION = "opinion.give"
    ANSWER_OBJECTION = "objection.answer"
    SIGN_AS_EXPERT = "plan.sign-expert"
    SIGN_AS_OPERATOR = "plan.sign-operator"
    RECORD_TREATMENT = "treatment.record"
    FILE_REPORT = "report.file"
    KEEP_TASKS = "tasks.keep"
    CLOSE_CASE = "case.close"
    ADMINISTER = "administer"


CENTRE_ROLES = frozenset({Role.EXPERT, Role.MDT})
"""Held at the centre; they see the cases of every hospital."""

MACHINE_ACTIONS = frozenset({Action.READ_CASE, Action.REFER_CASE, Action.UPLOAD_IMAGES})
"""All that a machine does, whatever its role: it moves images and reads; it decides and signs nothing."""

GRANTS: Mapping[Action, frozenset[Role]] = {
    Action.READ_CASE: frozenset({Role.EXPERT, Role.MDT, Role.OPERATOR, Role.TECHNOLOGIST}),
    Action.REFER_CASE: frozenset({Role.OPERATOR, Role.TECHNOLOGIST, Role.EXPERT}),
    Action.RECORD_CONSENT: frozenset({Role.OPERATOR}),
    Action.ANSWER_CHECKLIST: frozenset({Role.OPERATOR}),
    Action.UPLOAD_IMAGES: frozenset({Role.TECHNOLOGIST, Role.OPERATOR, Role.EXPERT}),
    Action.EDIT_STRUCTURES: frozenset({Role.EXPERT}),
    Action.EDIT_PLAN: frozenset({Role.EXPERT}),
    Action.SUBMIT_PLAN: frozenset({Role.EXPERT}),
    Action.GIVE_OPINION: frozenset({Role.MDT, Role.EXPERT}),
    Action.ANSWER_OBJECTION: frozenset({Role.EXPERT}),
    Action.SIGN_AS_EXPERT: frozenset({Role.EXPERT}),
    Action.SIGN_AS_OPERATOR: frozenset({Role.OPERATOR}),
    Action.RECORD_TREATMENT: frozenset({Role.OPERATOR}),
    Action.FILE_REPORT: frozenset({Role.EXPERT, Role.OPERATOR}),
    Action.KEEP_TASKS: frozenset({Role.EXPERT, Role.OPERATOR}),
    Action.CLOSE_CASE: frozenset({Role.EXPERT}),
    Action.ADMINISTER: frozenset({Role.ADMIN}),
}


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A role at a site."""

    site_id: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who has signed in, or a machine with a token."""

    id: str
    name: str
    memberships: tuple[Membership, ...]
    is_machine: bool = False

    def may(self, action: Action, *, site_id: str | None = None) -> bool:
        """Whether any membership grants `action` on something that belongs to `site_id`.

        Roles of the centre and the administrator reach every site; the others their own only.
        """
        return self.role_for(action, site_id=site_id) is not None

    def role_for(self, action: Action, *, site_id: str | None = None) -> Role | None:
        """The role by which `action` is granted; None when it is denied."""
        if self.is_machine and action not in MACHINE_ACTIONS:
            return None
        for membership in self.memberships:
            everywhere = membership.role in CENTRE_ROLES or membership.role is Role.ADMIN
            if membership.role in GRANTS[action] and (everywhere or membership.site_id == site_id):
                return membership.role
        return None
