"""The gateway's sender against a hub that cuts, forgets, breaks and refuses: all arrives, bit for bit."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.waiting import until

from teleneedle.adapters.certificates.authority import Authority, open_authority
from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity, new_request
from teleneedle.adapters.certificates.key_files import pem
from teleneedle.adapters.link.spool import Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance
from teleneedle.apps.edge.sender import Sender
from teleneedle.apps.edge.sender_plan import SenderPlan
from teleneedle.apps.testing.scripted_hub import ScriptedHub
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

PATIENCE_S = 60.0
ARRIVAL = Arrival(via="dimse", calling_aet="CT_1")
PIXELS = 60_000


def enrol(folder: Path, authority: Authority) -> None:
    key, request = new_request()
    certificate = authority.issue_to_gateway(request, "gateway-1", at=datetime.now(UTC))
    GatewayIdentity(folder=folder / "identity").keep(
        key_pem=key, certificate_pem=pem(certificate), authority_pem=authority.pem
    )


class Gateway:
    """A gateway's folder, and its sender in a thread while `running`."""

    def __init__(self, folder: Path, hub: ScriptedHub) -> None:
        self.plan = SenderPlan(
            folder=folder, host="127.0.0.1", port=hub.port, quiet_s=0.3, open_quiet_s=0.3, threads=2
        )
        self.spool = Spool(folder, quota_bytes=1 << 30, reserve_bytes=0)
        self.sent: dict[str, bytes] = {}

    def keep(self, numbers: range, *, series: int = 1, phase: str = "", pixels: int = PIXELS) -> None:
        for number in numbers:
            noise = np.random.default_rng(number).integers(-1000, 1000, pixels).astype("<i2")
            dataset = encoded_ct(number, series, noise.tobytes())
            arrival = Arrival(via="dimse", calling_aet="CT_1", phase=phase)
            kept = self.spool.keep(Instance.of(dataset, EXPLICIT_LITTLE, arrival, datetime.now(UTC)))
            assert isinstance(kept, Kept)
            self.sent[f"1.2.1.{number}"] = dataset

    @contextmanager
    def running(self, plan: SenderPlan | None = None) -> Iterator[Sender]:
        ready, loop = threading.Event(), asyncio.new_event_loop()
        found: list[Any] = []

        async def work() -> None:
            found.append(Sender(plan or self.plan))
            found.append(asyncio.current_task())
            ready.set()
            await found[0].run()

        def run() -> None:
            try:
                loop.run_until_complete(work())
            except asyncio.CancelledError:
                pass
            finally:
                ready.set()
                loop.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert ready.wait(PATIENCE_S)
        try:
            yield found[0]
        finally:
            loop.call_soon_threadsafe(found[1].cancel)
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    def report(self) -> dict[str, Any]:
        try:
            report: dict[str, Any] = json.loads((self.plan.folder / "sender.json").read_text("utf-8"))
        except FileNotFoundError:
            return {"state": "", "series": []}
        return report

    def waiting(self) -> int:
        return len(list(self.spool.entries()))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ScriptedHub]:
    with ScriptedHub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def gateway(tmp_path: Path, hub: ScriptedHub) -> Iterator[Gateway]:
    folder = tmp_path / "edge"
    enrol(folder, hub.authority)
    gateway = Gateway(folder, hub)
    yield gateway
    gateway.spool.close()


def require_all_there(gateway: Gateway, hub: ScriptedHub) -> None:
    """Everything sent is at the hub as it was, and nothing else; the receipts for it are kept."""
    there = {sop: dataset for (sop, _), dataset in hub.arrived.datasets.items()}
    assert there == gateway.sent
    receipts = [one for n in (1, 2) for one in gateway.spool.receipts.of(f"1.2.{n}")]
    signed = {tuple(one) for receipt in receipts for one in receipt["instances"]}
    assert signed == {(sop, hashlib.sha256(dataset).hexdigest()) for sop, dataset in gateway.sent.items()}


def test_a_series_that_arrives_while_it_is_sent(gateway: Gateway, hub: ScriptedHub) -> None:
    with gateway.running():
        gateway.keep(range(1, 13))
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert max(hub.arrived.parts.values()) == 1
    assert hub.arrived.connections == 1


def test_what_waited_goes_coarse_first_and_intra_before_planned(gateway: Gateway, hub: ScriptedHub) -> None:
    gateway.keep(range(1, 9), series=1)
    gateway.keep(range(9, 17), series=2, phase="intra")
    hub.script.gives_receipts = False
    with gateway.running():
        until(lambda: len(hub.arrived.datasets) == 16)
    fine = [number for number, (_, layer) in enumerate(hub.arrived.order) if layer == 3]
    intra = {f"1.2.1.{n}" for n in range(9, 17)}
    last_intra = max(n for n, (sop, _) in enumerate(hub.arrived.order) if sop in intra)
    planned_fine = [n for n in fine if hub.arrived.order[n][0] not in intra]
    assert (
        sum(n < last_intra for n in planned_fine) <= 4
    )  # those whose turn came before the intra ones were coded


def test_a_cut_with_half_acknowledged_parts_is_resumed(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.cut_after, hub.script.ack_every = 17, 5
    gateway.keep(range(1, 13))
    with gateway.running():
        until(lambda: hub.arrived.connections >= 2)
        hub.script.ack_every = 1
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert sum(times - 1 for times in hub.arrived.parts.values()) <= 16
    assert not [part for part, times in hub.arrived.parts.items() if times > 2]


def test_a_hub_that_falls_silent_is_left_and_found_again(gateway: Gateway, hub: ScriptedHub) -> None:
    gateway.keep(range(1, 5))
    with gateway.running():
        until(lambda: gateway.waiting() == 0)
        hub.script.silent = True
        gateway.keep(range(5, 9))
        until(lambda: gateway.report()["state"] == "away")
        hub.script.silent = False
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)


