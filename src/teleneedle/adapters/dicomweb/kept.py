"""Instances that the hub keeps, as DICOMweb and DICOM clients may ask for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.case_tables import CaseRecord
from teleneedle.adapters.sql.database import Sessions
from teleneedle.adapters.sql.image_store import all_about
from teleneedle.adapters.sql.image_tables import SeriesRow

PATIENT_ID, STUDY_UID, SERIES_UID, INSTANCE_UID = "00100020", "0020000D", "0020000E", "00080018"
MODALITY, SOP_CLASS, TRANSFER_SYNTAX = "00080060", "00080016", "00083002"
RELATED_SERIES, RELATED_INSTANCES, SERIES_INSTANCES = "00201206", "00201208", "00201209"


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

    def content(self, objects: ObjectStore) -> bytes:
        """The instance's file."""
        with objects.path(self.originals).open("rb") as source:
            source.seek(self.start)
            return bytes(source.read(self.end - self.start))


class KeptSeries:
    """Series with their instances; what has been read once is remembered, since it never changes."""

    def __init__(self, sessions: Sessions, objects: ObjectStore, *, remembered: int = 0) -> None:
        self._sessions = sessions
        self._objects = objects
        self._remembered = remembered
        self._known: dict[tuple[str, str], list[Kept]] = {}

    def visible(
        self, may_see: Callable[[str | None], bool], *, study: str = "", series: str = ""
    ) -> Iterator[Sequence[Kept]]:
        """Instances series by series, the newest first, of cases whose site `may_see` allows."""
        query = (
            select(SeriesRow, CaseRecord.site_id)
            .outerjoin(CaseRecord, CaseRecord.id == SeriesRow.case_id)
            .order_by(SeriesRow.created_at.desc())
        )
        with self._sessions() as session:
            rows = session.execute(query).all()
        seen: set[tuple[str, str]] = set()
        for row, site_id in rows:
            about = all_about(row)
            known = about.get("study", {})
            if (study and known.get("study_uid") != study) or (series and known.get("series_uid") != series):
                continue
            if "instances" not in about or not may_see(site_id):
                continue
            key = (row.case_id, about["instances"])
            if key in seen:
                continue
            seen.add(key)
            found = self._instances(row.case_id, about["originals"], about["instances"])
            if found:
                yield found

    def of_series(self, series_id: str) -> tuple[Sequence[Kept], str | None]:
        """Instances of one series and the site of its case."""
        query = (
            select(SeriesRow, CaseRecord.site_id)
            .outerjoin(CaseRecord, CaseRecord.id == SeriesRow.case_id)
            .where(SeriesRow.id == series_id)
        )
        with self._sessions() as session:
            found = session.execute(query).first()
        if found is None:
            return [], None
        about = all_about(found[0])
        if "instances" not in about:
            return [], found[1]
        return self._instances(found[0].case_id, about["originals"], about["instances"]), found[1]

    def _instances(self, case_id: str, originals: str, index: str) -> list[Kept]:
        key = (case_id, index)
        if key not in self._known:
            found = [
                Kept(case_id=case_id, originals=originals, **entry)
                for entry in json.loads(self._objects.get(index))
            ]
            if not self._remembered:
                return found
            while len(self._known) >= self._remembered:
                del self._known[next(iter(self._known))]
            self._known[key] = found
        return self._known[key]


def rows_of(groups: Iterable[Sequence[Kept]], key: str) -> Iterable[tuple[dict[str, Any], Sequence[Kept]]]:
    """Attributes of each patient, study, series or instance, with its counts, and its instances."""
    members_of: dict[str, list[Kept]] = {}
    for stored in groups:
        for kept in stored:
            members_of.setdefault(kept.uid(key), []).append(kept)
    for members in members_of.values():
        facts = dict(members[0].facts)
        count = len({m.uid(INSTANCE_UID) for m in members})
        if key == STUDY_UID:
            facts["00080061"] = {"vr": "CS", "Value": sorted({m.uid(MODALITY) for m in members})}
            facts[RELATED_SERIES] = {"vr": "IS", "Value": [len({m.uid(SERIES_UID) for m in members})]}
            facts[RELATED_INSTANCES] = {"vr": "IS", "Value": [count]}
        elif key == SERIES_UID:
            facts[SERIES_INSTANCES] = {"vr": "IS", "Value": [count]}
        facts["00080056"] = {"vr": "CS", "Value": ["ONLINE"]}
        yield facts, members
