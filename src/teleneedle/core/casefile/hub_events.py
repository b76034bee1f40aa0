"""What the hub itself may append to a case: images, structures and plans that its jobs made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from teleneedle.core.casefile.events import HUB, Actor, Body, Draft
from teleneedle.core.casefile.state import CaseFile
from teleneedle.core.errors import ConflictError, InputError

SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def decide_hub_event(case: CaseFile, kind: str, body: Body, *, by: Actor = HUB) -> list[Draft]:
    """The event that the hub appends, `by` the person whose job it was.

    Bodies carry at least: ``series.added`` ``{id, sha256, is_primary?}``; ``structure.proposed`` and
    ``structure.edited`` ``{name, sha256, version?}``; ``plan.proposed`` and ``plan.edited``
    ``{plan_sha256, structures: {name: sha256}, series_sha256, failed_checks: [id], version?}``. Whatever
    else they carry is kept and shown.

    Raises
    ------
    InputError
        If the kind is not the hub's, or the body lacks what approval depends on.
    ConflictError
        If the case is closed, or has this plan already.
    """
    rule = RULES.get(kind)
    if rule is None:
        raise InputError("the hub does not append this kind of event", where=kind)
    if case.closed_at is not None:
        raise ConflictError("the case is closed / 病例已结案", where=case.id)
    rule(case, body)
    return [Draft(kind=kind, body=body, actor=by)]


def _require_hash(body: Body, key: str) -> None:
    if not SHA256.match(str(body.get(key, ""))):
        raise InputError("a SHA-256 is missing from the event", where=key)


def _series(case: CaseFile, body: Body) -> None:
    if not body.get("id"):
        raise InputError("the series has no id", where="id")
    _require_hash(body, "sha256")


def _structure(case: CaseFile, body: Body) -> None:
    if not body.get("name"):
        raise InputError("the structure has no name", where="name")
    _require_hash(body, "sha256")


def _plan(case: CaseFile, body: Body) -> None:
    _require_hash(body, "plan_sha256")
    _require_hash(body, "series_sha256")
    structures = body.get("structures")
    if not isinstance(structures, Mapping) or not all(SHA256.match(str(s)) for s in structures.values()):
        raise InputError("the plan does not say which masks it was made on", where="structures")
    if not isinstance(body.get("failed_checks", ()), list | tuple):
        raise InputError("the failed checks are a list of their ids", where="failed_checks")
    if body["plan_sha256"] in case.plans:
        raise ConflictError("the case has this plan already / 本病例已有该方案", where=body["plan_sha256"])


RULES: Mapping[str, Callable[[CaseFile, Body], None]] = {
    "series.added": _series,
    "structure.proposed": _structure,
    "structure.edited": _structure,
    "plan.proposed": _plan,
    "plan.edited": _plan,
}