def test_broken_instances_go_again_in_another_coding(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.break_once = {"1.2.1.2", "1.2.1.3"}
    gateway.keep(range(1, 5))
    with gateway.running():
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert hub.arrived.parts["1.2.1.2", 1, 0] == 2
    assert hub.arrived.parts["1.2.1.1", 1, 0] == 1


def test_an_instance_kept_aside_leaves_the_spool_for_quarantine(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.keep_aside = {"1.2.1.2"}
    gateway.keep(range(1, 5))
    with gateway.running():
        until(lambda: gateway.waiting() == 0)
    assert [entry.facts.sop_uid for entry in gateway.spool.quarantined()] == ["1.2.1.2"]
    assert {sop for sop, _ in hub.arrived.datasets} == {"1.2.1.1", "1.2.1.3", "1.2.1.4"}


def test_nothing_leaves_the_spool_without_the_signature_of_the_hub(
    gateway: Gateway, hub: ScriptedHub
) -> None:
    hub.script.signs_wrongly = True
    gateway.keep(range(1, 4))
    with gateway.running():
        until(lambda: len(hub.arrived.ends) >= 2)
        assert gateway.waiting() == 3
        assert gateway.spool.receipts.of("1.2.1") == []
        hub.script.signs_wrongly = False
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)


def test_a_sender_that_is_started_again_sends_only_what_is_missing(
    gateway: Gateway, hub: ScriptedHub
) -> None:
    hub.script.gives_receipts = False
    gateway.keep(range(1, 9))
    with gateway.running():
        until(lambda: len(hub.arrived.datasets) >= 3)
    before = hub.arrived.parts.copy()
    done = {sop for sop, _ in hub.arrived.datasets}
    hub.script.gives_receipts = True
    with gateway.running():
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert all(hub.arrived.parts[part] == before[part] for part in before if part[0] in done)


def test_what_the_hub_has_lost_goes_again(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.gives_receipts = False
    gateway.keep(range(1, 5))
    with gateway.running():
        until(lambda: len(hub.arrived.datasets) == 4)
        hub.arrived.forget()
        hub.script.gives_receipts = True
        hub.script.cut_after = 0
        gateway.keep(range(5, 6))
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)


def test_more_of_a_series_later_ends_it_again_with_everything(gateway: Gateway, hub: ScriptedHub) -> None:
    with gateway.running():
        gateway.keep(range(1, 4))
        until(lambda: gateway.waiting() == 0)
        gateway.keep(range(4, 6))
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert len(hub.arrived.ends[-1].instances) == 5


def test_a_revoked_gateway_says_so_and_keeps_what_it_has(gateway: Gateway, hub: ScriptedHub) -> None:
    gateway.keep(range(1, 4))
    hub.script.gives_receipts = False
    with gateway.running():
        until(lambda: len(hub.arrived.datasets) == 3)
        hub.script.is_revoked = True
        gateway.keep(range(4, 6))
        until(lambda: gateway.report()["state"] == "refused")
        assert "撤销" in gateway.report()["why_zh"]
        assert gateway.waiting() == 5


def test_a_hub_of_another_authority_gets_nothing(gateway: Gateway, hub: ScriptedHub, tmp_path: Path) -> None:
    enrol(gateway.plan.folder, open_authority(tmp_path / "other", at=datetime.now(UTC)))
    gateway.keep(range(1, 3))
    with gateway.running():
        until(lambda: gateway.report()["state"] == "away")
        assert "登记" in gateway.report()["why_zh"]
    assert hub.arrived.connections == 0
    assert gateway.waiting() == 2


def test_where_websockets_are_blocked_plain_requests_do(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.blocks_websocket = True
    hub.script.break_once = {"1.2.1.2"}
    with gateway.running():
        gateway.keep(range(1, 9))
        until(lambda: gateway.waiting() == 0)
        until(lambda: gateway.report()["transport"] == "https")
    require_all_there(gateway, hub)
    assert set(hub.arrived.transports) == {"https"}


def test_a_slow_line_gets_the_smaller_coding(gateway: Gateway, hub: ScriptedHub, tmp_path: Path) -> None:
    slow = SenderPlan(**{**vars(gateway.plan), "line_mbit_s": 8.0})
    hub.script.ack_every = 10**9  # the window fills, so that there is time to code again
    gateway.keep(range(1, 60), pixels=30_000)
    with gateway.running(slow):
        until(lambda: sum(entry.codec == "jxl" for entry in hub.arrived.entries.values()) >= 5)
        hub.script.ack_every = 1
        until(lambda: gateway.waiting() == 0)
    require_all_there(gateway, hub)
    assert any(layer == 5 for _, layer, _ in hub.arrived.parts)


def test_the_report_says_what_came_and_how_the_clocks_differ(gateway: Gateway, hub: ScriptedHub) -> None:
    hub.script.clock_ahead_s = 3600.0
    hub.script.gives_receipts = False
    gateway.keep(range(1, 4))
    with gateway.running():
        until(lambda: gateway.report()["series"] and gateway.report()["series"][0]["verified"] == 3)
        report = gateway.report()
    assert report["state"] == "connected"
    assert report["clock_difference_s"] == pytest.approx(3600, abs=30)
    (series,) = report["series"]
    assert (series["arrived"], series["coded"], series["receipted"]) == (3, 3, 0)
    assert series["bytes"] == series["bytes_durable"] > 0
