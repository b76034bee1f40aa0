"""Instances that a DICOMweb client stores: looked at in the decoder child, sorted into cases, answered."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request

from teleneedle.adapters.decoding.child import decode, understood_answer
from teleneedle.adapters.dicomweb.multipart import split_related
from teleneedle.adapters.dicomweb.stored import Outcome, Reason
from teleneedle.adapters.sql.job_store import Orderer
from teleneedle.apps.hub.arrivals import Arriving
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.identity import require_case
from teleneedle.apps.hub.problems import HubProblem
from teleneedle.apps.hub.work.import_ct import require_same_patient
from teleneedle.core.access import CENTRE_ROLES, GRANTS, Action, Person
from teleneedle.core.casefile.state import CaseFile, patient_key
from teleneedle.core.errors import PatientMismatchError

MAX_BODY_BYTES = 2 << 30
"""Of one request; a sender with more sends it in several."""
Facts = Mapping[str, Any]


@contextmanager
def body_place(hub: Hub) -> Iterator[Path]:
    """Where a request's body lies while it is worked on; gone afterwards, whatever happens."""
    folder = hub.folder / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / uuid.uuid4().hex
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)


def require_stow_type(request: Request) -> None:
    """Refuse what is no plain ``multipart/related`` of DICOM files, or is too large, before reading it.

    Raises
    ------
    HubProblem
        unsupported-media, too-large
    """
    kind = request.headers.get("content-type", "").lower()
    is_plain = request.headers.get("content-encoding", "identity") == "identity"
    if not kind.startswith("multipart/related") or "application/dicom+" in kind or not is_plain:
        raise HubProblem(
            "unsupported-media",
            '只接受 multipart/related; type="application/dicom"',
            'send multipart/related; type="application/dicom"',
            where="Content-Type",
        )
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        raise _too_large()


async def receive_body(body: AsyncIterator[bytes], place: Path) -> None:
    """Write the body to `place`, no more than the limit."""
    with place.open("xb") as out:
        async for chunk in body:
            out.write(chunk)
            if out.tell() > MAX_BODY_BYTES:
                raise _too_large()


def _too_large() -> HubProblem:
    return HubProblem(
        "too-large",
        "一次发送的内容过大",
        "the request is too large",
        where=f"{MAX_BODY_BYTES >> 30} GiB",
        remedy="send fewer instances at a time",
    )


@dataclass(kw_only=True)
class Storing:
    """One store request.

    Parameters
    ----------
    case_id : str
        The case named in the address; empty when each instance finds its own.
    study : str
        Study Instance UID named in the address, or empty.
    """

    hub: Hub
    request: Request
    person: Person
    case_id: str = ""
    study: str = ""
    _found: dict[str, str] = field(default_factory=dict)
    _loaded: dict[str, CaseFile] = field(default_factory=dict)

    def store(self, body: Path, content_type: str) -> list[Outcome]:
        """Keep what can be kept; what became of each instance, in their order.

        Raises
        ------
        TeleneedleError
            If the body is not multipart, is cut off, or brings the decoder down.
        """
        parts = split_related(body, content_type)
        answer = decode({"task": "instances", "path": str(body), "parts": parts}).fields
        with understood_answer():
            listed: list[Facts] = list(answer["instances"])
            placed = [self._place(facts) for facts in listed]
            groups: dict[tuple[str, str], list[int]] = {}
            for n, place in enumerate(placed):
                if isinstance(place, str):
                    groups.setdefault((place, str(listed[n]["series_uid"])), []).append(n)
        outcomes = {n: place for n, place in enumerate(placed) if isinstance(place, Outcome)}
        for (case_id, series_uid), members in groups.items():
            instances = [
                Arriving(sop_uid=listed[n]["sop_uid"], source=body, start=parts[n][0], end=parts[n][1])
                for n in members
            ]
            kept = self.hub.arrivals.keep(case_id, series_uid, instances, self._orderer(case_id))
            for n, is_kept in zip(members, kept, strict=True):
                outcomes[n] = _outcome(listed[n]) if is_kept else _refused(listed[n], *DUPLICATE)
        return [outcomes[n] for n in range(len(listed))]

    def _place(self, facts: Facts) -> str | Outcome:
        """The case that an instance belongs to, or why it is refused."""
        fault = facts.get("fault")
        if fault:
            return _refused(facts, Reason.NOT_UNDERSTOOD, f"无法读取 {fault['what']}")
        if not facts["is_ct"]:
            return _refused(facts, *NOT_CT)
        if self.study and facts["study_uid"] != self.study:
            return _refused(facts, *OTHER_STUDY)
        case = self._case_for(str(facts["patient"]["id"]))
        if case is None:
            return _refused(facts, *NO_CASE)
        if case.closed_at is not None:
            return _refused(facts, *CLOSED)
        try:
            require_same_patient(case.patient, facts["patient"])
        except PatientMismatchError as error:
            return _refused(
                facts, Reason.PROCESSING, f"患者不符 another patient than the case's: {error.where}"
            )
        return case.id

    def _case_for(self, patient_id: str) -> CaseFile | None:
        """The case named in the address, or the patient's own."""
        if not self.case_id and patient_id not in self._found:
            self._found[patient_id] = self._case_of(patient_id)
        case_id = self.case_id or self._found[patient_id]
        if case_id and case_id not in self._loaded:
            self._loaded[case_id] = self.hub.cases.life.load(case_id)
        return self._loaded.get(case_id)

    def _case_of(self, patient_id: str) -> str:
        """The one open case of a patient at the sender's hospitals; empty when there is none, or several."""
        if not patient_id:
            return ""
        found = []
        for site_id in hospitals_of(self.person):
            page = self.hub.cases.life.list(
                self.person, site_id=site_id, patient_key=patient_key(site_id, patient_id)
            )
            found += [row.id for row in page.items if row.state != "closed"]
        if len(found) != 1:
            return ""
        require_case(self.request, self.hub, self.person, found[0], Action.UPLOAD_IMAGES)
        return str(found[0])

    def _orderer(self, case_id: str) -> Orderer:
        site_id = self.hub.cases.life.log.site_of(case_id)
        role = self.person.role_for(Action.UPLOAD_IMAGES, site_id=site_id)
        return Orderer(person_id=self.person.id, name=self.person.name, role=role.value if role else "")


NOT_CT = (Reason.CLASS_NOT_SUPPORTED, "不是 CT this is not CT")
OTHER_STUDY = (Reason.DOES_NOT_MATCH, "检查号与地址不符 another study than the address names")
NO_CASE = (Reason.PROCESSING, "没有唯一的未结病例 no single open case of this patient")
CLOSED = (Reason.PROCESSING, "病例已结束 the case is closed")
DUPLICATE = (Reason.DUPLICATE, "同号内容不同 another instance has this UID")


def hospitals_of(person: Person) -> Sequence[str]:
    """Sites to whose patients' cases a person may add images without naming the case."""
    roles = GRANTS[Action.UPLOAD_IMAGES] - CENTRE_ROLES
    return sorted({m.site_id for m in person.memberships if m.role in roles})


def _outcome(facts: Facts, **more: Any) -> Outcome:
    return Outcome(
        sop_class=str(facts.get("sop_class", "")),
        sop_uid=str(facts.get("sop_uid", "")),
        study_uid=str(facts.get("study_uid", "")),
        series_uid=str(facts.get("series_uid", "")),
        **more,
    )


def _refused(facts: Facts, reason: Reason, comment: str) -> Outcome:
    return _outcome(facts, reason=reason, comment=comment)
