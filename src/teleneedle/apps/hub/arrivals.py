"""Instances that machines send one by one or in bundles: gathered by series, read once it is quiet.

A sender does not say when a series is complete. Its import job exists from the first instance on and waits;
it starts when nothing came for a while, or when the hub starts anew. Instances that come later make a fuller
series out of everything that is there.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Orderer
from teleneedle.apps.hub.uploads import GATHERED, Uploads

PREAMBLE = 128
"""Bytes of a file that the hub does not keep."""


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """One instance: its SOP Instance UID and where its bytes lie in a file."""

    sop_uid: str
    source: Path
    start: int
    end: int

    def content(self) -> bytes:
        """Its bytes."""
        with self.source.open("rb") as source:
            source.seek(self.start)
            return source.read(self.end - self.start)


@dataclass(kw_only=True)
class _Gathering:
    upload_id: str
    job_id: str
    digests: dict[str, str] = field(default_factory=dict)
    timer: threading.Timer | None = None


class Arrivals:
    """Series on their way into cases.

    Parameters
    ----------
    quiet_s : float
        A series is read when no instance of it came for this time.
    """

    def __init__(
        self, *, uploads: Uploads, images: ImageStore, objects: ObjectStore, jobs: JobRunner, quiet_s: float
    ) -> None:
        self._uploads = uploads
        self._images = images
        self._objects = objects
        self._jobs = jobs
        self._quiet_s = quiet_s
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], _Gathering] = {}

    def keep(self, case_id: str, series_uid: str, instances: Sequence[Arriving], by: Orderer) -> list[bool]:
        """Keep instances of one series; they are on the disk when this returns.

        Returns
        -------
        list of bool
            Whether each is kept; False where another instance of its UID is there.
        """
        with self._lock:
            gathering = self._gathering(case_id, series_uid)
            wanted = {one.sop_uid for one in instances}
            known = gathering.digests if gathering else self._digests_before(case_id, series_uid, wanted)
            new: dict[str, tuple[str, Arriving]] = {}
            kept = []
            for one in instances:
                digest = _digest(one)
                seen = known.get(one.sop_uid) or new.get(one.sop_uid, ("", one))[0]
                kept.append(seen in ("", digest))
                if not seen:
                    new[one.sop_uid] = digest, one
            if new:
                self._add(case_id, series_uid, new, by)
            return kept

    def close(self) -> None:
        """Wait no longer; what was gathered is read at the next start."""
        with self._lock:
            for gathering in self._open.values():
                if gathering.timer is not None:
                    gathering.timer.cancel()
            self._open.clear()

    def _add(self, case_id: str, series_uid: str, new: dict[str, tuple[str, Arriving]], by: Orderer) -> None:
        coming = [one for _, one in new.values()]
        gathering = self._gathering(case_id, series_uid)
        if gathering is None or not self._put(gathering.upload_id, coming):
            gathering = self._begin(case_id, series_uid, coming, by)
        gathering.digests |= {uid: digest for uid, (digest, _) in new.items()}
        if gathering.timer is not None:
            gathering.timer.cancel()
        gathering.timer = threading.Timer(self._quiet_s, self._read, (case_id, series_uid, gathering.job_id))
        gathering.timer.daemon = True
        gathering.timer.start()

    def _begin(self, case_id: str, series_uid: str, coming: Sequence[Arriving], by: Orderer) -> _Gathering:
        """A new gathering that also holds what came before, whether it is part of a series yet or not."""
        before = self._before(case_id, series_uid)
        upload_id = self._uploads.gather(case_id, f"{_prefix(series_uid)}{uuid.uuid4()}")
        self._put(upload_id, [*before.values(), *coming])
        job = self._jobs.submit(
            case_id=case_id,
            command_id=f"import/{upload_id}",
            kind="import",
            payload={"upload_id": upload_id, "then_segment": True},
            by=by,
            is_waiting=True,
        )
        digests = {uid: _digest(one) for uid, one in before.items()}
        gathering = _Gathering(upload_id=upload_id, job_id=job.id, digests=digests)
        self._open[case_id, series_uid] = gathering
        return gathering

    def _put(self, upload_id: str, instances: Sequence[Arriving]) -> bool:
        return self._uploads.add(upload_id, [(one.sop_uid, one.content) for one in instances])

    def _gathering(self, case_id: str, series_uid: str) -> _Gathering | None:
        found = self._open.get((case_id, series_uid))
        job = self._jobs.store.get(found.job_id) if found else None
        return found if job is not None and job.state == "queued" else None

    def _digests_before(self, case_id: str, series_uid: str, wanted: set[str]) -> dict[str, str]:
        before = self._before(case_id, series_uid)
        return {uid: _digest(one) for uid, one in before.items() if uid in wanted}

    def _before(self, case_id: str, series_uid: str) -> dict[str, Arriving]:
        """Instances of the series that the case holds or that wait to be read."""
        found = {}
        for sop_uid, path in self._uploads.gathered(case_id, _prefix(series_uid)):
            found[sop_uid] = Arriving(sop_uid=sop_uid, source=path, start=0, end=path.stat().st_size)
        for about in self._images.abouts(case_id):
            if about.get("study", {}).get("series_uid") != series_uid or "instances" not in about:
                continue
            source = self._objects.path(about["originals"])
            for entry in json.loads(self._objects.get(about["instances"])):
                sop_uid = entry["facts"]["00080018"]["Value"][0]
                one = Arriving(sop_uid=sop_uid, source=source, start=entry["start"], end=entry["end"])
                found.setdefault(sop_uid, one)
        return found

    def _read(self, case_id: str, series_uid: str, job_id: str) -> None:
        with self._lock:
            found = self._open.get((case_id, series_uid))
            if found is not None and found.job_id == job_id:
                del self._open[case_id, series_uid]
        self._jobs.begin(job_id)


def _prefix(series_uid: str) -> str:
    return f"{GATHERED}stow/{series_uid}/"


def _digest(one: Arriving) -> str:
    return hashlib.sha256(one.content()[PREAMBLE:]).hexdigest()
