"""Sections of the conformance page that are written from what the code offers and what peers made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from teleneedle.adapters.dimse.limits import AssociationLimits
from teleneedle.adapters.dimse.storage import STORAGE_CLASSES, TRANSFER_SYNTAXES
from teleneedle.apps.hub_dicom.models import OFFERED

PAGE = Path(__file__).resolve().parents[4] / "docs" / "conformance" / "dicom.md"


def section(name: str) -> str:
    """What stands between the marks of a section."""
    return _found(name)[1].strip()


def write_section(name: str, text: str) -> None:
    """Put `text` between the marks of a section."""
    before, _, after = _found(name)
    PAGE.write_text(f"{before}\n\n{text}\n\n{after}", encoding="utf-8")


def _found(name: str) -> tuple[str, str, str]:
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    match = re.fullmatch(f"(.*{begin})(.*)({end}.*)", page, re.DOTALL)
    if match is None:
        raise ValueError(f"{PAGE.name} has no section {name}")
    return match[1], match[2], match[3]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of the page."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def services() -> str:
    """Services, roles, syntaxes and limits, from the tables that the code uses."""
    hub = [[name, uid, role] for uid, (name, role) in OFFERED.items()]
    hub.append(["Storage classes of the standard", ", ".join(f"{one}…" for one in STORAGE_CLASSES), "SCU"])
    gateway = [
        ["Verification", "1.2.840.10008.1.1", "SCP"],
        ["Storage classes of the standard", ", ".join(f"{one}…" for one in STORAGE_CLASSES), "SCP"],
        ["Storage Commitment Push Model", "1.2.840.10008.1.20.1", "SCP"],
    ]
    head = ["service", "SOP class UID", "role"]
    limits = AssociationLimits()
    rows = [
        ["associations at once (one more is refused as transient)", f"{limits.at_once}"],
        ["association request", f"{limits.request_bytes >> 10} KiB, within {limits.request_s:g} s"],
        ["largest P-DATA-TF taken (offered as maximum length)", f"{limits.data_bytes >> 10} KiB"],
        ["command set", f"{limits.command_bytes >> 10} KiB"],
        ["dataset of one message", f"{limits.instance_bytes >> 20} MiB"],
        ["datasets being received, all together", f"{limits.receiving_bytes >> 20} MiB"],
        ["silence inside a message, between messages", f"{limits.stall_s:g} s, {limits.idle_s:g} s"],
        ["asynchronous operations", "none"],
    ]
    return "\n\n".join(
        [
            "Hub (`teleneedle hub`, off until `TELENEEDLE_DICOM_PORT` is set):",
            table(head, hub),
            "Gateway (`teleneedle edge`):",
            table(head, gateway),
            "Transfer syntaxes of storage at the gateway: all that begin with "
            + " or ".join(f"`{one}`" for one in TRANSFER_SYNTAXES)
            + " but the deflated ones. Queries: Explicit and Implicit VR Little Endian.",
            table(["limit of both ports", "value"], rows),
        ]
    )
