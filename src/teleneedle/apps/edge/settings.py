"""How a gateway is set up: ``gateway.toml`` in its folder; what is unknown there is an error."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity
from teleneedle.adapters.dimse.storage import IntakeRules
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import Phase
from teleneedle.apps.edge.intake import DicomPort, IntakeSettings
from teleneedle.apps.edge.sender_plan import SenderPlan
from teleneedle.core.errors import InputError, NotReadableError

NAME = "gateway.toml"
ENROLMENT = "hub.json"
GIB = 1 << 30
Title = Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=r"^[^\\\x00-\x1f]+$")]
Port = Annotated[int, Field(ge=0, le=65535)]
Uid = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9]+(\.[0-9]+)+$")]
TEMPLATE = """# Gateway of a hospital. After a change, start the gateway again.
# 医院网关的配置；修改后请重新启动网关。

[dicom]
aet = "TELENEEDLE"      # what scanners and PACS call this gateway
host = "0.0.0.0"        # where it listens
port = {dicom_port}

# Who may send, and for which phase of the treatment: "pre", "intra", "post" or "" when it is not known.
# As long as nobody is named here, every sender is taken.
[dicom.callers]
# CT_ROOM_1 = "intra"
# PACS = "pre"

# Senders that want the report of a storage commitment on a new association: where it goes.
[dicom.commitment]
# CT_ROOM_1 = "10.20.0.5:104"

# A second port with TLS; with callers_ca, only senders with a certificate of that authority are heard.
# [dicom.tls]
# port = 2762
# certificate = "dicom.crt"
# key = "dicom.key"
# callers_ca = "scanners.crt"

# The hospital's own archive and worklist, for "teleneedle edge find", "fetch" and "worklist".
# The archive must know this gateway's title, address and port.
[archive]
aet = ""                # its title; empty for none
address = ""            # "10.20.0.4:104"

[worklist]
aet = ""
address = ""

[watched]
folder = ""             # files that appear in this folder are sent too
phase = ""

[spool]
quota_gb = 200.0        # most that may wait here
reserve_gb = 1.0        # left free on the disk, whatever the quota

[line]
mbit_s = 0.0            # what the line to the hub carries; 0: not known, it is measured while sending

[privacy]
deidentify = false      # true: names stay here, in pseudonyms/

[status]
host = "127.0.0.1"      # "0.0.0.0" lets other machines of the hospital see the status page
port = {status_port}
pin = ""                # what they enter first; needed as soon as host is not this machine alone
"""


def _host_and_port(value: object) -> tuple[str, int]:
    host, _, port = str(value).rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError('this is no "HOST:PORT"')
    return host.strip("[]"), int(port)


Address = Annotated[tuple[str, int], BeforeValidator(_host_and_port)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DicomTls(_Strict):
    """A DICOM port with TLS; relative paths start at the gateway's folder."""

    port: Port = 2762
    certificate: str
    key: str
    callers_ca: str = ""


class Dicom(_Strict):
    """The DICOM ports."""

    aet: Title = "TELENEEDLE"
    host: str = "0.0.0.0"  # noqa: S104 - scanners are other machines
    port: Port = 11112
    callers: dict[Title, Phase] = {}
    commitment: dict[Title, Address] = {}
    further_classes: frozenset[Uid] = frozenset()
    tls: DicomTls | None = None


class Peer(_Strict):
    """A system of the hospital that answers questions; empty for none."""

    aet: Annotated[str, StringConstraints(max_length=16, pattern=r"^[^\\\x00-\x1f]*$")] = ""
    address: Address | Literal[""] = ""


class Watched(_Strict):
    """A folder whose files are taken; empty for none."""

    folder: str = ""
    phase: Phase = ""


class SpoolRoom(_Strict):
    """How much may wait at the gateway, GB."""

    quota_gb: float = Field(default=200.0, gt=0)
    reserve_gb: float = Field(default=1.0, ge=0)


class LineToHub(_Strict):
    """What is known of the line beforehand, Mbit/s; 0 for nothing."""

    mbit_s: float = Field(default=0.0, ge=0)


class Privacy(_Strict):
    """Whether the patient's identity leaves the hospital."""

    deidentify: bool = False


class StatusPage(_Strict):
    """Where the technologist's page is served."""

    host: str = "127.0.0.1"
    port: Port = 8090
    pin: str = Field(default="", max_length=64)


