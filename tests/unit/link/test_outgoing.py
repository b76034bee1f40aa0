"""Order of sending: against a model of the hub nothing is lost, nothing goes twice, the order is kept."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from teleneedle.adapters.link.outgoing import INTRA, PLANNED, Outgoing, Piece
from teleneedle.adapters.link.outgoing_item import RANKS, Item
from teleneedle.adapters.link.wire_parts import LARGEST_PAYLOAD

BIG = LARGEST_PAYLOAD
SLICE = {1: 5000, 2: 11000, 3: BIG + 9000}


def filled(layers: dict[int, int], positions: list[float], series: str = "1.2") -> Outgoing:
    out = Outgoing()
    out.connect(window=1 << 20)
    for handle, position in enumerate(positions):
        out.add(Item(handle, series, position, layers))
        out.declared(handle)
    return out


def drained(out: Outgoing) -> list[Piece]:
    return list(iter(out.next_piece, None))


def test_coarse_before_fine_and_from_the_middle_outwards() -> None:
    pieces = drained(filled(SLICE, [10.0, 20.0, 30.0, 40.0, 50.0]))
    assert [piece.layer for piece in pieces] == [1] * 5 + [2] * 5 + [3] * 10
    for layer in (1, 2):
        order = [piece.handle for piece in pieces if piece.layer == layer]
        assert order[0] == 2
        assert {*order[1:3]} == {1, 3}
    assert [(piece.offset, piece.length) for piece in pieces if piece.layer == 3][:2] == [
        (0, BIG),
        (BIG, 9000),
    ]


def test_last_layers_make_a_volume_from_end_to_end_before_those_in_between() -> None:
    """Near the focus nothing is passed over; beyond, every fifth of slices of a millimetre goes first."""
    out = filled({3: 9000}, [float(n) for n in range(100)])
    out.focus("1.2", index=52)
    order = [piece.handle for piece in drained(out)]
    near, ends = order[:21], order[21 : 21 + 16]
    assert set(near) == set(range(42, 63))
    assert order[0] == 52
    assert sorted(ends) == [n for n in range(0, 100, 5) if not 42 <= n <= 62]
    assert [abs(n - 52) for n in order[37:]] == sorted(abs(n - 52) for n in order[37:])
    coarse = filled({1: 900, 3: 9000}, [6.0 * n for n in range(30)])
    coarse.focus("1.2", index=0)
    assert [p.handle for p in drained(coarse)] == [*range(30), *range(30)]


def test_the_focus_slice_goes_first_also_when_it_moves() -> None:
    out = filled(SLICE, [float(n) for n in range(100)])
    out.focus("1.2", index=80)
    assert {out.next_piece().handle for _ in range(5)} == {78, 79, 80, 81, 82}
    out.focus("1.2", at=10.4)
    assert {out.next_piece().handle for _ in range(3)} == {9, 10, 11}
    assert len({(p.handle, p.layer, p.offset) for p in drained(out)}) == 400 - 8


def test_an_urgent_series_overtakes_at_the_next_part() -> None:
    out = filled(SLICE, [float(n) for n in range(20)], series="1.1")
    for handle in range(100, 110):
        out.add(Item(handle, "1.9", handle, SLICE), urgency=INTRA)
        out.declared(handle)
    assert out.next_piece().handle >= 100
    out.hurry("1.1")
    rest = [piece.handle for piece in drained(out)]
    assert all(handle < 100 for handle in rest[:80])
    assert all(handle >= 100 for handle in rest[80:])


def test_the_hub_may_change_the_window_while_parts_are_out() -> None:
    out = filled({3: 20 * BIG}, [0.0])
    out.limit(4)
    assert len(drained(out)) == 4
    out.acknowledge(2)
    out.limit(8)
    out.narrow(8 * BIG)
    assert len(drained(out)) == 6


def test_the_window_counts_bytes_and_lets_one_part_always_pass() -> None:
    out = Outgoing()
    out.connect(window=1)
    out.add(Item(1, "1.2", 0, {1: 1000, 3: 3 * BIG}))
    out.declared(1)
    assert out.next_piece() == Piece(handle=1, layer=1, offset=0, length=1000)
    assert out.next_piece() is None
    assert [piece.length for piece in out.acknowledge(1)] == [1000]
    assert out.next_piece() == Piece(handle=1, layer=3, offset=0, length=BIG)
    assert out.next_piece() is None


def test_an_instance_in_doubt_waits_for_the_word_of_the_hub() -> None:
    out = Outgoing()
    out.connect(window=16)
    out.add(Item(1, "1.2", 0, {1: 1000, 3: 3 * BIG}, is_in_doubt=True))
    out.declared(1)
    assert out.next_piece() is None
    out.have(1, {1: 1000, 3: BIG})
    assert [piece.offset for piece in drained(out)] == [BIG, 2 * BIG]


def test_what_the_hub_has_lost_goes_again() -> None:
    out = filled({1: 10, 3: 30}, [0.0])
    drained(out)
    out.acknowledge(2)
    out.connect(window=16)
    out.have(0, {1: 10})
    assert drained(out) == [Piece(handle=0, layer=3, offset=0, length=30)]


def test_a_new_coding_keeps_the_layer_that_is_the_same() -> None:
    out = filled(SLICE, [0.0])
    assert out.next_piece().layer == 1
    out.change(0, {1: 5000, 5: 100})
    assert out.next_piece() is None
    out.declared(0)
    assert drained(out) == [Piece(handle=0, layer=5, offset=0, length=100)]
    assert [piece.layer for piece in out.acknowledge(2)] == [1, 5]


def test_broken_layers_go_again_and_done_ones_do_not() -> None:
    out = filled({1: 10, 2: 20, 3: 30}, [0.0, 1.0])
    drained(out)
    out.acknowledge(6)
    out.broken(0, [1, 3])
    assert [(piece.handle, piece.layer) for piece in drained(out)] == [(0, 1), (0, 3)]
    out.broken(1, [1, 2, 3])
    out.done(1)
    assert drained(out) == []
    assert [item.handle for item in out.items()] == [0]


class AgainstAHub(RuleBasedStateMachine):
    """A hub that makes parts durable in order, whole or not, and a line that is cut at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.out = Outgoing()
        self.handles = 0
        self.layers: dict[int, dict[int, int]] = {}
        self.air: list[Piece] = []
        self.on_disk: set[tuple[int, int, int]] = set()
        self.acknowledged: set[tuple[int, int, int]] = set()
        self.sent_when_acknowledged = Counter[tuple[int, int, int]]()
        self.processed = 0

    @initialize(window=st.integers(1, 5))
    def connect(self, window: int) -> None:
        self.window = window
        self.out.connect(window)

    @rule(
        sizes=st.dictionaries(st.sampled_from([1, 2, 3]), st.integers(1, 3 * BIG), min_size=1),
        series=st.sampled_from(["1.1", "1.2"]),
        position=st.floats(-100, 100),
        urgency=st.sampled_from([INTRA, PLANNED]),
    )
    def arrive(self, sizes: dict[int, int], series: str, position: float, urgency: int) -> None:
        self.handles += 1
        self.layers[self.handles] = sizes
        self.out.add(Item(self.handles, series, position, sizes), urgency=urgency)
        self.out.declared(self.handles)

    @rule(count=st.integers(1, 9))
    def send(self, count: int) -> None:
        for _ in range(count):
            piece = self.out.next_piece()
            if piece is None:
                break
            key = (piece.handle, piece.layer, piece.offset)
            assert key not in self.acknowledged, "sent again although it was acknowledged"
            assert key not in {(p.handle, p.layer, p.offset) for p in self.air}, "sent twice"
            self.air.append(piece)

    @rule(count=st.integers(1, 9))
    def hub_writes(self, count: int) -> None:
        for piece in self.air[self.processed : self.processed + count]:
            self.on_disk.add((piece.handle, piece.layer, piece.offset))
            self.processed += 1

    @rule()
    def hub_acknowledges(self) -> None:
        self.out.acknowledge(self.processed)
        self.acknowledged |= {(p.handle, p.layer, p.offset) for p in self.air[: self.processed]}

    @rule(lost=st.integers(0, 9))
    def cut(self, lost: int) -> None:
        """The connection ends; some of what was in the air still reached the disk."""
        for piece in self.air[self.processed : self.processed + lost]:
            self.on_disk.add((piece.handle, piece.layer, piece.offset))
        self.air, self.processed = [], 0
        self.out.connect(self.window)
        for item in list(self.out.items()):
            self.out.declared(item.handle)
            self.out.have(item.handle, self.held(item.handle))
        self.acknowledged |= self.on_disk

    @precondition(lambda self: self.handles > 0)
    @rule(series=st.sampled_from(["1.1", "1.2"]), index=st.integers(0, 9))
    def look(self, series: str, index: int) -> None:
        self.out.focus(series, index=index)

    @rule(series=st.sampled_from(["1.1", "1.2"]))
    def hurry(self, series: str) -> None:
        self.out.hurry(series)

    @invariant()
    def window_is_kept(self) -> None:
        in_air = sum(piece.length for piece in self.air[self.out.parts_acknowledged :])
        assert in_air == self.out.bytes_in_air
        assert in_air <= max(self.out.window_bytes, BIG)

    def held(self, handle: int) -> dict[int, int]:
        found = {}
        for layer, length in self.layers[handle].items():
            offset = 0
            while offset < length and (handle, layer, offset) in self.on_disk:
                offset = min(offset + BIG, length)
            found[layer] = offset
        return found

    def teardown(self) -> None:
        """In the end everything is at the hub."""
        for _ in range(10_000):
            before = len(self.air), self.out.parts_acknowledged
            self.send(1000)
            self.hub_writes(1000)
            self.hub_acknowledges()
            if (len(self.air), self.out.parts_acknowledged) == before:
                break
        for handle, layers in self.layers.items():
            assert self.held(handle) == layers
        assert all(item.is_durable() for item in self.out.items())


TestAgainstAHub = AgainstAHub.TestCase
TestAgainstAHub.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(
    st.lists(
        st.tuples(st.sampled_from(["1.1", "1.2"]), st.floats(-50, 50), st.sampled_from([INTRA, PLANNED])),
        min_size=1,
        max_size=20,
    )
)
def test_order_of_all_that_is_there_at_once(arrivals: list[tuple[str, float, int]]) -> None:
    out = Outgoing()
    out.connect(window=1 << 20)
    for handle, (series, position, urgency) in enumerate(arrivals):
        out.add(Item(handle, series, position, SLICE), urgency=urgency)
        out.declared(handle)
    urgencies = {series: min(u for s, _, u in arrivals if s == series) for series, _, _ in arrivals}
    ranks = [(urgencies[arrivals[p.handle][0]], RANKS[p.layer]) for p in drained(out)]
    assert ranks == sorted(ranks)
