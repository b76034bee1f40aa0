"""What a person sees in the terminal: progress on stderr, one clear message for each failure."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from teleneedle import RESEARCH_STATEMENT_EN, RESEARCH_STATEMENT_ZH
from teleneedle.core.errors import Cancelled, TeleneedleError
from teleneedle.core.progress import CancelToken

STDERR = Console(stderr=True, highlight=False)
STAGE_NAMES = {
    "read": "reading CT",
    "structures": "structures",
    "paths": "needle paths",
    "coverage": "coverage",
    "pictures": "pictures",
    "book": "plan book",
    "dicom": "DICOM",
    "masks": "masks and zones",
    "phantom": "synthetic patient",
}


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def print_failure(error: TeleneedleError) -> None:
    """One message in both languages on stderr: what, where, what to do."""
    STDERR.print(f"[bold red]✖ {error.title_zh}[/] ", end="")
    STDERR.print(error.what, markup=False)
    if error.where:
        STDERR.print(f"  at: {error.where}", markup=False)
    for line in error.details:
        STDERR.print(f"    {line}", markup=False)
    if error.remedy:
        STDERR.print(f"  do: {error.remedy}", markup=False)


def print_statement() -> None:
    """The research statement, in both languages."""
    STDERR.print(f"[dim]{RESEARCH_STATEMENT_ZH} · {RESEARCH_STATEMENT_EN}[/]")


class Stopwatch:
    """Seconds of each named stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block under `name`."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - start


class StageBar:
    """A progress bar on stderr that follows whichever stage reports; silent when stderr is no terminal."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
        )
        self._bar = Progress(*columns, console=STDERR, transient=True, disable=not STDERR.is_terminal)
        self._task = self._bar.add_task("", total=1.0)
        self._stage = ""

    def __enter__(self) -> StageBar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, stage: str, fraction: float) -> None:
        """Show `stage` at `fraction` (0–1)."""
        if stage != self._stage:
            self._stage = stage
            if not STDERR.is_terminal:
                STDERR.print(f"· {STAGE_NAMES.get(stage, stage)}")
        self._bar.update(self._task, description=STAGE_NAMES.get(stage, stage), completed=fraction)


@contextmanager
def interruptible() -> Iterator[CancelToken]:
    """Ctrl-C and SIGTERM set the token; a second Ctrl-C interrupts at once."""
    token = CancelToken()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    previous = {s: signal.signal(s, ask_to_stop) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield token
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def failures_as_exit_codes(*, as_json: bool = False) -> Iterator[None]:
    """Turn an error of the product into its message and exit code 1."""
    try:
        yield
    except (TeleneedleError, KeyboardInterrupt) as raised:
        error = raised if isinstance(raised, TeleneedleError) else Cancelled()
        print_failure(error)
        if as_json:
            print_json(
                {
                    "error": {
                        "type": error.code,
                        "title": {"zh": error.title_zh, "en": type(error).__doc__},
                        "detail": error.what,
                        "where": error.where,
                        "remedy": error.remedy,
                        "details": list(error.details),
                    }
                }
            )
        raise typer.Exit(1) from raised
