"""A process that is killed while it writes a journal, and one whose disk fills up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from teleneedle.adapters.link.journal import Journal, Kind, Record, read_pieces
from teleneedle.apps.testing.small_disk import small_disk

WRITER = """
import sys
from pathlib import Path
from teleneedle.adapters.link.journal import Journal, Kind, Record
journal = Journal(Path(sys.argv[1]))
at = journal.held(0, 1)
while True:
    starts = range(at, at + 20000, 5000)
    contents = [(start, bytes([(start // 5000) % 251]) * 5000) for start in starts]
    journal.append([Record(kind=Kind.PART, layer=1, offset=start, payload=c) for start, c in contents])
    at += 20000
    print(at, flush=True)
"""


def test_no_acknowledged_part_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    chance = random.Random(1)
    acknowledged = 0
    for _ in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "j")], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 25)):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        acknowledged = int(rest[-1]) if rest and rest[-1].isdecimal() else acknowledged
        journal = Journal(tmp_path / "j")
        assert journal.held(0, 1) >= acknowledged
        with journal.path.open("rb") as file:
            content = read_pieces(file.fileno(), journal.pieces(0, 1))
        assert all(
            content[n : n + 5000] == bytes([(n // 5000) % 251]) * 5000 for n in range(0, len(content), 5000)
        )
        journal.close()
    assert acknowledged > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_refuses_the_part_and_keeps_the_rest(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", size_mb=4) as disk:
        journal = Journal(disk.folder / "j")
        kept = b"\x01" * 200_000
        journal.append([Record(kind=Kind.PART, layer=1, payload=kept)])
        size = journal.size
        more = Record(kind=Kind.PART, layer=1, offset=len(kept), payload=b"\x02" * 500_000)
        with disk.filled(but=100_000), pytest.raises(OSError, match="No space"):
            journal.append([more])
        assert (journal.held(0, 1), journal.path.stat().st_size) == (len(kept), size)
        journal.append([more])
        journal.close()
        assert Journal(disk.folder / "j").held(0, 1) == 700_000
