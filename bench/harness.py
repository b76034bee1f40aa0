"""What every benchmark shares: figures, the result file, the printed table.

A benchmark is a module ``bench/NAME.py`` with ``run() -> list[Figure]``. A bar is written in the benchmark
and never edited by the run; ``against`` says what the value was measured beside, in the same run.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure with its bar; `better` is ``lower`` or ``higher``."""

    name: str
    value: float
    unit: str
    bar: float | None
    better: str = "lower"
    against: str = ""

    @property
    def holds(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.better == "lower" else self.value >= self.bar


def median_seconds(work: Callable[[], object], *, repeats: int = 5, warm_up: int = 1) -> float:
    """Median wall time of `work` in seconds after `warm_up` untimed calls."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def write_results(name: str, figures: list[Figure]) -> Path:
    """Write ``bench/results/NAME.json`` and print the table."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    report = {
        "machine": {
            "cpu": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "commit": commit,
        "figures": [{**asdict(figure), "holds": figure.holds} for figure in figures],
    }
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    for figure in figures:
        mark = {True: "holds", False: "MISSED", None: "-"}[figure.holds]
        bar = "" if figure.bar is None else f"{'≤' if figure.better == 'lower' else '≥'} {figure.bar:g}"
        head = f"{name:13s} {figure.name:42s} {figure.value:10.4g} {figure.unit:10s}"
        print(f"{head} {bar:10s} {mark:7s} {figure.against}")
    return path
