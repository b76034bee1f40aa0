"""Carry out jobs: one thread follows each running job, the work itself is elsewhere."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Protocol, TypeVar

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.full_disk import storage_full
from teleneedle.adapters.jobs.folder import Listener, ask_to_stop
from teleneedle.adapters.sql.job_store import MAX_ATTEMPTS, Job, JobStore, Orderer
from teleneedle.core.errors import Cancelled, LimitExceededError, TeleneedleError

log = logging.getLogger("teleneedle.jobs")
LOOK_S = 0.1
ROOM_S = 2.0
"""How often a full disk is asked for room."""
PATIENCE_S = 10.0
"""Work that was asked to stop and has not after this time is killed."""
T = TypeVar("T")
Problem = Callable[[TeleneedleError], Mapping[str, Any]]


class Later(Exception):
    """Raised by `Work.finish`: the job goes back into the queue and begins again after `after_s`.

    Parameters
    ----------
    so_far : mapping
        Kept as the job's result until then, for whoever looks and for the next beginning.
    """

    def __init__(self, after_s: float, so_far: Mapping[str, Any]) -> None:
        super().__init__(after_s)
        self.after_s = after_s
        self.so_far = so_far


class Work(Protocol):
    """What a kind of job does: `prepare` and `finish` in the hub, `task` on a worker."""

    @property
    def task(self) -> Callable[[dict[str, Any], str], dict[str, Any]]:
        """Top-level function of the payload and the job's folder."""

    def prepare(self, job: Job) -> dict[str, Any]:
        """The task's payload, from the job's."""

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """A message of the task that is not progress, for example a structure that is there."""

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """Keep what the task made; the job's result."""


class JobRunner:
    """Durable jobs on a compute pool.

    Parameters
    ----------
    store : JobStore
    pool : ComputePool
    folder : Path
        A folder below it belongs to each job while it runs.
    works : mapping
        What each kind of job does.
    tell : callable
        Called with a job whenever it changes.
    problem : callable
        An error as the problem document that the job keeps.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        pool: ComputePool,
        folder: Path,
        works: Mapping[str, Work],
        tell: Callable[[Job], None],
        problem: Problem,
        followers: int = 2,
    ) -> None:
        self.store = store
        self._pool = pool
        self._folder = folder
        self._works = works
        self._tell = tell
        self._problem = problem
        self._threads = ThreadPoolExecutor(followers, thread_name_prefix="job")
        self._stopping = threading.Event()

    def resume(self) -> None:
        """Take up every job of these kinds of work that was queued or running when the hub ended."""
        for job in [job for job in self.store.open_jobs() if job.kind in self._works]:
            self._threads.submit(self._follow, job.id)

    def submit(
        self,
        *,
        case_id: str,
        command_id: str,
        kind: str,
        payload: Mapping[str, Any],
        by: Orderer,
        is_waiting: bool = False,
    ) -> Job:
        """A durable job; the same command again gives the first one.

        A waiting one is queued until `begin`, or until the hub starts anew.
        """
        job, is_new = self.store.add(
            case_id=case_id, command_id=command_id, kind=kind, payload=payload, by=by
        )
        if is_new:
            self._tell(job)
            if not is_waiting:
                self.begin(job.id)
        return job

    def begin(self, job_id: str) -> None:
        """Let a queued job start as soon as there is room; nothing happens once it has ended."""
        if not self._stopping.is_set():
            self._threads.submit(self._follow, job_id)

    def cancel(self, job_id: str) -> Job | None:
        """Ask a job to stop; a queued one ends at once, a running one within ten seconds."""
        job = self.store.get(job_id)
        if job is None:
            return None
        ask_to_stop(self._folder / job_id)
        if job.state == "queued":
            return self._ended(job_id, "cancelled", Cancelled())
        return job

    def close(self) -> None:
        """Stop following; what runs stays marked as running and is taken up at the next start."""
        self._stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._pool.close()

    def _follow(self, job_id: str) -> None:
        try:
            job = self._once_there_is_room(lambda: self.store.start(job_id))
            if job is None:
                stale = self.store.get(job_id)
                if stale is not None and stale.state in ("queued", "running"):
                    error = LimitExceededError(f"the work ended its process {MAX_ATTEMPTS} times")
                    self._ended(job_id, "failed", error)
                return
            self._tell(job)
            self._carry_out(job)
        except Later as later:
            self._put_off(job_id, later)
        except Cancelled as error:
            self._ended(job_id, "cancelled", error)
        except TeleneedleError as error:
            self._ended(job_id, "failed", storage_full(error) or error)
        except (BrokenProcessPool, CancelledError):
            self._retry(job_id)
        except Exception as error:
            if self._stopping.is_set():
                return
            full = storage_full(error)
            if full is not None:
                self._ended(job_id, "failed", full)
                return
            log.exception("a job failed")
            self._ended(job_id, "failed", TeleneedleError("something went wrong inside", where=job_id))

    def _carry_out(self, job: Job) -> None:
        work = self._works[job.kind]
        place = self._folder / job.id
        asked = (place / "cancel").exists()
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        if asked:
            raise Cancelled
        future = self._pool.submit(work.task, work.prepare(job), str(place))
        listener, shown, asked_at = Listener(place), 0.0, 0.0
        while True:
            is_done = _waited(future)
            for message in listener.news():
                if "stage" not in message:
                    work.hear(job, message)
                elif time.monotonic() - shown > 4 * LOOK_S:
                    shown = time.monotonic()
                    self._show_progress(job, message)
            if is_done:
                break
            if self._stopping.is_set():
                return
            if (place / "cancel").exists():
                asked_at = asked_at or time.monotonic()
                if time.monotonic() - asked_at > PATIENCE_S:
                    self._pool.kill()
                    raise Cancelled
        result = work.finish(job, future.result())
        self._tell(self.store.end(job.id, "done", result=result))
        shutil.rmtree(place, ignore_errors=True)

    def _retry(self, job_id: str) -> None:
        """The worker's process died: once more, unless the hub is ending or it was asked to stop."""
        if self._stopping.is_set():
            return
        if (self._folder / job_id / "cancel").exists():
            self._ended(job_id, "cancelled", Cancelled())
            return
        self._follow(job_id)

    def _put_off(self, job_id: str, later: Later) -> None:
        if (self._folder / job_id / "cancel").exists():
            self._ended(job_id, "cancelled", Cancelled())
            return
        job = self._once_there_is_room(lambda: self.store.put_off(job_id, later.so_far))
        self._tell(job)
        timer = threading.Timer(later.after_s, self.begin, (job_id,))
        timer.daemon = True
        timer.start()

    def _ended(self, job_id: str, state: str, error: TeleneedleError) -> Job:
        shutil.rmtree(self._folder / job_id, ignore_errors=True)
        job = self._once_there_is_room(lambda: self.store.end(job_id, state, error=self._problem(error)))
        self._tell(job)
        return job

    def _show_progress(self, job: Job, message: Mapping[str, Any]) -> None:
        """Progress that cannot be kept is not shown; the work goes on."""
        try:
            self._tell(self.store.progress(job.id, message["stage"], message["fraction"]))
        except Exception as error:
            if storage_full(error) is None:
                raise

    def _once_there_is_room(self, change: Callable[[], T]) -> T:
        """`change`, repeated while the disk is full: the state of a job must not be lost."""
        while True:
            try:
                return change()
            except Exception as error:
                if storage_full(error) is None or self._stopping.wait(ROOM_S):
                    raise


def _waited(future: Any) -> bool:
    try:
        future.exception(timeout=LOOK_S)
    except FutureTimeout:
        return bool(future.done())
    return True
