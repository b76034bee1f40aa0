"""Organs of a series are shown while it arrives: right, called preliminary, gone once it is there."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from tests.waiting import until

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.codec import Coding, Packing
from teleneedle.adapters.link.wire_parts import EIGHTH, FULL, QUARTER
from teleneedle.adapters.packed_masks import unpack_mask
from teleneedle.apps.hub.link.early_slices import early_slices, stack_of
from teleneedle.apps.hub.work.early_structures import WANTED
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.apps.testing.script_gateway import LinkedHub, encoded, ship
from teleneedle.core.geometry import Grid
from teleneedle.testing.phantom import Phantom, make_phantom

WAIT_S = 180.0
LEAST_OVERLAP = {"lung": 0.95, "liver": 0.93, "kidney": 0.85, "spleen": 0.9, "bone": 0.7}
"""Dice coefficient with the truth of the phantom, of masks whose voxels have three millimetres."""


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return make_phantom("liver-mwa", slice_mm=4.0)


@pytest.fixture(scope="module")
def datasets(phantom: Phantom, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("ct") / "ct"
    write_ct_series(phantom.volume, phantom.patient, phantom.study, folder)
    return [encoded(dcmread(BytesIO(path.read_bytes()))) for path in sorted(folder.iterdir())]


def refer(world: HubWorld, phantom: Phantom) -> str:
    patient = phantom.patient
    return str(world.refer("a", id=patient.id, name=patient.name, birth_date=patient.birth_date)["id"])


def arrival(world: HubWorld, case_id: str) -> dict[str, Any]:
    """The one series on its way into the case; nothing before the hub has found where it belongs."""
    found: list[dict[str, Any]] = world.as_("expert").get(f"/api/cases/{case_id}/arriving").json()["items"]
    return found[0] if found else {"early": None}


def mask(world: HubWorld, shown: dict[str, Any], kind: str) -> np.ndarray:
    grid = Grid(
        shape=tuple(shown["early"]["grid"]["shape"]),
        affine=np.array(shown["early"]["grid"]["affine"]).reshape(4, 4),
        frame_of_reference_uid="arriving",
    )
    answer = world.as_("expert").get(f"/api/arriving/{shown['id']}/structures/{kind}")
    assert answer.status_code == 200
    found: np.ndarray = unpack_mask(answer.content, grid).array
    return found


def overlap(found: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))


def quarter_truth(phantom: Phantom, kind: str, step_k: int = 1) -> np.ndarray:
    """The truth at the places of the coarse samples: every fourth voxel of every fourth row."""
    return phantom.structures[kind].array[::step_k, ::4, ::4]


@pytest.mark.timeout(600)
def test_organs_are_there_before_the_series_is(
    world: HubWorld, link: LinkedHub, phantom: Phantom, datasets: list[bytes], tmp_path: Path
) -> None:
    case_id = refer(world, phantom)
    sent = [ship(content, handle) for handle, content in enumerate(datasets, 1)]
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one, [EIGHTH])
        gateway.end(sent)
        for one in sent[:-1]:
            gateway.send_layers(one, [QUARTER])
        gateway.wait_until_acknowledged()
        assert arrival(world, case_id)["early"] is None
        gateway.send_layers(sent[-1], [QUARTER])
        until(lambda: (arrival(world, case_id)["early"] or {}).get("state") == "done", seconds=WAIT_S)
        shown = arrival(world, case_id)
        assert shown["state"] == "arriving"
        assert shown["instances"]["verified"] == 0
        assert {one["kind"] for one in shown["early"]["structures"]} == set(WANTED)
        for one in shown["early"]["structures"]:
            found, truth = mask(world, shown, one["kind"]), quarter_truth(phantom, one["kind"])
            assert overlap(found, truth) >= LEAST_OVERLAP[one["kind"]], one["kind"]
            voxel_ml = abs(np.linalg.det(np.array(shown["early"]["grid"]["affine"]).reshape(4, 4))) / 1000
            assert one["volume_ml"] == pytest.approx(found.sum() * voxel_ml)
        expert = world.as_("expert")
        assert expert.get(f"/api/cases/{case_id}").json()["series"] == []
        assert expert.get(f"/api/cases/{case_id}/structures").json() == []
        of_liver = f"/api/arriving/{shown['id']}/structures/liver"
        assert world.as_("operator-b").get(of_liver).status_code == 404
        assert expert.get(of_liver.replace("liver", "heart")).status_code == 404
        for one in sent:
            gateway.send_layers(one, [FULL])
        gateway.wait_for(wire.Receipt)
    until(lambda: arrival(world, case_id)["series_id"], seconds=WAIT_S)
    assert arrival(world, case_id)["early"] is None
    assert expert.get(of_liver).status_code == 404


@pytest.mark.timeout(600)
def test_slices_that_come_whole_need_not_all_be_there(
    world: HubWorld, link: LinkedHub, tmp_path: Path
) -> None:
    """On a slow line a slice is too coarse or whole: every second one of 2 mm makes a volume of 4 mm."""
    fine = make_phantom("liver-mwa", slice_mm=2.0)
    write_ct_series(fine.volume, fine.patient, fine.study, tmp_path / "ct")
    contents = [encoded(dcmread(path)) for path in sorted((tmp_path / "ct").iterdir())]
    slow = Coding(skips=(4, 4))
    sent = [ship(content, n, coding=slow) for n, content in enumerate(contents[:6], 1)]
    sent += [
        ship(content, n, coding=slow, packing=Packing("jls")) for n, content in enumerate(contents[6:], 7)
    ]
    case_id = refer(world, fine)
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one, [EIGHTH])
        gateway.end(sent)
        for one in sent[:-2:2]:
            gateway.send_layers(one)
        gateway.wait_until_acknowledged()
        time.sleep(1.0)
        assert arrival(world, case_id)["early"] is None
        for one in sent[::2][-1:]:
            gateway.send_layers(one)
        until(lambda: (arrival(world, case_id)["early"] or {}).get("state") == "done", seconds=WAIT_S)
        shown = arrival(world, case_id)
        assert shown["early"]["grid"]["shape"][0] == len(sent[::2])
        truth = quarter_truth(fine, "liver", step_k=2)
        assert overlap(mask(world, shown, "liver"), truth) >= LEAST_OVERLAP["liver"]


def test_a_gap_a_localizer_and_an_unknown_case_give_no_organs(
    world: HubWorld, link: LinkedHub, datasets: list[bytes], tmp_path: Path
) -> None:
    """Nothing is looked for where slices are not evenly apart, few, or nobody's yet."""
    sent = [ship(content, handle) for handle, content in enumerate(datasets, 1)]
    with link.connected(link.enrol(tmp_path / "gw", world.sites["a"])) as gateway:
        gateway.hello().announce(sent)
        for one in sent:
            gateway.send_layers(one, [EIGHTH, QUARTER])
        gateway.end(sent)
        gateway.wait_until_acknowledged()
        shelf = world.hub.arriving.shelf
        series = next(iter(shelf))
        until(lambda: series.is_all_listed() and bool(series.listed))
    (shown,) = world.as_("operator-a").get("/api/arriving").json()["items"]
    assert (shown["case_id"], shown["early"]) == (None, None)
    assert early_slices(series, stack_of(series)) is not None
    middle = series.kept.pop(len(sent) // 2)
    assert early_slices(series, stack_of(series)) is None
    series.kept[middle.number] = middle
    for number in list(series.kept)[20:]:
        del series.kept[number]
    assert early_slices(series, stack_of(series)) is None
