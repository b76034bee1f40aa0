"""The access map of a target: which skin points a needle may start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from teleneedle.adapters.devices.library import load_devices
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.job_store import Job
from teleneedle.adapters.sql.site_settings import DeviceRegister
from teleneedle.adapters.tnb1 import encode_tnb1
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.hub.work.structures import load_structure, structure_payload
from teleneedle.core.anatomy import merge_by_kind
from teleneedle.core.errors import StructureError
from teleneedle.engines.trajectories import PathScene, default_rules
from teleneedle.engines.trajectories.access import map_access
from teleneedle.services.choose_targets import TUMOUR, choose_targets, union_of


def access_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Map the skin around the target; the container is ``access.tnb1`` in `folder`."""
    job = JobFolder(Path(folder))
    job.progress("paths", 0.1)
    grid = series_grid(payload["about"])
    structures = [load_structure(s, grid) for s in payload["structures"]]
    target = union_of(choose_targets(structures, name=payload.get("target")))
    anatomy = merge_by_kind([s for s in structures if s.kind != TUMOUR])
    device = load_devices()[payload["device_id"]]
    rules = default_rules(
        modality=device.modality, usable_length_mm=device.usable_length_mm, gauge=device.gauge
    )
    scene = PathScene.build(anatomy, target=target, rules=rules)
    job.progress("paths", 0.6)
    found = map_access(scene, target.centroid_lps(), rules)
    shares = {name: round(share, 2) for name, share in found.shares_pct().items() if share > 0}
    facts = {
        "reason_names": list(found.reasons),
        "reachable_pct": round(found.reachable_pct, 3),
        "blocked_pct": shares,
        "none": 255,
    }
    content = encode_tnb1(
        {
            "points": found.points_lps.astype(np.float32),
            "quality_mm": found.slack_mm.astype(np.float32),
            "reasons": np.where(found.reason < 0, 255, found.reason).astype(np.uint8),
        },
        facts,
    )
    (job.path / "access.tnb1").write_bytes(content)
    return {"reachable_pct": facts["reachable_pct"], "blocked_pct": shares}


@dataclass(frozen=True, kw_only=True)
class AccessWork:
    """Job kind ``access-map``."""

    objects: ObjectStore
    images: ImageStore
    devices: DeviceRegister
    folder: Path
    task: Callable[[dict[str, Any], str], dict[str, Any]] = access_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """Structures of the series, reviewed or not: the map is a picture, not a plan."""
        found = self.images.series(job.payload["series_id"])
        if found is None or job.payload["device_id"] not in self.devices.known():
            raise StructureError("the series or the device is gone", where=job.payload["series_id"])
        rows = [r for r in self.images.structures(job.case_id) if r.series_id == job.payload["series_id"]]
        about = {k: found[1][k] for k in ("shape", "affine", "frame_of_reference_uid")}
        return {
            **job.payload,
            "about": about,
            "structures": [structure_payload(row, self.objects, {}) for row in rows],
        }

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """Nothing but progress comes."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Keep the container; it belongs to the case."""
        sha256 = self.objects.put((self.folder / job.id / "access.tnb1").read_bytes())
        self.images.keep_derived(f"access/{job.case_id}/{sha256}", sha256)
        return {"sha256": sha256, **outcome}
