"""Kept instances on their way to a peer: as they are kept where it takes that, else rewritten plainly.

References
----------
DICOM PS3.4 B.4.1.2 and C.6.1.2 (transfer syntaxes of storage sub-operations).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from teleneedle.adapters.decoding.child import decode
from teleneedle.adapters.dicomweb.kept import INSTANCE_UID, SOP_CLASS, TRANSFER_SYNTAX, Kept
from teleneedle.adapters.link.dataset_layout import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from teleneedle.adapters.link.part10 import split_part10
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.core.errors import TeleneedleError

BATCH = 32
"""Instances that one decoder child rewrites; starting it takes longer than rewriting one."""
C = TypeVar("C")
Accepted = Mapping[tuple[str, str], C]
"""Presentation contexts by SOP class and transfer syntax."""


@dataclass(frozen=True, kw_only=True)
class Outbound(Generic[C]):
    """One instance with the context to send it in; both are None when the peer took none that fits."""

    kept: Kept
    context: C | None
    syntax: str
    dataset: bytes | memoryview | None
    why: str = ""

    @property
    def sop_uid(self) -> str:
        """SOP Instance UID."""
        return self.kept.uid(INSTANCE_UID)

    @property
    def sop_class(self) -> str:
        """SOP Class UID."""
        return self.kept.uid(SOP_CLASS)


def outbound(kept: Iterable[Kept], objects: ObjectStore, accepted: Accepted[C]) -> Iterator[Outbound[C]]:
    """Each instance, ready to be sent in the best of the accepted contexts."""
    waiting = iter(kept)
    while batch := list(islice(waiting, BATCH)):
        yield from _ready(batch, objects, accepted)


def _ready(batch: Sequence[Kept], objects: ObjectStore, accepted: Accepted[C]) -> Iterator[Outbound[C]]:
    plain: dict[int, tuple[bytes | None, str]] = {}
    for syntax in (EXPLICIT_LITTLE, IMPLICIT_LITTLE):
        chosen = [(n, one) for n, one in enumerate(batch) if _syntax(one, accepted) == (syntax, True)]
        for originals in {one.originals for _, one in chosen}:
            those = [(n, one) for n, one in chosen if one.originals == originals]
            answers = _plainly([one for _, one in those], objects, syntax)
            plain.update(zip([n for n, _ in those], answers, strict=True))
    for n, one in enumerate(batch):
        syntax, is_rewritten = _syntax(one, accepted)
        context = accepted.get((one.uid(SOP_CLASS), syntax))
        if context is None:
            why = "no accepted presentation context"
            yield Outbound(kept=one, context=None, syntax="", dataset=None, why=why)
        elif is_rewritten:
            dataset, why = plain[n]
            yield Outbound(kept=one, context=context, syntax=syntax, dataset=dataset, why=why)
        else:
            _, content = split_part10(one.content(objects))
            yield Outbound(kept=one, context=context, syntax=syntax, dataset=content)


def _syntax(one: Kept, accepted: Accepted[C]) -> tuple[str, bool]:
    """The syntax to send in, and whether the instance must be rewritten for it."""
    sop_class, own = one.uid(SOP_CLASS), one.uid(TRANSFER_SYNTAX)
    if (sop_class, own) in accepted:
        return own, False
    for syntax in (EXPLICIT_LITTLE, IMPLICIT_LITTLE):
        if (sop_class, syntax) in accepted:
            return syntax, True
    return "", False


def _plainly(group: Sequence[Kept], objects: ObjectStore, syntax: str) -> list[tuple[bytes | None, str]]:
    request = {
        "task": "plain",
        "path": str(objects.path(group[0].originals)),
        "parts": [[one.start, one.end] for one in group],
        "syntax": syntax,
    }
    try:
        done = decode(request)
    except TeleneedleError as error:
        return [(None, error.what)] * len(group)
    faults = done.fields["faults"]
    return [
        (array.tobytes(), "") if fault is None else (None, str(fault["what"]))
        for array, fault in zip(done.arrays, faults, strict=True)
    ]
