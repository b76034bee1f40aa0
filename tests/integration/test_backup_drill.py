"""The drill: a backup of a hub in use, restored elsewhere, holds everything that was acknowledged."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from teleneedle.apps.cli.main import app
from teleneedle.apps.hub.bootstrap import make_hub
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.testing.hub_world import make_world
from teleneedle.apps.testing.postgres import fresh_database

RUN = CliRunner()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_acknowledged_before_the_backup_is_there_after_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("postgres_cluster") if kind == "postgres" else ""
    url = fresh_database(cluster) if cluster else ""
    world = make_world(tmp_path / "hub", database_url=url)
    cases = [world.refer("a")["id"], world.refer("b")["id"]]
    stored = world.hub.objects.put(b"a volume")
    is_over = threading.Event()

    def go_on() -> None:
        while not is_over.is_set():
            world.refer("c")

    writer = threading.Thread(target=go_on)
    writer.start()
    arguments = ["--database", url] if url else []
    out = tmp_path / "hub.backup"
    done = RUN.invoke(app, ["backup", "--folder", str(world.hub.folder), "--out", str(out), *arguments])
    is_over.set()
    writer.join()
    assert done.exit_code == 0, done.output
    again = fresh_database(cluster) if cluster else ""
    arguments = ["--database", again] if again else []
    done = RUN.invoke(app, ["restore", str(out), "--folder", str(tmp_path / "new"), *arguments])
    assert done.exit_code == 0, done.output
    hub = make_hub(Settings(folder=tmp_path / "new", database_url=again))
    for case_id in cases:
        assert hub.cases.life.load(case_id) == world.hub.cases.life.load(case_id)
        assert hub.cases.life.log.broken_seq(case_id) is None
    assert hub.objects.get(stored) == b"a volume"
    assert hub.audit.verify().ok
    assert len(hub.identity.people()) == len(world.people)
    world.hub.engine.dispose()
    hub.engine.dispose()


def make_backup(tmp_path: Path) -> Path:
    world = make_world(tmp_path / "hub")
    world.hub.objects.put(b"a volume" * 100)
    out = tmp_path / "hub.backup"
    done = RUN.invoke(app, ["backup", "--folder", str(world.hub.folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_a_changed_or_cut_off_backup_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    whole = make_backup(tmp_path).read_bytes()
    at = whole.index(b"a volume")
    for number, bad in enumerate((whole[:at] + b"A" + whole[at + 1 :], whole[: len(whole) // 2], b"")):
        file = tmp_path / f"bad{number}"
        file.write_bytes(bad)
        done = RUN.invoke(app, ["restore", str(file), "--folder", str(tmp_path / "new")])
        assert done.exit_code == 1
        assert not (tmp_path / "new").exists()
    assert list(tmp_path.glob(".restore-*")) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    out = make_backup(tmp_path)
    before = out.read_bytes()
    assert RUN.invoke(app, ["backup", "--folder", str(tmp_path / "hub"), "--out", str(out)]).exit_code == 1
    assert out.read_bytes() == before
    assert RUN.invoke(app, ["restore", str(out), "--folder", str(tmp_path / "hub")]).exit_code == 1


def test_the_record_is_verified_on_the_command_line(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    world.refer("a")
    folder = ["--folder", str(tmp_path / "hub")]
    done = RUN.invoke(app, ["audit", "verify", *folder])
    assert done.exit_code == 0
    anchor = json.loads(done.stdout)["anchor"]
    assert RUN.invoke(app, ["audit", "verify", *folder, "--anchor", anchor]).exit_code == 0
    with world.hub.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    assert RUN.invoke(app, ["audit", "verify", *folder, "--anchor", anchor]).exit_code == 1
    assert RUN.invoke(app, ["audit", "verify", "--folder", str(tmp_path / "nowhere")]).exit_code == 1


def test_only_closed_cases_past_the_retention_are_listed(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    old, young, open_one = (world.refer("a")["id"] for _ in range(3))
    with world.hub.engine.begin() as connection:
        for case_id, state, at in (
            (old, "closed", "2001-01-01 00:00:00"),
            (young, "closed", "2025-01-01 00:00:00"),
            (open_one, "planning", "2001-01-01 00:00:00"),
        ):
            connection.exec_driver_sql(
                "UPDATE case_record SET state = ?, updated_at = ? WHERE id = ?", (state, at, case_id)
            )
    done = RUN.invoke(app, ["retention", "--folder", str(tmp_path / "hub"), "--dry-run"])
    assert done.exit_code == 0, done.output
    listed = json.loads(done.stdout)
    assert [case["id"] for case in listed["cases"]] == [old]
    assert listed["retention_years"] == 15
    assert RUN.invoke(app, ["retention", "--folder", str(tmp_path / "hub")]).exit_code == 1
