"""``teleneedle phantom``: a synthetic patient as DICOM with its truth."""

from __future__ import annotations

import json as json_module
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
import yaml

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.nifti import write_mask
from teleneedle.adapters.plan_folder.atomic import new_folder
from teleneedle.apps.cli.console import (
    StageBar,
    failures_as_exit_codes,
    interruptible,
    print_json,
    print_statement,
)
from teleneedle.core.image import LabelMap
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.testing.phantom import make_phantom


def phantom(
    case: Annotated[str, typer.Argument(help="liver-mwa, liver-rfa or lung-seeds.")],
    out: Annotated[Path, typer.Option(help="New folder for the patient.")],
    seed: Annotated[int, typer.Option(help="Another seed is another patient.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="What was written, as JSON on stdout.")] = False,
) -> None:
    """Make a synthetic patient: CT as DICOM, exact masks, landmarks, answered checklist."""
    with failures_as_exit_codes(as_json=json):
        print_statement()
        with interruptible() as cancel, StageBar() as bar:
            written = write_phantom(case, out, seed=seed, progress=bar, cancel=cancel)
        if json:
            print_json(written)
        else:
            typer.echo("\n".join(f"{name:10s} {place}" for name, place in written.items()))


def write_phantom(
    case: str, out: Path, *, seed: int, progress: Progress, cancel: CancelToken
) -> dict[str, str]:
    """Write the phantom `case` to `out` and say where each part is.

    Parts: ct/, truth/, identity.json, landmarks.json, checklist.yml.
    """
    made = make_phantom(case, seed=seed, progress=progress)
    cancel.raise_if_cancelled()
    with new_folder(out) as staging:
        write_ct_series(made.volume, made.patient, made.study, staging / "ct")
        (staging / "truth").mkdir()
        for name, label_map in made.structures.items():
            cancel.raise_if_cancelled()
            write_mask(label_map, staging / "truth" / f"{name}.nii.gz")
        (staging / "landmarks.json").write_text(json_module.dumps(made.landmarks, indent=1))
        (staging / "identity.json").write_text(
            json_module.dumps(asdict(made.patient), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        (staging / "checklist.yml").write_text(
            yaml.safe_dump(dict(made.checklist), allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    return {
        "target_box": _box_text(made.structures["tumour1"]),
        "ct": str(out / "ct"),
        "truth": str(out / "truth"),
        "landmarks": str(out / "landmarks.json"),
        "checklist": str(out / "checklist.yml"),
    }


def _box_text(tumour: LabelMap) -> str:
    """Box around the tumour as ``--target-box`` takes it, 2 mm wider on every side."""
    points = tumour.points_lps()
    low, high = points.min(axis=0) - 2.0, points.max(axis=0) + 2.0
    return ",".join(f"{a:.1f},{b:.1f}" for a, b in zip(low, high, strict=True))
