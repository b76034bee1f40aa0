"""Organs of a series that is still arriving, out of pictures of a quarter of the resolution.

Shown while the rest comes, never kept and never planned on. Of quarter pictures of 3D-IRCADb-01 no. 17 the
liver overlaps the expert's by a Dice coefficient of 0.942, that of the whole CT by 0.948. The organs overlap
those of the whole CT by 0.99 (lungs), 0.97 to 0.98 (liver, spleen) and 0.93 to 0.94 (kidneys, bone), see
``tests/accuracy/test_early_structures.py``. Vessels fall to 0.67 and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.adapters.code_streams import prefix_length
from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.link.codec import coarse_picture, decode_pixels, plane_of
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import LAYERS, Entry, Frames
from teleneedle.adapters.link.wire_parts import PACKED
from teleneedle.adapters.packed_masks import pack_mask
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.link.announced_facts import rescale_of
from teleneedle.apps.hub.work.ct_files import grid_json
from teleneedle.core.anatomy import Proposed
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume
from teleneedle.services.builtin_segmenter import builtin_segmenter
from teleneedle.services.segment_structures import segment_structures

KIND = "early-structures"
WANTED = ("lung", "bone", "liver", "kidney", "spleen")
SKIP = 2
"""Resolutions left out: a quarter of the rows and columns."""
AIR_HU = -1024


def early_task(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Find `WANTED` in ``payload['held']``; a message for the grid, then one for each organ with its mask."""
    job = JobFolder(Path(folder))
    volume = quarter_volume(payload["held"], payload["affine"], progress=job.progress)
    job.tell({"grid": grid_json(volume.grid)})

    def keep(structure: Proposed) -> None:
        place = job.path / f"{structure.kind}.tnb1"
        place.write_bytes(pack_mask(structure.label_map))
        job.tell(
            {
                "kind": structure.kind,
                "path": str(place),
                "gate": structure.gate.value,
                "volume_ml": structure.label_map.volume_ml,
            }
        )

    engine = builtin_segmenter()
    segment_structures(
        volume,
        wanted=WANTED,
        engines={kind: [engine] for kind in WANTED},
        on_structure=keep,
        progress=job.progress,
        cancel=job.cancel,
    )
    return {}


def quarter_volume(
    held: Sequence[Held], affine: Sequence[float], *, progress: Callable[[str, float], None]
) -> Volume:
    """Slices from feet to head as Hounsfield units, a quarter of the rows and columns.

    Parameters
    ----------
    held : sequence of Held
        The first layers of each slice, or, where it is packed, all of it.
    affine : sequence of float
        ``(i, j, k, 1)`` of the whole slices → LPS mm, row-major.

    Raises
    ------
    WireError
        If a slice does not decode, or has no quarter picture.

    Notes
    -----
    Sample n of a picture that leaves out s resolutions lies at pixel n · 2**s of the whole one (ITU-T T.800
    annex F: low-pass samples keep the even places), hence no offset of the grid.
    """
    planes = []
    for n, one in enumerate(held):
        planes.append(_hounsfield(one.entry, _quarter(one)))
        if n % 16 == 0:
            progress("decode", n / len(held))
    if len({plane.shape for plane in planes}) != 1:
        raise WireError("slices of a series differ in size")
    array = np.stack(planes)
    scale = np.diag([1 << SKIP, 1 << SKIP, 1.0, 1.0])
    grid = Grid(
        shape=(array.shape[0], array.shape[1], array.shape[2]),
        affine=np.array(affine, dtype=np.float64).reshape(4, 4) @ scale,
        frame_of_reference_uid="arriving",
    )
    return Volume(array=array, grid=grid)


def _quarter(held: Held) -> NDArray[Any]:
    entry, layers = held.entry, held.layers()
    if entry.frames is None or len(entry.frames.lengths) != 1:
        raise WireError("a slice is not one picture", where=entry.sop_uid)
    if PACKED in LAYERS[entry.codec]:
        return _sampled(entry.frames, decode_pixels(entry, layers))
    code = b"".join(layers.get(layer, b"") for layer in LAYERS[entry.codec])
    picture, skip = coarse_picture(entry.frames, code[: prefix_length(code, SKIP)])
    if skip != SKIP:
        raise WireError("a slice has no quarter picture", where=entry.sop_uid)
    return picture


def _sampled(frames: Frames, content: bytes) -> NDArray[Any]:
    """Every fourth pixel of the smoothed picture, at the places of a coarse picture's samples."""
    plane = plane_of(frames, content).astype(np.float32)
    step = 1 << SKIP
    smooth: NDArray[Any] = ndimage.uniform_filter(plane, step + 1, mode="nearest")
    return smooth[::step, ::step]


def _hounsfield(entry: Entry, picture: NDArray[Any]) -> NDArray[np.int16]:
    slope, intercept = rescale_of(entry)
    hu: NDArray[np.float32] = picture.astype(np.float32) * slope + intercept
    return np.clip(np.rint(hu), AIR_HU, 32767).astype(np.int16)


@dataclass(frozen=True, kw_only=True)
class EarlyWork:
    """Job kind ``early-structures``.

    Parameters
    ----------
    source : callable
        What the task needs of a series on its way, by the hub's id of it.
    take : callable
        Given each message of the task.
    """

    source: Callable[[str], dict[str, Any]]
    take: Callable[[Job, Mapping[str, Any]], None]
    task: Callable[[dict[str, Any], str], dict[str, Any]] = early_task

    def prepare(self, job: Job) -> dict[str, Any]:
        """The slices as they are by now."""
        return self.source(str(job.payload["arriving_id"]))

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """The grid, or an organ."""
        self.take(job, message)

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Nothing is kept."""
        return outcome
