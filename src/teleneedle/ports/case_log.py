"""The log of the cases: appended to in one transaction, read as events, listed by their projection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from teleneedle.core.casefile.events import Body, Draft, Event
from teleneedle.core.casefile.state import CaseFile

Decide = Callable[[CaseFile], Sequence[Draft]]
"""What a command appends to the case as it stands inside the transaction; raises when it may not."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What somebody asked for; the same `id` with the same content is the same command.

    Parameters
    ----------
    fingerprint : str
        Hash over the content and who sent it.
    expected_seq : int or None
        The last event the sender knew of; None when any state will do.
    """

    id: str
    fingerprint: str
    at: datetime
    expected_seq: int | None = None


@dataclass(frozen=True, kw_only=True)
class Appended:
    """The answer to a command: its events, the case right after them, and whether it was a repetition."""

    events: tuple[Event, ...]
    case: CaseFile
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases to list; `sites` None means every site, `text` matches patient and indication."""

    sites: frozenset[str] | None = None
    site_id: str | None = None
    state: str | None = None
    patient_key: str | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case as the list shows it."""

    id: str
    site_id: str
    state: str
    updated_at: datetime
    seq: int
    summary: Body


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """One page of the list, newest first; `next` continues it, None at the end."""

    items: tuple[CaseRow, ...]
    next: str | None


class CaseLog(Protocol):
    """Append-only, exactly once for each command."""

    def create(self, case_id: str, command: Command, drafts: Sequence[Draft]) -> Appended:
        """Open a case with its referral; the same command again answers the same.

        Raises
        ------
        ConflictError
            If the command's id was used for something else.
        """
        ...

    def append(self, case_id: str, command: Command, decide: Decide, *, within: Any = None) -> Appended:
        """Decide on the case as it stands and append, in one transaction.

        `within` is an open transaction of the same store, for events that must stand or fall with other
        rows; without it the method commits before it returns.

        Raises
        ------
        LookupError
            If there is no such case.
        ConflictError
            If the command's id was used for something else, or events followed `expected_seq`.
        """
        ...

    def load(self, case_id: str) -> CaseFile | None:
        """The case now."""
        ...

    def events_after(self, case_id: str, seq: int = 0) -> tuple[Event, ...]:
        """Its events after `seq`, in order."""
        ...

    def list(self, chosen: CaseFilter, *, cursor: str | None = None, limit: int = 50) -> CasePage:
        """Cases that fit, the one that changed last first."""
        ...

    def site_of(self, case_id: str) -> str | None:
        """The hospital that owns the case; None when there is no such case."""
        ...
