"""The builtin structures engine on ircad17: seconds per structure and in all, agreement with experts."""

from __future__ import annotations

import os
import time
from pathlib import Path

import nibabel
import numpy as np
from scipy import ndimage

from bench.harness import Figure
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.core.anatomy import Proposed
from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation import segment_anatomy, segment_tumour_in_box

DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")) / "ircad17"
TOTAL_BAR_S = 15.0
OUTLINE_BAR_S = 1.0


def _expert(name: str) -> np.ndarray:
    return np.asarray(nibabel.load(DATA / "masks" / f"{name}.nii.gz").dataobj).T > 0


def _dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def _hd95_mm(found: LabelMap, truth: np.ndarray) -> float:
    box = LabelMap(array=found.array | truth, grid=found.grid).bounding_slices(pad_mm=3.0)
    shells = [m & ~ndimage.binary_erosion(m) for m in (found.array[box], truth[box])]
    spacing = found.grid.spacing_mm[::-1]
    return max(
        float(np.percentile(ndimage.distance_transform_edt(~other, sampling=spacing)[own], 95))
        for own, other in (shells, shells[::-1])
    )


def _tumour_scores(volume: Volume) -> list[float]:
    random, scores = np.random.default_rng(29), []
    for name in ("livertumor1", "livertumor2"):
        truth = LabelMap(array=_expert(name), grid=volume.grid)
        points = truth.points_lps()
        for _ in range(3):
            box = (
                points.min(axis=0) + random.uniform(-3, 3, 3),
                points.max(axis=0) + random.uniform(-3, 3, 3),
            )
            found = segment_tumour_in_box(volume, box_lps=box)
            scores.append(_dice(found.label_map.array, truth.array))
    return scores


def run() -> list[Figure]:
    """Second of two runs (compiled code cached), wall and CPU seconds, Dice and surface figures."""
    volume = read_ct(DATA / "PATIENT_DICOM").volume
    segment_anatomy(volume, wanted=("body",))
    moments: list[tuple[str, float]] = []

    def stamp(structure: Proposed) -> None:
        moments.append((structure.name, time.perf_counter() - start))

    start, cpu = time.perf_counter(), time.process_time()
    result = segment_anatomy(volume, on_structure=stamp)
    total, cpu = time.perf_counter() - start, time.process_time() - cpu
    figures = [Figure(name=f"{name} stands after", value=at, unit="s", bar=None) for name, at in moments]
    figures.append(Figure(name="all structures, wall", value=total, unit="s", bar=TOTAL_BAR_S))
    figures.append(Figure(name="all structures, CPU", value=cpu, unit="s", bar=None))
    found = {kind: s.label_map for kind, s in result.structures.items()}
    liver = _expert("liver")
    veins = (_expert("portalvein") | _expert("venoussystem")) & liver
    scores = _tumour_scores(volume)
    truths = (
        ("skin Dice", _dice(found["skin"].array, _expert("skin")), 0.99),
        (
            "bone Dice, dilated expert",
            _dice(found["bone"].array, ndimage.binary_dilation(_expert("bone"))),
            0.80,
        ),
        ("liver Dice", _dice(found["liver"].array, liver), 0.93),
        ("vessels in the liver, Dice", _dice(found["vessels"].array & liver, veins), 0.65),
        ("tumour from box ± 3 mm, mean Dice", float(np.mean(scores)), 0.86),
        ("tumour from box ± 3 mm, worst Dice", min(scores), None),
    )
    figures += [
        Figure(name=name, value=value, unit="", bar=bar, better="higher", against="expert masks")
        for name, value, bar in truths
    ]
    hd95 = _hd95_mm(found["liver"], liver)
    figures.append(Figure(name="liver HD95", value=hd95, unit="mm", bar=12.0, against="expert masks"))
    return figures
