"""Cases behind a FHIR search, page after page: work is bounded, and a page says where the next begins."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from teleneedle.adapters.fhir.datatypes import Json
from teleneedle.adapters.fhir.search import Search
from teleneedle.core.access import Action, Person
from teleneedle.core.casefile.state import CaseFile, patient_key
from teleneedle.core.errors import InputError
from teleneedle.services.case_life import CaseLife

BATCH = 50
MAX_CASES = 100
"""Cases read for one page; a page that finds little in them is short, and its ``next`` link goes on."""
Resources = Callable[[CaseFile], Iterator[Json]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a walk is: the patient searched for, the list's cursor, the last case, resources given of it."""

    key: int = 0
    cursor: str = ""
    after: str = ""
    given: int = 0

    def __str__(self) -> str:
        text = json.dumps([self.key, self.cursor, self.after, self.given])
        return urlsafe_b64encode(text.encode()).decode()


def read_place(text: str) -> Place:
    """The place that a ``next`` link names.

    Raises
    ------
    InputError
    """
    if not text:
        return Place()
    try:
        key, cursor, after, given = json.loads(urlsafe_b64decode(text.encode()))
        return Place(key=int(key), cursor=str(cursor), after=str(after), given=max(int(given), 0))
    except (ValueError, TypeError) as error:
        raise InputError("the cursor is not one of ours", where="_cursor") from error


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One search by one person."""

    life: CaseLife
    person: Person
    search: Search
    resources: Resources

    def page(self, count: int, start: Place) -> tuple[list[Json], Place | None]:
        """At most `count` resources from `start` on, and where the next page begins; None at the end."""
        found: list[Json] = []
        if self.search.ids and self.search.kind != "Patient":
            return self._named(count, start)
        for looked_at, (case, place) in enumerate(self._cases(start), 1):
            fitting = [r for r in self.resources(case) if self._fits(case, r)]
            skip = start.given if case.id == start.after else 0
            room = count - len(found)
            found += fitting[skip : skip + room]
            if len(fitting) - skip > room:
                return found, replace(place, given=skip + room)
            if len(found) == count or looked_at == MAX_CASES:
                return found, replace(place, given=len(fitting))
        return found, None

    def _named(self, count: int, start: Place) -> tuple[list[Json], Place | None]:
        """Resources whose ids are given: their cases are read and no other."""
        found: list[Json] = []
        for case_id in dict.fromkeys(logical_id.split(".")[0] for logical_id in self.search.ids):
            site_id = self.life.log.site_of(case_id)
            if site_id is not None and self.person.may(Action.READ_CASE, site_id=site_id):
                case = self.life.load(case_id)
                found += [r for r in self.resources(case) if self._fits(case, r)]
        page = found[start.given : start.given + count]
        end = start.given + len(page)
        return page, Place(given=end) if end < len(found) and page else None

    def _fits(self, case: CaseFile, resource: Json) -> bool:
        return self.search.fits(resource) and (self.search.kind != "Patient" or self._is_newest(case))

    def _is_newest(self, case: CaseFile) -> bool:
        """A patient with two cases is one Patient, as the newest case has it."""
        key = patient_key(case.site_id, case.patient.id)
        newest = self.life.list(self.person, patient_key=key, limit=1).items
        return bool(newest) and newest[0].id == case.id

    def _cases(self, start: Place) -> Iterator[tuple[CaseFile, Place]]:
        """Visible cases that can hold what is looked for, from `start` on, each with the place behind it.

        The case at which `start` stopped comes again; `given` says what was given of it. Where it has
        changed meanwhile and stands elsewhere in the list, its batch begins anew: twice rather than never.
        """
        keys = self._keys()
        for number in range(start.key, len(keys)):
            cursor = start.cursor if number == start.key else ""
            while True:
                page = self.life.list(
                    self.person,
                    patient_key=keys[number],
                    text=self._text(),
                    cursor=cursor or None,
                    limit=BATCH,
                )
                ids = [row.id for row in page.items]
                is_start = number == start.key and cursor == start.cursor and start.after in ids
                for case_id in ids[ids.index(start.after) :] if is_start else ids:
                    yield self.life.load(case_id), Place(key=number, cursor=cursor, after=case_id)
                if page.next is None:
                    break
                cursor = page.next

    def _keys(self) -> tuple[str | None, ...]:
        if self.search.kind == "Patient":
            return self.search.ids or (None,)
        return tuple(p.partition("/")[2] for p in self.search.patients) or (None,)

    def _text(self) -> str:
        """What the list of cases can be narrowed by: the one identifier of a patient."""
        if self.search.kind != "Patient" or len(self.search.identifiers) != 1:
            return ""
        return self.search.identifiers[0].rpartition("|")[2]
