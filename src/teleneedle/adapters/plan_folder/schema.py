"""The shipped JSON Schema of plan.json, and checking a document against it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from teleneedle.core.errors import NotReadableError

SCHEMA_PATH = Path(__file__).with_name("plan.schema.json")


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))


def check_plan_document(document: Any) -> None:
    """Check a decoded plan.json.

    Raises
    ------
    NotReadableError
        Naming the first place that does not follow the schema.
    """
    errors = sorted(_validator().iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
    if errors:
        place = "/".join(str(step) for step in errors[0].absolute_path) or "top level"
        raise NotReadableError(
            "this is not a plan of schema teleneedle.plan/1", where=f"{place}: {errors[0].message}"
        )
