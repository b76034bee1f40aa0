"""The resources of a case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from teleneedle.adapters.fhir.datatypes import (
    DCM,
    GENDERS,
    LOINC,
    SNOMED,
    SYSTEM,
    Json,
    concept,
    fhir_date,
    human_name,
    identifier,
    instant,
    person_reference,
    present,
    reference,
)
from teleneedle.core.casefile.stage import stage_of
from teleneedle.core.casefile.state import CaseFile, PlanVersion, Series, patient_key


def patient(case: CaseFile) -> Iterator[Json]:
    """Who the patient is."""
    who = case.patient
    yield _resource(
        "Patient",
        patient_key(case.site_id, who.id),
        case,
        {
            "identifier": [identifier(f"{SYSTEM}:site:{case.site_id}:patient-id", who.id)],
            "name": [human_name(who.name)],
            "gender": GENDERS.get(who.sex, "unknown"),
            "birthDate": fhir_date(who.birth_date),
            "managingOrganization": {"display": case.site_name},
        },
    )


def service_request(case: CaseFile) -> Iterator[Json]:
    """The referral."""
    is_done = stage_of(case) in ("treated", "follow_up", "closed")
    yield _resource(
        "ServiceRequest",
        case.id,
        case,
        {
            "identifier": [identifier(f"{SYSTEM}:case", case.id)],
            "status": "completed" if is_done else "active",
            "intent": "order",
            "category": [concept("Surgical procedure", system=SNOMED, code="387713003")],
            "code": concept(f"Image-guided ablation ({case.modality})"),
            "subject": _subject(case),
            "authoredOn": instant(case.created_at),
            "requester": {"display": case.site_name},
            "reasonCode": [concept(case.indication)] if case.indication else [],
        },
    )


def imaging_studies(case: CaseFile) -> Iterator[Json]:
    """One resource for each DICOM study; series that came without DICOM form one of their own."""
    studies: dict[str, list[Series]] = {}
    for series in case.series:
        studies.setdefault(_fact(series.facts, "study_uid", "study_instance_uid"), []).append(series)
    for uid, members in studies.items():
        yield _resource(
            "ImagingStudy",
            f"{case.id}.{_tail(uid or members[0].sha256)}",
            case,
            {
                "identifier": [identifier("urn:dicom:uid", f"urn:oid:{uid}")] if uid else [],
                "status": "available",
                "subject": _subject(case),
                "started": fhir_date(_fact(members[0].facts, "study_date")),
                "basedOn": [reference("ServiceRequest", case.id)],
                "modality": [_modality(members[0])],
                "numberOfSeries": len(members),
                "series": [_series(series) for series in members],
            },
        )


def _series(series: Series) -> Json:
    shape = series.facts.get("shape") or []
    return present(
        {
            "uid": _fact(series.facts, "series_uid", "series_instance_uid") or series.id,
            "modality": _modality(series),
            "description": _fact(series.facts, "description"),
            "numberOfInstances": int(shape[0]) if len(shape) == 3 else None,
        }
    )


def _modality(series: Series) -> Json:
    return {"system": DCM, "code": _fact(series.facts, "modality") or "CT"}


def care_plans(case: CaseFile) -> Iterator[Json]:
    """One resource for each version of a plan; its status follows the signatures."""
    for plan in case.plans.values():
        status, intent, _ = _plan_status(case, plan)
        yield _resource(
            "CarePlan",
            f"{case.id}.{_tail(plan.plan_sha256)}",
            case,
            {
                "identifier": [identifier(f"{SYSTEM}:plan-sha256", plan.plan_sha256)],
                "status": status,
                "intent": intent,
                "category": [concept("Ablation plan")],
                "title": f"Ablation plan, version {plan.version}",
                "description": str(plan.facts.get("label", "")),
                "subject": _subject(case),
                "created": instant(plan.at),
                "author": person_reference(plan.author.name),
                "contributor": [
                    person_reference(f"{s.person.name} ({s.role})")
                    for s in case.signatures
                    if s.plan_sha256 == plan.plan_sha256
                ],
                "activity": [{"reference": reference("ServiceRequest", case.id)}],
                "note": [
                    {"authorString": o.person.name, "time": instant(o.at), "text": f"{o.verdict}: {o.text}"}
                    for o in case.opinions
                    if o.plan_sha256 == plan.plan_sha256
                ],
            },
        )


def _plan_status(case: CaseFile, plan: PlanVersion) -> tuple[str, str, str]:
    """Status and intent of the CarePlan, status of its document."""
    approval = case.approval_of(plan.plan_sha256)
    if approval is None:
        return "draft", "proposal", "preliminary"
    if approval.superseded_by:
        return "revoked", "order", "final"
    is_done = any(t.plan_sha256 == plan.plan_sha256 for t in case.treatments)
    return ("completed" if is_done else "active"), "order", "final"


def document_references(case: CaseFile) -> Iterator[Json]:
    """The plan books, in both languages, and the plan itself, for each version of a plan."""
    for plan in case.plans.values():
        approval = case.approval_of(plan.plan_sha256)
        address = f"/api/plans/{plan.plan_sha256}"
        books = ((f"{address}/files/plan-{lang}.pdf", lang) for lang in ("zh", "en"))
        yield _resource(
            "DocumentReference",
            f"{case.id}.{_tail(plan.plan_sha256)}",
            case,
            {
                "identifier": [identifier(f"{SYSTEM}:plan-sha256", plan.plan_sha256)],
                "status": "superseded" if approval and approval.superseded_by else "current",
                "docStatus": _plan_status(case, plan)[2],
                "type": concept(
                    "Ablation plan book", system=LOINC, code="18776-5", display="Plan of care note"
                ),
                "subject": _subject(case),
                "date": instant(plan.at),
                "author": [person_reference(plan.author.name)],
                "description": f"Ablation plan, version {plan.version}",
                "content": [
                    *(
                        {"attachment": {"contentType": "application/pdf", "language": lang, "url": url}}
                        for url, lang in books
                    ),
                    {"attachment": {"contentType": "application/json", "url": address}},
                ],
                "context": {"related": [reference("ServiceRequest", case.id)]},
            },
        )


def diagnostic_reports(case: CaseFile) -> Iterator[Json]:
    """The filed reports."""
    for report in case.reports:
        yield _resource(
            "DiagnosticReport",
            f"{case.id}.{report.seq}",
            case,
            {
                "identifier": [identifier(f"{SYSTEM}:report", f"{case.id}/{report.seq}")],
                "basedOn": [reference("ServiceRequest", case.id)],
                "status": "final",
                "code": concept(report.title),
                "subject": _subject(case),
                "issued": instant(report.at),
                "resultsInterpreter": [person_reference(report.author.name)],
                "conclusion": report.text,
            },
        )


def _resource(kind: str, logical_id: str, case: CaseFile, content: Json) -> Json:
    head = {
        "resourceType": kind,
        "id": logical_id,
        "meta": {"versionId": str(case.seq), "lastUpdated": instant(case.updated_at)},
    }
    return {**head, **present(content)}


def _subject(case: CaseFile) -> Json:
    return reference("Patient", patient_key(case.site_id, case.patient.id), case.patient.name)


def _fact(facts: Mapping[str, Any], *names: str) -> str:
    return next((str(facts[name]) for name in names if facts.get(name)), "")


def _tail(sha256_or_uid: str) -> str:
    """Short digest for a FHIR id, which has at most 64 characters (36 + 1 + 24)."""
    return hashlib.sha256(sha256_or_uid.encode()).hexdigest()[:24]


Maker = Callable[[CaseFile], Iterator[Json]]

RESOURCES: Mapping[str, Maker] = {
    "Patient": patient,
    "ImagingStudy": imaging_studies,
    "ServiceRequest": service_request,
    "CarePlan": care_plans,
    "DiagnosticReport": diagnostic_reports,
    "DocumentReference": document_references,
}
"""What is served, and how it is made of a case."""
