"""One series on its way in, as the receiver holds it: its journal and what is known of each instance."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from teleneedle.adapters.link.journal import Journal, Kind, Record
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_manifest import Entry, encode_manifest


@dataclass(kw_only=True, eq=False)
class Kept:
    """An instance of the series.

    Parameters
    ----------
    entry : Entry or None
        Its announcement; None once the series is kept elsewhere and its journal is gone.
    is_aside : bool
        It came whole and is not what was announced, however often: a person must look at it.
    """

    number: int
    sop_uid: str
    dataset_sha256: str
    entry: Entry | None
    is_verified: bool = False
    is_checked: bool = False
    is_aside: bool = False
    failures: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether nothing more of it is wanted."""
        return self.is_verified or self.is_aside


@dataclass(kw_only=True, eq=False)
class ArrivingSeries:
    """Everything of one series; `lock` is held while instances are added or noted as verified."""

    id: str
    site_id: str
    gateway_id: str
    series_uid: str
    study_uid: str
    journal: Journal | None
    kept: dict[int, Kept] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    listed: set[tuple[str, str]] = field(default_factory=set)
    set_aside: set[tuple[str, str]] = field(default_factory=set)
    unsaved: list[Kept] = field(default_factory=list)
    newly_verified: list[str] = field(default_factory=list)
    case_id: str = ""
    is_urgent: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    saving: threading.Lock = field(default_factory=threading.Lock)
    """Held from taking what is new until the database has it: a row is verified only once it is there."""

    def add(self, kept: Kept) -> None:
        """One more instance."""
        self.kept[kept.number] = kept
        self.numbers[kept.sop_uid] = kept.number

    def note_verified(self, kept: Kept) -> None:
        """The instance is whole and as announced; the database hears of it with the next save."""
        with self.lock:
            kept.is_verified = True
            self.newly_verified.append(kept.sop_uid)

    def of(self, sop_uid: str) -> Kept | None:
        """The instance with this UID."""
        number = self.numbers.get(sop_uid)
        return None if number is None else self.kept[number]

    def held(self, kept: Kept) -> Held | None:
        """Where an instance lies; None when it is not in the journal."""
        if self.journal is None or kept.entry is None:
            return None
        layers = kept.entry.layer_lengths()
        pieces = {layer: self.journal.pieces(kept.number, layer) for layer in layers}
        return Held(journal=self.journal.path, entry=kept.entry, pieces=pieces)

    def durable(self, kept: Kept) -> dict[int, int]:
        """Bytes of each layer that are on the disk from its start on."""
        if self.journal is None or kept.entry is None:
            return {}
        held = {layer: self.journal.held(kept.number, layer) for layer in kept.entry.layer_lengths()}
        return {layer: length for layer, length in held.items() if length}

    def is_whole(self, kept: Kept) -> bool:
        """Whether every layer of an instance is there."""
        return kept.entry is not None and self.durable(kept) == kept.entry.layer_lengths()

    def missing(self) -> list[str]:
        """Instances that the sender counts to the series and that are not settled."""
        return [uid for uid, digest in sorted(self.listed) if not self._is_settled(uid, digest)]

    def is_complete(self) -> bool:
        """Whether the sender has said what there is, and all of it is settled."""
        return bool(self.listed) and not self.missing()

    def is_all_listed(self) -> bool:
        """Whether nothing was announced that the sender has not yet counted to it."""
        return {(kept.sop_uid, kept.dataset_sha256) for kept in self.kept.values()} <= self.listed

    def verified(self) -> list[tuple[str, str]]:
        """Identity of every instance that is listed and verified."""
        return [
            (uid, digest)
            for uid, digest in sorted(self.listed)
            if (kept := self.of(uid)) and kept.is_verified and kept.dataset_sha256 == digest
        ]

    def _is_settled(self, sop_uid: str, digest: str) -> bool:
        kept = self.of(sop_uid)
        if (sop_uid, digest) in self.set_aside:
            return True
        return kept is not None and kept.dataset_sha256 == digest and kept.is_settled

    def in_order(self) -> Iterator[Kept]:
        """Instances in the order they were announced."""
        return iter(sorted(self.kept.values(), key=lambda kept: kept.number))


def entry_record(number: int, entry: Entry) -> Record:
    """An announcement as a record of the journal."""
    return Record(kind=Kind.ENTRY, number=number, payload=encode_manifest([entry]))
