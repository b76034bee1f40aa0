"""``teleneedle demo-plan``: a synthetic patient from CT to plan book, every step timed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.arguments import parse_box
from teleneedle.apps.cli.console import (
    STDERR,
    StageBar,
    failures_as_exit_codes,
    interruptible,
    print_statement,
)
from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.cli.plan import describe
from teleneedle.apps.cli.plan_case import PlanCase, plan_case


def demo_plan(
    out: Annotated[Path, typer.Option(help="Folder for the patient and the plan.")] = Path("out/demo-plan"),
    case: Annotated[str, typer.Option(help="liver-mwa or liver-rfa.")] = "liver-mwa",
    seed: Annotated[int, typer.Option(help="Another seed is another patient.")] = 0,
) -> None:
    """Make a synthetic patient, plan the ablation from the CT, and say where the plan book is.

    The CT is segmented as a real one would be; of the truth only the tumour's box is used, as a
    radiologist would draw it. Unreviewed structures and the unverified device table are accepted, and
    the plan book says so.
    """
    with failures_as_exit_codes():
        print_statement()
        with interruptible() as cancel, StageBar() as bar:
            start = time.monotonic()
            patient = write_phantom(case, out / "patient", seed=seed, progress=bar, cancel=cancel)
            STDERR.print(f"synthetic patient '{case}' in {time.monotonic() - start:.1f} s: {out / 'patient'}")
            planned = plan_case(
                PlanCase(
                    ct=Path(patient["ct"]),
                    out=out / "plan",
                    modality=case.rpartition("-")[2],
                    target_box=parse_box(patient["target_box"]),
                    checklist=Path(patient["checklist"]),
                    accept_unreviewed=True,
                    accept_unverified_device=True,
                    seed=seed,
                ),
                progress=bar,
                cancel=cancel,
            )
        typer.echo(describe(planned))
        typer.echo(f"\nPlan book: {out / 'plan' / 'plan-zh.pdf'}\n           {out / 'plan' / 'plan-en.pdf'}")
