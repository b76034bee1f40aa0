"""``teleneedle demo``: the hub with one centre, three hospitals and synthetic patients, ready to sign in."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teleneedle.apps.cli.arguments import parse_box
from teleneedle.apps.cli.console import (
    STDERR,
    StageBar,
    failures_as_exit_codes,
    interruptible,
    print_statement,
)
from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.demo.cast import (
    ADMINISTRATOR,
    CENTRE_STAFF,
    HOSPITALS,
    PASSWORD,
    REFERRALS,
    hospital_staff,
)
from teleneedle.apps.demo.hub_process import running_hub
from teleneedle.apps.demo.story import people_the_hub, propose_structures, refer
from teleneedle.core.case import Patient
from teleneedle.core.progress import CancelToken

if TYPE_CHECKING:
    from teleneedle.apps.demo.gateways import DemoGateway

READY = "ready.json"
"""In the folder of the demonstration once everything is set up: the second start is quick."""


def demo(
    folder: Annotated[Path, typer.Option(help="Folder of the hub and its patients.")] = Path("out/demo"),
    port: Annotated[int, typer.Option(help="Where the hub listens on this machine.")] = 8080,
    patients: Annotated[int, typer.Option(min=1, max=len(REFERRALS), help="How many patients.")] = len(
        REFERRALS
    ),
    stop_when_ready: Annotated[
        bool, typer.Option("--stop-when-ready", help="Set everything up, then end instead of serving.")
    ] = False,
) -> None:
    """Start the hub with three hospitals and synthetic patients, and serve it until Ctrl-C.

    The patients are made here, referred by their hospitals and sent through the hub's own interface, as real
    ones would be; nothing is written past it.
    """
    with failures_as_exit_codes():
        print_statement()
        with interruptible() as cancel:
            token = secrets.token_urlsafe(16)
            from teleneedle.apps.demo.gateways import LINK_OFFSET, running_gateways

            link = port + LINK_OFFSET
            with running_hub(folder / "hub", port=port, setup_token=token, link_port=link) as hub:
                is_ready = (folder / READY).is_file()
                sites = {} if is_ready else people_the_hub(hub.url, token)
                with running_gateways(hub.url, folder / "gateways", port=port) as gateways:
                    if not is_ready:
                        _set_up(hub.url, folder, sites, gateways, patients=patients, cancel=cancel)
                    typer.echo(_welcome(hub.url, gateways))
                    if not stop_when_ready:
                        _serve(hub.process, cancel)


def _set_up(
    url: str,
    folder: Path,
    sites: dict[str, str],
    gateways: list[DemoGateway],
    *,
    patients: int,
    cancel: CancelToken,
) -> None:
    """Patients; the second hospital's CT goes by its gateway. The last step marks the folder as ready."""
    cases: dict[str, str] = {}
    for referral in REFERRALS[:patients]:
        start = time.monotonic()
        place = folder / "patients" / referral.phantom
        with StageBar() as bar:
            written = write_phantom(referral.phantom, place, seed=referral.seed, progress=bar, cancel=cancel)
        identity = json.loads((place / "identity.json").read_text(encoding="utf-8"))
        goes_by_gateway = referral is REFERRALS[1]
        case_id = refer(
            url,
            referral,
            site_id=sites[referral.hospital],
            patient=Patient(**identity),
            folder=place,
            uploads=not goes_by_gateway,
        )
        if goes_by_gateway:
            gateway = next(one for one in gateways if one.hospital == referral.hospital)
            _send_by_gateway(gateway, url, case_id, place / "ct")
        cases[referral.phantom] = case_id
        seconds = time.monotonic() - start
        STDERR.print(f"{referral.hospital}: patient '{referral.phantom}' sent in {seconds:.1f} s")
        cancel.raise_if_cancelled()
        if referral is REFERRALS[0]:
            box = parse_box(written["target_box"])
            if box is not None:
                flat = tuple(v for axis in range(3) for v in (box[0][axis], box[1][axis]))
                propose_structures(url, case_id, flat, STDERR.print)
    (folder / READY).write_text(json.dumps(cases, indent=1), encoding="utf-8")


def _send_by_gateway(gateway: DemoGateway, url: str, case_id: str, ct: Path) -> None:
    from teleneedle.apps.demo.gateways import wait_for_series

    start = time.monotonic()
    gateway.send(ct)
    wait_for_series(url, hospital_staff(gateway.hospital)[0].email, case_id)
    STDERR.print(f"{gateway.hospital}: CT came over the image link in {time.monotonic() - start:.1f} s")


def _welcome(url: str, gateways: list[DemoGateway]) -> str:
    people = [ADMINISTRATOR[1], *(p.email for p in CENTRE_STAFF)]
    people += [p.email for hospital in HOSPITALS for p in hospital_staff(hospital)]
    return "\n".join(
        [
            f"\nOpen {url} and sign in; the password of everybody is: {PASSWORD}",
            *(f"  {address}" for address in people),
            "The hospitals' gateways take CT by DICOM (AE title TELENEEDLE) and show how they do:",
            *(
                f"  {one.hospital}: DICOM 127.0.0.1:{one.dicom_port}, http://127.0.0.1:{one.status_port}"
                for one in gateways
            ),
            "Ctrl-C ends the hub and the gateways; what was done stays for the next start.",
        ]
    )


def _serve(process: subprocess.Popen[bytes], cancel: CancelToken) -> None:
    """Wait until the hub ends or the user asks to stop."""
    while process.poll() is None and not cancel.is_cancelled:
        time.sleep(0.2)
