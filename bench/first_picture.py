"""A real CT is imported: until its first picture is there, beside the whole import in the same run."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from bench.harness import Figure
from teleneedle.apps.testing.hub_world import make_world

DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
BAR_S = 3.0
RUNS = 3


def measure(client: Any, case_id: str, slices: list[Path]) -> tuple[float, float, float]:
    """Seconds from the order to the coarse volume, to one full slice, and to the end of the import."""
    files = [{"path": p.name, "size": p.stat().st_size} for p in slices]
    body = {"command_id": str(uuid.uuid4()), "files": files}
    upload = client.post(f"/api/cases/{case_id}/uploads", json=body).json()
    for n, path in enumerate(slices):
        client.put(f"/api/uploads/{upload['id']}/files/{n}?offset=0", content=path.read_bytes())
    start = time.perf_counter()
    job = client.post(f"/api/uploads/{upload['id']}/complete", json={}).json()
    coarse = one = 0.0
    while not (coarse and one):
        if not coarse and client.get(f"/api/series/{job['id']}/slab?level=2").is_success:
            coarse = time.perf_counter() - start
        if coarse and client.get(f"/api/series/{job['id']}/slab?k0=60&k1=61").is_success:
            one = time.perf_counter() - start
        time.sleep(0.02)
    while job["state"] in ("queued", "running"):
        time.sleep(0.02)
        job = client.get(f"/api/jobs/{job['id']}").json()
    if job["state"] != "done":
        raise ValueError(job)
    return coarse, one, time.perf_counter() - start


def run() -> list[Figure]:
    folder = DATA / "ircad17" / "PATIENT_DICOM"
    slices = sorted(p for p in folder.iterdir() if p.is_file())
    with tempfile.TemporaryDirectory() as place:
        world = make_world(Path(place) / "hub")
        with TestClient(world.app):
            cases = [
                world.refer(name="liver_17^patient", birth_date="2009-05-27")["id"] for _ in range(RUNS + 1)
            ]
            runs = [measure(world.as_("technologist-a"), case_id, slices) for case_id in cases][1:]
        world.hub.engine.dispose()
    coarse, one, whole = (sorted(times)[RUNS // 2] for times in zip(*runs, strict=True))
    beside = f"whole import {whole:.1f} s, {len(slices)} slices; pictures came with its end before"
    return [
        Figure(name="import to the coarse volume", value=coarse, unit="s", bar=BAR_S, against=beside),
        Figure(name="import to one full slice", value=one, unit="s", bar=BAR_S, against=beside),
    ]
