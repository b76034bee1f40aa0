"""Work for the tests of jobs: it counts how often it was begun, waits, dies, or does not listen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.sql.job_store import Job


def count(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """Note the beginning (process id) in ``payload['log']``, work for ``seconds``, answer with both.

    With ``dies`` the first so many attempts kill their own process; with ``deaf`` it never looks at the
    cancel flag.
    """
    log = Path(payload["log"])
    with log.open("a") as out:
        out.write(f"{os.getpid()}\n")
    if len(log.read_text().split()) <= payload.get("dies", 0):
        os._exit(9)
    job = JobFolder(Path(folder))
    end = time.monotonic() + payload.get("seconds", 0.0)
    while time.monotonic() < end:
        if not payload.get("deaf"):
            job.progress("wait", 0.5)
        time.sleep(0.05)
    return {"pid": os.getpid(), "begun": len(log.read_text().split())}


@dataclass(frozen=True, kw_only=True)
class CountWork:
    """`count` as a kind of job; `finished` collects the ids of jobs whose result was kept."""

    finished: list[str] = field(default_factory=list)
    task: Callable[[dict[str, Any], str], dict[str, Any]] = count

    def prepare(self, job: Job) -> dict[str, Any]:
        """The payload as it was ordered."""
        return dict(job.payload)

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """Nothing but progress comes."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Keep the outcome."""
        self.finished.append(job.id)
        return outcome
