"""What every engine that proposes structures offers, whether it runs here or in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from teleneedle.core.anatomy import Proposed
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken, Progress

Bilingual = tuple[str, str]
OnStructure = Callable[[Proposed], None]


def tell_nobody(structure: Proposed) -> None:
    """Discard a structure that is told ahead of the result."""


OnMissing = Callable[[str, Bilingual], None]


def give_no_reason(kind: str, reason: Bilingual) -> None:
    """Discard why a kind was not found."""


@dataclass(frozen=True, kw_only=True)
class EngineInfo:
    """Who an engine is.

    Parameters
    ----------
    id, version : str
        Named in every structure it proposes.
    weights_sha256 : str
        Hash of its weights; empty for weight-free engines.
    licence : str
        Licence of the weights (of the code for weight-free engines), as shown to the user.
    classes : frozenset of str
        Canonical kinds it can propose, and no others.
    """

    id: str
    version: str
    licence: str
    classes: frozenset[str]
    weights_sha256: str = ""

    @property
    def label(self) -> str:
        """``id version``, as `Proposed.engine` carries it."""
        return f"{self.id} {self.version}".strip()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an engine can work on an image; `reason` (zh, en) says why not."""

    can_run: bool
    reason: Bilingual = ("", "")


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentRequest:
    """What is wanted from an engine.

    Parameters
    ----------
    wanted : frozenset of str
        Canonical kinds.
    known : mapping of str to LabelMap
        Structures already there, by kind, on the grid of the image.
    on_structure : callable
        Told each structure as soon as it is there; an engine that finds all at once need not call it.
    on_missing : callable
        Told why a kind was not found, by an engine that knows.
    """

    wanted: frozenset[str]
    known: Mapping[str, LabelMap] = field(default_factory=dict)
    on_structure: OnStructure = tell_nobody
    on_missing: OnMissing = give_no_reason


class Segmenter(Protocol):
    """An engine that proposes structures of a CT."""

    @property
    def info(self) -> EngineInfo:
        """Who it is and what it can propose."""

    def can_run(self, volume: Volume) -> Verdict:
        """Whether it can work on `volume`; cheap, and never raises."""

    def run(
        self, volume: Volume, request: SegmentRequest, *, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        """Structures by canonical kind, on the grid of `volume`; kinds it did not find are left out.

        Raises
        ------
        TeleneedleError
            If the engine failed; nothing else is ever raised.
        Cancelled
            If `cancel` was set.
        """
