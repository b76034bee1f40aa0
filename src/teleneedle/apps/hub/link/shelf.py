"""The series that are arriving: opened when they are announced, taken up again when the hub starts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from teleneedle.adapters.link.journal import Journal, Kind, Record
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import Entry, decode_manifest
from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.link.announced_facts import facts_of
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept, entry_record
from teleneedle.apps.hub.link.peer import Peer
from teleneedle.apps.hub.link.row_states import LANDED

MOST_INSTANCES = 20_000
LARGEST_INSTANCE = 2 << 30
LARGEST_SERIES = 32 << 30
MOST_AROUND = 256 << 20
"""Bytes of heads and tails of one series, which are held in memory."""
OTHER_CONTENT, OTHER_SERIES = "other-content", "other-series"


@dataclass(kw_only=True)
class Answer:
    """What became of a manifest.

    Parameters
    ----------
    places : dict
        Series and instance of each handle.
    aside : list of (Entry, str)
        Announcements that are refused for good, and why.
    opened : list of ArrivingSeries
        Series of which something new was announced.
    """

    places: dict[int, tuple[ArrivingSeries, Kept]] = field(default_factory=dict)
    aside: list[tuple[Entry, str]] = field(default_factory=list)
    opened: list[ArrivingSeries] = field(default_factory=list)


class Shelf:
    """Every method may be called from any thread.

    Parameters
    ----------
    folder : Path
        Of the journals.
    require_room : callable
        Raises when so many bytes more do not fit.
    """

    def __init__(self, *, folder: Path, store: LinkStore, require_room: Callable[[int], None]) -> None:
        self._journals = folder / "journals"
        self._journals.mkdir(parents=True, exist_ok=True)
        self._store = store
        self._require_room = require_room
        self._lock = threading.RLock()
        self._series: dict[tuple[str, str], ArrivingSeries] = {}
        self._is_taken_up = False

    def __iter__(self) -> Iterator[ArrivingSeries]:
        with self._lock:
            return iter(list(self._series.values()))

    def find(self, site_id: str, series_uid: str) -> ArrivingSeries | None:
        """The series of a hospital by its UID."""
        with self._lock:
            return self._series.get((site_id, series_uid))

    def by_id(self, series_id: str) -> ArrivingSeries | None:
        """The series by the hub's own id."""
        return next((series for series in self if series.id == series_id), None)

    def resume(self) -> None:
        """Take up every series that has a journal; only the hub that serves the folder does, once."""
        with self._lock:
            if self._is_taken_up:
                return
            for row in self._store.open_ones():
                if (self._journals / row.id).exists():
                    self._series[row.site_id, row.series_uid] = self._load(row)
            self._is_taken_up = True

    def announce(self, peer: Peer, entries: Sequence[Entry]) -> Answer:
        """Take in announcements; they are in the journal when this returns.

        Raises
        ------
        WireError
            If they claim more than a series may have.
        StorageFullError
            If there is no room for what they announce.
        """
        answer = Answer()
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.series_uid, []).append(entry)
        for group in groups.values():
            series = self._open(peer, group[0])
            with series.lock:
                self._announce(series, group, answer)
        return answer

    def save(self, series: ArrivingSeries) -> None:
        """Bring the database up to what is known of a series; from any thread, one at a time."""
        with series.saving:
            with series.lock:
                new, series.unsaved = series.unsaved, []
                verified, series.newly_verified = series.newly_verified, []
            try:
                if new:
                    self._store.announce(series.id, [(k.sop_uid, k.number, k.dataset_sha256) for k in new])
                if verified:
                    self._store.verify(series.id, verified)
            except BaseException:
                with series.lock:
                    series.unsaved[:0], series.newly_verified[:0] = new, verified
                raise

    def close(self) -> None:
        """Close every journal and forget what was in memory."""
        with self._lock:
            for series in self:
                if series.journal is not None:
                    series.journal.close()
            self._series.clear()
            self._is_taken_up = False

    def tidy(self, before: datetime) -> None:
        """Delete journals of series that landed, and of which nothing has come since `before`."""
        for series in self:
            row = self._store.series(series.id)
            if row is not None and row.state == LANDED and row.updated_at < before:
                self._let_go(series)

    def _let_go(self, series: ArrivingSeries) -> None:
        with series.lock:
            if series.journal is not None:
                series.journal.remove()
            series.journal = None
            for kept in series.kept.values():
                kept.entry = None

    def _open(self, peer: Peer, entry: Entry) -> ArrivingSeries:
        with self._lock:
            found = self._series.get((peer.site_id, entry.series_uid))
            if found is None:
                row = self._store.open_series(
                    site_id=peer.site_id,
                    gateway_id=peer.gateway_id,
                    series_uid=entry.series_uid,
                    study_uid=entry.study_uid,
                    facts=facts_of(entry),
                )
                found = self._series[peer.site_id, entry.series_uid] = self._load(row)
            if found.study_uid != entry.study_uid:
                raise WireError("a series is announced as part of another study than before")
            found.gateway_id = peer.gateway_id
            return found

    def _load(self, row: ArrivingSeriesRow) -> ArrivingSeries:
        place = self._journals / row.id
        journal = Journal(place) if place.exists() else None
        series = ArrivingSeries(
            id=row.id,
            site_id=row.site_id,
            gateway_id=row.gateway_id,
            series_uid=row.series_uid,
            study_uid=row.study_uid,
            journal=journal,
            case_id=row.case_id,
            is_urgent=bool(json.loads(row.facts).get("is_urgent")),
        )
        rows = {one.number: one for one in self._store.instances(row.id)}
        for number, one in rows.items():
            series.add(
                Kept(
                    number=number,
                    sop_uid=one.sop_uid,
                    dataset_sha256=one.dataset_sha256,
                    entry=None,
                    is_verified=one.is_verified,
                )
            )
        for number, packed in sorted(journal.entries.items() if journal else ()):
            (entry,) = decode_manifest(packed)
            if number in series.kept:
                series.kept[number].entry = entry
                continue
            series.add(_kept(number, entry))
            series.unsaved.append(series.kept[number])
        for end in journal.ends if journal else ():
            series.listed |= {(uid, digest) for uid, digest in json.loads(end)}
        if journal:
            journal.rest()
        series.set_aside = {(one.sop_uid, one.dataset_sha256) for one in self._store.quarantine(row.id)}
        for kept in series.kept.values():
            kept.is_aside = (kept.sop_uid, kept.dataset_sha256) in series.set_aside
        return series

    def _announce(self, series: ArrivingSeries, entries: Sequence[Entry], answer: Answer) -> None:
        fresh = [entry for entry in entries if entry.sop_uid not in series.numbers]
        elsewhere = self._elsewhere(series, [entry.sop_uid for entry in fresh])
        records: list[Record] = []
        new: list[Kept] = []
        changed: list[tuple[Kept, Entry]] = []
        for entry in entries:
            kept = series.of(entry.sop_uid) or next((k for k in new if k.sop_uid == entry.sop_uid), None)
            if kept is None and elsewhere.get(entry.sop_uid, entry.dataset_sha256) != entry.dataset_sha256:
                self._set_aside(series, entry, OTHER_SERIES, answer)
            elif kept is None:
                kept = _kept(len(series.kept) + len(new), entry)
                new.append(kept)
                records.append(entry_record(kept.number, entry))
            elif kept.dataset_sha256 != entry.dataset_sha256:
                self._set_aside(series, entry, OTHER_CONTENT, answer)
                continue
            elif not kept.is_settled and _coding(kept.entry) != _coding(entry):
                records += _again(kept, entry)
                changed.append((kept, entry))
            if kept is not None:
                answer.places[entry.handle] = series, kept
        _require_modest(series, new)
        if records:
            self._require_room(sum(sum(e.layer_lengths().values()) for e in fresh))
            self._journal(series).append(records)
        for kept in new:
            series.add(kept)
        for kept, entry in changed:
            kept.entry, kept.is_checked = entry, False
        series.unsaved += new
        if new:
            answer.opened.append(series)

    def _journal(self, series: ArrivingSeries) -> Journal:
        """The journal of a series, a new one where it is gone."""
        if series.journal is None:
            series.journal = Journal(self._journals / series.id)
        return series.journal

    def list_end(self, series: ArrivingSeries, instances: Sequence[tuple[str, str]]) -> None:
        """Keep the sender's list of what there is of a series."""
        with series.lock:
            if not series.listed.issuperset(instances):
                record = Record(kind=Kind.END, payload=json.dumps(instances).encode())
                self._journal(series).append([record])
                series.listed |= set(instances)

    def _elsewhere(self, series: ArrivingSeries, sop_uids: Sequence[str]) -> dict[str, str]:
        """Digests under which other series of the hospital know these instances."""
        found = self._store.known_elsewhere(series.site_id, series.id, sop_uids) if sop_uids else {}
        others = [one for one in self if one is not series and one.site_id == series.site_id]
        for uid in sop_uids:
            for other in others:
                kept = other.of(uid)
                if kept is not None:
                    found[uid] = kept.dataset_sha256
        return found

    def _set_aside(self, series: ArrivingSeries, entry: Entry, why: str, answer: Answer) -> None:
        self.set_aside(series, entry.sop_uid, entry.dataset_sha256, why)
        answer.aside.append((entry, why))

    def set_aside(self, series: ArrivingSeries, sop_uid: str, digest: str, why: str) -> None:
        """Remember an instance that a person must look at."""
        self._store.set_aside(series.id, sop_uid, digest, why)
        with series.lock:
            series.set_aside.add((sop_uid, digest))


