"""The drill: a backup of a hub in use, restored elsewhere, holds everything that was acknowledged."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from teleneedle.adapters.sql.schema import schema
from teleneedle.apps.cli.main import app
from teleneedle.apps.hub.bootstrap import make_hub
from teleneedle.apps.hub.give_up import give_up_cases
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.imaged_case import make_imaged_case
from teleneedle.apps.testing.postgres import fresh_database
from teleneedle.core.errors import ConflictError

RUN = CliRunner()
Json = dict[str, Any]


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


def test_uploads_on_their_way_go_on_after_a_restore(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    client, case_id = world.as_("technologist-a"), world.refer("a")["id"]
    files = [{"path": "a.dcm", "size": 300}, {"path": "b.dcm", "size": 10}]
    body = {"command_id": "u", "files": files}
    upload_id = client.post(f"/api/cases/{case_id}/uploads", json=body).json()["id"]
    client.put(f"/api/uploads/{upload_id}/files/0?offset=0", content=b"x" * 100)
    client.put(f"/api/uploads/{upload_id}/files/1?offset=0", content=b"y" * 10)
    coming = world.hub.folder / "uploads" / upload_id / "parts" / "0" / ".coming"
    coming.write_bytes(b"not acknowledged")
    uploads = world.hub.imaging.uploads
    gathered = uploads.gather(case_id, "#stow/1.2/x")
    assert uploads.add(gathered, [("1.2.3", lambda: b"instance")])
    out, new = tmp_path / "hub.backup", tmp_path / "new"
    done = RUN.invoke(app, ["backup", "--folder", str(world.hub.folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert RUN.invoke(app, ["restore", str(out), "--folder", str(new)]).exit_code == 0
    assert list(world.hub.folder.glob(".backup-*")) == []
    hub = make_hub(Settings(folder=new))
    state = hub.imaging.uploads.state(upload_id)
    assert [f["received"] for f in state["files"]] == [100, 10]
    ((name, path),) = hub.imaging.uploads.gathered(case_id, "#stow/1.2/")
    assert (name, path.read_bytes()) == ("1.2.3", b"instance")
    assert not list(new.rglob(".coming"))


def test_objects_that_are_kept_elsewhere_are_in_the_backup(tmp_path: Path) -> None:
    before, after = (f"file://{tmp_path / name}" for name in ("store", "store-again"))
    for name in ("store", "store-again"):
        (tmp_path / name).mkdir()
    world = make_world(tmp_path / "hub", object_url=before)
    stored = [world.hub.objects.put(content) for content in (b"a volume", b"a mask")]
    assert sorted(world.hub.objects.names()) == sorted(stored)
    out, new = tmp_path / "hub.backup", tmp_path / "new"
    arguments = ["--folder", str(world.hub.folder), "--out", str(out), "--objects", before]
    done = RUN.invoke(app, ["backup", *arguments])
    assert done.exit_code == 0, done.output
    done = RUN.invoke(app, ["restore", str(out), "--folder", str(new), "--objects", after])
    assert done.exit_code == 0, done.output
    hub = make_hub(Settings(folder=new, object_url=after))
    assert [hub.objects.get(sha256) for sha256 in stored] == [b"a volume", b"a mask"]
    hub.objects.remove(stored[0])
    assert list(hub.objects.names()) == [stored[1]]
    damaged = tmp_path / "store" / stored[0][:2] / stored[0]
    damaged.write_bytes(b"b volume")
    arguments[3] = str(tmp_path / "second.backup")
    assert RUN.invoke(app, ["backup", *arguments]).exit_code == 1
    assert not (tmp_path / "second.backup").exists()


def age(world: HubWorld, case_id: str, state: str, at: str) -> None:
    """Let a case be of another time."""
    with world.hub.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE case_record SET state = '{state}', updated_at = '{at}' WHERE id = '{case_id}'"  # noqa: S608 - our own values
        )


def retention(world: HubWorld, *arguments: str) -> tuple[int, Json]:
    url = ["--database", world.hub.database_url] if "postgres" in world.hub.database_url else []
    done = RUN.invoke(app, ["retention", "--folder", str(world.hub.folder), *url, *arguments])
    printed = done.stdout.strip()
    return done.exit_code, json.loads("[" + printed.replace("}\n{", "},{") + "]")[-1] if printed else {}


def test_only_closed_cases_past_the_retention_are_listed(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    old, young, open_one = (world.refer("a")["id"] for _ in range(3))
    age(world, old, "closed", "2001-01-01 00:00:00")
    age(world, young, "closed", "2025-01-01 00:00:00")
    age(world, open_one, "planning", "2001-01-01 00:00:00")
    code, listed = retention(world, "--dry-run")
    assert code == 0
    assert [case["id"] for case in listed["cases"]] == [old]
    assert listed["retention_years"] == 15
    for wrong in ([], ["--dry-run", "--apply"], ["--apply"], ["--hold", old]):
        assert retention(world, *wrong)[0] == 1
    assert world.hub.cases.life.load(old).id == old


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_expired_cases_go_with_everything_of_theirs_and_nothing_else(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("postgres_cluster") if kind == "postgres" else ""
    world = make_world(tmp_path / "hub", database_url=fresh_database(cluster) if cluster else "")
    with TestClient(world.app):
        old = make_imaged_case(world, tmp_path / "ct").ids
        twin = make_imaged_case(world, tmp_path / "ct2").ids
    (gone,), (stays,) = old["case_id"], twin["case_id"]
    held, open_one, young = (world.refer("a")["id"] for _ in range(3))
    mine = world.hub.objects.put(b"a mesh of the old case")
    world.hub.imaging.images.keep_derived(f"mesh/{old['series_id'][0]}/x", mine)
    for case_id in (gone, held):
        age(world, case_id, "closed", "2001-01-01 00:00:00")
    age(world, open_one, "planning", "2001-01-01 00:00:00")
    age(world, young, "closed", "2025-01-01 00:00:00")
    assert retention(world, "--hold", held, "--by", "Counsel", "--reason", "a law suit")[0] == 0
    before = set(world.hub.objects.names())
    assert RUN.invoke(app, ["retention", "--folder", "/nowhere", "--apply", "--by", "x"]).exit_code == 1
    code, done = retention(world, "--apply", "--yes", "--by", "Archivist")
    assert (code, done) == (0, {"deleted": [gone]})
    log = world.hub.cases.life.log
    assert log.load(gone) is None
    assert {c for c in (stays, held, open_one, young) if log.load(c) is None} == set()
    assert log.broken_seq(stays) is None
    assert mine in before - set(world.hub.objects.names())
    assert world.hub.imaging.series(twin["series_id"][0])[1]["levels"]
    for level in world.hub.imaging.series(twin["series_id"][0])[1]["levels"]:
        assert world.hub.objects.get(level["object"])
    for table in schema().sorted_tables:
        if "case_id" in table.c and table.name != "legal_hold":
            with world.hub.engine.connect() as connection:
                assert gone not in connection.scalars(select(table.c.case_id)).all(), table.name
    assert not (world.hub.folder / "uploads" / old["upload_id"][0]).exists()
    assert world.hub.audit.verify().ok
    told = [(r.person_name, r.object, r.outcome) for r in world.hub.audit.page(limit=10)]
    assert ("Archivist", f"case/{gone}", "done") in told
    assert ("Counsel", f"case/{held}", "done") in told
    assert retention(world, "--dry-run")[1]["held"][0]["reason"] == "a law suit"
    for case_id in (held, open_one, young, stays):
        with pytest.raises(ConflictError):
            give_up_cases(world.hub, [case_id], by="x")
    assert {c for c in (stays, held, open_one, young) if log.load(c) is None} == set()
    assert retention(world, "--release", held, "--by", "Counsel")[0] == 0
    assert retention(world, "--apply", "--yes", "--by", "Archivist")[1] == {"deleted": [held]}
    world.hub.engine.dispose()


def test_nothing_goes_without_a_yes(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    old = world.refer("a")["id"]
    age(world, old, "closed", "2001-01-01 00:00:00")
    arguments = ["retention", "--folder", str(world.hub.folder), "--apply", "--by", "Archivist"]
    refused = RUN.invoke(app, arguments, input="n\n")
    assert refused.exit_code == 1
    assert old in refused.stdout
    assert world.hub.cases.life.log.load(old) is not None
    assert RUN.invoke(app, arguments, input="y\n").exit_code == 0
    assert world.hub.cases.life.log.load(old) is None
