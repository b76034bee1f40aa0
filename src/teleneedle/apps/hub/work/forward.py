"""Send a series or a plan's objects to a station; try again while the line or the station has trouble."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.uid import generate_uid

from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, SOP_CLASS, TRANSFER_SYNTAX, Kept
from teleneedle.adapters.dimse.outbound import outbound
from teleneedle.adapters.dimse.store_scu import StoreAssociation, proposals
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.jobs.runner import Later
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.audit_store import Access, AuditStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.adapters.sql.station_store import Station, StationStore
from teleneedle.apps.hub_dicom.settings import DicomSettings, calling_tls
from teleneedle.core.errors import StationError

TAKEN = frozenset({0x0000, 0xB000, 0xB006, 0xB007})
"""Success, and success with a warning (PS3.4 table B.2-1)."""
OUT_OF_RESOURCES = range(0xA700, 0xA800)
LEAST_WAIT_S, MOST_WAIT_S = 5.0, 600.0
GIVE_UP_H = 72


def forward_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Send what is left to send; what became of it, and why it stopped if it did."""
    job = JobFolder(Path(folder))
    station = Station(**{**payload["station"], "sites": None})
    objects = ObjectStore(payload["object_url"], Path(payload["hub_folder"]))
    wanted = _instances(payload, objects)
    sent, refused = list(payload["sent"]), dict[str, str]()
    left = [one for one in wanted if one.uid(INSTANCE_UID) not in set(sent)]
    outcome: dict[str, Any] = {
        "sent": sent,
        "refused": refused,
        "total": len(wanted),
        "stopped": "",
        "asked": False,
        "transaction_uid": payload["transaction_uid"],
        "missing": None,
    }
    tls = calling_tls(*payload["tls"])
    try:
        offer = proposals(wanted, asks_commitment=True)
        with StoreAssociation(station, own_aet=payload["own_aet"], wanted=offer, tls=tls) as line:
            for one in outbound(left, objects, line.accepted):
                job.progress("send", len(sent) / len(wanted))
                status = line.store(one) if one.dataset is not None else None
                if status in TAKEN:
                    sent.append(one.sop_uid)
                elif one.dataset is None:
                    refused[one.sop_uid] = one.why
                elif status is None or status in OUT_OF_RESOURCES:
                    outcome["stopped"] = "no answer" if status is None else f"status {status:04X}"
                    break
                else:
                    refused[one.sop_uid] = f"status {status:04X}"
            if sent and line.offers_commitment and not outcome["stopped"]:
                outcome["asked"] = _ask(line, wanted, sent, payload["transaction_uid"])
                outcome["missing"] = line.missing_by_report() if outcome["asked"] else None
    except StationError as error:
        outcome["stopped"] = error.what
    return outcome


def _ask(line: StoreAssociation, wanted: Sequence[Kept], sent: Sequence[str], transaction_uid: str) -> bool:
    references = [
        (one.uid(SOP_CLASS), one.uid(INSTANCE_UID)) for one in wanted if one.uid(INSTANCE_UID) in set(sent)
    ]
    return line.ask_commitment(references, transaction_uid)


def _instances(payload: Mapping[str, Any], objects: ObjectStore) -> list[Kept]:
    if "index" in payload:
        entries = json.loads(objects.get(payload["index"]))
        return [Kept(case_id="", originals=payload["originals"], **entry) for entry in entries]
    return [_own_object(sha256, objects) for sha256 in payload["objects"]]


def _own_object(sha256: str, objects: ObjectStore) -> Kept:
    path = objects.path(sha256)
    dataset = dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID", "SOPInstanceUID"])
    facts = {
        SOP_CLASS: {"vr": "UI", "Value": [str(dataset.SOPClassUID)]},
        INSTANCE_UID: {"vr": "UI", "Value": [str(dataset.SOPInstanceUID)]},
        TRANSFER_SYNTAX: {"vr": "UI", "Value": [str(dataset.file_meta.TransferSyntaxUID)]},
    }
    return Kept(case_id="", originals=sha256, start=0, end=path.stat().st_size, facts=facts)


@dataclass(frozen=True, kw_only=True)
class ForwardWork:
    """Job kind ``forward``."""

    stations: StationStore
    audit: AuditStore
    now: Callable[[], datetime]
    settings: DicomSettings
    images: ImageStore
    task: Callable[[dict[str, Any], str], dict[str, Any]] = forward_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """Who is sent what; the access is recorded before anything leaves.

        Raises
        ------
        StationError
            If the station is not registered any more, or may not see the site.
        """
        station = self._station(job)
        what = f"case/{job.case_id}"
        access = Access(
            person_id=station.id,
            person_name=f"AE {station.ae_title}",
            action=f"DICOM forward of {job.payload['what']}",
            object=what,
            outcome="done",
            address=station.host[:64],
        )
        self.audit.record(access, at=self.now())
        facts = {name: value for name, value in asdict(station).items() if name != "sites"}
        settings = self.settings
        payload = {
            **job.payload,
            "station": facts,
            "own_aet": settings.ae_title,
            "tls": [settings.certificate, settings.key, settings.callers_ca],
            "object_url": settings.object_url,
            "hub_folder": settings.folder,
            "sent": list((job.result or {}).get("sent", [])),
            "transaction_uid": str(generate_uid(prefix=None)),
        }
        if "series_id" in job.payload:
            found = self.images.series(job.payload["series_id"])
            if found is None:
                raise StationError("the series is no longer there", remedy="nothing has to be done")
            payload |= {"originals": found[1]["originals"], "index": found[1]["instances"]}
        self.stations.ask_commitment(
            payload["transaction_uid"], station_id=station.id, job_id=job.id, instances=0
        )
        return payload

    def _station(self, job: Job) -> Station:
        station = self.stations.get(job.payload["station_id"])
        if station is None:
            raise StationError(
                "the station is no longer registered", remedy="register it again, or remove the rule"
            )
        return station

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """Nothing but progress comes."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """What was sent; later again while the station has trouble.

        Raises
        ------
        Later
            The longer it has lasted, the longer the wait: a quarter of its age.
        StationError
            If instances were refused, or the station took nothing for three days.
        """
        self.stations.settle_commitment(job.id, len(outcome["sent"]) if outcome["asked"] else 0)
        if outcome["missing"] is not None:
            self.stations.answer_commitment(
                outcome["transaction_uid"], station_id=job.payload["station_id"], missing=outcome["missing"]
            )
        if outcome["stopped"]:
            age_s = (self.now() - job.created_at).total_seconds()
            if age_s < GIVE_UP_H * 3600:
                so_far = {"sent": outcome["sent"], "total": outcome["total"], "trouble": outcome["stopped"]}
                raise Later(min(max(age_s / 4, LEAST_WAIT_S), MOST_WAIT_S), so_far)
            raise StationError(
                f"the station took nothing for {GIVE_UP_H} h",
                where=outcome["stopped"],
                remedy="look at the station's log; send again once it is put right",
            )
        if outcome["refused"]:
            reasons = sorted(set(outcome["refused"].values()))
            raise StationError(
                f"the station refused {len(outcome['refused'])} of {outcome['total']} instances: "
                + ", ".join(reasons),
                remedy="look at the station's log; send again once it is put right",
            )
        return {
            "sent": len(outcome["sent"]),
            "total": outcome["total"],
            "commitment": "asked" if outcome["asked"] else "not offered",
        }
