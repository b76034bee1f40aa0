"""Masks over HTTP: versions follow one another, a new structure is drawn, and nothing is kept by half."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from httpx import Response

from teleneedle.adapters.packed_masks import pack_mask, unpack_mask
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.apps.testing.imaged_case import make_imaged_case
from teleneedle.core.image import LabelMap

Json = dict[str, Any]


class Masks:
    """A case with a series and a structure ``tumour``, and masks to put into it."""

    def __init__(self, world: HubWorld, folder: Path) -> None:
        made = make_imaged_case(world, folder)
        self.world = world
        self.case_id, self.series_id = made.ids["case_id"][0], made.ids["series_id"][0]
        self.first = made.ids["sha256"][0]
        self.grid = series_grid(world.hub.imaging.series(self.series_id)[1])

    def mask(self, k: int) -> bytes:
        """A box that grows with `k`; none at all for 0."""
        array = np.zeros(self.grid.shape, np.bool_)
        array[1:4, 10 : 10 + k, 10:20] = True
        return pack_mask(LabelMap(array=array, grid=self.grid))

    def put(
        self, name: str, content: bytes, *, who: str = "expert", query: str = "", **headers: str
    ) -> Response:
        url = f"/api/cases/{self.case_id}/structures/{name}/mask{query}"
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        answer: Response = self.world.as_(who).put(url, content=content, headers=named)
        return answer

    def create(self, name: str, content: bytes, kind: str = "", series_id: str = "") -> Response:
        query = f"?series_id={series_id or self.series_id}&kind={kind}"
        return self.put(name, content, query=query, If_None_Match="*")

    def versions(self, name: str) -> list[tuple[int, str]]:
        """Version and mask, from the case's log."""
        events = self.world.hub.cases.life.log.events_after(self.case_id)
        told = [(e.body["version"], e.body["sha256"]) for e in events if e.body.get("name") == name]
        rows = [r for r in self.world.hub.imaging.images.structures(self.case_id) if r.name == name]
        assert [(r.version, r.sha256) for r in rows] == told[-1:]
        return told


@pytest.fixture
def masks(world: HubWorld, tmp_path: Path) -> Masks:
    return Masks(world, tmp_path / "ct")


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).rpartition(":")[2]


def test_an_edit_follows_the_version_it_was_made_on(masks: Masks) -> None:
    done = masks.put("tumour", masks.mask(3), If_Match=f'"{masks.first}"')
    assert done.status_code == 200
    assert done.json()["version"] == 2
    second = done.json()["sha256"]
    content = masks.world.as_("expert").get(f"/api/structures/{second}/mask").content
    assert np.count_nonzero(unpack_mask(content, masks.grid).array) == 3 * 3 * 10
    late = masks.put("tumour", masks.mask(5), If_Match=f'"{masks.first}"')
    assert code(late) == (412, "precondition-failed")
    assert late.json()["current_sha256"] == second
    again = masks.put("tumour", masks.mask(3), If_Match=f'"{masks.first}"')
    assert again.json() == done.json()
    assert code(masks.put("tumour", masks.mask(4))) == (428, "precondition-required")
    assert code(masks.put("liver", masks.mask(4), If_Match='"x"')) == (404, "not-found")
    assert masks.versions("tumour") == [(1, masks.first), (2, second)]


