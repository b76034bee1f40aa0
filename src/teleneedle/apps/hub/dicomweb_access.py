"""Who asks over DICOMweb, and which stored instances they may see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import select

from teleneedle.adapters.sql.image_tables import SeriesRow
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import current_sign_in
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person

STUDY_UID, SERIES_UID, INSTANCE_UID = "0020000D", "0020000E", "00080018"


def dicomweb_person(request: Request, hub: Annotated[Hub, Depends(hub_of)]) -> Person:
    """A sign-in's cookie, or its token as ``Authorization: Bearer``, which no other page can send.

    Raises
    ------
    HubProblem
        sign-in-required, forbidden
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return current_sign_in(request, hub).person
    found = hub.identity.find(token.strip())
    if found is None:
        raise HubProblem("sign-in-required", "请先登录", "sign in first")
    request.state.person = found.person
    return found.person


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One stored instance: what a client may ask about it and where its bytes lie."""

    case_id: str
    originals: str
    start: int
    end: int
    facts: dict[str, Any]

    def uid(self, tag: str) -> str:
        """The UID in attribute `tag`."""
        return str((self.facts.get(tag, {}).get("Value") or [""])[0])

    def content(self, hub: Hub) -> bytes:
        """The instance's file."""
        with hub.imaging.objects.path(self.originals).open("rb") as source:
            source.seek(self.start)
            return bytes(source.read(self.end - self.start))


def visible(hub: Hub, person: Person, *, study: str = "", series: str = "") -> Iterator[Sequence[Kept]]:
    """Stored series that the person may see, instance by instance; UIDs narrow the search."""
    with hub.sessions() as session:
        rows = session.scalars(select(SeriesRow).order_by(SeriesRow.created_at.desc())).all()
    seen: set[tuple[str, str]] = set()
    for row in rows:
        about = json.loads(row.about)
        known = about.get("study", {})
        if (study and known.get("study_uid") != study) or (series and known.get("series_uid") != series):
            continue
        site_id = hub.cases.life.log.site_of(row.case_id)
        if "instances" not in about or not person.may(Action.READ_CASE, site_id=site_id):
            continue
        if (row.case_id, about["instances"]) in seen:
            continue
        seen.add((row.case_id, about["instances"]))
        found = [
            Kept(case_id=row.case_id, originals=about["originals"], **entry)
            for entry in json.loads(hub.imaging.objects.get(about["instances"]))
        ]
        if found:
            yield found


def find_instances(hub: Hub, person: Person, study: str, series: str = "", instance: str = "") -> list[Kept]:
    """The instances below a study, a series, or the one named; not-found when there are none."""
    found: dict[str, Kept] = {}
    for group in visible(hub, person, study=study, series=series):
        for kept in group:
            if not instance or kept.uid(INSTANCE_UID) == instance:
                found.setdefault(kept.uid(INSTANCE_UID), kept)
    if not found:
        raise not_found(f"{study} {series} {instance}".strip())
    return list(found.values())
