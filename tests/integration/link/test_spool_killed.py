"""A gateway's process killed at any moment, and a disk that really fills up: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from teleneedle.adapters.link.spool import Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance, uid_key
from teleneedle.apps.testing.small_disk import small_disk
from teleneedle.core.errors import StorageFullError
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

KILLS = 30
PIXELS = bytes(range(256)) * 200
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct
spool = Spool(Path(sys.argv[1]), quota_bytes=1 << 34, reserve_bytes=0)
pixels = bytes(range(256)) * 200
for number in range(int(sys.argv[2]), 1 << 30):
    dataset = encoded_ct(number, 1 + number % 3, pixels)
    spool.keep(Instance.of(dataset, EXPLICIT_LITTLE, Arrival(via="dimse"), datetime.now(UTC)))
    print(number, flush=True)
"""


def test_no_acknowledged_instance_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance = random.Random(4)
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        first = max(acknowledged, default=0) + 1
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(first)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        said = b""
        for _ in range(chance.randrange(1, 9)):  # killed some answers later, in the middle of something
            assert select.select([writer.stdout], [], [], 120)[0]
            said += os.read(writer.stdout.fileno(), 4096)
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read()
        writer.wait()
        acknowledged |= {int(line) for line in said.split(b"\n")[:-1]}
        spool = Spool(tmp_path, quota_bytes=1 << 34, reserve_bytes=0)
        found = {int(one.facts.sop_uid.rpartition(".")[2]): one for one in spool.entries()}
        assert acknowledged <= set(found)
        assert len(found) - len(acknowledged) <= KILLS  # kept, and killed before it could say so
        spool.close()
    spool = Spool(tmp_path, quota_bytes=1 << 34, reserve_bytes=0)
    assert list(spool.quarantine_folder.iterdir()) == []
    for number in acknowledged:
        key = f"{uid_key(f'1.2.{1 + number % 3}')}/{uid_key(f'1.2.1.{number}')}"
        assert spool.open(key).dataset == encoded_ct(number, 1 + number % 3, PIXELS)
    others = {p.suffix for p in tmp_path.rglob("*") if p.is_file()} - {".tnsp"}
    assert others == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_refuses_and_what_was_kept_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", size_mb=8) as disk:
        spool = Spool(disk.folder / "edge", quota_bytes=1 << 34, reserve_bytes=0)
        kept = 0
        with pytest.raises(StorageFullError, match="spool is full"):  # noqa: PT012 - at some point of it
            for number in range(1000):
                kept += isinstance(spool.keep(_instance(number)), Kept)
        assert kept > 20
        assert [spool.open(one.key).dataset for one in spool.entries()] != []
        assert spool.usage().instances == kept
        for entry in list(spool.entries())[:5]:
            spool.drop(entry.key)
        assert isinstance(spool.keep(_instance(5000)), Kept)
        with disk.filled():
            again = Spool(disk.folder / "edge", quota_bytes=1 << 34, reserve_bytes=0)
            assert again.usage().instances == kept - 4
            with pytest.raises(StorageFullError):
                again.keep(_instance(6000))
            for entry in list(again.entries()):
                assert again.open(entry.key).dataset == encoded_ct(_number(entry.facts.sop_uid), 1, PIXELS)


def _number(uid: str) -> int:
    return int(uid.rpartition(".")[2])


def _instance(number: int) -> Instance:
    dataset = encoded_ct(number, 1, PIXELS)
    return Instance.of(dataset, EXPLICIT_LITTLE, Arrival(via="dimse"), datetime.now(UTC))
