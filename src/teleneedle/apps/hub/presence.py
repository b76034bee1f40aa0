"""Who is looking at a case right now; kept in memory, stale after 20 s."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from teleneedle.core.access import Person

STALE_AFTER = timedelta(seconds=20)


class Presence:
    """Last place of each person in each case.

    Parameters
    ----------
    now : callable
        The clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._places: dict[str, dict[str, tuple[str, str, datetime]]] = {}

    def seen(self, case_id: str, person: Person, where: str) -> list[dict[str, Any]]:
        """Somebody is there; everybody who is."""
        with self._lock:
            self._places.setdefault(case_id, {})[person.id] = (person.name, where, self._now())
        return self.of(case_id)

    def of(self, case_id: str) -> list[dict[str, Any]]:
        """Everybody who was there within the last 20 s."""
        oldest = self._now() - STALE_AFTER
        with self._lock:
            places = self._places.get(case_id, {})
            for person_id in [p for p, (_, _, at) in places.items() if at < oldest]:
                del places[person_id]
            if not places:
                self._places.pop(case_id, None)
            return [
                {"person_id": person_id, "name": name, "where": where, "at": at.isoformat()}
                for person_id, (name, where, at) in sorted(places.items())
            ]
