"""Tell whoever watches a case, in this process: any thread publishes, each watcher has a queue of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

QUEUE_LENGTH = 256
"""A watcher that falls further behind is cut off; it connects again and asks for what it missed."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What happened: `kind` is ``case``, ``job`` or ``presence``."""

    kind: str
    payload: Any


@dataclass(kw_only=True, eq=False)
class Watcher:
    """One open stream."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    is_cut_off: bool = False

    def put(self, message: Message | None) -> None:
        """On the watcher's own loop: keep the message, or end a stream that cannot follow."""
        if self.is_cut_off:
            return
        if message is None or self.queue.full():
            self.is_cut_off = True
            while not self.queue.empty():
                self.queue.get_nowait()
            message = None
        self.queue.put_nowait(message)

    async def messages(self, *, tick_s: float) -> AsyncIterator[Message | None]:
        """What is published, in order; None after each `tick_s` of silence. Ends when cut off or closed."""
        while True:
            try:
                async with asyncio.timeout(tick_s):
                    message = await self.queue.get()
            except TimeoutError:
                yield None
                continue
            if message is None:
                return
            yield message


class Broadcaster:
    """Fan-out by case."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._watchers: dict[str, set[Watcher]] = {}
        self._is_closed = False

    @contextmanager
    def watch(self, case_id: str) -> Iterator[Watcher]:
        """A watcher of one case, on the running loop."""
        watcher = Watcher(loop=asyncio.get_running_loop())
        with self._lock:
            self._watchers.setdefault(case_id, set()).add(watcher)
        if self._is_closed:
            watcher.put(None)
        try:
            yield watcher
        finally:
            with self._lock:
                watchers = self._watchers.get(case_id, set())
                watchers.discard(watcher)
                if not watchers:
                    self._watchers.pop(case_id, None)

    def publish(self, case_id: str, kind: str, payload: Any) -> None:
        """From any thread: tell everybody who watches the case."""
        with self._lock:
            watchers = tuple(self._watchers.get(case_id, ()))
        for watcher in watchers:
            _hand_over(watcher, Message(kind=kind, payload=payload))

    def count(self) -> int:
        """How many streams are open."""
        with self._lock:
            return sum(len(watchers) for watchers in self._watchers.values())

    def close(self) -> None:
        """End every stream, and those that are opened later."""
        with self._lock:
            self._is_closed = True
            watchers = tuple(w for found in self._watchers.values() for w in found)
        for watcher in watchers:
            _hand_over(watcher, None)


def _hand_over(watcher: Watcher, message: Message | None) -> None:
    if not watcher.loop.is_closed():
        watcher.loop.call_soon_threadsafe(watcher.put, message)
