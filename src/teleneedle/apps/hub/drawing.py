"""Masks that a person draws: a version of a structure, or a structure that nobody proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teleneedle.adapters.packed_masks import pack_mask, unpack_mask
from teleneedle.adapters.sql.image_tables import StructureRow
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.identity import CaseAccess
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.hub.work.structures import keep_structure
from teleneedle.core.anatomy import KINDS, canonical_kind
from teleneedle.core.casefile.events import Actor
from teleneedle.core.errors import StructureError

OTHER = "other"
"""Kind of a structure for which there are no rules."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One mask as it came, and the version that its author saw.

    Parameters
    ----------
    content : bytes
        TNB1 container of packed bits.
    expected : str
        SHA-256 of the version that this one follows.
    """

    hub: Hub
    access: CaseAccess
    name: str
    content: bytes
    expected: str = ""

    def edit(self) -> dict[str, Any]:
        """Keep the next version.

        Raises
        ------
        HubProblem
            not-found, precondition-failed
        StructureError, InputError
            If the mask does not fit its series.
        """
        rows = self.hub.imaging.images.structures(self.access.case_id)
        row = next((row for row in rows if row.name == self.name), None)
        if row is None:
            raise not_found(f"structure {self.name}")

        def allow(last: StructureRow | None, sha256: str) -> None:
            if last is not None and last.sha256 not in (self.expected, sha256):
                raise overtaken(last)

        return self._keep(row.series_id, canonical_kind(self.name) or row.kind, allow)

    def create(self, series_id: str, kind: str) -> dict[str, Any]:
        """Keep a new structure on a series of the case.

        Raises
        ------
        HubProblem
            not-found (no such series in this case), precondition-failed (the name is taken)
        StructureError, InputError
            If the mask is empty, does not fit the series, or its name means another kind.
        """
        row, _ = self.hub.imaging.series(series_id)
        if row.case_id != self.access.case_id:
            raise not_found(f"series {series_id}")

        def allow(last: StructureRow | None, sha256: str) -> None:
            if last is not None and (last.version > 1 or last.sha256 != sha256):
                raise overtaken(last)

        return self._keep(series_id, kind_of(self.name, kind), allow, may_be_empty=False)

    def _keep(
        self,
        series_id: str,
        kind: str,
        allow: Callable[[StructureRow | None, str], None],
        *,
        may_be_empty: bool = True,
    ) -> dict[str, Any]:
        _, about = self.hub.imaging.series(series_id)
        label_map = unpack_mask(self.content, series_grid(about))
        if label_map.is_empty and not may_be_empty:
            raise StructureError("the mask is empty", where=self.name, remedy="draw it first")
        sha256 = self.hub.imaging.objects.put(pack_mask(label_map))
        person = self.access.person
        row, event = keep_structure(
            self.hub.imaging.images,
            self.hub.cases.life,
            case_id=self.access.case_id,
            name=self.name,
            event="structure.edited",
            by=Actor(id=person.id, name=person.name, role=self.access.role.value),
            allow=lambda last: allow(last, sha256),
            sha256=sha256,
            series_id=series_id,
            kind=kind,
            engine=f"edited by {person.name}" if may_be_empty else f"drawn by {person.name}",
            engine_sha256=hashlib.sha256(self.content).hexdigest(),
            gate="green" if not label_map.is_empty else "red",
            reasons=[] if not label_map.is_empty else [("结构为空", "the structure is empty")],
            volume_ml=label_map.volume_ml,
            created_by=person.name,
        )
        return {"sha256": sha256, "version": row.version, "event": {"seq": event.seq}}


def kind_of(name: str, kind: str) -> str:
    """The kind of a new structure: its name says it, so that every reader of the case takes it for the same.

    Raises
    ------
    StructureError
        If `kind` is not what the name means, or neither is known.
    """
    known = canonical_kind(name)
    if kind == OTHER and known is None:
        return name
    if known is None or kind not in ("", known):
        names = ", ".join(sorted(KINDS))
        raise StructureError(
            "the name does not say what the structure is",
            where=name,
            remedy=f"use one of these, a number may follow: {names}; or kind={OTHER} for what has no rules",
        )
    return known


def overtaken(last: StructureRow) -> HubProblem:
    """Somebody was faster."""
    return HubProblem(
        "precondition-failed",
        "该结构已被他人修改",
        "somebody changed this structure meanwhile",
        where=f"{last.name}: {last.created_by}",
        remedy="look at the newer version, then keep yours or theirs",
        current_sha256=last.sha256,
        changed_by=last.created_by,
    )
