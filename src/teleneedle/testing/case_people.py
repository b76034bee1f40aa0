"""People, hashes and the shortest way through a case's life, for tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from teleneedle.core.access import Membership, Person, Role
from teleneedle.core.case import Patient
from teleneedle.ports.case_log import Appended, CaseLog
from teleneedle.services.case_life import CaseLife, Tell, tell_nobody

CENTRE, HOSPITAL, OTHER_HOSPITAL = "centre", "hospital-a", "hospital-b"


def person(name: str, role: Role, site_id: str) -> Person:
    """Somebody with one role."""
    return Person(id=name, name=name, memberships=(Membership(site_id=site_id, role=role),))


EXPERT = person("expert", Role.EXPERT, CENTRE)
SECOND_EXPERT = person("second-expert", Role.EXPERT, CENTRE)
MDT = person("mdt", Role.MDT, CENTRE)
OPERATOR = person("operator", Role.OPERATOR, HOSPITAL)
STRANGER = person("stranger", Role.OPERATOR, OTHER_HOSPITAL)
TECHNOLOGIST = person("technologist", Role.TECHNOLOGIST, HOSPITAL)
PATIENT = Patient(id="P-001", name="王^测试", sex="M", birth_date="1960-02-03")


def sha(text: str) -> str:
    """A hash that stands for something in a test."""
    return hashlib.sha256(text.encode()).hexdigest()


def ticking(start: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)) -> Any:
    """A clock that goes on by one second at each look."""
    ticks = count()
    return lambda: start + timedelta(seconds=next(ticks))


class Story:
    """One case told step by step; each step sends a command with an id of its own unless one is given."""

    def __init__(self, log: CaseLog, *, name: str = "story", tell: Tell = tell_nobody) -> None:
        self.life = CaseLife(log=log, now=ticking(), tell=tell)
        self.name = name
        self._ids = count()
        self.case_id = self.refer().case.id

    def next_id(self) -> str:
        """A command id that was not used yet."""
        return f"{self.name}-{next(self._ids)}"

    def refer(self) -> Appended:
        """Open the case; told again, it opens no second one."""
        return self.life.refer(
            command_id=f"{self.name}-refer",
            site_id=HOSPITAL,
            site_name="County A",
            patient=PATIENT,
            modality="MWA",
            indication="HCC 23 mm, segment VIII",
            by=OPERATOR,
        )

    def send(self, kind: str, body: dict[str, Any], by: Person, **more: Any) -> Appended:
        """A person's command."""
        command_id = more.pop("command_id", None) or self.next_id()
        return self.life.append(self.case_id, command_id=command_id, kind=kind, body=body, by=by, **more)

    def hub(self, kind: str, body: dict[str, Any], command_id: str | None = None) -> Appended:
        """What the hub appends."""
        return self.life.append_system(
            self.case_id, command_id=command_id or self.next_id(), kind=kind, body=body
        )

    def papers(self) -> None:
        """Consent and checklist."""
        self.send("consent.recorded", {"signed_on": "2026-01-04", "document_note": "paper"}, OPERATOR)
        self.send("checklist.answered", {"answers": {"inr": 1.1, "pacemaker": False}}, OPERATOR)

    def images(self, *, is_reviewed: bool = True) -> None:
        """A series, liver and tumour, reviewed."""
        self.hub("series.added", {"id": "series-1", "sha256": sha("series"), "is_primary": True})
        for name in ("liver", "tumour"):
            self.hub("structure.proposed", {"name": name, "sha256": sha(name), "kind": name})
            if is_reviewed:
                self.send("structure.reviewed", {"name": name, "sha256": sha(name), "note": ""}, EXPERT)

    def plan(self, name: str = "plan", *, failed: tuple[str, ...] = (), **structures: str) -> str:
        """A plan on the current masks; its hash."""
        current = {s.name: s.sha256 for s in self.life.load(self.case_id).structures.values()}
        self.hub(
            "plan.proposed",
            {
                "plan_sha256": sha(name),
                "structures": {**current, **structures},
                "series_sha256": sha("series"),
                "failed_checks": list(failed),
            },
        )
        return sha(name)

    def submitted(self, name: str = "plan") -> str:
        """Everything up to a plan that waits for signatures; its hash."""
        self.papers()
        self.images()
        plan = self.plan(name)
        self.send("plan.submitted", {"plan_sha256": plan}, EXPERT)
        return plan

    def sign(self, plan: str, by: Person, **more: Any) -> Appended:
        """A signature on what was read."""
        return self.send("plan.signed", {"plan_sha256": plan, "plan_hash_read": plan}, by, **more)
