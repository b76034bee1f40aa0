"""A backup holds what gateways were given receipts for, and the keys by which they know the hub."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

from fastapi.testclient import TestClient
from tests.waiting import until
from typer.testing import CliRunner

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.rebuild import rebuild_dataset
from teleneedle.apps.cli.main import app
from teleneedle.apps.hub.bootstrap import create_app
from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.testing.hub_world import make_world
from teleneedle.apps.testing.script_gateway import encoded, linked, ship
from teleneedle.testing.ct_files import CtScan

RUN = CliRunner()


def open_files() -> list[str]:
    """Where the descriptors of this process point."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(os.readlink(one))
    return found


def test_a_restored_hub_has_what_it_signed_for_and_gateways_know_it(tmp_path: Path) -> None:
    world = make_world(tmp_path / "hub")
    out, new = tmp_path / "hub.backup", tmp_path / "new"
    first, second = (
        [encoded(one) for one in CtScan(series=number, size=(64, 48), intercept=0.0).datasets()]
        for number in ("1", "2")
    )
    with TestClient(world.app), linked(world.hub) as link:
        identity = link.enrol(tmp_path / "gw", world.sites["a"])
        with link.connected(identity) as gateway:
            sent = [ship(content, number) for number, content in enumerate(first, 1)]
            gateway.hello().announce(sent)
            for one in sent:
                gateway.send_layers(one)
            gateway.end(sent)
            assert len(gateway.wait_for(wire.Receipt).instances) == len(first)
            more = [ship(content, 100 + number) for number, content in enumerate(second)]
            gateway.announce(more, batch=2)
            going_on = threading.Thread(target=lambda: [gateway.send_layers(one) for one in more])
            going_on.start()
            done = RUN.invoke(app, ["backup", "--folder", str(world.hub.folder), "--out", str(out)])
            going_on.join()
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    done = RUN.invoke(app, ["restore", str(out), "--folder", str(new)])
    assert done.exit_code == 0, done.output
    assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in (new / "link").rglob("key.pem"))
    restored = create_app(Settings(folder=new))
    hub = restored.state.hub
    with TestClient(restored), linked(hub) as link:
        assert not [one for one in open_files() if one.startswith(str(new / "link" / "journals"))]
        (signed,) = [one for one in hub.arriving.shelf if one.verified()]
        assert [rebuild_dataset(held) for held in hub.arriving.held(signed.id)] == first
        with link.connected(identity) as gateway:
            again = [ship(content, 200 + number) for number, content in enumerate(second)]
            gateway.hello().announce(again)
            gateway.wait_for(wire.Have)
            for one in again:
                gateway.send_layers(one)
            gateway.end(again)
            assert len(gateway.wait_for(wire.Receipt).instances) == len(second)
        until(lambda: all(one.is_complete() for one in hub.arriving.shelf))
