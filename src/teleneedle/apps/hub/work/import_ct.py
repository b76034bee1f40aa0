"""Read an upload: the decoder child reads foreign bytes, the worker makes what a browser asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.dicomweb.originals import keep_originals
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.link.codec import join_frames
from teleneedle.adapters.link.rebuild import Held, as_file, rebuild_dataset
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.work.ct_files import LEVELS, describe_series, grid_json, halve, halved_grid
from teleneedle.core.case import Patient
from teleneedle.core.casefile.events import Actor
from teleneedle.core.errors import InputError, PatientMismatchError, TeleneedleError
from teleneedle.services.case_life import CaseLife


def import_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Read the CT below ``payload['path']``; write levels, tell of them, then the rest, into `folder`."""
    job = JobFolder(Path(folder))
    place = Path(payload["path"]) if "path" in payload else rebuild_files(payload["held"], job)
    try:
        series = read_ct(place, series=payload.get("series"), progress=job.progress, cancel=job.cancel)
    except TeleneedleError as error:
        raise named_as_sent(place, error) from error
    array = np.asarray(series.volume.array)
    if array.dtype != np.int16:
        array = np.clip(np.rint(array), -32768, 32767).astype(np.int16)
    grid, levels = series.volume.grid, []
    for level in LEVELS:
        if level:
            array, grid = halve(array), halved_grid(grid)
        save_array(job.path / f"level{level}.npy", array)
        levels.append({"level": level, **grid_json(grid)})
        job.progress("levels", (level + 1) / len(LEVELS))
    job.tell({"about": describe_series(series), "levels": levels})
    uids = [uid for _, uid in series.study.sop_instances]
    streams = {} if series.is_resampled else streams_in_hounsfield(payload.get("held", ()))
    _write_frames(job, np.load(job.path / "level0.npy", mmap_mode="r"), [streams.get(uid) for uid in uids])
    keep_originals(place, uids, job.path / "originals.bin", job.path / "instances.json")
    return {}


def rebuild_files(arrived: Sequence[Held], job: JobFolder) -> Path:
    """The instances that came over the image link as files in a folder of the job."""
    place = job.path / "arrived"
    place.mkdir()
    for n, held in enumerate(arrived):
        (place / str(n)).write_bytes(as_file(held.entry, rebuild_dataset(held)))
        if n % 8 == 0:
            job.progress("rebuild", n / len(arrived))
    return place


def streams_in_hounsfield(arrived: Sequence[Held]) -> dict[str, Held]:
    """By SOP Instance UID, those whose code stream holds signed Hounsfield units of one frame already."""
    found = {}
    for held in arrived:
        frames, facts = held.entry.frames, held.entry.facts
        is_plain = facts.get("rescale_slope") == 1 and facts.get("rescale_intercept") == 0
        if held.entry.codec == "htj2k" and frames and len(frames.lengths) == 1 and frames.signed and is_plain:
            found[held.entry.sop_uid] = held
    return found


def named_as_sent(place: Path, error: TeleneedleError) -> TeleneedleError:
    """The same error with files named as they were sent, not where the hub keeps them."""

    def named(text: str) -> str:
        return text.replace(f"{place}/", "").replace(str(place), "")

    return type(error)(
        named(error.what),
        where=named(error.where),
        remedy=error.remedy,
        details=tuple(named(line) for line in error.details),
    )


def save_array(path: Path, array: np.ndarray[Any, Any]) -> None:
    """`array` as ``.npy``; unlike `numpy.save`, a full disk shows as what it is."""
    with path.open("wb") as out:
        np.lib.format.write_array_header_2_0(out, np.lib.format.header_data_from_array_1_0(array))
        out.write(np.ascontiguousarray(array).data.cast("B"))


def _write_frames(job: JobFolder, array: np.ndarray[Any, Any], came: Sequence[Held | None]) -> None:
    """HTJ2K code streams of every slice, one after the other, each decoded again before it counts.

    A stream that came and holds the very slice is kept as it is.
    """
    ends, end = [], 0
    with (job.path / "frames.bin").open("wb") as out:
        for k, plane in enumerate(array):
            held = came[k] if len(came) == len(array) else None
            end += out.write(_as_it_came(held, plane) or _encoded(plane, k))
            ends.append(end)
            if k % 8 == 0:
                job.progress("compress", k / len(array))
    (job.path / "frames.json").write_text(json.dumps(ends))


