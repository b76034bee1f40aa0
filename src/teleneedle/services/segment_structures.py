"""Have each wanted structure proposed by the first engine that can, and say which ones could not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from teleneedle.core.anatomy import Proposed, Structure, merge_by_kind
from teleneedle.core.errors import Cancelled, TeleneedleError
from teleneedle.core.image import Volume
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.ports.segmenter import (
    Bilingual,
    EngineInfo,
    OnStructure,
    Segmenter,
    SegmentRequest,
    Verdict,
    tell_nobody,
)

RunFunction = Callable[[Volume, SegmentRequest, Progress, CancelToken | None], Mapping[str, Proposed]]
NOT_FOUND: Bilingual = ("未找到。", "Not found.")


@dataclass(frozen=True, kw_only=True)
class FunctionSegmenter:
    """A function of this process as a `Segmenter`: how the builtin engine takes part."""

    info: EngineInfo
    function: RunFunction

    def can_run(self, volume: Volume) -> Verdict:
        """Always: what is not there is left out of the result."""
        return Verdict(can_run=True)

    def run(
        self, volume: Volume, request: SegmentRequest, *, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        """Call the function; only what was wanted and declared comes back."""
        if cancel is not None:
            cancel.raise_if_cancelled()
        found = self.function(volume, request, progress, cancel)
        return {kind: s for kind, s in found.items() if kind in request.wanted & self.info.classes}


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentedStructures:
    """What was proposed.

    Parameters
    ----------
    structures : tuple of Proposed
        In the order wanted.
    missing : mapping of str to (zh, en)
        Wanted kinds that no engine found, and why.
    warnings : tuple of (zh, en)
        Engines that failed or could not run.
    """

    structures: tuple[Proposed, ...] = ()
    missing: Mapping[str, Bilingual] = field(default_factory=dict)
    warnings: tuple[Bilingual, ...] = ()


def segment_structures(
    volume: Volume,
    *,
    wanted: Sequence[str],
    engines: Mapping[str, Sequence[Segmenter]],
    given: Iterable[Structure] = (),
    on_structure: OnStructure = tell_nobody,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> SegmentedStructures:
    """Propose every wanted kind that is not given.

    Each kind goes to its engines in order; what one cannot do, fails at or does not find falls to the next,
    and the structure's reasons then name the engine that failed.

    Parameters
    ----------
    volume : Volume
        The CT.
    wanted : sequence of str
        Canonical kinds.
    engines : mapping of str to sequence of Segmenter
        Kind → engines, best first.
    given : iterable of Structure
        Structures already there; their kinds are not segmented again.
    on_structure : callable
        Told each structure once, as soon as it is there.

    Raises
    ------
    Cancelled
        If `cancel` was set.
    """
    given = tuple(given)
    have = {structure.kind for structure in given}
    search = _Search(
        volume=volume,
        queues={kind: list(engines.get(kind, ())) for kind in wanted if kind not in have},
        given=given,
        on_structure=on_structure,
    )
    while (engine := search.next_engine()) is not None:
        search.ask(engine, progress, cancel)
    return SegmentedStructures(
        structures=tuple(search.found[kind] for kind in search.queues if kind in search.found),
        missing={kind: search.why_missing(kind) for kind in search.queues if kind not in search.found},
        warnings=tuple(search.warnings),
    )


@dataclass(kw_only=True, eq=False)
class _Search:
    """Which kinds still wait for which engines."""

    volume: Volume
    queues: dict[str, list[Segmenter]]
    given: tuple[Structure, ...]
    on_structure: OnStructure
    found: dict[str, Proposed] = field(default_factory=dict)
    setbacks: dict[str, list[Bilingual]] = field(default_factory=dict)
    reasons: dict[str, Bilingual] = field(default_factory=dict)
    warnings: list[Bilingual] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    def next_engine(self) -> Segmenter | None:
        """First in line somewhere and, if possible, nowhere still waiting behind another engine."""
        open_queues = [queue for kind, queue in self.queues.items() if queue and kind not in self.found]
        for queue in open_queues:
            if not any(queue[0] is later for other in open_queues for later in other[1:]):
                return queue[0]
        return open_queues[0][0] if open_queues else None

    def ask(self, engine: Segmenter, progress: Progress, cancel: CancelToken | None) -> None:
        """Run `engine` for every kind whose turn it is."""
        if cancel is not None:
            cancel.raise_if_cancelled()
        kinds = [
            k for k, queue in self.queues.items() if queue and queue[0] is engine and k not in self.found
        ]
        for kind in kinds:
            self.queues[kind].pop(0)
        verdict = engine.can_run(self.volume)
        if not verdict.can_run:
            self._set_back(engine, kinds, verdict.reason)
            return
        known = merge_by_kind((*self.given, *self.found.values()))
        request = SegmentRequest(
            wanted=frozenset(kinds), known=known, on_structure=self._tell, on_missing=self._explain
        )
        try:
            answer = engine.run(self.volume, request, progress=progress, cancel=cancel)
        except Cancelled:
            raise
        except TeleneedleError as error:
            self._set_back(engine, kinds, (str(error), str(error)))
            return
        for kind in kinds:
            if kind in answer:
                self._accept(kind, answer[kind])

    def _accept(self, kind: str, structure: Proposed) -> None:
        structure = self._with_setbacks(structure)
        self.found[kind] = structure
        self._tell(structure)

    def _with_setbacks(self, structure: Proposed) -> Proposed:
        setbacks = tuple(self.setbacks.get(structure.kind, ()))
        return replace(structure, reasons=(*structure.reasons, *setbacks)) if setbacks else structure

    def _tell(self, structure: Proposed) -> None:
        if structure.kind not in self._told:
            self._told.add(structure.kind)
            self.on_structure(structure)

    def _explain(self, kind: str, reason: Bilingual) -> None:
        self.reasons[kind] = reason

    def _set_back(self, engine: Segmenter, kinds: Sequence[str], why: Bilingual) -> None:
        label = engine.info.label
        text = (f"引擎 {label} 未能使用：{why[0]}", f"The engine {label} could not be used: {why[1]}")
        self.warnings.append(text)
        for kind in kinds:
            self.setbacks.setdefault(kind, []).append(text)

    def why_missing(self, kind: str) -> Bilingual:
        """What an engine said, else the last setback, else that nothing was found."""
        return self.reasons.get(kind) or self.setbacks.get(kind, [NOT_FOUND])[-1]
