"""Attach what engines computed to versions of plans, and list it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.plan_result_codec import decode_result, result_facts
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.result_store import ResultStore
from teleneedle.apps.hub.problems import not_found
from teleneedle.core.errors import FrameOfReferenceError, InputError
from teleneedle.core.plan_results import DoseVolumeResult, FieldResult, PlanResult


@dataclass(frozen=True, kw_only=True)
class PlanResults:
    """Kept as ``hub.results``. Jobs attach; no route does."""

    objects: ObjectStore
    images: ImageStore
    store: ResultStore

    def attach(self, content: bytes, *, job_id: str) -> str:
        """Keep the container of a result with the plan it names; its hash.

        Raises
        ------
        InputError
            If the container is not sound, or names a plan or a structure that there is not.
        FrameOfReferenceError
            If a field lies in another frame than the plan.
        """
        result, plan_sha256 = decode_result(content)
        row = self.images.plan(plan_sha256)
        if row is None:
            raise InputError("a result belongs to a plan that is kept", where=plan_sha256[:16])
        plan = json.loads(self.objects.get(json.loads(row.files)["plan.json"]))
        _require_of_plan(result, plan)
        sha256 = self.objects.put(content)
        self.store.add(plan_sha256=plan_sha256, sha256=sha256, facts=result_facts(content), job_id=job_id)
        return sha256

    def listed(self, plan_sha256: str) -> list[dict[str, Any]]:
        """Results of a version without their arrays, oldest first."""
        return [
            {"sha256": row.sha256, "created": row.created_at.isoformat(), **json.loads(row.facts)}
            for row in self.store.of_plan(plan_sha256)
        ]

    def content(self, plan_sha256: str, sha256: str) -> bytes:
        """The container of one result; not-found where the version has none such."""
        if not self.store.has(plan_sha256, sha256):
            raise not_found(f"result {sha256[:16]}")
        return self.objects.get(sha256)


def _require_of_plan(result: PlanResult, plan: dict[str, Any]) -> None:
    if isinstance(result, FieldResult):
        frame = plan.get("frame_of_reference_uid")
        if result.grid.frame_of_reference_uid != frame:
            raise FrameOfReferenceError(where=f"{result.grid.frame_of_reference_uid}, plan {frame}")
    if isinstance(result, DoseVolumeResult):
        known = {structure["name"] for structure in plan.get("structures", ())} | {plan["target"]["name"]}
        strange = [one.name for one in result.structures if one.name not in known]
        if strange:
            raise InputError("a histogram is of a structure of the plan", where=", ".join(strange))
