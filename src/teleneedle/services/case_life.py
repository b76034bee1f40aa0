"""The life of a case: refer, append, list; every new event is told to whoever watches."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from teleneedle.core.access import GRANTS, Action, Person
from teleneedle.core.case import Patient
from teleneedle.core.casefile.commands import decide, decide_referral
from teleneedle.core.casefile.events import HUB, Actor, Body, Event, digest
from teleneedle.core.casefile.hub_events import decide_hub_event
from teleneedle.core.casefile.state import CaseFile
from teleneedle.core.errors import InputError
from teleneedle.ports.case_log import Appended, CaseFilter, CaseLog, CasePage, Command

CASE_NAMESPACE = uuid.UUID("8d2f6b1e-0c55-5f0a-9a53-5f8e2b7c4d10")
"""A case id follows from who referred and by which command: a repeated referral opens no second case."""

Tell = Callable[[Event], None]


def tell_nobody(_event: Event) -> None:
    """For where nobody watches."""


@dataclass(frozen=True, kw_only=True)
class CaseLife:
    """What can be done with cases.

    Parameters
    ----------
    log : CaseLog
    now : callable
        The clock.
    tell : callable
        Called with each new event after its transaction is committed.
    """

    log: CaseLog
    now: Callable[[], datetime]
    tell: Tell = field(default=tell_nobody)

    def refer(
        self,
        *,
        command_id: str,
        site_id: str,
        site_name: str,
        patient: Patient,
        modality: str,
        indication: str,
        by: Person,
    ) -> Appended:
        """Open a case at a hospital; the same command again answers the same case.

        Raises
        ------
        NotAllowedError, InputError, ConflictError
        """
        drafts = decide_referral(
            site_id=site_id,
            site_name=site_name,
            patient={
                "id": patient.id,
                "name": patient.name,
                "sex": patient.sex,
                "birth_date": patient.birth_date,
            },
            modality=modality,
            indication=indication,
            by=by,
        )
        content = {k: v for k, v in drafts[0].body.items() if k != "site_name"}
        case_id = str(uuid.uuid5(CASE_NAMESPACE, f"{by.id}/{command_id}"))
        command = self._command(command_id, "case.referred", content, by.id, None)
        return self._told(self.log.create(case_id, command, drafts))

    def append(
        self,
        case_id: str,
        *,
        command_id: str,
        kind: str,
        body: Body,
        by: Person,
        expected_seq: int | None = None,
    ) -> Appended:
        """Carry out a person's command on a case, exactly once.

        Raises
        ------
        LookupError
            If there is no such case.
        TeleneedleError
            As `decide` does; ConflictError if events followed `expected_seq`.
        """
        command = self._command(command_id, kind, body, by.id, expected_seq)
        at = command.at
        return self._told(
            self.log.append(case_id, command, lambda case: decide(case, kind, body, by=by, at=at))
        )

    def append_system(
        self,
        case_id: str,
        *,
        command_id: str,
        kind: str,
        body: Body,
        by: Actor = HUB,
        expected_seq: int | None = None,
        within: Any = None,
    ) -> Appended:
        """Append what the hub made; `within` an open transaction of the log's store, nobody is told yet.

        After that transaction is committed, hand the answer to `announce`.
        """
        command = self._command(command_id, kind, body, by.id, expected_seq)
        done = self.log.append(
            case_id, command, lambda case: decide_hub_event(case, kind, body, by=by), within=within
        )
        return done if within is not None else self._told(done)

    def announce(self, done: Appended) -> None:
        """Tell whoever watches, unless it was a repetition."""
        if not done.is_replay:
            for event in done.events:
                self.tell(event)

    def load(self, case_id: str) -> CaseFile:
        """The case now.

        Raises
        ------
        LookupError
        """
        case = self.log.load(case_id)
        if case is None:
            raise LookupError(case_id)
        return case

    def list(
        self,
        person: Person,
        *,
        state: str | None = None,
        site_id: str | None = None,
        patient_key: str | None = None,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """Cases that a person sees, the one that changed last first."""
        chosen = CaseFilter(
            sites=visible_sites(person), site_id=site_id, state=state, patient_key=patient_key, text=text
        )
        if chosen.sites is not None and not chosen.sites:
            return CasePage(items=(), next=None)
        return self.log.list(chosen, cursor=cursor, limit=limit)

    def _command(
        self, command_id: str, kind: str, body: Body, person_id: str, expected_seq: int | None
    ) -> Command:
        if not command_id or "#" in command_id:
            raise InputError("a command id is not empty and has no '#'", where=command_id)
        return Command(
            id=command_id,
            fingerprint=digest([kind, body, person_id]),
            at=self.now(),
            expected_seq=expected_seq,
        )

    def _told(self, done: Appended) -> Appended:
        self.announce(done)
        return done


def visible_sites(person: Person) -> frozenset[str] | None:
    """Hospitals whose cases a person sees; None when all of them."""
    if person.may(Action.READ_CASE):
        return None
    return frozenset(m.site_id for m in person.memberships if m.role in GRANTS[Action.READ_CASE])
