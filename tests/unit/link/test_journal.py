"""The journal of a series: what was acknowledged is there after whatever happens to its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleneedle.adapters.link.journal import HEAD, MAGIC, Journal, Kind, Record, read_pieces
from teleneedle.core.errors import NotReadableError

FRONT = HEAD.size + 4


def part(number: int, offset: int, payload: bytes, layer: int = 1) -> Record:
    return Record(kind=Kind.PART, number=number, layer=layer, offset=offset, payload=payload)


def read(journal: Journal, number: int, layer: int = 1) -> bytes:
    with journal.path.open("rb") as file:
        return read_pieces(file.fileno(), journal.pieces(number, layer))


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append([Record(kind=Kind.ENTRY, number=0, payload=b"{}"), part(0, 0, b"abc")])
    journal.append([part(0, 3, b"def"), part(0, 0, b"xyz", layer=2), Record(kind=Kind.END, payload=b"[]")])
    for found in (journal, Journal(tmp_path / "j")):
        assert dict(found.entries) == {0: b"{}"}
        assert list(found.ends) == [b"[]"]
        assert read(found, 0) == b"abcdef"
        assert read(found, 0, 2) == b"xyz"
        assert (found.held(0, 1), found.held(0, 2), found.held(0, 3)) == (6, 3, 0)
        assert found.covers(0, 1, 2, 4)
        assert not found.covers(0, 1, 2, 5)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 25)), min_size=1, max_size=30),
    st.binary(min_size=85, max_size=85),
)
@settings(max_examples=60, deadline=None)
def test_parts_in_any_order_make_the_bytes_up_to_the_first_gap(
    tmp_path_factory: pytest.TempPathFactory, ranges: list[tuple[int, int]], truth: bytes
) -> None:
    journal = Journal(tmp_path_factory.mktemp("j") / "j")
    journal.append([part(7, start, truth[start : start + size]) for start, size in ranges])
    there = {n for start, size in ranges for n in range(start, start + size)}
    upto = next(n for n in range(200) if n not in there)
    assert read(journal, 7) == truth[:upto]
    assert journal.held(7, 1) == upto
    for start in range(0, 85, 7):
        assert journal.covers(7, 1, start, 9) == (set(range(start, start + 9)) <= there)
    journal.close()


def test_a_torn_end_is_cut_wherever_it_tore(tmp_path: Path) -> None:
    whole = Journal(tmp_path / "whole")
    whole.append([part(0, 0, b"first" * 9)])
    sound = whole.size
    whole.append([part(0, 45, b"second" * 9)])
    content = whole.path.read_bytes()
    for length in range(len(MAGIC), len(content)):
        torn = tmp_path / "torn"
        torn.write_bytes(content[:length])
        journal = Journal(torn)
        assert journal.held(0, 1) == (45 if length >= sound else 0)
        assert torn.stat().st_size == (sound if length >= sound else len(MAGIC))
        journal.append([part(0, journal.held(0, 1), b"again")])
        journal.close()
        assert Journal(torn).held(0, 1) == journal.held(0, 1)


@pytest.mark.parametrize("at", [0, 1, 5, 10, 18, FRONT - 1, FRONT, FRONT + 3])
def test_a_flipped_bit_is_noticed_in_every_field(tmp_path: Path, at: int) -> None:
    journal = Journal(tmp_path / "j")
    journal.append([part(1, 0, b"sound")])
    start = journal.size
    journal.append([part(2, 0, b"damaged")])
    journal.append([part(3, 0, b"behind it")])
    content = bytearray(journal.path.read_bytes())
    content[start + at] ^= 0x10
    journal.path.write_bytes(content)
    again = Journal(journal.path)
    assert (again.held(1, 1), again.held(2, 1), again.held(3, 1)) == (5, 0, 0)


def test_again_forgets_the_parts_of_one_instance(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    journal.append([part(0, 0, b"bad"), part(1, 0, b"good")])
    journal.append([Record(kind=Kind.AGAIN, number=0, payload=b""), part(0, 0, b"new")])
    for found in (journal, Journal(journal.path)):
        assert read(found, 0) == b"new"
        assert read(found, 1) == b"good"


def test_an_append_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "j")
    journal.append([part(0, 0, b"kept")])

    def fail(_file: int) -> None:
        raise OSError(5, "the disk is failing")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", fail)
        with pytest.raises(OSError, match="failing"):
            journal.append([part(0, 4, b"lost")])
    assert journal.held(0, 1) == 4
    journal.append([part(0, 4, b"more")])
    assert read(Journal(journal.path), 0) == b"keptmore"


def test_a_journal_that_rests_holds_no_file_and_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "one")
    journal.append([part(1, 0, b"before")])
    opened = len(list(Path("/proc/self/fd").iterdir()))
    journal.rest()
    assert len(list(Path("/proc/self/fd").iterdir())) == opened - 1
    journal.append([part(1, 6, b"after")])
    journal.close()
    with pytest.raises(OSError, match="descriptor"):
        journal.append([part(1, 11, b"never")])
    assert Journal(tmp_path / "one").held(1, 1) == 11


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"%PDF-1.7 and so on")
    with pytest.raises(NotReadableError, match="no journal"):
        Journal(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == b"%PDF-1.7 and so on"
