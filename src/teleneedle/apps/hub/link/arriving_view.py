"""A series on its way in, as lists and pages show it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from teleneedle.adapters.link.wire_parts import FULL, PACKED
from teleneedle.adapters.sql.link_store import LinkStore
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries
from teleneedle.apps.hub.link.case_search import cases_of_patient
from teleneedle.apps.hub.link.link_texts import HELD_TEXTS, missing_texts
from teleneedle.apps.hub.link.row_states import HELD, IMPORTING, LANDED
from teleneedle.apps.hub.link.slices import geometry, stacked

GATEWAY_ROLE = "gateway"
"""Role under which what a gateway orders is recorded."""
STUCK = timedelta(minutes=1)
"""A series of which nothing came for this time and that is not complete counts as incomplete."""


def arrival_json(
    hub: Hub, store: LinkStore, row: ArrivingSeriesRow, series: ArrivingSeries | None
) -> dict[str, Any]:
    """What a list shows."""
    facts = json.loads(row.facts)
    state = state_of(hub, row, series)
    site = hub.identity.site(row.site_id)
    is_moving = state != "complete" and row.state not in (IMPORTING, LANDED)
    rate = hub.connections.rate_bytes_per_s(row.gateway_id) if is_moving else 0.0
    return {
        "id": row.id,
        "state": state,
        "case_id": row.case_id or None,
        "series_id": row.job_id if row.state == LANDED else None,
        "site": {"id": row.site_id, "name": site.name if site else row.site_id},
        "gateway": {"id": row.gateway_id, "name": gateway_name(hub, row.gateway_id)},
        "modality": facts["modality"],
        "description": facts["description"],
        "study_date": "",
        "phase": facts["phase"],
        "patient": facts["patient"],
        "held_because": [HELD_TEXTS[row.why]] if row.why in HELD_TEXTS else [],
        "candidates": [] if row.case_id else candidates(hub, row),
        "instances": _counts(row, series),
        "layers": _layers(series),
        "early": hub.arriving.early.shown(row.id),
        "missing": missing_texts(series) if is_moving and series is not None else [],
        "bytes_per_s": rate or None,
        "started_at": row.created_at.isoformat(),
        "changed_at": row.updated_at.isoformat(),
        "is_urgent": series is not None and series.is_urgent,
        "confirmed_by": (facts.get("confirmed_by") or {}).get("name", ""),
        "set_aside": [
            {"sop_uid": one.sop_uid, "why": HELD_TEXTS[one.why], "at": one.at.isoformat()}
            for one in (store.quarantine(row.id) if state == "quarantined" else ())
        ],
    }


def detail_json(
    hub: Hub, store: LinkStore, row: ArrivingSeriesRow, series: ArrivingSeries | None
) -> dict[str, Any]:
    """The same with where its slices lie."""
    slices = stacked(series) if series is not None else []
    return {**arrival_json(hub, store, row, series), "geometry": geometry(slices)}


def state_of(hub: Hub, row: ArrivingSeriesRow, series: ArrivingSeries | None) -> str:
    """``arriving``, ``incomplete``, ``held``, ``quarantined`` or ``complete``."""
    if row.state in (IMPORTING, LANDED):
        return "complete"
    if series is not None and series.set_aside:
        return "quarantined"
    if row.state == HELD or not row.case_id:
        return "held"
    if series is not None and series.is_complete():
        return "complete"
    return "incomplete" if hub.now() - row.updated_at > STUCK else "arriving"


def gateway_name(hub: Hub, gateway_id: str) -> str:
    """The name that administrators gave a gateway."""
    return next((row.name for row, _ in hub.gateways.gateways() if row.id == gateway_id), gateway_id)


def candidates(hub: Hub, row: ArrivingSeriesRow) -> list[dict[str, Any]]:
    """Open cases of the hospital under the patient id that the images name."""
    found = cases_of_patient(hub, row.site_id, json.loads(row.facts)["patient"]["id"])
    return [
        {
            "case_id": case.id,
            "patient": {key: getattr(case.patient, key) for key in ("id", "name", "birth_date")},
            "indication": case.indication,
        }
        for case in found
    ]


def _counts(row: ArrivingSeriesRow, series: ArrivingSeries | None) -> dict[str, int | None]:
    if series is None:
        known = {"known": row.announced, "verified": row.verified}
        return {"expected": row.announced, "quarantined": 0, **known}
    return {
        "expected": len(series.listed) or None,
        "known": len(series.kept),
        "verified": sum(kept.is_verified for kept in list(series.kept.values())),
        "quarantined": len(series.set_aside),
    }


def _layers(series: ArrivingSeries | None) -> dict[str, dict[str, int]]:
    """Bytes of each layer that are on the disk, of those announced; JPEG XL counts as the finest layer."""
    found: dict[str, dict[str, int]] = {}
    for kept in list(series.kept.values()) if series is not None else ():
        if series is None or kept.entry is None:
            continue
        durable = series.durable(kept)
        for layer, length in kept.entry.layer_lengths().items():
            name = str(FULL if layer == PACKED else layer)
            amount = found.setdefault(name, {"have": 0, "of": 0})
            amount["have"] += durable.get(layer, 0)
            amount["of"] += length
    return found
