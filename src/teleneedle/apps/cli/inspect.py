"""``teleneedle inspect``: what is in this input, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from teleneedle.adapters.dicom.inspect import InspectionReport, SeriesReport, inspect_input
from teleneedle.apps.cli.console import failures_as_exit_codes, print_json


def inspect(
    path: Annotated[Path, typer.Argument(help="DICOM folder, zip, single file, or NIfTI.")],
    json: Annotated[bool, typer.Option("--json", help="Machine-readable report on stdout.")] = False,
) -> None:
    """Say what is in a DICOM folder, zip or NIfTI file, and what is wrong with it."""
    with failures_as_exit_codes(as_json=json):
        report = inspect_input(path)
        if json:
            print_json(report.to_json())
        else:
            typer.echo(describe(report))


def describe(report: InspectionReport) -> str:
    """The report in plain words, one fact a line, faults in both languages."""
    lines = [f"{report.path}: {report.files} file(s), {report.not_dicom} not DICOM"]
    for series in report.series:
        lines += _series_lines(series)
    lines += [f"  ✖ {zh}\n    {en}" for zh, en in report.faults]
    return "\n".join(lines)


def _series_lines(series: SeriesReport) -> list[str]:
    columns, rows, slices = series.size_ijk
    spacing = " × ".join(f"{s:.3g}" for s in series.spacing_mm)
    person = series.patient
    verdict = "can be planned on 可用于规划" if series.is_plannable else "cannot be planned on 不可用于规划"
    size = f"{columns} × {rows} × {slices} at {spacing} mm" if slices else f"{series.slices} file(s)"
    return [
        f"{series.modality} {series.description or '(no description)'}  {series.study_date}  {verdict}",
        f"  series   {series.uid or '(no UID)'}",
        f"  patient  {person.name or '—'}  {person.id or '—'}  {person.sex or '—'}",
        f"  images   {size}",
        *(f"  ▲ {zh}\n    {en}" for zh, en in series.warnings),
        *(f"  ✖ {zh}\n    {en}" for zh, en in series.faults),
    ]
