"""What arrives in the spool, by notice at once and by looking through it now and then."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from teleneedle.adapters.link.notices import LARGEST, notice_socket, read_notice
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import SUFFIX, read_entry
from teleneedle.apps.edge.sender_cargo import Cargo
from teleneedle.core.errors import NotReadableError

RESCAN_S = 5.0
"""A notice may be lost; this long after the last one the spool is looked through again."""
_KEY = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}", re.ASCII)


class Arrivals:
    """Fills the cargo from the spool; `on_arrival` is called when something came."""

    def __init__(self, spool: Spool, cargo: Cargo, on_arrival: Callable[[], None]) -> None:
        self._spool, self._cargo, self._on_arrival = spool, cargo, on_arrival

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        with notice_socket(self._spool.folder) as notices:
            loop.add_reader(notices.fileno(), self._read, notices)
            try:
                await self._look(is_first=True)
                while True:
                    await asyncio.sleep(RESCAN_S)
                    await self._look(is_first=False)
            finally:
                loop.remove_reader(notices.fileno())

    async def _look(self, *, is_first: bool) -> None:
        entries = await asyncio.to_thread(lambda: list(self._spool.entries()))
        for entry in entries:
            self._cargo.arrive(entry, time.monotonic(), is_known=is_first)
        self._on_arrival()

    def _read(self, notices: socket.socket) -> None:
        with suppress(BlockingIOError):
            while True:
                notice = read_notice(notices.recv(LARGEST))
                if notice and notice.kind == "closed":
                    self._cargo.close_series(notice.key)
                elif notice and _KEY.fullmatch(notice.key):
                    self._take(notice.key)
        self._on_arrival()

    def _take(self, key: str) -> None:
        with suppress(FileNotFoundError, NotReadableError):
            entry = read_entry(self._spool.folder / f"{key}{SUFFIX}")
            self._cargo.arrive(entry, time.monotonic(), is_known=False)
