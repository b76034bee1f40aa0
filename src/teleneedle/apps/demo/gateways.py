"""The gateways of the demonstration: enrolled once by a code, run beside the hub, sent to by DICOM."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pynetdicom import AE
from pynetdicom.sop_class import CTImageStorage

from teleneedle.apps.demo.cast import ADMINISTRATOR, HOSPITALS, PASSWORD
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.edge.enrol import enrol
from teleneedle.apps.edge.settings import identity_in, keep_hub, write_first_settings
from teleneedle.core.errors import LimitExceededError, OutputError

LINK_OFFSET, DICOM_OFFSET, STATUS_OFFSET = 363, 3032, 10
"""From the hub's port to those of the link, of scanners and of status pages: 8443, 11112 …, 8090 …"""
ANSWER_S = 180.0
STOP_S = 20.0


@dataclass(frozen=True, kw_only=True)
class DemoGateway:
    """The gateway of a hospital and where it is found."""

    hospital: str
    folder: Path
    dicom_port: int
    status_port: int

    def send(self, ct: Path) -> None:
        """Send every image of a folder as the hospital's scanner does.

        Raises
        ------
        OutputError
            If the gateway does not take them.
        """
        scanner = AE(ae_title="CT_ROOM_1")
        scanner.add_requested_context(CTImageStorage)
        until = time.monotonic() + ANSWER_S
        association = scanner.associate("127.0.0.1", self.dicom_port, ae_title="TELENEEDLE")
        while not association.is_established and time.monotonic() < until:
            time.sleep(0.2)
            association = scanner.associate("127.0.0.1", self.dicom_port, ae_title="TELENEEDLE")
        if not association.is_established:
            raise OutputError("the gateway does not take images", where=str(self.folder))
        for path in sorted(ct.iterdir()):
            status = association.send_c_store(pydicom.dcmread(path))
            if status.get("Status") != 0:
                raise OutputError("the gateway does not take images", where=str(self.folder))
        association.release()


@contextmanager
def running_gateways(url: str, folder: Path, *, port: int) -> Iterator[list[DemoGateway]]:
    """A gateway for each hospital for the duration of the block; enrolled the first time."""
    gateways = [
        DemoGateway(
            hospital=hospital,
            folder=folder / hospital[0].lower(),
            dicom_port=port + DICOM_OFFSET + n,
            status_port=port + STATUS_OFFSET + n,
        )
        for n, hospital in enumerate(HOSPITALS)
    ]
    link = f"https://127.0.0.1:{port + LINK_OFFSET}"
    with ExitStack() as running:
        for gateway in gateways:
            _prepare(gateway, url, link)
            running.callback(_end, _start(gateway))
        yield gateways


def wait_for_series(url: str, email: str, case_id: str) -> None:
    """Wait until a case has its first series.

    Raises
    ------
    LimitExceededError
        If it does not come.
    """
    person = HubClient(url)
    person.sign_in(email, PASSWORD)
    until = time.monotonic() + ANSWER_S
    while not person.get(f"/api/cases/{case_id}")["series"]:
        if time.monotonic() > until:
            raise LimitExceededError("the series did not arrive in time")
        time.sleep(0.2)
    person.close()


def _prepare(gateway: DemoGateway, url: str, link: str) -> None:
    (gateway.folder / "gateway.toml").unlink(missing_ok=True)
    write_first_settings(gateway.folder, dicom_port=gateway.dicom_port, status_port=gateway.status_port)
    name = f"{gateway.hospital} CT"
    if identity_in(gateway.folder).is_enrolled:
        keep_hub(gateway.folder, url=link, name=name)
        return
    administrator = HubClient(url)
    administrator.sign_in(ADMINISTRATOR[1], PASSWORD)
    site = next(s for s in administrator.get("/api/admin/sites") if s["name"] == gateway.hospital)
    made = administrator.post("/api/admin/gateways/codes", {"site_id": site["id"], "name": name})
    administrator.close()
    enrol(gateway.folder, url=link, code=str(made["code"]))


def _start(gateway: DemoGateway) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "teleneedle.apps.cli.main",
        "edge",
        "run",
        "--folder",
        str(gateway.folder),
    ]
    with (gateway.folder / "gateway.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
