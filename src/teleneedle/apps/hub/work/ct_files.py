"""A CT series as files of plain arrays and JSON: what the hub keeps, and what its workers read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume

LEVELS = (0, 1, 2)
"""Full, half and quarter resolution along every axis."""


def halve(array: NDArray[np.int16]) -> NDArray[np.int16]:
    """Mean of 2 × 2 × 2 voxels; an odd last slice, row or column joins its neighbour."""
    out = array.astype(np.float32)
    for axis in range(3):
        n = out.shape[axis] // 2
        if n == 0:
            continue
        first = np.take(out, range(0, 2 * n, 2), axis)
        second = np.take(out, range(1, 2 * n, 2), axis)
        out = 0.5 * (first + second)
    return np.asarray(np.rint(out), dtype=np.int16)


def halved_grid(grid: Grid) -> Grid:
    """Grid of `halve`: centres lie between the voxels they replace."""
    k, j, i = (max(n // 2, 1) for n in grid.shape)
    factors = [2.0 if n > 1 else 1.0 for n in (grid.shape[2], grid.shape[1], grid.shape[0])]
    affine = grid.affine.copy()
    affine[:3, :3] = affine[:3, :3] * factors
    affine[:3, 3] = grid.index_to_lps([(f - 1) / 2 for f in factors])
    return Grid(shape=(k, j, i), affine=affine, frame_of_reference_uid=grid.frame_of_reference_uid)


def grid_json(grid: Grid) -> dict[str, Any]:
    """Shape and row-major affine."""
    return {"shape": list(grid.shape), "affine": [float(v) for v in grid.affine.ravel()]}


def describe_series(series: CtSeries) -> dict[str, Any]:
    """Everything of a series but its voxels, as JSON."""
    grid = series.volume.grid
    return {
        **grid_json(grid),
        "frame_of_reference_uid": grid.frame_of_reference_uid,
        "patient": asdict(series.patient),
        "study": asdict(series.study),
        "source_sha256": series.source_sha256,
        "warnings": [list(text) for text in series.warnings],
        "is_resampled": series.is_resampled,
        "is_hounsfield": series.is_hounsfield,
    }


def series_grid(about: Mapping[str, Any]) -> Grid:
    """The grid that `describe_series` wrote down."""
    return Grid(
        shape=tuple(about["shape"]),
        affine=np.array(about["affine"]).reshape(4, 4),
        frame_of_reference_uid=about["frame_of_reference_uid"],
    )


def load_series(about: Mapping[str, Any], voxels: Path) -> CtSeries:
    """The series again, its voxels mapped from a file."""
    study = dict(about["study"])
    study["sop_instances"] = tuple(tuple(pair) for pair in study["sop_instances"])
    return CtSeries(
        volume=Volume(array=np.load(voxels, mmap_mode="r"), grid=series_grid(about)),
        patient=Patient(**about["patient"]),
        study=StudyContext(**study),
        source_sha256=about["source_sha256"],
        warnings=tuple((zh, en) for zh, en in about["warnings"]),
        is_resampled=about["is_resampled"],
        is_hounsfield=about["is_hounsfield"],
    )
