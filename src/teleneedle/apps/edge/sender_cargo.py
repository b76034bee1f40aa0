"""What the gateway holds for the hub: instances of the spool with their coding, and what became of each."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

from teleneedle.adapters.link.codec import Coded, Coding
from teleneedle.adapters.link.declaration import declare, position_of
from teleneedle.adapters.link.outgoing import INTRA, PLANNED, Outgoing, Piece
from teleneedle.adapters.link.outgoing_item import Item
from teleneedle.adapters.link.spool_file import Entry as Spooled
from teleneedle.adapters.link.wire_manifest import Entry
from teleneedle.adapters.link.wire_parts import EIGHTH, Part

OPAQUE_AFTER = 2
"""An instance that the hub could not rebuild so often goes without a picture codec."""
BY_ASSOCIATION = ("dimse", "query")
"""Ways in whose senders say by the end of an association that they are done."""


@dataclass(kw_only=True)
class Shipment:
    """One instance of the spool.

    Parameters
    ----------
    is_known : bool
        Whether the hub may have some of it already: it lay in the spool when this process started.
    coded : Coded or None
        None before coding, and again once all of it is durable at the hub.
    size : int
        Bytes of all layers, as it was coded last.
    """

    handle: int
    spooled: Spooled
    is_known: bool
    coded: Coded | None = None
    entry: Entry | None = None
    size: int = 0
    times_broken: int = 0
    is_coding: bool = False
    is_shrinking: bool = False
    is_verified: bool = False

    @property
    def identity(self) -> tuple[str, str]:
        """SOP instance UID and digest."""
        return self.spooled.facts.sop_uid, self.spooled.dataset_sha256

    def coding(self, usual: Coding) -> Coding:
        """How it is to be coded now."""
        if self.times_broken == 0:
            return usual
        return Coding(is_opaque=self.times_broken >= OPAQUE_AFTER)


@dataclass(kw_only=True)
class SeriesState:
    """One series with instances in the spool; times are monotonic seconds."""

    key: str
    uid: str
    started_at: float
    changed_at: float
    is_by_association: bool
    """Whether the end of an association tells that nothing more of it comes."""
    handles: set[int] = field(default_factory=set)
    arrived: int = 0
    verified: int = 0
    receipted: int = 0
    quarantined: int = 0
    is_closed: bool = False
    is_ended: bool = False
    """Whether its end was said on this connection, and nothing came since."""


class Cargo:
    """The instances, by handle, and their series."""

    def __init__(self, outgoing: Outgoing) -> None:
        self.outgoing = outgoing
        self.shipments: dict[int, Shipment] = {}
        self.series: dict[str, SeriesState] = {}
        self.undeclared: dict[int, None] = {}
        self._to_code: list[tuple[int, int]] = []
        self.coded_bytes = 0
        self._handles: dict[str, int] = {}
        self._next = 1

    def knows(self, key: str) -> bool:
        """Whether an instance of the spool is here already."""
        return key in self._handles

    def arrive(self, spooled: Spooled, now: float, *, is_known: bool) -> None:
        """One more instance of the spool."""
        if self.knows(spooled.key):
            return
        shipment = Shipment(handle=self._next, spooled=spooled, is_known=is_known)
        self._next += 1
        self._handles[spooled.key] = shipment.handle
        self.shipments[shipment.handle] = shipment
        series = self.series.setdefault(
            spooled.series_key,
            SeriesState(
                key=spooled.series_key,
                uid=spooled.facts.series_uid,
                started_at=now,
                changed_at=now,
                is_by_association=spooled.arrival.via in BY_ASSOCIATION,
            ),
        )
        series.handles.add(shipment.handle)
        series.arrived += 1
        series.changed_at, series.is_closed, series.is_ended = now, False, False
        heapq.heappush(self._to_code, (self._urgency(shipment), shipment.handle))

    def has_to_code(self) -> bool:
        """Whether an instance waits to be coded."""
        return bool(self._to_code)

    def next_to_code(self) -> Shipment | None:
        """Whose turn at coding it is: intra-operative series first, then in the order of arrival."""
        while self._to_code:
            shipment = self.shipments.get(heapq.heappop(self._to_code)[1])
            if shipment and not shipment.is_coding:
                shipment.is_coding = True
                return shipment
        return None

    def take_coded(self, handle: int, coded: Coded) -> None:
        """The instance is coded, for the first time or in another way; it has to be declared."""
        shipment = self.shipments.get(handle)
        if shipment is None:
            return
        self._let_go(shipment)
        shipment.coded, shipment.is_coding = coded, False
        shipment.size = coded.size
        self.coded_bytes += coded.size
        shipment.entry = declare(handle, shipment.spooled, coded)
        lengths = shipment.entry.layer_lengths()
        if handle in self.outgoing:
            self.outgoing.change(handle, lengths)
        elif not shipment.is_verified:
            series_uid, position = shipment.spooled.facts.series_uid, position_of(shipment.spooled.facts)
            item = Item(handle, series_uid, position, lengths, is_in_doubt=shipment.is_known)
            self.outgoing.add(item, urgency=self._urgency(shipment))
        self.undeclared[handle] = None

    def give_up(self, handle: int) -> None:
        """The instance is no longer in the spool."""
        shipment = self.shipments.pop(handle, None)
        if shipment is None:
            return
        self._let_go(shipment)
        self._handles.pop(shipment.spooled.key, None)
        self.undeclared.pop(handle, None)
        self.outgoing.done(handle)
        series = self.series[shipment.spooled.series_key]
        series.handles.discard(handle)
        if not series.handles:
            del self.series[series.key]

    def connect(self, window: int) -> None:
        """A fresh connection: everything has to be declared again, every end said again."""
        self.outgoing.connect(window)
        self.undeclared = {
            handle: None for handle, shipment in self.shipments.items() if shipment.entry is not None
        }
        for series in self.series.values():
            series.is_ended = False

    def part(self, piece: Piece) -> Part:
        """The bytes of a piece."""
        coded = self.shipments[piece.handle].coded
        if coded is None:
            raise KeyError(piece.handle)
        content = memoryview(coded.layers[piece.layer])
        return Part(
            layer=piece.layer,
            handle=piece.handle,
            offset=piece.offset,
            layer_length=len(content),
            payload=content[piece.offset : piece.offset + piece.length],
        )

    def note_durable(self, pieces: list[Piece]) -> None:
        """Parts are on the hub's disk: instances that are there altogether need no memory here."""
        for handle in {piece.handle for piece in pieces if piece.handle in self.outgoing}:
            if self.outgoing.item(handle).is_durable():
                self._let_go(self.shipments[handle])

    def note_held(self, handle: int, held: Mapping[int, int]) -> None:
        """The hub's answer to the manifest."""
        shipment = self.shipments.get(handle)
        if shipment is None or shipment.is_coding:
            return
        if shipment.is_verified:  # it was, and the hub no longer knows
            shipment.is_verified, shipment.is_known = False, True
            self.series[shipment.spooled.series_key].verified -= 1
            self._code_again(shipment)
            return
        self.outgoing.have(handle, held)
        if shipment.coded is None and not self.outgoing.item(handle).is_durable():
            self._code_again(shipment)

    def note_verified(self, handle: int) -> None:
        """The instance is whole at the hub."""
        shipment = self.shipments.get(handle)
        if shipment and not shipment.is_verified:
            shipment.is_verified = True
            self._let_go(shipment)
            self.outgoing.done(handle)
            self.series[shipment.spooled.series_key].verified += 1

    def note_broken(self, handle: int, layers: tuple[int, ...]) -> None:
        """The hub could not rebuild the instance: it is coded anew, in a plainer way each time."""
        shipment = self.shipments.get(handle)
        if shipment and handle in self.outgoing and not shipment.is_coding:
            shipment.is_shrinking = False
            shipment.times_broken += 1
            self.outgoing.broken(handle, layers)
            self._code_again(shipment)

    def set_aside(self, handle: int) -> None:
        """The instance went to quarantine."""
        shipment = self.shipments.get(handle)
        if shipment:
            series = self.series[shipment.spooled.series_key]
            series.quarantined += 1
            series.is_ended = False  # its end is said again, without this one
            self.give_up(handle)

    def note_receipted(self, handle: int) -> None:
        """The hub has signed for the instance, and the spool has let it go."""
        shipment = self.shipments.get(handle)
        if shipment:
            self.series[shipment.spooled.series_key].receipted += 1
            self.give_up(handle)

    def handles_of(self, series_uid: str, identities: frozenset[tuple[str, str]]) -> list[int]:
        """Handles of the instances of a series that have one of these identities."""
        members = [series.handles for series in self.series.values() if series.uid == series_uid]
        return [handle for one in members for handle in one if self.shipments[handle].identity in identities]

    def close_series(self, series_key: str) -> None:
        """Whoever sent the series has ended its association."""
        if series_key in self.series:
            self.series[series_key].is_closed = True

    def unended(self, now: float, *, quiet_s: float, open_quiet_s: float) -> list[SeriesState]:
        """Series that are all there and whose end was not said yet."""
        return [
            series
            for series in self.series.values()
            if not series.is_ended
            and (
                series.is_closed
                or now - series.changed_at >= (open_quiet_s if series.is_by_association else quiet_s)
            )
            and all(self._is_declared(handle) for handle in series.handles)
        ]

    def next_to_shrink(self, lead_bytes: float) -> Shipment | None:
        """The first instance that may still be coded smaller: its turn to be sent is `lead_bytes` away."""
        ahead = 0
        for handle in self.outgoing.order():
            shipment = self.shipments[handle]
            ahead += shipment.size
            if ahead > lead_bytes and not shipment.is_shrinking and self._is_plain(shipment):
                shipment.is_shrinking = True
                return shipment
        return None

    def take_smaller(self, handle: int, coded: Coded) -> None:
        """The instance is coded smaller; too late when more than its first layer is on its way."""
        shipment = self.shipments.get(handle)
        if shipment and shipment.coded and self._is_plain(shipment) and coded.size < shipment.coded.size:
            self.take_coded(handle, coded)

    def _is_plain(self, shipment: Shipment) -> bool:
        if shipment.coded is None or shipment.coded.codec != "htj2k" or shipment.handle not in self.outgoing:
            return False
        item = self.outgoing.item(shipment.handle)
        return not any(sent for layer, sent in item.sent.items() if layer != EIGHTH)

    def _is_declared(self, handle: int) -> bool:
        return self.shipments[handle].entry is not None and handle not in self.undeclared

    def _code_again(self, shipment: Shipment) -> None:
        if shipment.handle in self.outgoing:
            self.outgoing.hold(shipment.handle)
        heapq.heappush(self._to_code, (self._urgency(shipment), shipment.handle))

    def _let_go(self, shipment: Shipment) -> None:
        if shipment.coded:
            self.coded_bytes -= shipment.coded.size
            shipment.coded = None

    def _urgency(self, shipment: Shipment) -> int:
        return INTRA if shipment.spooled.arrival.phase == "intra" else PLANNED
