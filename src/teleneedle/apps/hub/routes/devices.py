"""Devices with their published settings, zones, and the clearances that hard rules ask for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import current_person
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.devices import Device, Modality
from teleneedle.engines.trajectories import default_rules

router = APIRouter(prefix="/api", tags=["devices"], dependencies=[Depends(current_person)])
HubNow = Annotated[Hub, Depends(hub_of)]


def _shown(device: Device) -> dict[str, Any]:
    settings = device.settings()
    return {
        "id": device.id,
        "name": {"zh": device.name_zh, "en": device.name_en},
        "modality": device.modality.value,
        "gauge": device.gauge,
        "usable_length_mm": device.usable_length_mm,
        "tip_to_centre_mm": device.tip_to_centre_mm,
        "powers_w": device.powers_w,
        "times_s": device.times_s,
        "settings": settings,
        "bands": [asdict(device.band_at(power_w=p, time_s=t)) for p, t in settings],
        "rows": [
            {
                "power_w": row.power_w,
                "time_s": row.time_s,
                "long_mm": row.zone.long_mm,
                "short_mm": row.zone.short_mm,
                "setting": row.setting.value,
                "citation": row.citation,
            }
            for row in device.rows
        ],
        "provenance": device.provenance,
        "verified_by": device.verified_by,
        "is_verified": device.is_verified,
    }


@router.get("/devices")
def list_devices(hub: HubNow) -> list[dict[str, Any]]:
    """The device library."""
    return [_shown(device) for _, device in sorted(hub.devices.known().items())]


@router.get("/devices/{device_id}/zone")
def get_zone(
    device_id: str,
    hub: HubNow,
    power_w: Annotated[float, Query(gt=0, le=1000)],
    time_s: Annotated[float, Query(gt=0, le=10_000)],
) -> dict[str, Any]:
    """Expected zone of a setting inside the table; never extrapolated."""
    device = hub.devices.known().get(device_id)
    if device is None:
        raise not_found(f"device {device_id}")
    return asdict(device.band_at(power_w=power_w, time_s=time_s))


@router.get("/clearance-rules")
def list_clearance_rules(
    modality: Literal["mwa", "rfa"] = "mwa",
    usable_length_mm: Annotated[float, Query(gt=0, le=500)] = 150.0,
    gauge: Annotated[float, Query(gt=5, le=30)] = 15.0,
) -> list[dict[str, Any]]:
    """Distances that a needle keeps."""
    rules = default_rules(modality=Modality(modality), usable_length_mm=usable_length_mm, gauge=gauge)
    return [
        {
            "kind": rule.structure,
            "required_mm": rule.hard_mm,
            "soft_mm": rule.soft_mm,
            "is_hard": rule.hard_mm is not None,
            "large_from_mm": rule.large_from_mm,
            "source": rule.source,
        }
        for rule in rules.clearances
    ]
