"""The spool: what it acknowledged stays, whatever happens to the process, the disk or the sender."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from teleneedle.adapters.link.notices import Notice, notice_socket, read_notice
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Entry, Instance, read_entry, uid_key
from teleneedle.core.errors import NotReadableError, StorageFullError
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
GENEROUS = 1 << 30
ARRIVAL = Arrival(via="dimse", phase="intra", calling_aet="CT1", called_aet="GATE", peer="10.0.0.7")


def instance(number: int = 1, series: int = 1, pixels: bytes = b"\1\2") -> Instance:
    return Instance.of(encoded_ct(number, series, pixels), EXPLICIT_LITTLE, ARRIVAL, NOW)


def spool_in(folder: Path, quota_bytes: int = GENEROUS) -> Spool:
    return Spool(folder, quota_bytes=quota_bytes, reserve_bytes=0)


def test_what_is_kept_reads_back_the_same_in_another_process_too(tmp_path: Path) -> None:
    sent = instance()
    kept = spool_in(tmp_path).keep(sent)
    assert isinstance(kept, Kept)
    other = spool_in(tmp_path)
    (entry,) = other.entries()
    assert entry == kept.entry
    assert entry.arrival == ARRIVAL
    assert entry.received_at == NOW
    assert entry.key == f"{uid_key('1.2.1')}/{uid_key('1.2.1.1')}"
    read = other.open(entry.key)
    assert read.dataset == sent.dataset
    assert hashlib.sha256(read.dataset).hexdigest() == entry.dataset_sha256
    assert entry.path.stat().st_mode & 0o077 == 0


def test_the_same_again_is_one_and_another_dataset_is_set_apart(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.keep(instance())
    assert isinstance(spool.keep(instance()), Duplicate)
    for other in (instance(pixels=b"\3\4"), instance(series=2)):
        outcome = spool.keep(other)
        assert isinstance(outcome, Conflict)
        assert read_entry(outcome.place).dataset_sha256 == other.dataset_sha256
        assert spool.keep(other) == outcome
    assert [one.dataset_sha256 for one in spool.entries()] == [instance().dataset_sha256]
    assert len(list(spool.quarantined())) == 2


def test_what_the_hub_has_is_known_after_it_was_dropped(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    entry = kept(spool, instance())
    receipt = {"instances": [["1.2.1.1", entry.dataset_sha256]], "signature": "s"}
    spool.save_receipt("1.2.1", receipt)
    spool.drop(entry.key)
    assert list(spool.entries()) == []
    assert spool_in(tmp_path).receipts.of("1.2.1") == [receipt]
    assert spool.is_safe("1.2.1.1", uid_key("1.2.1.1"))
    assert not spool.is_safe("1.2.1.2", uid_key("1.2.1.2"))
    assert isinstance(spool.keep(instance()), Kept)
    spool.drop(entry.key)
    assert isinstance(spool.keep(instance(pixels=b"\3\4")), Conflict)


def kept(spool: Spool, one: Instance) -> Entry:
    outcome = spool.keep(one)
    assert isinstance(outcome, Kept)
    return outcome.entry


def filled(spool: Spool) -> list[str]:
    """Names of what went in until it was refused."""
    names = [kept(spool, instance(number)).key for number in range(2)]
    for number in range(2, 20):
        try:
            names.append(kept(spool, instance(number)).key)
        except StorageFullError:
            return names
    raise AssertionError("nothing was refused")


def test_a_full_quota_refuses_and_loses_nothing(tmp_path: Path) -> None:
    spool = spool_in(tmp_path, quota_bytes=4000)
    names = filled(spool)
    assert 1 < len(names) < 5
    assert sorted(one.key for one in spool.entries()) == sorted(names)
    usage = spool.usage()
    assert usage.instances == len(names)
    assert usage.used_bytes <= 4000
    for name in names:
        spool.drop(name)
    assert isinstance(spool.keep(instance(20)), Kept)


def test_room_that_another_process_made_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teleneedle.adapters.link.spool.RECOUNT_S", 0.0)
    intake, sender = spool_in(tmp_path, quota_bytes=4000), spool_in(tmp_path)
    filled(intake)
    for entry in list(sender.entries()):
        sender.drop(entry.key)
    assert isinstance(intake.keep(instance(20)), Kept)


def test_a_reserve_of_the_disk_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(StorageFullError):
        Spool(tmp_path, quota_bytes=GENEROUS, reserve_bytes=1 << 60).keep(instance())


def test_the_sender_hears_of_it(tmp_path: Path) -> None:
    spool = spool_in(tmp_path / ("long" * 30))
    with notice_socket(spool.folder) as listener:
        entry = kept(spool, instance())
        spool.close_series(entry.series_key)
        heard = [read_notice(listener.recv(8192)) for _ in range(2)]
    assert heard == [Notice(kind="kept", key=entry.key), Notice(kind="closed", key=entry.series_key)]
    assert read_notice(b"\xff") is None
    spool.close_series(entry.series_key)  # nobody listens


def test_damaged_files_are_set_apart_and_names_are_checked(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    entry = kept(spool, instance())
    entry.path.write_bytes(entry.path.read_bytes()[:-1])
    again = spool_in(tmp_path)
    assert list(again.entries()) == []
    assert [p.name for p in again.quarantine_folder.iterdir()] == [f"damaged-{entry.path.name}"]
    for name in ("../x", "a/b", "", entry.key + "/..", f"../{entry.key}"):
        for act in (again.open, again.drop, again.quarantine):
            with pytest.raises(NotReadableError):
                act(name)


def test_an_instance_can_be_taken_out_of_the_way(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    entry = kept(spool, instance())
    place = spool.quarantine(entry.key)
    assert list(spool.entries()) == []
    assert read_entry(place).dataset_sha256 == entry.dataset_sha256


def test_many_threads_that_send_the_same_keep_it_once(tmp_path: Path) -> None:
    spools = [spool_in(tmp_path), spool_in(tmp_path)]
    outcomes: list[object] = []

    def send(n: int) -> None:
        for number in range(20):
            outcome = spools[n % 2].keep(instance(number, pixels=bytes((n % 2, 0))))
            outcomes.append(outcome)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 120
    assert sum(isinstance(one, Kept) for one in outcomes) == 20
    assert sum(isinstance(one, Duplicate) for one in outcomes) == 40
    assert len(list(spools[0].entries())) == 20
    assert len(list(spools[0].quarantined())) == 20


class SpoolMachine(RuleBasedStateMachine):
    """Against a dictionary: first come stays, dropping forgets, a reopened spool is the same."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.spool = spool_in(Path(self.place.name))
        self.model: dict[int, tuple[int, bytes]] = {}

    def teardown(self) -> None:
        self.spool.close()
        self.place.cleanup()

    @rule(number=st.integers(0, 3), series=st.integers(1, 2), pixels=st.sampled_from((b"\0\1", b"\0\2")))
    def keep(self, number: int, series: int, pixels: bytes) -> None:
        outcome = self.spool.keep(instance(number, series, pixels))
        present = self.model.setdefault(number, (series, pixels))
        is_same = present == (series, pixels)
        assert isinstance(outcome, (Kept, Duplicate) if is_same else Conflict)

    @rule(number=st.integers(0, 3))
    def drop(self, number: int) -> None:
        present = self.model.pop(number, None)
        if present is not None:
            self.spool.drop(f"{uid_key(f'1.2.{present[0]}')}/{uid_key(f'1.2.1.{number}')}")

    @rule()
    def reopen(self) -> None:
        self.spool.close()
        self.spool = spool_in(Path(self.place.name))

    @invariant()
    def holds_what_it_should(self) -> None:
        found = {one.facts.sop_uid: one.facts.series_uid for one in self.spool.entries()}
        assert found == {f"1.2.1.{n}": f"1.2.{series}" for n, (series, _) in self.model.items()}


TestSpoolMachine = SpoolMachine.TestCase
TestSpoolMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
