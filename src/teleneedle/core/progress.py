"""Progress and cancellation of long work, passed in by whoever starts it."""

from __future__ import annotations

import threading
from typing import Protocol

from teleneedle.core.errors import Cancelled


class Progress(Protocol):
    """Receives how far a named stage is."""

    def __call__(self, stage: str, fraction: float) -> None:
        """`stage` is a short stable id, `fraction` runs from 0 to 1."""


def no_progress(stage: str, fraction: float) -> None:
    """Discard progress."""


class CancelToken:
    """Set by the user's side, checked by the working side between steps."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Stop here if asked to.

        Raises
        ------
        Cancelled
            If `cancel` was called.
        """
        if self._event.is_set():
            raise Cancelled
