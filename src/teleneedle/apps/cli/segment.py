"""``teleneedle segment``: structures of a CT as masks, each as it appears."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.nifti import write_mask
from teleneedle.adapters.plan_folder.atomic import new_folder
from teleneedle.apps.cli.arguments import parse_box
from teleneedle.apps.cli.console import (
    StageBar,
    Stopwatch,
    failures_as_exit_codes,
    interruptible,
    print_json,
    print_statement,
)
from teleneedle.apps.cli.segmentation_engines import segment_missing
from teleneedle.services.choose_targets import require_box_in_volume
from teleneedle.services.segment_case import SegmentedCase


def segment(
    ct: Annotated[Path, typer.Argument(help="DICOM folder, zip, single file, or NIfTI.")],
    out: Annotated[Path, typer.Option(help="New folder for the masks.")],
    engine: Annotated[str | None, typer.Option(help="Engine to prefer; builtin by default.")] = None,
    box: Annotated[str | None, typer.Option(help="Box around a tumour, x0,x1,y0,y1,z0,z1 in LPS mm.")] = None,
    series: Annotated[str | None, typer.Option(help="Series UID or description when several fit.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Volumes and gates on stdout as JSON.")] = False,
) -> None:
    """Segment anatomy, and the tumour inside --box, to NIfTI masks."""
    box_lps = parse_box(box)
    watch = Stopwatch()
    with failures_as_exit_codes(as_json=json):
        print_statement()
        with interruptible() as cancel, StageBar() as bar, new_folder(out) as staging:
            with watch.stage("read"):
                read = read_ct(ct, series=series, progress=bar, cancel=cancel)
            if box_lps is not None:
                require_box_in_volume(box_lps, *read.volume.grid.bounds_lps())
            found = segment_missing(
                read.volume,
                given=(),
                target_box=box_lps,
                has_target=True,
                engine=engine,
                watch=watch,
                progress=bar,
                cancel=cancel,
            )
            with watch.stage("masks"):
                for structure in found.structures:
                    cancel.raise_if_cancelled()
                    write_mask(structure.label_map, staging / f"{structure.name}.nii.gz")
        if json:
            print_json(summary(found, watch.seconds))
        else:
            typer.echo(describe(found, watch.seconds))


def summary(found: SegmentedCase, seconds: dict[str, float]) -> dict[str, object]:
    """What ``--json`` prints."""
    return {
        "structures": [
            {
                "name": s.name,
                "volume_ml": round(s.label_map.volume_ml, 2),
                "engine": s.engine,
                "gate": s.gate.value,
                "reasons": [english for _, english in s.reasons],
            }
            for s in found.structures
        ],
        "missing": {name: text[1] for name, text in found.missing.items()},
        "warnings": [text[1] for text in found.warnings],
        "timings_s": {name: round(value, 3) for name, value in seconds.items()},
    }


def describe(found: SegmentedCase, seconds: dict[str, float]) -> str:
    """One structure a line."""
    lines = [
        f"{s.name:14s} {s.label_map.volume_ml:9.1f} ml  {s.gate.value:6s} "
        + "; ".join(english for _, english in s.reasons)
        for s in found.structures
    ]
    lines += [f"{name:14s} {'—':>9s}     {text[1]}" for name, text in found.missing.items()]
    lines.append("seconds  " + "  ".join(f"{name} {value:.1f}" for name, value in seconds.items()))
    return "\n".join(lines)