def _kept(number: int, entry: Entry) -> Kept:
    return Kept(number=number, sop_uid=entry.sop_uid, dataset_sha256=entry.dataset_sha256, entry=entry)


def _coding(entry: Entry | None) -> object:
    return None if entry is None else (entry.codec, entry.frames, entry.opaque_length, entry.head, entry.tail)


def _again(kept: Kept, entry: Entry) -> Iterable[Record]:
    """Records by which another coding takes the place of the one before; layers as long as they were stay."""
    before = {} if kept.entry is None else kept.entry.layer_lengths()
    now = entry.layer_lengths()
    for layer, length in before.items():
        if now.get(layer) != length:
            yield Record(kind=Kind.AGAIN, number=kept.number, layer=layer, payload=b"")
    yield entry_record(kept.number, entry)


def _require_modest(series: ArrivingSeries, new: Sequence[Kept]) -> None:
    """Refuse claims that no honest series makes.

    Raises
    ------
    WireError
    """
    entries = [kept.entry for kept in (*series.kept.values(), *new) if kept.entry is not None]
    if len(series.kept) + len(new) > MOST_INSTANCES:
        raise WireError("a series has more instances than this hub takes")
    if sum(entry.dataset_length for entry in entries) > LARGEST_SERIES:
        raise WireError("a series is larger than this hub takes")
    if any(kept.entry and kept.entry.dataset_length > LARGEST_INSTANCE for kept in new):
        raise WireError("an instance is larger than this hub takes")
    if sum(len(entry.head) + len(entry.tail) for entry in entries) > MOST_AROUND:
        raise WireError("the headers of a series are larger than this hub takes")
