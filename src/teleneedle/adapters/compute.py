"""Where heavy work runs: processes of this machine, or a Dask cluster, behind one `Executor`."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, cast


class ComputePool:
    """Submits work; a pool whose process died is replaced by a new one.

    Parameters
    ----------
    address : str
        ``process``, or the address of a Dask scheduler (``tcp://HOST:PORT``).
    workers : int
        Processes of the pool; a Dask cluster has its own.
    """

    def __init__(self, address: str, *, workers: int) -> None:
        self._address = address
        self._workers = workers
        self._lock = threading.Lock()
        self._client: Any = None
        self._executor: Executor | None = None

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start `task` on a worker; it and its arguments are plain, picklable values."""
        with self._lock:
            if self._executor is None:
                self._executor = self._open()
            try:
                return self._executor.submit(task, *arguments)
            except BrokenProcessPool:
                self._executor = self._open()
                return self._executor.submit(task, *arguments)

    def kill(self) -> None:
        """End every worker process at once and start anew with the next task (own processes only)."""
        with self._lock:
            executor, self._executor = self._executor, None
        if isinstance(executor, ProcessPoolExecutor):
            for process in list(getattr(executor, "_processes", {}).values()):
                process.kill()
            executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the workers."""
        self.kill()
        if self._client is not None:
            self._client.close()

    def _open(self) -> Executor:
        if self._address == "process":
            spawn = multiprocessing.get_context("spawn")
            return ProcessPoolExecutor(self._workers, mp_context=spawn, initializer=end_with_parent)
        from distributed import Client

        self._client = Client(self._address.replace("dask://", "tcp://"))
        return cast(Executor, self._client.get_executor())


def end_with_parent() -> None:
    """In a worker: end at once when the process that started it has ended, however that came about.

    Otherwise the work of a hub that was killed would go on beside its repetition, in the same folder.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
