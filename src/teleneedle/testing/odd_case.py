"""A small oblique CT of an oddly named patient, with structures that have holes, islands and corners."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from teleneedle.core.anatomy import Proposed
from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume

CREATED = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def make_structures(grid: Grid) -> list[Proposed]:
    """Ball, shell with a core (hole and island), diagonal corners with two holes, and random dust."""
    rng = np.random.default_rng(5)
    k, j, i = np.indices(grid.shape)
    off = np.sqrt(((k - 6) / 5) ** 2 + ((j - 20) / 15) ** 2 + ((i - 24) / 18) ** 2)
    corners = np.zeros(grid.shape, dtype=bool)
    corners[3:6, 4:16, 4:16] = True
    corners[4, 6:8, 6:8] = corners[4, 8:11, 10:13] = corners[4, 12, 6] = False
    corners[3:6, 16, 16] = True
    masks = {
        "livertumor1": off < 0.5,
        "liver": ((off < 1.0) & (off > 0.7)) | (off < 0.4),
        "bone": corners,
        "portalvein": rng.random(grid.shape) > 0.7,
        "kidney_left": np.zeros(grid.shape, dtype=bool),
    }
    return [
        Proposed(name=name, label_map=LabelMap(array=mask, grid=grid), engine="threshold 1")
        for name, mask in masks.items()
    ]


def make_series(name: str = "Zhang^San=张^三", *, is_resampled: bool = False, uid: str = "1.2.3") -> CtSeries:
    """CT turned by 10° about its slice axis, 13 × 41 × 47 voxels (an odd number of pixels per frame)."""
    turn = np.radians(10)
    direction = [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    grid = Grid.regular(
        (13, 41, 47), spacing_mm=(0.8, 0.9, 2.5), origin_lps=(-20.3, 11.7, -401.25), direction=direction,
        frame_of_reference_uid=f"{uid}.9",
    )  # fmt: skip
    array = np.random.default_rng(3).integers(-1024, 3072, grid.shape).astype(np.int16)
    study = StudyContext(
        study_uid=f"{uid}.1",
        series_uid=f"{uid}.2",
        sop_instances=tuple(("1.2.840.10008.5.1.4.1.1.2", f"{uid}.2.{n + 1}") for n in range(13)),
    )
    return CtSeries(
        volume=Volume(array=array, grid=grid),
        patient=Patient(id="P 1", name=name),
        study=study,
        source_sha256="",
        is_resampled=is_resampled,
    )
