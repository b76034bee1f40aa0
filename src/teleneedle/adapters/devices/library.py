"""Load the device library and choose a device from it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from teleneedle.core.devices import Device, Modality, TissueSetting, Zone, ZoneRow
from teleneedle.core.errors import DeviceError, NotReadableError, TeleneedleError

FOLDER_VARIABLE = "TELENEEDLE_DEVICES"
SHIPPED = Path(__file__).with_name("library")


def load_devices(folder: Path | None = None) -> dict[str, Device]:
    """Devices by id: the shipped library, overlaid by the site's folder.

    Parameters
    ----------
    folder : Path, optional
        The site's folder; by default the one named in ``TELENEEDLE_DEVICES``, if any.

    Raises
    ------
    NotReadableError
        If the folder does not exist or a file is not TOML.
    DeviceError
        If a file lacks a field or has an impossible one, naming the file.
    """
    return {device.id: device for device, _ in _entries(folder).values()}


def choose_device(modality: Modality, device_id: str | None, *, folder: Path | None = None) -> Device:
    """The named device, or the modality's default.

    Raises
    ------
    DeviceError
        If there is no such device or it is for another modality; what exists is listed.
    """
    entries = _entries(folder)
    fitting = {key: device for key, (device, _) in entries.items() if device.modality is modality}
    if device_id is None:
        defaults = [d for key, d in fitting.items() if entries[key][1]]
        if defaults:
            return defaults[-1]
    elif device_id in fitting:
        return fitting[device_id]
    raise DeviceError(
        f"there is no {modality.value} device '{device_id or 'default'}'",
        remedy=f"choose one of: {', '.join(sorted(fitting)) or 'none for this modality'}",
    )


def _entries(folder: Path | None) -> dict[str, tuple[Device, bool]]:
    site = folder or (Path(os.environ[FOLDER_VARIABLE]) if FOLDER_VARIABLE in os.environ else None)
    if site is not None and not site.is_dir():
        raise NotReadableError("the device folder does not exist", where=str(site))
    places = [SHIPPED, *([site] if site else [])]
    found: dict[str, tuple[Device, bool]] = {}
    for place in places:
        for path in sorted(place.glob("*.toml")):
            device, is_default = _read(path)
            found.pop(device.id, None)
            found[device.id] = (device, is_default)
    return found


def _read(path: Path) -> tuple[Device, bool]:
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotReadableError("a device file cannot be read", where=f"{path}: {error}") from error
    try:
        return _device(fields), bool(fields.get("default", False))
    except TeleneedleError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise DeviceError(
            "a device file cannot be used", where=f"{path.name}: {error}", remedy="correct the file"
        ) from error


def _device(fields: Mapping[str, Any]) -> Device:
    return Device(
        id=fields["id"],
        name_zh=fields["name"]["zh"],
        name_en=fields["name"]["en"],
        modality=Modality(fields["modality"]),
        gauge=float(fields["gauge"]),
        usable_length_mm=float(fields["usable_length_mm"]),
        tip_to_centre_mm=float(fields["tip_to_centre_mm"]),
        rows=tuple(_row(row) for row in fields["row"]),
        provenance=fields["provenance"],
        verified_by=fields["verified_by"],
        derating=float(fields["derating"]),
        derating_low=float(fields["derating_low"]),
        derating_high=float(fields["derating_high"]),
        notes=tuple((note["zh"], note["en"]) for note in fields.get("notes", ())),
    )


def _row(row: Mapping[str, Any]) -> ZoneRow:
    zone = Zone(long_mm=float(row["long_mm"]), short_mm=float(row["short_mm"]))
    if not 0 < zone.short_mm <= zone.long_mm or row["power_w"] <= 0 or row["time_s"] <= 0:
        raise ValueError(f"impossible row {dict(row)}")
    return ZoneRow(
        power_w=float(row["power_w"]),
        time_s=float(row["time_s"]),
        zone=zone,
        setting=TissueSetting(row["setting"]),
        citation=row["citation"],
    )
