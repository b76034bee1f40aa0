"""A hub whose series is still arriving, for one page: what has come is what the test says.

The pictures are those of a series that the real hub keeps; routes of the image link are answered here.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Page, Route

from teleneedle.adapters.packed_masks import pack_mask
from teleneedle.adapters.picture_batch import CodedSlice, encode_pictures
from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.core.anatomy import KINDS
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

ID = "0e0c5cd0-8f0f-4d3e-9d3b-0f4cf6d1a001"
STAGES = {3: 1_490_000, 2: 3_500_000, 0: 42_770_000}
"""Resolutions left out by each layer's pictures, and the bytes of that layer of 300 slices."""


@dataclass(kw_only=True)
class FakeArrivals:
    """Answers of the image link.

    Parameters
    ----------
    case_id, series_id : str
        A case, and the kept series whose pictures arrive.
    geometry : dict
        Of that series.
    come : dict
        How many slices of each stage are there, from the middle of the series outwards.
    """

    case_id: str
    series_id: str
    geometry: dict[str, Any]
    arrival: dict[str, Any]
    come: dict[int, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    early: dict[str, Any] | None = None
    masks: dict[str, bytes] = field(default_factory=dict)
    asked_masks: list[str] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """Slices of the series."""
        return int(self.geometry["shape"][0])

    def install(self, page: Page) -> None:
        """Answer the routes of the image link on this page."""
        page.route(re.compile(r"/api/(cases/[^/]+/arriving|arriving)(/.*|\?.*)?$"), self._answer)

    def state(self) -> dict[str, Any]:
        """The series as lists show it."""
        layers = {
            str(n): {"have": self.come[skip] * STAGES[skip] // 300, "of": self.depth * STAGES[skip] // 300}
            for n, skip in enumerate(STAGES, 1)
        }
        counted = {"known": self.depth, "verified": self.come[0]}
        arrival = deepcopy(self.arrival)
        arrival["instances"] = {"expected": self.depth, "quarantined": 0, **counted, **arrival["instances"]}
        return {**arrival, "layers": layers, "early": deepcopy(self.early)}

    def look_for_organs(self, state: str = "computing") -> None:
        """Preliminary organs are being found, or no more of them are."""
        found = (self.early or {}).get("structures", [])
        self.early = {"grid": None, **(self.early or {}), "state": state, "structures": found}

    def find_organ(self, kind: str, truth: LabelMap, *, gate: str = "green") -> None:
        """One more preliminary organ, out of every fourth row and column of an exact mask."""
        self.look_for_organs()
        assert self.early is not None
        coarse = quarter(truth)
        shape, affine = list(coarse.grid.shape), [float(v) for v in coarse.grid.affine.ravel()]
        about = KINDS[kind]
        organ = {
            "kind": kind,
            "label": {"zh": about.name_zh, "en": about.name_en},
            "colour": about.colour,
            "volume_ml": coarse.volume_ml,
            "gate": gate,
        }
        self.masks[kind] = pack_mask(coarse)
        self.early["grid"] = {"shape": shape, "affine": affine}
        self.early["structures"] = [*self.early["structures"], organ]

    def here(self, skip: int) -> set[int]:
        """Slices of a stage that have come."""
        middle = self.depth // 2
        return set(sorted(range(self.depth), key=lambda k: abs(k - middle))[: self.come[skip]])

    def _answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path
        if request.method == "POST":
            self.posted.append((path.rsplit("/", 1)[1], json.loads(request.post_data or "{}")))
            route.fulfill(json=self.state())
        elif path.endswith("/pictures"):
            route.fulfill(body=self._pictures(route), content_type="application/octet-stream")
        elif "/structures/" in path:
            self._answer_mask(route, path.rsplit("/", 1)[1])
        elif path.endswith(ID):
            named = {**self.geometry, "numbers": list(range(self.depth))}
            route.fulfill(json={**self.state(), "geometry": named})
        else:
            route.fulfill(json={"items": [self.state()]})

    def _answer_mask(self, route: Route, kind: str) -> None:
        self.asked_masks.append(kind)
        if self.early is not None and kind in self.masks:
            route.fulfill(body=self.masks[kind], content_type="application/octet-stream")
        else:
            route.fulfill(status=404, json={"title": "not found", "status": 404})

    def _pictures(self, route: Route) -> bytes:
        query = urlsplit(route.request.url).query
        skip = int(parse_qs(query)["skip"][0])
        after = parse_qs(query).get("after")
        kept = route.fetch(url=f"{_origin(route)}/api/series/{self.series_id}/pictures?{query}").body()
        arrays, _ = decode_tnb1(kept)
        starts = [0, *arrays["ends"][:-1]]
        parts = zip(arrays["k"], starts, arrays["ends"], strict=True)
        here = self.here(skip)
        slices = [
            CodedSlice(k=int(k), number=int(k), code=arrays["code"][a:b].tobytes())
            for k, a, b in parts
            if k in here
        ]
        return encode_pictures(slices, skip=skip, after=int(after[0]) if after else None)


def quarter(mask: LabelMap) -> LabelMap:
    """Every fourth row and column."""
    array = np.ascontiguousarray(mask.array[:, ::4, ::4])
    affine = mask.grid.affine @ np.diag([4.0, 4.0, 1.0, 1.0])
    uid = mask.grid.frame_of_reference_uid
    return LabelMap(array=array, grid=Grid(shape=array.shape, affine=affine, frame_of_reference_uid=uid))


def _origin(route: Route) -> str:
    found = urlsplit(route.request.url)
    return f"{found.scheme}://{found.netloc}"


def make_fake(hub: Any, case_id: str, series_id: str, patient: dict[str, Any]) -> FakeArrivals:
    """A series of this case that has been announced and of which nothing has come; `hub` reads routes."""
    about = hub.get(f"/api/series/{series_id}")
    case = hub.get(f"/api/cases/{case_id}")
    arrival = {
        "id": ID,
        "state": "arriving",
        "case_id": case_id,
        "series_id": None,
        "site": case["site"],
        "gateway": {"id": "g1", "name": "CT 室网关 CT room"},
        "modality": "CT",
        "description": "Liver 1.0 B30f",
        "study_date": "20261125",
        "patient": patient,
        "held_because": [],
        "candidates": [],
        "instances": {},
        "missing": [],
        "bytes_per_s": 1_200_000.0,
        "started_at": "2026-11-25T08:00:00Z",
        "changed_at": "2026-11-25T08:00:04Z",
        "is_urgent": False,
    }
    geometry = {key: about[key] for key in ("shape", "affine", "window")}
    return FakeArrivals(case_id=case_id, series_id=series_id, geometry=geometry, arrival=arrival)