def _as_it_came(held: Held | None, plane: np.ndarray[Any, Any]) -> bytes:
    """The code stream that came of a slice; empty when there is none, or it is not this slice."""
    if held is None:
        return b""
    (code,) = join_frames(held.entry, held.layers())
    return code if np.array_equal(imagecodecs.htj2k_decode(code), plane) else b""


def _encoded(plane: np.ndarray[Any, Any], k: int) -> bytes:
    code = bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(plane), reversible=True, tlm=True, tilepart=1))
    if not np.array_equal(imagecodecs.htj2k_decode(code), plane):
        raise InputError("a slice did not survive its compression", where=f"slice {k}")
    return code


@dataclass(frozen=True, kw_only=True)
class ImportWork:
    """Job kind ``import``: an upload becomes a series of its case.

    Parameters
    ----------
    arrived : callable
        Where the instances of a series that came over the image link lie.
    segment : callable
        Orders the structures of a series that nobody is waiting for at a screen.
    """

    objects: ObjectStore
    images: ImageStore
    life: CaseLife
    upload_path: Callable[[str], Path]
    clear_upload: Callable[[str], None]
    arrived: Callable[[str], Sequence[Held]]
    folder: Path
    segment: Callable[[Job, str], None]
    task: Callable[[dict[str, Any], str], dict[str, Any]] = import_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """Where the uploaded files are, or what came over the image link."""
        if "arriving_id" in job.payload:
            return {**job.payload, "held": self.arrived(job.payload["arriving_id"])}
        return {**job.payload, "path": str(self.upload_path(job.payload["upload_id"]))}

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """The pictures are there: check whose they are, keep them, append ``series.added``.

        A repetition of the job finds them kept.
        """
        if self.images.series(job.id) is not None:
            return
        case = self.life.load(job.case_id)
        about = message["about"]
        confirmed = {}
        if differing_identity(case.patient, about["patient"]):
            if not job.payload.get("confirm_identity"):
                require_same_patient(case.patient, about["patient"])
            confirmed = {"identity_confirmed": spoken_identities(case.patient, about["patient"])}
        place = self.folder / job.id
        levels = [
            {**level, "object": self.objects.put_file(place / f"level{level['level']}.npy")}
            for level in message["levels"]
        ]
        about = {**about, "levels": levels}
        with self.images.change(job.case_id) as session:
            series_id, sha256 = self.images.add_series(session, job.id, job.case_id, about)
            done = self.life.append_system(
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
                    **confirmed,
                },
                by=Actor(id=job.person_id, name=job.person_name, role=job.role),
                within=session,
            )
        self.life.announce(done)
        if job.payload.get("then_segment"):
            self.segment(job, series_id)

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Keep code streams and originals; the upload may go."""
        place, series_id = self.folder / job.id, job.id
        later = {
            "frames": self.objects.put_file(place / "frames.bin"),
            "originals": self.objects.put_file(place / "originals.bin"),
            "instances": self.objects.put_file(place / "instances.json"),
            "frame_ends": json.loads((place / "frames.json").read_text()),
        }
        self.images.complete_series(series_id, later)
        if "upload_id" in job.payload:
            self.clear_upload(job.payload["upload_id"])
        if job.payload.get("then_segment"):
            self.segment(job, series_id)
        return {"series_id": series_id}


def require_same_patient(expected: Patient, found: Mapping[str, str]) -> None:
    """Refuse images whose identity differs from the case's, showing both (hazard H2).

    Raises
    ------
    PatientMismatchError
    """
    wrong = differing_identity(expected, found)
    if wrong:
        raise PatientMismatchError(
            "these images belong to another patient than the case",
            where=", ".join(wrong),
            remedy="check the case and the images; confirm the identity if it is the same person",
            details=tuple(spoken_identities(expected, found)),
        )


def differing_identity(expected: Patient, found: Mapping[str, str]) -> list[str]:
    """Which of id, name and birth date contradict each other; a silent field contradicts nothing."""
    pairs = {
        "id": (expected.id, found["id"]),
        "name": (_letters(expected.name), _letters(found["name"])),
        "birth date": (expected.birth_date.replace("-", ""), found["birth_date"].replace("-", "")),
    }
    return [name for name, (a, b) in pairs.items() if a and b and a != b]


def spoken_identities(expected: Patient, found: Mapping[str, str]) -> list[str]:
    """The patient of the case and the one of the images, side by side, to be compared by a person."""
    case = {"id": expected.id, "name": expected.name, "birth_date": expected.birth_date}
    return [
        f"{whose}: {one['name'] or '–'} · ID {one['id'] or '–'} · {one['birth_date'] or '–'}"
        for whose, one in (("病例 case", case), ("图像 images", found))
    ]


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