class GatewaySettings(_Strict):
    """Everything in the file."""

    dicom: Dicom = Dicom()
    archive: Peer = Peer()
    worklist: Peer = Peer()
    watched: Watched = Watched()
    spool: SpoolRoom = SpoolRoom()
    line: LineToHub = LineToHub()
    privacy: Privacy = Privacy()
    status: StatusPage = StatusPage()


def write_first_settings(folder: Path, *, dicom_port: int, status_port: int) -> bool:
    """Make the gateway's folder with a file to edit; False when there is one already."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / NAME
    if place.exists():
        return False
    place.write_text(TEMPLATE.format(dicom_port=dicom_port, status_port=status_port), encoding="utf-8")
    place.chmod(0o600)
    return True


def read_settings(folder: Path) -> GatewaySettings:
    """The settings in `folder`.

    Raises
    ------
    NotReadableError
        If there is no such file.
    InputError
        If something in it is unknown or out of range.
    """
    place = folder / NAME
    try:
        given = tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotReadableError(
            "there is no gateway in this folder", where=str(folder), remedy="run teleneedle edge init"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotReadableError(
            f"the gateway's settings cannot be read ({error})", where=str(place)
        ) from error
    try:
        settings = GatewaySettings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"the gateway's settings are not valid: {first['msg']}",
            where=f"{place}: {where}",
            remedy="see docs/how-to/connect-a-hospital.md",
        ) from error
    _require_pin(settings, place)
    return settings


def _require_pin(settings: GatewaySettings, place: Path) -> None:
    is_local = settings.status.host in ("127.0.0.1", "localhost", "::1")
    if not is_local and len(settings.status.pin) < 6:
        raise InputError(
            "other machines may see the status page only with a PIN of 6 characters or more",
            where=f"{place}: status.pin",
            remedy='set one, or set status.host to "127.0.0.1"',
        )


def identity_in(folder: Path) -> GatewayIdentity:
    """Key and certificates of the gateway in `folder`."""
    return GatewayIdentity(folder=folder / "identity")


def keep_hub(folder: Path, *, url: str, name: str) -> None:
    """Remember with which hub, and under which name, the gateway is enrolled."""
    content = json.dumps({"url": url, "name": name}, ensure_ascii=False)
    (folder / "identity" / ENROLMENT).write_text(content, encoding="utf-8")


def hub_of(folder: Path) -> dict[str, str]:
    """``url`` and ``name`` of the enrolment.

    Raises
    ------
    NotReadableError
        If the gateway is not enrolled.
    """
    try:
        found = json.loads((folder / "identity" / ENROLMENT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotReadableError(
            "this gateway is not enrolled", where=str(folder), remedy="run teleneedle edge enrol"
        ) from error
    return {"url": str(found["url"]), "name": str(found["name"])}


def spool_of(folder: Path, settings: GatewaySettings) -> Spool:
    """The gateway's spool."""
    room = settings.spool
    return Spool(folder, quota_bytes=int(room.quota_gb * GIB), reserve_bytes=int(room.reserve_gb * GIB))


def intake_settings(folder: Path, settings: GatewaySettings) -> IntakeSettings:
    """What the intake process does."""
    dicom = settings.dicom
    rules = IntakeRules(
        aet=dicom.aet,
        callers=dicom.callers,
        takes_any_caller=not dicom.callers,
        further_classes=dicom.further_classes,
        commitment_peers=dicom.commitment,
    )
    ports = [DicomPort(rules=rules, host=dicom.host, port=dicom.port)]
    if dicom.tls is not None:
        tls = dicom.tls
        ports.append(
            DicomPort(
                rules=rules,
                host=dicom.host,
                port=tls.port,
                certificate=folder / tls.certificate,
                key=folder / tls.key,
                callers_ca=folder / tls.callers_ca if tls.callers_ca else None,
            )
        )
    return IntakeSettings(
        log_folder=folder / "log",
        ports=tuple(ports),
        watched=folder / settings.watched.folder if settings.watched.folder else None,
        watched_phase=settings.watched.phase,
        pseudonyms=folder / "pseudonyms" if settings.privacy.deidentify else None,
    )


def sender_plan(folder: Path, settings: GatewaySettings) -> SenderPlan:
    """What the sending process does."""
    address = urlsplit(hub_of(folder)["url"])
    room = settings.spool
    return SenderPlan(
        folder=folder,
        host=address.hostname or "",
        port=address.port or 443,
        quota_bytes=int(room.quota_gb * GIB),
        reserve_bytes=int(room.reserve_gb * GIB),
        line_mbit_s=settings.line.mbit_s or None,
    )
