"""What the child is given to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.shared_arrays import SharedArrayWriter

TaskResult = Mapping[str, Any]


class Teller(Protocol):
    """Tells the parent how far the work is, and in which file."""

    def __call__(self, stage: str, fraction: float) -> None:
        """`fraction` runs from 0 to 1."""

    def at(self, where: str) -> None:
        """Remember which file is being read, for the case of an error."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One request with its limits and the places for its answer."""

    request: Mapping[str, Any]
    limits: DecodeLimits
    writer: SharedArrayWriter
    tell: Teller
