"""What the sender holds: when a series is ended, what is coded next and what may still be made smaller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.link.codec import Coded, Coding, Packing, encode_instance, pack_instance
from teleneedle.adapters.link.outgoing import Outgoing
from teleneedle.adapters.link.spool import Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance, Via
from teleneedle.apps.edge.sender_cargo import Cargo, Shipment
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

QUIET_S, OPEN_QUIET_S = 2.0, 10.0


class Hold:
    """A cargo filled from a real spool; the time is told."""

    def __init__(self, spool: Spool) -> None:
        self.spool, self.cargo = spool, Cargo(Outgoing())
        self.cargo.connect(window=1 << 20)

    def arrive(
        self, number: int, *, series: int = 1, phase: str = "", at: float = 0.0, via: Via = "folder"
    ) -> int:
        noise = np.random.default_rng(number).normal(0.0, 20.0, 40_000).astype("<i2")
        arrival = Arrival(via=via, phase=phase)
        dataset = encoded_ct(number, series, noise.tobytes())
        kept = self.spool.keep(Instance.of(dataset, EXPLICIT_LITTLE, arrival, datetime.now(UTC)))
        assert isinstance(kept, Kept)
        self.cargo.arrive(kept.entry, at, is_known=False)
        return max(self.cargo.shipments)

    def coded(self, shipment: Shipment) -> Coded:
        found = self.spool.open(shipment.spooled.key)
        return encode_instance(found.dataset, found.entry.layout, Coding())

    def packed(self, shipment: Shipment) -> Coded:
        assert shipment.coded
        found = self.spool.open(shipment.spooled.key)
        return pack_instance(found.dataset, found.entry.layout, shipment.coded, Packing("jxl", 2))

    def code_all(self) -> None:
        while shipment := self.cargo.next_to_code():
            self.cargo.take_coded(shipment.handle, self.coded(shipment))

    def declare_all(self) -> None:
        for handle in list(self.cargo.undeclared):
            del self.cargo.undeclared[handle]
            self.cargo.outgoing.declared(handle)

    def ended(self, now: float) -> list[str]:
        found = self.cargo.unended(now, quiet_s=QUIET_S, open_quiet_s=OPEN_QUIET_S)
        for series in found:
            series.is_ended = True
        return [series.uid for series in found]


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    spool = Spool(tmp_path, quota_bytes=1 << 30, reserve_bytes=0)
    yield Hold(spool)
    spool.close()


def test_a_series_is_ended_once_it_is_quiet_and_declared(hold: Hold) -> None:
    hold.arrive(1, at=10.0)
    assert hold.ended(100.0) == []  # not even coded
    hold.code_all()
    assert hold.ended(100.0) == []  # not declared
    hold.declare_all()
    assert hold.ended(11.9) == []
    assert hold.ended(12.0) == ["1.2.1"]
    assert hold.ended(99.0) == []


def test_a_scanner_that_has_not_hung_up_may_take_a_breath(hold: Hold) -> None:
    """What came before its pause is no series yet; one that never hangs up is not waited for in vain."""
    hold.arrive(1, at=10.0, via="dimse")
    hold.code_all()
    hold.declare_all()
    assert hold.ended(19.9) == []
    hold.arrive(2, at=19.9, via="dimse")
    hold.code_all()
    hold.declare_all()
    assert hold.ended(29.8) == []
    assert hold.ended(29.9) == ["1.2.1"]


def test_the_sender_s_word_ends_it_at_once_and_more_opens_it_again(hold: Hold) -> None:
    hold.arrive(1, at=10.0)
    hold.code_all()
    hold.declare_all()
    hold.cargo.close_series(next(iter(hold.cargo.series)))
    assert hold.ended(10.0) == ["1.2.1"]
    hold.arrive(2, at=20.0)
    hold.code_all()
    hold.declare_all()
    assert hold.ended(21.0) == []
    assert hold.ended(22.0) == ["1.2.1"]


def test_an_end_is_said_again_without_what_was_kept_aside_meanwhile(hold: Hold) -> None:
    first, _ = hold.arrive(1), hold.arrive(2)
    hold.code_all()
    hold.declare_all()
    assert hold.ended(50.0) == ["1.2.1"]
    hold.cargo.set_aside(first)
    assert hold.ended(50.0) == ["1.2.1"]


def test_intra_operative_images_are_coded_first(hold: Hold) -> None:
    for number in (1, 2):
        hold.arrive(number)
    hold.arrive(3, series=2, phase="intra")
    order = [shipment.spooled.facts.sop_uid for shipment in iter(hold.cargo.next_to_code, None)]
    assert order == ["1.2.1.3", "1.2.1.1", "1.2.1.2"]


def test_memory_is_given_back_when_all_is_durable(hold: Hold) -> None:
    hold.arrive(1)
    hold.code_all()
    assert hold.cargo.coded_bytes > 0
    hold.declare_all()
    pieces = list(iter(hold.cargo.outgoing.next_piece, None))
    hold.cargo.note_durable(hold.cargo.outgoing.acknowledge(len(pieces)))
    assert hold.cargo.coded_bytes == 0


def test_only_what_has_not_begun_is_made_smaller(hold: Hold) -> None:
    for number in (1, 2, 3):
        hold.arrive(number)
    hold.code_all()
    hold.declare_all()
    near, far = hold.cargo.next_to_shrink(0.0), hold.cargo.next_to_shrink(0.0)
    assert near
    assert far
    smaller = {one.handle: hold.packed(one) for one in (near, far)}
    pieces = list(iter(hold.cargo.outgoing.next_piece, None))
    assert {piece.layer for piece in pieces} == {1, 2, 3}
    hold.cargo.take_smaller(near.handle, smaller[near.handle])
    assert near.coded
    assert near.coded.codec == "htj2k"
    assert hold.cargo.next_to_shrink(0.0) is None


def test_what_is_made_smaller_is_declared_again(hold: Hold) -> None:
    hold.arrive(1)
    hold.code_all()
    hold.declare_all()
    shipment = hold.cargo.next_to_shrink(0.0)
    assert shipment
    before = shipment.size
    hold.cargo.take_smaller(shipment.handle, hold.packed(shipment))
    assert shipment.coded
    assert shipment.coded.codec == "jxl"
    assert shipment.size < before
    assert hold.cargo.outgoing.next_piece() is None
    hold.declare_all()
    assert {piece.layer for piece in iter(hold.cargo.outgoing.next_piece, None)} == {1, 5}
