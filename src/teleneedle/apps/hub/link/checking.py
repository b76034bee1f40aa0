"""The processes that touch foreign layers, as the receiver's loop sees them."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from teleneedle.adapters.link.checks import begin, ready

PATIENCE_S = 60.0
"""A single instance that takes longer is taken for one that never ends."""
T = TypeVar("T")


class DecoderEndedError(RuntimeError):
    """Work that ended its process, by itself, or never ended."""


class Checking:
    """Runs work in processes; work that ended its process is tried once more by itself."""

    def __init__(self, *, workers: int = 1) -> None:
        self._workers = workers
        self._pool = self._open(workers)
        self._suspect: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()
        self._room = asyncio.Semaphore(2 * workers)

    async def run(self, task: Callable[..., T], *arguments: Any) -> T:
        """The answer of `task`.

        Raises
        ------
        DecoderEndedError
            If it brings its process down, or does not end.
        """
        async with self._room:
            pool = self._pool
            try:
                return await asyncio.wait_for(asyncio.wrap_future(pool.submit(task, *arguments)), PATIENCE_S)
            except (BrokenProcessPool, TimeoutError):
                if pool is self._pool:
                    self._pool = self._open(self._workers)
                _kill(pool)
        return await self._run_alone(task, *arguments)

    async def _run_alone(self, task: Callable[..., T], *arguments: Any) -> T:
        async with self._alone:
            pool = self._suspect = self._suspect or self._open(1)
            try:
                return await asyncio.wait_for(asyncio.wrap_future(pool.submit(task, *arguments)), PATIENCE_S)
            except (BrokenProcessPool, TimeoutError) as error:
                self._suspect = None
                _kill(pool)
                raise DecoderEndedError from error

    def warm_up(self) -> None:
        """Start the processes before the first instance comes."""
        for _ in range(self._workers):
            self._pool.submit(ready)

    def close(self) -> None:
        """End the processes."""
        _kill(self._pool)
        if self._suspect is not None:
            _kill(self._suspect)

    @staticmethod
    def _open(workers: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=spawn, initializer=begin)


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()
    pool.shutdown(wait=False)
