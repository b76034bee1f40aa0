"""Jobs outlive workers and hubs, are made once, and stop when asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from distributed import Client
from tests.waiting import until

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.sql.base import Base
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.adapters.sql.job_store import Job, JobStore, Orderer
from teleneedle.apps.hub.problems import problem_document
from teleneedle.apps.testing.job_tasks import CountWork

BY = Orderer(person_id="p", name="P", role="expert")
WAIT_S = 120
ENDED = ("done", "failed", "cancelled")


def make_runner(folder: Path, address: str = "process", workers: int = 1) -> tuple[JobRunner, list[Job]]:
    engine = open_engine(f"sqlite:///{folder / 'hub.db'}")
    Base.metadata.create_all(engine)
    told: list[Job] = []
    runner = JobRunner(
        store=JobStore(open_sessions(engine), lambda: datetime.now(UTC)),
        pool=ComputePool(address, workers=workers),
        folder=folder / "jobs",
        works={"count": CountWork()},
        tell=told.append,
        problem=problem_document,
    )
    return runner, told


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[JobRunner]:
    made, _ = make_runner(tmp_path)
    yield made
    made.close()


def order(runner: JobRunner, log: Path, command: str = "one", **payload: object) -> Job:
    return runner.submit(
        case_id="c", command_id=command, kind="count", payload={"log": str(log), **payload}, by=BY
    )


def state(runner: JobRunner, job: Job) -> str:
    found = runner.store.get(job.id)
    assert found is not None
    return found.state


def test_a_command_sent_again_gives_the_first_job_and_works_once(runner: JobRunner, tmp_path: Path) -> None:
    log = tmp_path / "log"
    jobs = [order(runner, log) for _ in range(5)]
    assert len({job.id for job in jobs}) == 1
    until(lambda: state(runner, jobs[0]) == "done")
    assert len(log.read_text().split()) == 1


def test_work_whose_process_dies_is_done_again(runner: JobRunner, tmp_path: Path) -> None:
    job = order(runner, tmp_path / "log", dies=2)
    until(lambda: state(runner, job) in ENDED)
    found = runner.store.get(job.id)
    assert found is not None
    assert found.state == "done"
    assert found.result is not None
    assert found.result["begun"] == 3


def test_work_that_always_kills_its_process_fails_after_three_attempts(
    runner: JobRunner, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    job = order(runner, log, dies=99)
    until(lambda: state(runner, job) in ENDED)
    found = runner.store.get(job.id)
    assert found is not None
    assert (found.state, len(log.read_text().split())) == ("failed", 3)
    assert found.error is not None
    assert set(found.error["title"]) == {"zh", "en"}


def test_a_job_that_listens_stops_and_its_worker_goes_on(runner: JobRunner, tmp_path: Path) -> None:
    """It stops by itself: the process that did it does the next one as well."""
    log = tmp_path / "log"
    job = order(runner, log, seconds=600)
    until(lambda: log.exists() and bool(log.read_text().strip()))
    runner.cancel(job.id)
    until(lambda: state(runner, job) == "cancelled")
    after = order(runner, tmp_path / "log2", "two")
    until(lambda: state(runner, after) == "done")
    assert (tmp_path / "log2").read_text() == log.read_text()


def test_a_job_that_does_not_listen_is_killed_and_the_next_one_runs(
    runner: JobRunner, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    job = order(runner, log, seconds=600, deaf=True)
    until(log.exists)
    runner.cancel(job.id)
    until(lambda: state(runner, job) == "cancelled")
    after = order(runner, tmp_path / "log2", "two")
    until(lambda: state(runner, after) == "done")


HUB = """
import sys, time
from pathlib import Path
sys.path[:0] = {folders!r}
from test_jobs import make_runner, order
if __name__ == "__main__":
    runner, _ = make_runner(Path({folder!r}))
    order(runner, Path({log!r}), "first", seconds=600)
    while not Path({log!r}).exists():
        time.sleep(0.01)
    order(runner, Path({log!r} + "-queued"), "second")
    Path({log!r} + "-ordered").touch()
    time.sleep(600)
"""


def test_a_killed_hub_takes_up_its_jobs_and_the_old_worker_is_gone(tmp_path: Path) -> None:
    log, program = tmp_path / "log", tmp_path / "hub.py"
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    program.write_text(HUB.format(folders=folders, folder=str(tmp_path), log=str(log)))
    hub = subprocess.Popen([sys.executable, str(program)])
    until(log.exists)
    until(lambda: bool(log.read_text().strip()))
    until(Path(f"{log}-ordered").exists)
    worker = int(log.read_text())
    hub.send_signal(signal.SIGKILL)
    hub.wait()
    until(lambda: not _is_alive(worker))
    runner, _ = make_runner(tmp_path, workers=2)
    try:
        first, second = runner.store.open_jobs()
        assert first.state == "running"
        runner.resume()
        until(lambda: len(log.read_text().split()) == 2)
        until(lambda: state(runner, second) == "done")
        runner.cancel(first.id)
        until(lambda: state(runner, first) == "cancelled")
    finally:
        runner.close()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A Dask scheduler with two workers, each a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    started = [
        subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"])
    ]
    started += [
        subprocess.Popen(
            [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"], cwd=tmp_path
        )
        for _ in range(2)
    ]
    try:
        with Client(address, timeout=WAIT_S) as client:
            client.wait_for_workers(2, timeout=WAIT_S)
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_jobs_run_on_a_dask_cluster(scheduler: str, tmp_path: Path) -> None:
    runner, _ = make_runner(tmp_path, scheduler)
    try:
        jobs = [order(runner, tmp_path / f"log{n}", f"c{n}", seconds=2.0) for n in range(4)]
        until(lambda: all(state(runner, job) in ENDED for job in jobs))
        found = [runner.store.get(job.id) for job in jobs]
        assert [job and job.state for job in found] == ["done"] * 4
        assert len({job.result["pid"] for job in found if job and job.result}) == 2
        long = order(runner, tmp_path / "long", "long", seconds=600)
        until((tmp_path / "long").exists)
        runner.cancel(long.id)
        until(lambda: state(runner, long) == "cancelled")
    finally:
        runner.close()
