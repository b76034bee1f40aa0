"""Read an upload: the decoder child reads foreign bytes, the worker makes what a browser asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.dicomweb.originals import keep_originals
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.work.ct_files import LEVELS, describe_series, grid_json, halve, halved_grid
from teleneedle.core.case import Patient
from teleneedle.core.casefile.events import Actor
from teleneedle.core.errors import InputError, PatientMismatchError
from teleneedle.services.case_life import CaseLife


def import_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Read the CT below ``payload['path']``; write levels and code streams into `folder`."""
    job = JobFolder(Path(folder))
    series = read_ct(
        Path(payload["path"]), series=payload.get("series"), progress=job.progress, cancel=job.cancel
    )
    array = np.asarray(series.volume.array)
    if array.dtype != np.int16:
        array = np.clip(np.rint(array), -32768, 32767).astype(np.int16)
    grid, levels = series.volume.grid, []
    for level in LEVELS:
        if level:
            array, grid = halve(array), halved_grid(grid)
        np.save(job.path / f"level{level}.npy", array)
        levels.append({"level": level, **grid_json(grid)})
        job.progress("levels", (level + 1) / len(LEVELS))
    _write_frames(job, np.load(job.path / "level0.npy", mmap_mode="r"))
    uids = [uid for _, uid in series.study.sop_instances]
    keep_originals(Path(payload["path"]), uids, job.path / "originals.bin", job.path / "instances.json")
    return {"about": describe_series(series), "levels": levels}


def _write_frames(job: JobFolder, array: np.ndarray[Any, Any]) -> None:
    """HTJ2K code streams of every slice, one after the other, each decoded again before it counts."""
    ends, end = [], 0
    with (job.path / "frames.bin").open("wb") as out:
        for k, plane in enumerate(array):
            code = imagecodecs.htj2k_encode(
                np.ascontiguousarray(plane), reversible=True, tlm=True, tilepart=1
            )
            if not np.array_equal(imagecodecs.htj2k_decode(code), plane):
                raise InputError("a slice did not survive its compression", where=f"slice {k}")
            end += out.write(code)
            ends.append(end)
            if k % 8 == 0:
                job.progress("compress", k / len(array))
    (job.path / "frames.json").write_text(json.dumps(ends))


@dataclass(frozen=True, kw_only=True)
class ImportWork:
    """Job kind ``import``: an upload becomes a series of its case."""

    objects: ObjectStore
    images: ImageStore
    life: CaseLife
    upload_path: Callable[[str], Path]
    clear_upload: Callable[[str], None]
    folder: Path
    task: Callable[[dict[str, Any], str], dict[str, Any]] = import_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """Where the uploaded files are."""
        return {**job.payload, "path": str(self.upload_path(job.payload["upload_id"]))}

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """Nothing but progress comes."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Check that it is the right patient, keep the objects, append ``series.added``."""
        case = self.life.load(job.case_id)
        about = outcome["about"]
        if not job.payload.get("confirm_identity"):
            require_same_patient(case.patient, about["patient"])
        place = self.folder / job.id
        levels = [
            {**level, "object": self.objects.put_file(place / f"level{level['level']}.npy")}
            for level in outcome["levels"]
        ]
        about = {
            **about,
            "levels": levels,
            "frames": self.objects.put_file(place / "frames.bin"),
            "originals": self.objects.put_file(place / "originals.bin"),
            "instances": self.objects.put_file(place / "instances.json"),
            "frame_ends": json.loads((place / "frames.json").read_text()),
        }
        series_id, sha256 = self.images.add_series(job.id, job.case_id, about)
        self.life.append_system(
            job.case_id,
            command_id=f"job/{job.id}",
            kind="series.added",
            body={
                "id": series_id,
                "sha256": sha256,
                "description": about["study"]["series_description"],
                "study_date": about["study"]["study_date"],
                "study_uid": about["study"]["study_uid"],
                "series_uid": about["study"]["series_uid"],
                "modality": about["study"]["modality"],
                "shape": about["shape"],
                "is_primary": not case.series,
            },
            by=Actor(id=job.person_id, name=job.person_name, role=job.role),
        )
        self.clear_upload(job.payload["upload_id"])
        return {"series_id": series_id}


def require_same_patient(expected: Any, found: Mapping[str, str]) -> None:
    """Refuse images whose identity differs from the case's (hazard H2).

    Raises
    ------
    PatientMismatchError
    """
    known = expected if isinstance(expected, Patient) else Patient(**dict(expected))
    pairs = {
        "id": (known.id, found["id"]),
        "name": (_letters(known.name), _letters(found["name"])),
        "birth date": (known.birth_date.replace("-", ""), found["birth_date"]),
    }
    wrong = [name for name, (a, b) in pairs.items() if a and b and a != b]
    if wrong:
        raise PatientMismatchError(
            "these images belong to another patient than the case",
            where=", ".join(wrong),
            remedy="check the case and the images; confirm the identity if it is the same person",
        )


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
