"""Propose structures; each one is kept and shown as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teleneedle.adapters.ai.settings import load_ai_settings, make_engines
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.packed_masks import pack_mask
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.work.ct_files import load_series
from teleneedle.apps.hub.work.structures import keep_structure, load_structure, structure_payload
from teleneedle.core.anatomy import Proposed
from teleneedle.core.casefile.events import Actor
from teleneedle.core.plan import Point
from teleneedle.engines.segmentation import STRUCTURES
from teleneedle.services.builtin_segmenter import builtin_segmenter
from teleneedle.services.case_life import CaseLife
from teleneedle.services.segment_case import segment_case
from teleneedle.services.summarise import summarise_structure


def segment_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Segment what is wanted and not given; a message for each structure, its packed mask in `folder`."""
    job = JobFolder(Path(folder))
    series = load_series(payload["about"], Path(payload["voxels"]))
    series.require_hounsfield()
    volume = series.volume
    given = [load_structure(s, volume.grid) for s in payload["structures"]]
    count = 0

    def keep(structure: Proposed) -> None:
        nonlocal count
        count += 1
        place = job.path / f"structure{count}.tnb1"
        place.write_bytes(pack_mask(structure.label_map))
        record = summarise_structure(structure)
        job.tell(
            {
                "structure": structure.name,
                "kind": structure.kind,
                "path": str(place),
                "engine": structure.engine,
                "engine_sha256": structure.engine_sha256,
                "gate": record.gate.value,
                "reasons": [list(text) for text in record.reasons],
                "volume_ml": record.volume_ml,
            }
        )

    wanted = [kind for kind in STRUCTURES if payload.get("only") is None or kind in payload["only"]]
    engines, warnings = make_engines(load_ai_settings(), wanted, builtin=builtin_segmenter(), prefer=None)
    found = segment_case(
        volume,
        wanted=wanted,
        engines=engines,
        given=given,
        target_box=_corners(payload.get("target_box")),
        tumour_name=payload.get("target_name") or "tumour1",
        on_structure=keep,
        progress=job.progress,
        cancel=job.cancel,
    )
    return {
        "missing": {kind: list(text) for kind, text in found.missing.items()},
        "warnings": [list(text) for text in (*warnings, *found.warnings)],
    }


def _corners(box: Sequence[float] | None) -> tuple[Point, Point] | None:
    """Opposite corners (LPS mm) of a box of the interface, ``x0, x1, y0, y1, z0, z1``."""
    if not box:
        return None
    x0, x1, y0, y1, z0, z1 = box
    return (x0, y0, z0), (x1, y1, z1)


@dataclass(frozen=True, kw_only=True)
class SegmentWork:
    """Job kind ``segmentation``."""

    objects: ObjectStore
    images: ImageStore
    life: CaseLife
    task: Callable[[dict[str, Any], str], dict[str, Any]] = segment_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """The series, and the structures that are there: they are not segmented again."""
        found = self.images.series(job.payload["series_id"])
        if found is None:
            raise LookupError(job.payload["series_id"])
        _, about = found
        rows = [r for r in self.images.structures(job.case_id) if r.series_id == job.payload["series_id"]]
        again = set(job.payload.get("only") or ())
        return {
            **job.payload,
            "about": {key: value for key, value in about.items() if key != "frame_ends"},
            "voxels": str(self.objects.path(about["levels"][0]["object"])),
            "structures": [structure_payload(row, self.objects, {}) for row in rows if row.kind not in again],
        }

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """A structure is there: keep it and tell the case."""
        sha256 = self.objects.put(Path(message["path"]).read_bytes())
        keep_structure(
            self.images,
            self.life,
            case_id=job.case_id,
            name=message["structure"],
            event="structure.proposed",
            by=Actor(id=job.person_id, name=job.person_name, role=job.role),
            sha256=sha256,
            series_id=job.payload["series_id"],
            kind=message["kind"],
            engine=message["engine"],
            engine_sha256=message["engine_sha256"],
            gate=message["gate"],
            reasons=message["reasons"],
            volume_ml=message["volume_ml"],
            created_by=message["engine"],
        )

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """What was not found, and why."""
        return outcome
