"""A case log in memory, for tests; it passes the same contract as the one on a database."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from teleneedle.core.casefile.events import Draft, Event
from teleneedle.core.casefile.state import CaseFile, patient_key
from teleneedle.ports.case_log import Appended, CaseFilter, CasePage, CaseRow, Command, Decide
from teleneedle.services.case_log_rules import extend, replay, require_expected, row_of, search_text


class MemoryCaseLog:
    """Keeps every case and its events in dictionaries behind one lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._cases: dict[str, CaseFile] = {}
        self._events: dict[str, list[Event]] = {}
        self._fingerprints: dict[tuple[str, str], str] = {}

    def create(self, case_id: str, command: Command, drafts: Sequence[Draft]) -> Appended:
        """Open a case with its referral."""
        with self._lock:
            if case_id in self._cases:
                known = self._fingerprints.get((case_id, command.id), "")
                return replay(command, known, self._events[case_id])
            return self._extend(None, case_id, command, drafts)

    def append(self, case_id: str, command: Command, decide: Decide, *, within: Any = None) -> Appended:
        """Decide and append under the lock."""
        with self._lock:
            case = self._cases.get(case_id)
            if case is None:
                raise LookupError(case_id)
            known = self._fingerprints.get((case_id, command.id))
            if known is not None:
                return replay(command, known, self._events[case_id])
            require_expected(command, case, self._events[case_id])
            return self._extend(case, case_id, command, decide(case))

    def _extend(
        self, case: CaseFile | None, case_id: str, command: Command, drafts: Sequence[Draft]
    ) -> Appended:
        events, after = extend(case, case_id, command, drafts)
        self._cases[case_id] = after
        self._events.setdefault(case_id, []).extend(events)
        self._fingerprints[case_id, command.id] = command.fingerprint
        return Appended(events=events, case=after, is_replay=False)

    def load(self, case_id: str) -> CaseFile | None:
        """The case now."""
        return self._cases.get(case_id)

    def events_after(self, case_id: str, seq: int = 0) -> tuple[Event, ...]:
        """Its events after `seq`."""
        with self._lock:
            return tuple(e for e in self._events.get(case_id, ()) if e.seq > seq)

    def list(self, chosen: CaseFilter, *, cursor: str | None = None, limit: int = 50) -> CasePage:
        """Cases that fit, newest first; the cursor is a position."""
        with self._lock:
            cases = sorted(self._cases.values(), key=lambda c: (c.updated_at, c.id), reverse=True)
        rows = [row for case in cases if _fits(row := row_of(case), case, chosen)]
        start = int(cursor or 0)
        more = len(rows) > start + limit
        return CasePage(items=tuple(rows[start : start + limit]), next=str(start + limit) if more else None)

    def site_of(self, case_id: str) -> str | None:
        """The hospital that owns the case."""
        case = self._cases.get(case_id)
        return case.site_id if case else None


def _fits(row: CaseRow, case: CaseFile, chosen: CaseFilter) -> bool:
    return (
        (chosen.sites is None or row.site_id in chosen.sites)
        and chosen.site_id in (None, row.site_id)
        and chosen.state in (None, row.state)
        and chosen.patient_key in (None, patient_key(case.site_id, case.patient.id))
        and chosen.text.lower() in search_text(case)
    )
