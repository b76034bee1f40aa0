"""Refusals of strangers fill the audit record up to a limit; what is beyond is counted in it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from teleneedle.adapters.sql.audit_store import Access
from teleneedle.apps.hub.sign_in_throttle import place_of

WINDOW = timedelta(hours=1)
MOST_OF_ONE_ADDRESS = 300
MOST = 3000
"""Records of refused strangers in one window, of one address and of all."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """Whether the access at hand gets a record of its own, and what the window before left uncounted."""

    is_single: bool
    summary: Access | None


class StrangerLimit:
    """Counts refusals by window; only for accesses by nobody that were refused, so that none to a patient's
    data is ever among the counted ones.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._until = now() + WINDOW
        self._kept: Counter[str] = Counter()
        self._all = 0
        self._beyond = 0

    def admit(self, address: str) -> Due:
        """Count one refusal from `address`."""
        place = place_of(address)
        with self._lock:
            summary = self._close_window() if self._now() >= self._until else None
            is_single = self._kept[place] < MOST_OF_ONE_ADDRESS and self._all < MOST
            if is_single:
                self._kept[place] += 1
                self._all += 1
            else:
                self._beyond += 1
            return Due(is_single=is_single, summary=summary)

    def close(self) -> Access | None:
        """What is still uncounted, at the end of the hub."""
        with self._lock:
            return self._close_window()

    def _close_window(self) -> Access | None:
        beyond, self._beyond = self._beyond, 0
        self._kept.clear()
        self._all = 0
        self._until = self._now() + WINDOW
        if not beyond:
            return None
        return Access(
            person_id="",
            person_name="",
            action="refused without a sign-in",
            object=f"{beyond} more / 另有 {beyond} 次",
            outcome="refused",
            address="",
        )
