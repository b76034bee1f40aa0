"""A case led through its life over HTTP."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from httpx import Response

from teleneedle.apps.hub.casework import Casework
from teleneedle.apps.testing.hub_world import HubWorld

Json = dict[str, Any]


def sha(text: str) -> str:
    """A hash that stands for something in a test."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class CaseStory:
    """One case of a hub."""

    world: HubWorld
    case_id: str
    hospital: str = "a"

    @property
    def work(self) -> Casework:
        """What the hub's own jobs append with."""
        found: Casework = self.world.hub.cases
        return found

    def post(self, who: str, kind: str, body: Json, **more: Any) -> Response:
        """Somebody's command."""
        command = {"command_id": str(uuid.uuid4()), "kind": kind, "body": body, **more}
        answer: Response = self.world.as_(who).post(f"/api/cases/{self.case_id}/events", json=command)
        return answer

    def send(self, who: str, kind: str, body: Json, **more: Any) -> Json:
        """Somebody's command, which must be accepted."""
        answer = self.post(who, kind, body, **more)
        if answer.status_code != 200:
            raise AssertionError(f"{kind}: {answer.status_code} {answer.text}")
        return dict(answer.json())

    def hub(self, kind: str, body: Json) -> None:
        """What a job appends."""
        self.work.life.append_system(self.case_id, command_id=str(uuid.uuid4()), kind=kind, body=body)

    def case(self, who: str = "expert") -> Json:
        """The case as somebody sees it."""
        return dict(self.world.as_(who).get(f"/api/cases/{self.case_id}").json())

    def papers(self) -> None:
        """Consent and checklist."""
        operator = f"operator-{self.hospital}"
        self.send(operator, "consent.recorded", {"signed_on": "2026-01-04", "document_note": "paper"})
        self.send(operator, "checklist.answered", {"answers": {"inr": 1.1, "pacemaker": False, "n": 2}})

    def images(self) -> None:
        """A series and two reviewed structures."""
        self.hub(
            "series.added",
            {
                "id": f"series-{self.case_id[:8]}",
                "sha256": sha("series"),
                "description": "venous",
                "study_uid": "1.2.826.0.1.3680043.10.1",
                "series_uid": "1.2.826.0.1.3680043.10.1.1",
                "study_date": "20260103",
                "shape": [40, 512, 512],
            },
        )
        for name in ("liver", "tumour"):
            self.hub("structure.proposed", {"name": name, "kind": name, "sha256": sha(name)})
            self.send("expert", "structure.reviewed", {"name": name, "sha256": sha(name)})

    def plan(self, name: str = "plan", *, failed: tuple[str, ...] = ()) -> str:
        """A submitted plan, with the checks that it failed; its hash."""
        plan = sha(name + self.case_id)
        self.hub(
            "plan.proposed",
            {
                "plan_sha256": plan,
                "structures": {n: sha(n) for n in ("liver", "tumour")},
                "series_sha256": sha("series"),
                "failed_checks": list(failed),
            },
        )
        self.send("expert", "plan.submitted", {"plan_sha256": plan})
        return plan

    def sign(self, who: str, plan: str, **more: Any) -> Json:
        """A signature."""
        return self.send(who, "plan.signed", {"plan_sha256": plan, "plan_hash_read": plan}, **more)

    def approved(self) -> str:
        """Everything up to both signatures; the plan's hash."""
        self.papers()
        self.images()
        plan = self.plan()
        self.sign("expert", plan)
        self.sign(f"operator-{self.hospital}", plan)
        return plan


def make_story(world: HubWorld, hospital: str = "a", **patient: str) -> CaseStory:
    """A new case of a hospital."""
    return CaseStory(world=world, case_id=world.refer(hospital, **patient)["id"], hospital=hospital)
