"""Failed sign-ins by client address: who tries many accounts from one place has to wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(minutes=5)
MOST_FAILURES = 30
"""In one window from one address; a whole hospital may come through one, so more than an account has."""
MOST_PLACES = 10_000


class SignInThrottle:
    """Kept in this process: each process of a hub counts for itself."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures: dict[str, deque[datetime]] = {}

    def is_blocked(self, address: str) -> bool:
        """Whether nothing more is tried from `address` for now."""
        with self._lock:
            return len(self._recent(place_of(address))) >= MOST_FAILURES

    def count_failure(self, address: str) -> None:
        """One more failure from `address`."""
        place = place_of(address)
        with self._lock:
            recent = self._recent(place)
            recent.append(self._now())
            self._failures.pop(place, None)
            self._failures[place] = recent
            while len(self._failures) > MOST_PLACES:
                del self._failures[next(iter(self._failures))]

    def _recent(self, place: str) -> deque[datetime]:
        found = self._failures.get(place, deque(maxlen=MOST_FAILURES))
        while found and found[0] <= self._now() - WINDOW:
            found.popleft()
        return found


def place_of(address: str) -> str:
    """The address, or the /64 network of an IPv6 one, which one subscriber holds whole."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(known) >> 64 << 64))
    return str(known)
