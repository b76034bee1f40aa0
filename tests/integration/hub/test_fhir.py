"""FHIR R4: required elements of each resource, search, permissions, errors."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from teleneedle.adapters.fhir.datatypes import fhir_date, human_name
from teleneedle.apps.hub import fhir_walk
from teleneedle.apps.testing.case_story import CaseStory, make_story
from teleneedle.apps.testing.hub_world import HubWorld

Json = dict[str, Any]
KINDS = ("Patient", "ImagingStudy", "ServiceRequest", "CarePlan", "DiagnosticReport", "DocumentReference")

REQUIRED = {
    "Patient": (),
    "ImagingStudy": ("status", "subject"),
    "ServiceRequest": ("status", "intent", "subject"),
    "CarePlan": ("status", "intent", "subject"),
    "DiagnosticReport": ("status", "code"),
    "DocumentReference": ("status", "content"),
    "CapabilityStatement": ("status", "date", "kind", "fhirVersion", "format"),
    "OperationOutcome": ("issue",),
    "Bundle": ("type",),
}
"""Elements with minimum cardinality 1 in R4 (hl7.org/fhir/R4)."""

STATUSES = {
    "ImagingStudy": {"registered", "available", "cancelled", "entered-in-error", "unknown"},
    "ServiceRequest": {
        *("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"),
    },
    "CarePlan": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"},
    "DiagnosticReport": {
        *("registered", "partial", "preliminary", "final", "amended", "corrected", "appended"),
        *("cancelled", "entered-in-error", "unknown"),
    },
    "DocumentReference": {"current", "superseded", "entered-in-error"},
}
"""Required bindings of `status`."""

ALLOWED = {
    "Patient": {"identifier", "name", "gender", "birthDate", "managingOrganization"},
    "ImagingStudy": {
        *("identifier", "status", "modality", "subject", "started", "basedOn", "numberOfSeries", "series"),
    },
    "ServiceRequest": {
        *("identifier", "status", "intent", "category", "code", "subject", "authoredOn", "requester"),
        "reasonCode",
    },
    "CarePlan": {
        *("identifier", "status", "intent", "category", "title", "description", "subject", "created"),
        *("author", "contributor", "activity", "note"),
    },
    "DiagnosticReport": {
        *("identifier", "basedOn", "status", "code", "subject", "issued", "resultsInterpreter", "conclusion"),
    },
    "DocumentReference": {
        *("identifier", "status", "docStatus", "type", "subject", "date", "author", "description", "content"),
        "context",
    },
}
"""Elements of the R4 definitions that are used; no other may appear."""


def require_no_empties(value: Any, path: str = "") -> None:
    assert value not in ("", [], {}, None), path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        require_no_empties(child, f"{path}/{key}")


def require_valid(resource: Json) -> None:
    kind = resource["resourceType"]
    assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
    datetime.fromisoformat(resource["meta"]["lastUpdated"])
    assert set(resource) - {"resourceType", "id", "meta"} <= ALLOWED[kind]
    for element in REQUIRED[kind]:
        assert element in resource, f"{kind}.{element}"
    if kind in STATUSES:
        assert resource["status"] in STATUSES[kind]
    require_no_empties(resource)
    checks = {
        "Patient": _patient,
        "ImagingStudy": _imaging,
        "CarePlan": _care_plan,
        "DocumentReference": _document,
    }
    checks.get(kind, lambda _r: None)(resource)
    if kind != "Patient":
        assert re.fullmatch(r"Patient/[a-f0-9]{40}", resource["subject"]["reference"])


def _patient(resource: Json) -> None:
    assert resource["gender"] in ("male", "female", "other", "unknown")
    date.fromisoformat(resource["birthDate"])


def _imaging(resource: Json) -> None:
    for series in resource["series"]:
        assert series["uid"]
        assert series["modality"]["code"]


def _care_plan(resource: Json) -> None:
    assert resource["intent"] in ("proposal", "plan", "order", "option")


def _document(resource: Json) -> None:
    assert resource["docStatus"] in ("preliminary", "final", "amended", "entered-in-error")
    assert all(content["attachment"]["url"].startswith("/api/plans/") for content in resource["content"])


def search(world: HubWorld, kind: str, who: str = "expert", **parameters: str) -> Json:
    answer = world.as_(who).get(f"/fhir/{kind}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    bundle: Json = answer.json()
    assert bundle["type"] == "searchset"
    assert bundle["link"][0]["relation"] == "self"
    return bundle


def found(bundle: Json) -> list[Json]:
    return [entry["resource"] for entry in bundle.get("entry", ())]


@pytest.fixture
def story(world: HubWorld) -> CaseStory:
    story = make_story(world, id="P7", name="王^小明", sex="M", birth_date="19600203")
    story.approved()
    story.send("operator-a", "treatment.recorded", {"at": "2026-01-06T09:00:00+08:00", "note": ""})
    story.send("operator-a", "report.filed", {"title": "Ablation", "text": "no complication"})
    return story


def test_every_resource_is_valid_and_read_by_its_id(story: CaseStory) -> None:
    for kind in KINDS:
        bundle = search(story.world, kind)
        assert bundle["total"] == len(found(bundle)) == 1
        for entry in bundle["entry"]:
            resource = entry["resource"]
            require_valid(resource)
            assert entry["fullUrl"].endswith(f"/fhir/{kind}/{resource['id']}")
            read = story.world.as_("mdt").get(f"/fhir/{kind}/{resource['id']}")
            assert read.json() == resource
            assert read.headers["etag"] == f'W/"{resource["meta"]["versionId"]}"'


def test_what_the_resources_say(story: CaseStory) -> None:
    patient = found(search(story.world, "Patient"))[0]
    assert patient["name"][0]["family"] == "王"
    assert (patient["gender"], patient["birthDate"]) == ("male", "1960-02-03")
    study = found(search(story.world, "ImagingStudy"))[0]
    assert study["identifier"][0]["value"] == "urn:oid:1.2.826.0.1.3680043.10.1"
    assert study["started"] == "2026-01-03"
    assert study["series"][0]["numberOfInstances"] == 40
    assert found(search(story.world, "ServiceRequest"))[0]["status"] == "completed"
    plan = found(search(story.world, "CarePlan"))[0]
    assert (plan["status"], plan["intent"]) == ("completed", "order")
    assert [c["display"] for c in plan["contributor"]] == ["expert (expert)", "operator-a (operator)"]
    assert found(search(story.world, "DiagnosticReport"))[0]["conclusion"] == "no complication"
    document = found(search(story.world, "DocumentReference"))[0]
    assert document["docStatus"] == "final"


def test_a_plan_is_a_draft_then_active_then_revoked_by_a_newer_one(world: HubWorld) -> None:
    story = make_story(world)
    story.papers()
    story.images()
    first = story.plan("first")
    assert found(search(world, "CarePlan"))[0]["status"] == "draft"
    story.sign("expert", first)
    story.sign("operator-a", first)
    assert found(search(world, "CarePlan"))[0]["status"] == "active"
    second = story.plan("second")
    story.sign("expert", second)
    assert sorted(p["status"] for p in found(search(world, "CarePlan"))) == ["active", "draft"]
    story.sign("operator-a", second)
    assert sorted(p["status"] for p in found(search(world, "CarePlan"))) == ["active", "revoked"]
    statuses = sorted(d["status"] for d in found(search(world, "DocumentReference")))
    assert statuses == ["current", "superseded"]
    assert len(found(search(world, "CarePlan", status="revoked"))) == 1
    assert len(found(search(world, "CarePlan", status="revoked,active"))) == 2
    plan = found(search(world, "CarePlan", identifier=f"urn:teleneedle:plan-sha256|{second}"))
    assert [p["status"] for p in plan] == ["active"]


def test_search_by_patient_identifier_and_id(story: CaseStory) -> None:
    world = story.world
    again = make_story(world, id="P7", name="王^小明")
    other = make_story(world, "b", id="P7", name="李^四")
    patients = found(search(world, "Patient"))
    assert len(patients) == 2
    assert len(found(search(world, "Patient", identifier="P7"))) == 2
    system = f"urn:teleneedle:site:{world.sites['b']}:patient-id"
    assert len(found(search(world, "Patient", identifier=f"{system}|P7"))) == 1
    assert len(found(search(world, "Patient", identifier=f"{system}|"))) == 1
    assert found(search(world, "Patient", identifier="|P7")) == []
    key = next(p["id"] for p in patients if p["name"][0]["family"] == "王")
    for value in (key, f"Patient/{key}"):
        ids = {r["id"] for r in found(search(world, "ServiceRequest", patient=value))}
        assert ids == {story.case_id, again.case_id}
    both = f"{story.case_id},{other.case_id}"
    assert len(found(search(world, "ServiceRequest", _id=both))) == 2
    assert found(search(world, "ServiceRequest", patient="nobody")) == []


def walk(world: HubWorld, kind: str, **parameters: str) -> list[list[str]]:
    """Ids of every page until there is no next one."""
    bundle = search(world, kind, **parameters)
    pages = [[r["id"] for r in found(bundle)]]
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        bundle = world.as_("expert").get(following[0]).json()
        pages.append([r["id"] for r in found(bundle)])
    return pages


def test_pages(world: HubWorld) -> None:
    cases = [make_story(world, id=f"P{n % 4}").case_id for n in range(5)]
    for count in (1, 2, 4, 5, 50):
        pages = walk(world, "ServiceRequest", _count=str(count))
        assert [i for page in pages for i in page] == cases[::-1]
        assert max(len(page) for page in pages) <= count
    patients = [i for page in walk(world, "Patient", _count="1") for i in page]
    assert len(patients) == len(set(patients)) == 4
    assert search(world, "ServiceRequest")["total"] == 5
    assert "total" not in search(world, "ServiceRequest", _count="2")
    assert "entry" not in search(world, "ServiceRequest", _count="0")
    named = walk(world, "ServiceRequest", _id=",".join(cases), _count="2")
    assert [len(page) for page in named] == [2, 2, 1]
    both = walk(world, "ServiceRequest", patient=",".join(patients[:2]), _count="1")
    assert len([i for page in both for i in page]) == len({i for page in both for i in page}) == 3


def test_a_case_with_more_plans_than_a_page_is_cut_between_them(world: HubWorld) -> None:
    stories = [make_story(world, id=f"P{n}") for n in range(3)]
    for story in stories:
        story.papers()
        story.images()
        for name in ("first", "second", "third"):
            story.plan(name)
    whole = [r["id"] for r in found(search(world, "CarePlan"))]
    assert len(whole) == 9
    for count in (1, 2, 4):
        assert [i for page in walk(world, "CarePlan", _count=str(count)) for i in page] == whole


def test_a_page_reads_a_bounded_number_of_cases(world: HubWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir_walk, "MAX_CASES", 3)
    monkeypatch.setattr(fhir_walk, "BATCH", 2)
    for n in range(8):
        make_story(world, id=f"P{n}")
    loaded: list[str] = []
    load = world.hub.cases.life.log.load
    monkeypatch.setattr(
        world.hub.cases.life.log, "load", lambda case_id: loaded.append(case_id) or load(case_id)
    )
    assert found(search(world, "ServiceRequest", status="completed")) == []
    assert len(loaded) == 3
    pages = walk(world, "ServiceRequest", status="completed")
    assert len(pages) > 1
    assert not any(pages)
    assert len({i for page in walk(world, "ServiceRequest") for i in page}) == 8


def test_what_changes_between_two_pages_is_not_lost(world: HubWorld) -> None:
    stories = [make_story(world, id=f"P{n}") for n in range(6)]
    first = search(world, "ServiceRequest", _count="3")
    stories[3].papers()
    ids, bundle = {r["id"] for r in found(first)}, first
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        bundle = world.as_("expert").get(following[0]).json()
        ids |= {r["id"] for r in found(bundle)}
    assert ids == {s.case_id for s in stories}


def test_permissions_are_those_of_the_cases(story: CaseStory) -> None:
    world = story.world
    ids = {kind: found(search(world, kind))[0]["id"] for kind in KINDS}
    for kind, logical_id in ids.items():
        for who in ("operator-b", "observer", "observer-a", "admin"):
            assert search(world, kind, who)["total"] == 0
            refused = world.as_(who).get(f"/fhir/{kind}/{logical_id}")
            assert refused.status_code == 404
            assert refused.json()["issue"][0]["code"] == "not-found"
        assert search(world, kind, "operator-a")["total"] == 1
        assert world.anonymous().get(f"/fhir/{kind}/{logical_id}").status_code == 401
        assert world.anonymous().get(f"/fhir/{kind}").json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/fhir/ServiceRequest/none", 404, "not-found"),
        ("/fhir/Patient/none", 404, "not-found"),
        ("/fhir/Observation", 400, "invalid"),
        ("/fhir/CarePlan?_count=many", 400, "invalid"),
        ("/fhir/CarePlan?_cursor=x", 422, "invalid"),
        ("/fhir/Patient?status=active", 422, "invalid"),
        ("/fhir/a/b/c", 404, "not-found"),
    ],
)
def test_errors_are_operation_outcomes(world: HubWorld, path: str, status: int, code: str) -> None:
    answer = world.as_("expert").get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/fhir+json")
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["severity"] == "error"
    assert outcome["issue"][0]["code"] == code


def test_a_case_of_one_tail_is_not_read_under_another(story: CaseStory) -> None:
    answer = story.world.as_("expert").get(f"/fhir/CarePlan/{story.case_id}.ffff")
    assert answer.status_code == 404


def test_nothing_is_written(story: CaseStory) -> None:
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(story.world.as_("expert"), method)(f"/fhir/ServiceRequest/{story.case_id}")
        assert answer.status_code == 405


def test_the_capability_statement_says_what_is_served(world: HubWorld) -> None:
    statement = world.anonymous().get("/fhir/metadata").json()
    assert all(statement.get(element) for element in REQUIRED["CapabilityStatement"])
    assert (statement["fhirVersion"], statement["kind"]) == ("4.0.1", "instance")
    assert statement["implementation"]["description"]
    served = {r["type"]: r for r in statement["rest"][0]["resource"]}
    assert set(served) == set(KINDS)
    for resource in served.values():
        assert [i["code"] for i in resource["interaction"]] == ["read", "search-type"]
        assert {p["type"] for p in resource["searchParam"]} <= {"token", "reference"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Wang^XiaoMing=王^小明", {"family": "Wang", "given": ["XiaoMing"], "text": "Wang XiaoMing"}),
        ("王小明", {"family": "王小明", "text": "王小明"}),
        ("^^", {"text": "^^"}),
    ],
)
def test_names(name: str, expected: Json) -> None:
    assert human_name(name) == {"use": "official", **expected}


def test_dates() -> None:
    assert fhir_date("1960-02-03") == "1960-02-03"
    assert fhir_date("") is None
    assert fhir_date("sixty") is None
