"""The hub's DICOM port as a process, on a hub that keeps given files."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydicom import dcmread

from teleneedle.adapters.dicomweb.originals import keep_originals
from teleneedle.adapters.sql.image_tables import SeriesRow
from teleneedle.adapters.sql.station_store import StationStore
from teleneedle.apps.hub_dicom.settings import DicomSettings
from teleneedle.apps.testing.hub_world import HubWorld

AE_TITLE = "TNHUB"


def keep_files(world: HubWorld, case_id: str, files: Sequence[Path], folder: Path) -> str:
    """Put `files` of one series into a case as an import does; the series' id."""
    place = folder / uuid.uuid4().hex
    (place / "in").mkdir(parents=True)
    for n, path in enumerate(files):
        (place / "in" / f"{n:04}.dcm").write_bytes(path.read_bytes())
    first = dcmread(files[0], stop_before_pixels=True)
    uids = [str(dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in files]
    kept = keep_originals(place / "in", uids, place / "originals", place / "instances")
    if kept != len(files):
        raise ValueError(f"{kept} of {len(files)} files were kept")
    objects = world.hub.imaging.objects
    study = {"study_uid": str(first.StudyInstanceUID), "series_uid": str(first.SeriesInstanceUID)}
    about = {
        "study": {**study, "modality": str(first.get("Modality", ""))},
        "originals": objects.put_file(place / "originals"),
        "instances": objects.put_file(place / "instances"),
    }
    series_id = str(uuid.uuid4())
    with world.hub.sessions() as session, session.begin():
        session.add(
            SeriesRow(
                id=series_id,
                case_id=case_id,
                sha256=uuid.uuid4().hex * 2,
                about=json.dumps(about),
                created_at=world.hub.now(),
            )
        )
    return series_id


def register(
    world: HubWorld, ae_title: str, *, port: int = 1, sees: Sequence[str] | None = (), **more: object
) -> str:
    """A station on this machine that sees the cases of hospitals by letter, None for all; its id."""
    facts = {
        "ae_title": ae_title,
        "site_id": world.sites["centre"],
        "host": "127.0.0.1",
        "port": port,
        "sees": None if sees is None else [world.sites[letter] for letter in sees],
        **more,
    }
    row = StationStore(world.hub.sessions, world.hub.now).add(facts, "test")
    if row is None:
        raise ValueError(f"{ae_title} is registered already")
    return str(row.id)


@contextmanager
def serve_port(world: HubWorld, **settings: Any) -> Iterator[int]:
    """Serve the port until the end of the block; its number."""
    asked = DicomSettings(
        folder=str(world.hub.folder), database=world.hub.settings.database, ae_title=AE_TITLE
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "teleneedle.apps.hub_dicom"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None  # noqa: S101  (asked for)
    assert process.stdout is not None  # noqa: S101  (likewise)
    try:
        process.stdin.write(replace(asked, **settings).to_line())
        process.stdin.flush()
        yield int(json.loads(process.stdout.readline())["port"])
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()
