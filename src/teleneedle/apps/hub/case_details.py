"""A case with what the image store knows of its structures and plans."""

from __future__ import annotations

from teleneedle.apps.hub.case_view import Json, case_json
from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.routes.plans import plan_shown
from teleneedle.core.casefile.state import CaseFile


def whole_case(hub: Hub, case: CaseFile) -> Json:
    """Everything about a case: where log and store say the same, the log decides."""
    view = case_json(case)
    if hub.imaging is None:
        return view
    images = hub.imaging.images
    structures = {row.sha256: hub.imaging.structure_json(row, {}) for row in images.structures(case.id)}
    plans = {row.plan_sha256: plan_shown(row) for row in images.plans(case.id)}
    view["structures"] = [_beside(structures.get(s["sha256"], {}), s) for s in view["structures"]]
    view["plans"] = [_beside(plans.get(p["plan_sha256"], {}), p) for p in view["plans"]]
    return view


def _beside(stored: Json, logged: Json) -> Json:
    """Both; of a structure's label the store's, which is in words."""
    words = {"label": stored["label"]} if isinstance(stored.get("label"), dict) else {}
    return {**stored, **logged, **words}
