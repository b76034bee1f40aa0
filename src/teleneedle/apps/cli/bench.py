"""``teleneedle bench``: the benchmarks of a source checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes
from teleneedle.core.errors import NotReadableError


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Benchmarks to run; all by default.")] = None,
) -> None:
    """Measure speed and accuracy beside limits and peers; writes bench/results/NAME.json."""
    with failures_as_exit_codes():
        checkout = Path(__file__).resolve().parents[4]
        if not (checkout / "bench" / "harness.py").is_file():
            raise NotReadableError(
                "the benchmarks are not part of an installed package",
                where=str(checkout),
                remedy="run this command from a source checkout",
            )
    raise typer.Exit(
        subprocess.run([sys.executable, "-m", "bench", *(names or [])], cwd=checkout, check=False).returncode
    )
