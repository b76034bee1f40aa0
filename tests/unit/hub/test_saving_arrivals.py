"""What is known of arriving series reaches the database whole, however its saves meet."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept
from teleneedle.apps.hub.link.shelf import Shelf


class SlowStore:
    """Stands for a database whose first insert takes long."""

    def __init__(self) -> None:
        self.rows: set[str] = set()
        self.verified: set[str] = set()
        self.is_inserting, self.may_insert = threading.Event(), threading.Event()

    def announce(self, _series_id: str, rows: list[tuple[str, int, str]]) -> None:
        self.is_inserting.set()
        assert self.may_insert.wait(10)
        self.rows |= {sop_uid for sop_uid, _, _ in rows}

    def verify(self, _series_id: str, sop_uids: list[str]) -> None:
        self.verified |= self.rows & set(sop_uids)


def arriving(count: int) -> ArrivingSeries:
    series = ArrivingSeries(
        id="s", site_id="a", gateway_id="g", series_uid="1.2", study_uid="1", journal=None
    )
    for number in range(count):
        series.add(Kept(number=number, sop_uid=f"1.2.{number}", dataset_sha256="0" * 64, entry=None))
    series.unsaved = list(series.kept.values())
    return series


def test_a_row_is_verified_only_once_it_is_there(tmp_path: Path) -> None:
    store, series = SlowStore(), arriving(2)
    shelf = Shelf(folder=tmp_path, store=cast(LinkStore, store), require_room=lambda _: None)
    saves = [threading.Thread(target=shelf.save, args=(series,)) for _ in range(2)]
    saves[0].start()
    assert store.is_inserting.wait(10)
    for kept in series.kept.values():
        series.note_verified(kept)
    saves[1].start()
    saves[1].join(0.2)
    store.may_insert.set()
    for save in saves:
        save.join(10)
    assert store.verified == {"1.2.0", "1.2.1"}


def test_nothing_noted_while_a_save_runs_is_forgotten(tmp_path: Path) -> None:
    store, series = SlowStore(), arriving(2000)
    store.may_insert.set()
    shelf = Shelf(folder=tmp_path, store=cast(LinkStore, store), require_room=lambda _: None)
    is_over = threading.Event()

    def go_on_saving() -> None:
        while not is_over.is_set():
            shelf.save(series)

    saver = threading.Thread(target=go_on_saving)
    saver.start()
    for kept in series.kept.values():
        series.note_verified(kept)
    is_over.set()
    saver.join(10)
    shelf.save(series)
    assert len(store.verified) == 2000