def test_a_new_structure_is_drawn(masks: Masks) -> None:
    done = masks.create("tumour2", masks.mask(4))
    assert done.status_code == 200, done.text
    listed = masks.world.as_("expert").get(f"/api/cases/{masks.case_id}/structures").json()
    (drawn,) = [s for s in listed if s["name"] == "tumour2"]
    assert (drawn["kind"], drawn["version"], drawn["state"]) == ("tumour", 1, "proposed")
    assert drawn["label"]["zh"] == "靶区"
    assert drawn["engine"].startswith("drawn by")
    assert drawn["volume_ml"] == pytest.approx(
        120 * abs(np.linalg.det(masks.grid.affine[:3, :3])) / 1000, rel=1e-6
    )
    assert masks.create("tumour2", masks.mask(4)).json() == done.json()
    assert code(masks.create("tumour2", masks.mask(5))) == (412, "precondition-failed")
    assert code(masks.create("tumour", masks.mask(5))) == (412, "precondition-failed")
    edited = masks.put("tumour2", masks.mask(6), If_Match=f'"{done.json()["sha256"]}"')
    assert edited.json()["version"] == 2
    assert code(masks.create("tumour2", masks.mask(4))) == (412, "precondition-failed")
    assert masks.create("clip1", masks.mask(2), kind="other").status_code == 200
    assert len(masks.versions("tumour2")) == 2


@pytest.mark.parametrize(
    ("name", "kind", "size", "expected"),
    [
        ("liver", "tumour", 3, (422, "structure")),
        ("lesion_x", "", 3, (422, "structure")),
        ("lesion_x", "tumour", 3, (422, "structure")),
        ("tumour9", "", 0, (422, "structure")),
        ("a b", "", 3, (422, "invalid")),
        ("x" * 65, "other", 3, (422, "invalid")),
    ],
)
def test_what_cannot_be_a_structure_is_refused(
    masks: Masks, name: str, kind: str, size: int, expected: tuple[int, str]
) -> None:
    assert code(masks.create(name, masks.mask(size), kind)) == expected
    assert masks.versions(name) == []


def test_a_structure_belongs_to_a_series_of_its_case(masks: Masks) -> None:
    other = masks.world.refer("b")["id"]
    url = f"/api/cases/{other}/structures/tumour/mask?series_id={masks.series_id}"
    answer = masks.world.as_("expert").put(url, content=masks.mask(3), headers={"If-None-Match": "*"})
    assert code(answer) == (404, "not-found")
    assert code(masks.create("tumour3", masks.mask(3), series_id="nowhere")) == (404, "not-found")
    assert code(masks.create("tumour3", b"rubbish")) == (422, "input")
    refused = masks.put("tumour3", masks.mask(3), who="operator-a", query="?series_id=x", If_None_Match="*")
    assert refused.status_code == 403


def at_once(count: int, work: Callable[[int], Response]) -> list[Response]:
    answers: list[Response] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(work(n))) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_many_edits_at_once_one_is_kept(masks: Masks) -> None:
    answers = at_once(8, lambda n: masks.put("tumour", masks.mask(n + 2), If_Match=f'"{masks.first}"'))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 7
    (kept,) = [a.json()["sha256"] for a in answers if a.status_code == 200]
    assert masks.versions("tumour") == [(1, masks.first), (2, kept)]
    answers = at_once(8, lambda n: masks.create("tumour5", masks.mask(n + 2)))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 7
    assert len(masks.versions("tumour5")) == 1


FAULTS = {
    "sqlite": (
        "CREATE TRIGGER no_more BEFORE INSERT ON case_event BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TRIGGER no_more",
    ),
    "postgresql": (
        "ALTER TABLE case_event ADD CONSTRAINT no_more CHECK (seq < 0) NOT VALID",
        "ALTER TABLE case_event DROP CONSTRAINT no_more",
    ),
}
"""By database: a log that takes nothing any more, and its repair."""


def test_a_version_that_the_log_does_not_take_is_not_kept_either(masks: Masks) -> None:
    before, engine = masks.versions("tumour"), masks.world.hub.engine
    breaks, mends = FAULTS[engine.dialect.name]
    with engine.begin() as connection:
        connection.exec_driver_sql(breaks)
    assert masks.put("tumour", masks.mask(7), If_Match=f'"{masks.first}"').status_code == 500
    assert masks.create("tumour7", masks.mask(7)).status_code == 500
    with engine.begin() as connection:
        connection.exec_driver_sql(mends)
    assert masks.versions("tumour") == before
    assert masks.versions("tumour7") == []
    assert masks.create("tumour7", masks.mask(7)).status_code == 200
