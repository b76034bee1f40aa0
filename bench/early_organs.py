"""Preliminary organs of a series on its way, beside the series itself and the organs of the whole of it.

A synthetic patient of 251 slices goes from `storescu` through a gateway over the emulated line into its case,
as between a hospital and the centre. Times are seconds since the first C-STORE; hub, gateway, line and
scanner share this machine.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from bench.harness import Figure
from bench.link import LINES
from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.apps.testing.linked_sites import HTTP_PORT, PASSWORD, LinkedSites
from teleneedle.core.case import Patient
from teleneedle.testing.line import OpenLine, open_line
from teleneedle.testing.phantom import make_phantom

LIMIT_S = 240.0
LOOK_S = 0.1
OPERATOR = "operator@test.example"
ORGAN = "liver"


def run() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as name:
        patient = make_phantom("liver-mwa", slice_mm=1.0)
        write_ct_series(patient.volume, patient.patient, patient.study, Path(name) / "ct")
        for line_name, line in LINES.items():
            with (
                tempfile.TemporaryDirectory() as folder,
                open_line(line) as opened,
                LinkedSites(opened, Path(folder)) as sites,
            ):
                found = _times(sites, opened, Path(name) / "ct", patient.patient)
            early_s, whole_s, own_s = (found.get(key, LIMIT_S) for key in ("early", "whole", "own"))
            figures.append(
                Figure(
                    name=f"{line_name}: preliminary {ORGAN} / the series' own",
                    value=early_s / own_s,
                    unit="×",
                    bar=1.0,
                    against=f"{early_s:.1f} s; series whole {whole_s:.1f} s, its own {own_s:.1f} s",
                )
            )
    return figures


def _times(sites: LinkedSites, line: OpenLine, ct: Path, patient: Patient) -> dict[str, float]:
    """Seconds until the preliminary organ was there, the series was whole, and its own organ was there."""
    with line.far.inside():
        operator, case_id = _refer(sites, line, patient)
    sites.wait_until_connected()
    scanner = line.nears[0]
    port = str(sites.dicom_port())
    command: list[str | Path] = ["storescu", "-aec", "TELENEEDLE", "+sd", scanner.address, port, ct]
    started, times = time.monotonic(), dict[str, float]()
    sending = scanner.popen(command, stdout=subprocess.DEVNULL)
    try:
        while "own" not in times and time.monotonic() - started < LIMIT_S:
            with line.far.inside():
                told = _told(operator, case_id)
            for name, is_so in told.items():
                if is_so:
                    times.setdefault(name, time.monotonic() - started)
            time.sleep(LOOK_S)
    finally:
        sending.kill()
        sending.wait()
    return times


def _told(operator: httpx.Client, case_id: str) -> dict[str, bool]:
    arriving = operator.get(f"/api/cases/{case_id}/arriving").json()["items"]
    own = operator.get(f"/api/cases/{case_id}/structures").json()
    early = [one["kind"] for a in arriving if a["early"] for one in a["early"]["structures"]]
    return {
        "early": ORGAN in early,
        "whole": any(a["state"] == "complete" for a in arriving),
        "own": ORGAN in [one["name"] for one in own],
    }


def _refer(sites: LinkedSites, line: OpenLine, patient: Patient) -> tuple[httpx.Client, str]:
    """An operator of the gateway's hospital, signed in, and a case of this patient."""
    (site,) = [one["id"] for one in sites.ask_hub("GET", "/api/admin/sites") if one["kind"] == "hospital"]
    person: dict[str, Any] = {"name": "Operator", "email": OPERATOR, "password": PASSWORD}
    member = {"memberships": [{"site_id": site, "role": "operator"}]}
    sites.ask_hub("POST", "/api/admin/people", {**person, **member})
    client = httpx.Client(base_url=f"http://{line.far_address}:{HTTP_PORT}", timeout=60, trust_env=False)
    session = client.post("/api/session", json={"email": OPERATOR, "password": PASSWORD}).raise_for_status()
    client.headers["X-CSRF-Token"] = session.json()["csrf_token"]
    identity = {key: getattr(patient, key) for key in ("id", "name", "sex", "birth_date")}
    case = {"command_id": "1", "site_id": site, "patient": identity, "modality": "mwa", "indication": "HCC"}
    return client, str(client.post("/api/cases", json=case).raise_for_status().json()["id"])
