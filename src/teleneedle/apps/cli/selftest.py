"""``teleneedle selftest``: a small patient planned and checked against its truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import numpy as np
import typer

from teleneedle.adapters.devices.library import choose_device
from teleneedle.adapters.report.warm_up import warm_up as warm_up_report
from teleneedle.adapters.rulebook.load import load_rule_book
from teleneedle.apps.cli.console import STDERR, Stopwatch, failures_as_exit_codes, print_json
from teleneedle.core.anatomy import Proposed
from teleneedle.core.case import Checklist, CtSeries
from teleneedle.core.devices import Modality
from teleneedle.core.errors import TeleneedleError
from teleneedle.engines.segmentation import segment_anatomy
from teleneedle.engines.trajectories import warm_up as warm_up_paths
from teleneedle.services.propose_plan import PlanRequest, ProposedPlan, propose_plan
from teleneedle.testing.phantom import Phantom, make_phantom

SMALL = 160


class SelfTestError(TeleneedleError, RuntimeError):
    """The self-test did not give the known answer."""

    code = "selftest"
    title_zh = "自检未通过"


def selftest(
    warm_up: Annotated[bool, typer.Option("--warm-up", help="Only compile the kernels, once.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Figures on stdout as JSON.")] = False,
) -> None:
    """Plan a small synthetic patient from its exact masks and check the plan against the truth."""
    with failures_as_exit_codes(as_json=json):
        if warm_up:
            _compile_kernels()
            return
        watch = Stopwatch()
        with watch.stage("phantom"):
            patient = make_phantom("liver-mwa", size=SMALL)
        with watch.stage("plan"):
            proposed = _plan(patient)
        _check(proposed)
        figures = {name: round(seconds, 2) for name, seconds in watch.seconds.items()}
        if json:
            print_json({"ok": True, "timings_s": figures})
        else:
            typer.echo(f"ok  {figures}")


def _compile_kernels() -> None:
    for step, work in (
        ("needle paths", warm_up_paths),
        ("plan book", warm_up_report),
        ("phantom and structures", lambda: segment_anatomy(make_phantom("liver-mwa", size=96).volume)),
        ("coverage", lambda: _plan(make_phantom("liver-mwa", size=SMALL))),
    ):
        STDERR.print(f"· {step}")
        work()


def _plan(patient: Phantom) -> ProposedPlan:
    series = CtSeries(
        volume=patient.volume, patient=patient.patient, study=patient.study, source_sha256="0" * 64
    )
    device = replace(choose_device(Modality.MWA, None), verified_by="self-test")
    book = load_rule_book()
    now = datetime.now(UTC)
    structures = [
        Proposed(name=name, label_map=label_map, engine="phantom").review(reviewer="self-test", at=now)
        for name, label_map in patient.structures.items()
    ]
    return propose_plan(
        PlanRequest(
            series=series,
            structures=structures,
            device=device,
            margin_mm=5.0,
            needles=None,
            target_name=None,
            accept_unreviewed=False,
            accept_unverified_device=False,
            checklist=Checklist(answers=patient.checklist),
            rules=book.rules,
            care=book.care,
            contingency=book.contingency,
            created=now,
            plan_id="TN-SELFTEST",
            input_sha256={"ct": "0" * 64},
        )
    )


def _check(proposed: ProposedPlan) -> None:
    """The whole target is covered, and the needle's line meets no forbidden voxel."""
    if proposed.plan.coverage.p50.target_pct < 100.0:
        raise SelfTestError(where=f"target covered {proposed.plan.coverage.p50.target_pct:.2f} %")
    for needle in proposed.plan.needles:
        steps = np.linspace(0.0, 1.0, 300)[:, None]
        entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
        for kind in ("bone", "lung", "bowel", "stomach", "gallbladder", "heart", "kidney"):
            label_map = proposed.anatomy.get(kind)
            if label_map is None:
                continue
            index = np.rint(label_map.grid.lps_to_index(entry + steps * (tip - entry))).astype(int)
            i, j, k = np.clip(index, 0, np.array(label_map.grid.size_ijk) - 1).T
            if label_map.array[k, j, i].any():
                raise SelfTestError(where=f"needle {needle.id} meets {kind}")
