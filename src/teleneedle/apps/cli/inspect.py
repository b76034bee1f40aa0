"""``teleneedle inspect``: what is in this input, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from teleneedle.adapters.dicom.inspect import inspect_input
from teleneedle.apps.cli.console import failures_as_exit_codes, print_json


def inspect(
    path: Annotated[Path, typer.Argument(help="DICOM folder, zip, single file, or NIfTI.")],
    json: Annotated[bool, typer.Option("--json", help="Machine-readable report on stdout.")] = False,
) -> None:
    """Say what is in a DICOM folder, zip or NIfTI file, and what is wrong with it."""
    with failures_as_exit_codes(as_json=json):
        report = inspect_input(path)
        if json:
            print_json(asdict(report))
            return
        typer.echo(str(report))
