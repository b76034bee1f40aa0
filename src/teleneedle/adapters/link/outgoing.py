"""What the gateway sends next: urgent series first, coarse before fine, from the focus slice outwards.

Coarse before fine holds between slices too: the last layer of those near the focus goes first, then of one
slice every few millimetres, so that a volume is whole from end to end early, then of those in between.

Pure bookkeeping without any input or output: instances are added while others are on their way, parts are
taken out one at a time as late as the line allows, and answers of the hub are noted. After a reconnect what
was acknowledged stays done, and instances with bytes in the air wait for the hub's word on them.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from teleneedle.adapters.link.outgoing_item import LAST_RANK, RANKS, Item
from teleneedle.adapters.link.wire_parts import LARGEST_PAYLOAD, MANIFEST

URGENT, INTRA, PLANNED = range(3)
"""Classes of series; a lower one goes before every part of a higher one."""
NEAR_MM = 10.0
"""From the focus; nothing is passed over here."""
APART_MM = 5.0
"""Slices that go before those in between are at most so far apart."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """`length` bytes from `offset` of a layer of an instance."""

    handle: int
    layer: int
    offset: int
    length: int


@dataclass(kw_only=True)
class _Series:
    number: int
    urgency: int
    handles: list[int] = field(default_factory=list)
    focus: float | None = None
    origin: float = 0.0
    spacing_mm: float = 0.0
    centred_at: int = 0
    edition: int = 0

    def is_between(self, position: float) -> bool:
        """Whether a slice lies between those that go first, one of so many from the first one known."""
        step = int(APART_MM / self.spacing_mm) if self.spacing_mm else 1
        return step > 1 and round((position - self.origin) / self.spacing_mm) % step != 0


_Place = tuple[int, int, int, bool, float, int, int, int]
"""Urgency, rank of the layer, number of the series, whether it is passed over at first, distance from the
focus, handle, layer, edition."""


class Outgoing:
    """Instances on their way to the hub, in the order in which their parts go out."""

    def __init__(self) -> None:
        self._items: dict[int, Item] = {}
        self._series: dict[str, _Series] = {}
        self._heap: list[_Place] = []
        self._air: deque[tuple[Piece, int]] = deque()
        self._acknowledged = 0
        self.window_bytes = self._most_in_air = 0
        self.bytes_in_air = 0

    def __contains__(self, handle: int) -> bool:
        return handle in self._items

    def __len__(self) -> int:
        return len(self._items)

    @property
    def parts_in_air(self) -> int:
        """Parts that were sent and not yet acknowledged."""
        return len(self._air)

    @property
    def parts_acknowledged(self) -> int:
        """Parts of this connection that are durable at the hub."""
        return self._acknowledged

    def items(self) -> Iterator[Item]:
        """Every instance that is not verified yet, in the order of its coming."""
        return iter(self._items.values())

    def item(self, handle: int) -> Item:
        """One of them."""
        return self._items[handle]

    def connect(self, window: int) -> None:
        """A fresh connection with a window of so many parts: nothing is declared, nothing is in the air."""
        self._most_in_air = self.window_bytes = window * LARGEST_PAYLOAD
        self._air.clear()
        self._heap.clear()
        self._acknowledged = self.bytes_in_air = 0
        for item in self._items.values():
            item.is_ready = False
            item.is_in_doubt |= item.is_partly_out()

    def add(self, item: Item, *, urgency: int = PLANNED) -> None:
        """One more instance; its parts go out once it is `declared`."""
        series = self._series.setdefault(
            item.series_uid, _Series(number=len(self._series), urgency=urgency, origin=item.position)
        )
        series.handles.append(item.handle)
        self._items[item.handle] = item
        self._raise(series, urgency)

    def declared(self, handle: int) -> None:
        """The manifest with this instance went out; one that the hub may know of waits for `have`."""
        item = self._items.get(handle)
        if item and not item.is_in_doubt:
            self._release(item)

    def have(self, handle: int, held: Mapping[int, int]) -> None:
        """The hub's answer to the manifest: what it has of the instance."""
        item = self._items.get(handle)
        if item:
            item.note_held(held)
            self._release(item)

    def change(self, handle: int, layers: Mapping[int, int]) -> None:
        """The instance is coded in another way from now on; it must be declared again."""
        item = self._items[handle]
        item.is_ready = False
        item.change(layers)

    def hold(self, handle: int) -> None:
        """Nothing of the instance goes out until it is declared again."""
        self._items[handle].is_ready = False

    def broken(self, handle: int, layers: Iterable[int]) -> None:
        """The hub could not make the instance out of these layers; they go out again."""
        item = self._items.get(handle)
        if item:
            item.forget(layers)
            self._release(item)

    def done(self, handle: int) -> None:
        """Nothing more of this instance has to be sent: it is verified, or kept aside for a person."""
        item = self._items.pop(handle, None)
        if item:
            self._series[item.series_uid].handles.remove(handle)

    def focus(self, series_uid: str, *, index: int | None = None, at: float | None = None) -> None:
        """Someone looks at the slice with this number along the series, or nearest to this position."""
        series = self._series.get(series_uid)
        if series is None or not series.handles:
            return
        positions = sorted(self._items[handle].position for handle in series.handles)
        series.focus = positions[min(index, len(positions) - 1)] if index is not None else at
        self._reorder(series)

    def hurry(self, series_uid: str) -> None:
        """The series goes before all that are not urgent."""
        series = self._series.get(series_uid)
        if series:
            self._raise(series, URGENT)

    def is_urgent(self, series_uid: str) -> bool:
        """Whether the series goes before those that are planned."""
        series = self._series.get(series_uid)
        return series is not None and series.urgency < PLANNED

    def next_piece(self) -> Piece | None:
        """What is to be sent now; None when the window is full or nothing is ready. Counts as sent."""
        while self._heap:
            *_, handle, layer, edition = self._heap[0]
            item = self._items.get(handle)
            if item is None or edition != self._edition(item) or not item.has_unsent(layer):
                heapq.heappop(self._heap)
                continue
            offset = item.sent[layer]
            length = min(LARGEST_PAYLOAD, item.layers[layer] - offset)
            if not self.has_room(length):
                return None
            piece = Piece(handle=handle, layer=layer, offset=offset, length=length)
            item.sent[layer] += length
            self._note_sent(piece, item.edition)
            return piece
        return None

    def order(self) -> Iterator[int]:
        """Handles with bytes to send, those that go out next first."""
        for *_, handle, layer, edition in sorted(self._heap):
            item = self._items.get(handle)
            if item and edition == self._edition(item) and item.has_unsent(layer):
                yield handle

    def has_room(self, length: int) -> bool:
        """Whether the window allows so many bytes more; one part always may be in the air."""
        return not self._air or self.bytes_in_air + length <= self.window_bytes

    def limit(self, window: int) -> None:
        """The hub allows so many parts from now on."""
        self._most_in_air = window * LARGEST_PAYLOAD
        self.narrow(self.window_bytes)

    def narrow(self, window_bytes: float) -> None:
        """Keep less in the air than the hub allows, though not less than four parts.

        What comes next waits behind it, which on a slow line takes long.
        """
        self.window_bytes = int(min(max(window_bytes, 4 * LARGEST_PAYLOAD), self._most_in_air))

    def note_manifest(self, length: int) -> None:
        """A part of a manifest went out; it is acknowledged like any other."""
        self._note_sent(Piece(handle=0, layer=MANIFEST, offset=0, length=length), 0)

    def acknowledge(self, parts: int) -> list[Piece]:
        """`parts` parts of this connection are durable in all; those that are newly so.

        More than were sent, or fewer than before, count as what is possible.
        """
        newly = list[Piece]()
        while self._acknowledged < parts and self._air:
            piece, edition = self._air.popleft()
            self._acknowledged += 1
            self.bytes_in_air -= piece.length
            newly.append(piece)
            item = self._items.get(piece.handle)
            if piece.layer != MANIFEST and item and item.edition == edition:
                item.note_durable(piece.layer, piece.offset + piece.length)
        return newly

    def _note_sent(self, piece: Piece, edition: int) -> None:
        self._air.append((piece, edition))
        self.bytes_in_air += piece.length

    def _release(self, item: Item) -> None:
        item.is_ready = True
        series = self._series[item.series_uid]
        if series.focus is None and len(series.handles) >= 2 * series.centred_at:
            self._reorder(series)
        else:
            self._push(item, series)

    def _raise(self, series: _Series, urgency: int) -> None:
        if urgency < series.urgency:
            series.urgency = urgency
            self._reorder(series)

    def _reorder(self, series: _Series) -> None:
        """Places in the heap anew; those from before are passed over when they come up."""
        series.edition += 1
        series.centred_at = len(series.handles)
        found = _spacing_mm(self._items[handle].position for handle in series.handles)
        series.spacing_mm = min(found, series.spacing_mm) if series.spacing_mm and found else found
        for handle in series.handles:
            if self._items[handle].is_ready:
                self._push(self._items[handle], series)

    def _push(self, item: Item, series: _Series) -> None:
        centre = self._centre(series)
        for layer in item.unsent_layers():
            rank, far_mm = RANKS[layer], abs(item.position - centre)
            is_later = rank == LAST_RANK and far_mm > NEAR_MM and series.is_between(item.position)
            where = (series.urgency, rank, series.number, is_later, far_mm)
            heapq.heappush(self._heap, (*where, item.handle, layer, self._edition(item)))

    def _centre(self, series: _Series) -> float:
        if series.focus is not None:
            return series.focus
        known = sorted(self._items[handle].position for handle in series.handles[: series.centred_at])
        return known[len(known) // 2] if known else 0.0

    def _edition(self, item: Item) -> int:
        return self._series[item.series_uid].edition


def _spacing_mm(positions: Iterable[float]) -> float:
    """Between neighbours, as most of them lie; 0 where there are none."""
    known = sorted(set(positions))
    steps = sorted(b - a for a, b in pairwise(known))
    return steps[len(steps) // 2] if steps else 0.0
