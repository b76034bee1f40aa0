"""What the server can do (CapabilityStatement), and what went wrong (OperationOutcome)."""

from __future__ import annotations

from datetime import datetime

from teleneedle.adapters.fhir.datatypes import Json, instant, present
from teleneedle.adapters.fhir.resources import RESOURCES

SEARCH = (
    ("_id", "token", "Logical id"),
    ("patient", "reference", "The patient"),
    ("identifier", "token", "Business identifier"),
    ("status", "token", "Status"),
)
"""Name, type and meaning of each search parameter."""

ISSUE_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    422: "invalid",
    429: "throttled",
}
"""IssueType (hl7.org/fhir/R4/valueset-issue-type.html) of an HTTP status; ``exception`` for the rest."""


def capability_statement(*, base: str, version: str, started: datetime) -> Json:
    """What this server can do."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(started),
        "kind": "instance",
        "software": {"name": "Teleneedle", "version": version},
        "implementation": {
            "description": "Ablation planning hub; research software, not a medical device",
            "url": base,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Read only; session and permissions are those of the hub's own interface.",
                "security": {"description": "Session cookie of the hub"},
                "resource": [_resource(kind) for kind in RESOURCES],
            }
        ],
    }


def _resource(kind: str) -> Json:
    unfit = ("patient", "status") if kind == "Patient" else ()
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": name, "type": sort, "documentation": meaning}
            for name, sort, meaning in SEARCH
            if name not in unfit
        ],
    }


def operation_outcome(status: int, text: str, *, diagnostics: str = "") -> Json:
    """An error as FHIR says it."""
    issue = present(
        {
            "severity": "error",
            "code": ISSUE_CODES.get(status, "exception"),
            "details": {"text": text},
            "diagnostics": diagnostics,
        }
    )
    return {"resourceType": "OperationOutcome", "issue": [issue]}
