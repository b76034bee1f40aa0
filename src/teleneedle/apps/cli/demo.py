"""``teleneedle demo``: the hub with one centre, three hospitals and synthetic patients, ready to sign in."""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from pathlib import Path
from typing import Annotated

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
            with running_hub(folder / "hub", port=port, setup_token=token) as hub:
                if not (folder / READY).is_file():
                    _set_up(hub.url, folder, token, patients=patients, cancel=cancel)
                typer.echo(_welcome(hub.url))
                if not stop_when_ready:
                    _serve(hub.process, cancel)


def _set_up(url: str, folder: Path, token: str, *, patients: int, cancel: CancelToken) -> None:
    """Sites, people and patients; the last step marks the folder as ready."""
    sites = people_the_hub(url, token)
    cases: dict[str, str] = {}
    for referral in REFERRALS[:patients]:
        start = time.monotonic()
        place = folder / "patients" / referral.phantom
        with StageBar() as bar:
            written = write_phantom(referral.phantom, place, seed=referral.seed, progress=bar, cancel=cancel)
        identity = json.loads((place / "identity.json").read_text(encoding="utf-8"))
        case_id = refer(
            url, referral, site_id=sites[referral.hospital], patient=Patient(**identity), folder=place
        )
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


def _welcome(url: str) -> str:
    people = [ADMINISTRATOR[1], *(p.email for p in CENTRE_STAFF)]
    people += [p.email for hospital in HOSPITALS for p in hospital_staff(hospital)]
    return "\n".join(
        [
            f"\nOpen {url} and sign in; the password of everybody is: {PASSWORD}",
            *(f"  {address}" for address in people),
            "Ctrl-C ends the hub; what was done stays for the next start.",
        ]
    )


def _serve(process: subprocess.Popen[bytes], cancel: CancelToken) -> None:
    """Wait until the hub ends or the user asks to stop."""
    while process.poll() is None:
        cancel.raise_if_cancelled()
        time.sleep(0.2)
