"""Structures on their way between the hub and its workers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.packed_masks import unpack_mask
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.image_tables import StructureRow
from teleneedle.core.anatomy import KINDS, Gate, Proposed, Structure
from teleneedle.core.casefile.events import Actor, Event
from teleneedle.core.geometry import Grid
from teleneedle.services.case_life import CaseLife

OTHER_COLOUR = "#8D99AB"
"""Of a structure that has no canonical kind."""


def structure_payload(row: StructureRow, objects: ObjectStore, review: Mapping[str, Any]) -> dict[str, Any]:
    """One version of a structure as a worker reads it."""
    return {
        "name": row.name,
        "path": str(objects.path(row.sha256)),
        "sha256": row.sha256,
        "engine": row.engine,
        "engine_sha256": row.engine_sha256,
        "gate": row.gate,
        "reasons": json.loads(row.reasons),
        "reviewer": review.get("reviewer") or "",
        "reviewed_at": review.get("reviewed_at") or "",
    }


def structure_facts(row: StructureRow) -> dict[str, Any]:
    """What a case tells of one version of a structure."""
    kind = KINDS.get(row.kind)
    return {
        "name": row.name,
        "kind": row.kind,
        "label": {"zh": kind.name_zh if kind else row.name, "en": kind.name_en if kind else row.name},
        "colour": kind.colour if kind else OTHER_COLOUR,
        "sha256": row.sha256,
        "version": row.version,
        "series_id": row.series_id,
        "volume_ml": row.volume_ml,
        "engine": row.engine,
        "gate": row.gate,
        "reasons": [{"zh": zh, "en": en} for zh, en in json.loads(row.reasons)],
    }


def keep_structure(
    images: ImageStore,
    life: CaseLife,
    *,
    case_id: str,
    name: str,
    event: str,
    by: Actor,
    allow: Callable[[StructureRow | None], None] = lambda _last: None,
    **facts: Any,
) -> tuple[StructureRow, Event]:
    """A version of a structure and the event of the case that tells of it: both are kept, or neither.

    Parameters
    ----------
    event : str
        ``structure.proposed`` or ``structure.edited``.
    allow : callable
        Given the latest version as the transaction sees it; raises to keep nothing.
    **facts
        As `ImageStore.add_structure` takes them.

    Returns
    -------
    StructureRow, Event
        The latest version and its event again when its mask did not change.
    """
    with images.change(case_id) as session:
        allow(images.last_structure(session, case_id, name))
        row, is_new = images.add_structure(session, case_id=case_id, name=name, **facts)
        command = f"structure/{row.name}/{row.version}"
        if is_new:
            done = life.append_system(
                case_id, command_id=command, kind=event, body=structure_facts(row), by=by, within=session
            )
    if not is_new:
        return row, next(e for e in life.log.events_after(case_id) if e.command_id == command)
    life.announce(done)
    return row, done.events[0]


def load_structure(payload: Mapping[str, Any], grid: Grid) -> Structure:
    """The structure on the worker's side: reviewed when somebody put their name to this very version."""
    proposed = Proposed(
        name=payload["name"],
        label_map=unpack_mask(Path(payload["path"]).read_bytes(), grid),
        engine=payload["engine"],
        engine_sha256=payload["engine_sha256"],
        gate=Gate(payload["gate"]),
        reasons=tuple((zh, en) for zh, en in payload["reasons"]),
    )
    if not payload["reviewer"]:
        return proposed
    return proposed.review(reviewer=payload["reviewer"], at=datetime.fromisoformat(payload["reviewed_at"]))
