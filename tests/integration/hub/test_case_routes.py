"""The life of a case over HTTP: shapes, permissions, repetition, conflict, the live stream."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from teleneedle.apps.hub.shapes.cases import Appended, CaseList, CaseShape, EventList
from teleneedle.apps.testing.case_story import CaseStory, make_story, sha
from teleneedle.apps.testing.hub_world import HubWorld


@pytest.fixture
def story(world: HubWorld) -> CaseStory:
    return make_story(world)


def problem(answer: Any) -> str:
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(document) >= {"type", "title", "status", "detail", "where", "remedy"}
    assert all(document["title"][lang] for lang in ("zh", "en"))
    return str(document["type"]).rpartition(":")[2]


def test_a_case_to_its_approval_has_the_promised_shape(story: CaseStory) -> None:
    plan = story.approved()
    seen = CaseShape.model_validate(story.case())
    assert seen.state == "approved"
    assert seen.approval is not None
    assert seen.approval.plan_sha256 == plan
    assert [s.role for s in seen.signatures] == ["expert", "operator"]
    assert seen.checklist is not None
    assert seen.checklist.answers == {"inr": 1.1, "pacemaker": False, "n": 2}
    events = story.world.as_("mdt").get(f"/api/cases/{story.case_id}/events").json()
    kinds = [e.kind for e in EventList.model_validate(events).events]
    assert kinds[0] == "case.referred"
    assert kinds[-2:] == ["plan.signed", "plan.approved"]
    later = story.world.as_("mdt").get(f"/api/cases/{story.case_id}/events?after={len(kinds) - 1}").json()
    assert [e["kind"] for e in later["events"]] == ["plan.approved"]


def test_every_kind_of_event_keeps_to_its_shape(story: CaseStory) -> None:
    story.papers()
    story.images()
    plan = story.plan()
    objection = {"plan_sha256": plan, "verdict": "object", "text": "too close"}
    for who, kind in (("expert", "objection.answered"), ("mdt", "objection.withdrawn")):
        seq = story.send("mdt", "opinion.given", objection)["event"]["seq"]
        body = {"opinion_seq": seq} | ({"text": "moved"} if kind == "objection.answered" else {})
        Appended.model_validate(story.send(who, kind, body))
    story.sign("expert", plan)
    story.sign("operator-a", plan)
    story.send("operator-a", "treatment.recorded", {"at": "2026-01-06T09:00:00+08:00", "note": ""})
    story.send("operator-a", "report.filed", {"title": "Ablation", "text": "no complication"})
    story.send("operator-a", "task.added", {"id": "ct", "text": "CT", "due": "2026-02-06"})
    story.send("operator-a", "task.done", {"id": "ct"})
    done = story.send("expert", "case.closed", {})
    seen = Appended.model_validate(done).case
    assert seen.state == "closed"
    assert [o.is_open for o in seen.opinions] == [False, False]
    events = story.world.as_("expert").get(f"/api/cases/{story.case_id}/events").json()
    EventList.model_validate(events)


def test_the_same_command_again_is_the_first_answer(story: CaseStory) -> None:
    command_id = str(uuid.uuid4())
    body = {"signed_on": "2026-01-04", "document_note": ""}
    first = story.send("operator-a", "consent.recorded", body, command_id=command_id)
    story.send("operator-a", "checklist.answered", {"answers": {"inr": 1}})
    assert story.send("operator-a", "consent.recorded", body, command_id=command_id) == first
    answer = story.post(
        "operator-a", "consent.recorded", {**body, "signed_on": "2026-01-05"}, command_id=command_id
    )
    assert (answer.status_code, problem(answer)) == (409, "conflict")


def test_the_same_referral_again_is_the_same_case(world: HubWorld) -> None:
    body = {
        "command_id": "refer-1",
        "site_id": world.sites["a"],
        "patient": {"id": "P9", "name": "Li^Si", "sex": "M", "birth_date": "19700101"},
        "modality": "rfa",
        "indication": "HCC",
    }
    post = world.as_("operator-a").post
    first = post("/api/cases", json=body)
    assert first.status_code == 201
    assert post("/api/cases", json=body).json() == first.json()
    assert post("/api/cases", json={**body, "indication": "else"}).status_code == 409
    assert world.as_("technologist-a").post("/api/cases", json=body).json()["id"] != first.json()["id"]
    for who, status in (("operator-b", 403), ("mdt", 403), ("admin", 403), ("observer-a", 403)):
        assert world.as_(who).post("/api/cases", json={**body, "command_id": who}).status_code == status
    assert world.as_("expert").post("/api/cases", json={**body, "command_id": "e"}).status_code == 201
    nowhere = {**body, "command_id": "n", "site_id": "nowhere"}
    assert world.as_("expert").post("/api/cases", json=nowhere).status_code == 404


def test_an_expected_seq_that_has_passed_tells_what_happened(story: CaseStory) -> None:
    story.papers()
    body = {"signed_on": "2026-01-05", "document_note": ""}
    answer = story.post("operator-a", "consent.recorded", body, expected_seq=1)
    assert (answer.status_code, problem(answer)) == (409, "conflict")
    assert "checklist.answered" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("expert", 200),
        ("mdt", 200),
        ("operator-a", 200),
        ("technologist-a", 200),
        ("operator-b", 404),
        ("technologist-c", 404),
        ("observer", 404),
        ("observer-a", 404),
        ("admin", 404),
    ],
)
def test_who_sees_a_case(story: CaseStory, who: str, status: int) -> None:
    client = story.world.as_(who)
    for path in ("", "/events"):
        assert client.get(f"/api/cases/{story.case_id}{path}").status_code == status
    listed = client.get("/api/cases").json()["items"]
    assert bool(listed) == (status == 200)
    CaseList.model_validate(client.get("/api/cases").json())
    present = client.post(f"/api/cases/{story.case_id}/presence", json={"where": "plan"})
    assert present.status_code == (204 if status == 200 else 404)
    if status == 404:
        assert client.get(f"/api/cases/{story.case_id}/stream").status_code == 404
        assert story.post(who, "case.closed", {}).status_code == 404


def test_nobody_sees_anything_without_signing_in(story: CaseStory) -> None:
    client = story.world.anonymous()
    for path in ("", f"/{story.case_id}", f"/{story.case_id}/events", f"/{story.case_id}/stream"):
        assert client.get(f"/api/cases{path}").status_code == 401


def test_a_failed_check_is_named_by_its_rule_and_advice(story: CaseStory) -> None:
    """The identifier of a check tells a clinician nothing; one that is in no rule book is shown as it is."""
    story.papers()
    story.images()
    story.plan(failed=("tumour_size", "of-another-book"))
    size, other = story.case()["plans"][0]["blocked_by"]
    assert size["code"] == other["code"] == "check-failed"
    assert "tumour ≤ 3 cm" in size["en"]
    assert "several zones or TACE" in size["en"]
    assert "肿瘤 ≤ 3 cm" in size["zh"]
    assert "tumour_size" not in size["en"] + size["zh"]
    assert "of-another-book" in other["zh"]


def test_refusals_name_their_reason(story: CaseStory) -> None:
    story.images()
    plan = story.plan()
    answer = story.post("expert", "plan.signed", {"plan_sha256": plan, "plan_hash_read": plan})
    assert (answer.status_code, problem(answer)) == (409, "approval-blocked")
    assert "consent-missing" in answer.json()["where"]
    assert "知情同意" in answer.json()["detail_zh"]
    assert "consent" in answer.json()["detail"]
    blocked = [b["code"] for b in story.case()["plans"][0]["blocked_by"]]
    assert blocked == ["consent-missing", "checklist-unanswered"]
    answer = story.post("mdt", "plan.signed", {"plan_sha256": plan, "plan_hash_read": plan})
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")
    for kind, body in (
        ("plan.approved", {"plan_sha256": plan}),
        ("series.added", {"id": "s", "sha256": sha("s")}),
        ("consent.recorded", {"signed_on": "yesterday"}),
        ("consent.recorded", {"signed_on": "2026-01-04", "other": 1}),
        ("nonsense", {}),
    ):
        assert story.post("operator-a", kind, body).status_code == 422
    assert (
        story.post(
            "operator-a", "consent.recorded", {"signed_on": "2026-01-04"}, command_id="a#b"
        ).status_code
        == 422
    )


def test_lists_filter_and_page(world: HubWorld) -> None:
    stories = [make_story(world, "ab"[n % 2], id=f"P{n}", name=f"Name{n}^X") for n in range(6)]
    stories[2].papers()
    expert = world.as_("expert")
    first = expert.get("/api/cases?limit=4").json()
    assert first["items"][0]["id"] == stories[2].case_id
    second = expert.get("/api/cases", params={"limit": 4, "cursor": first["next"]}).json()
    assert second["next"] is None
    assert len({c["id"] for c in (*first["items"], *second["items"])}) == 6
    assert len(expert.get("/api/cases", params={"site_id": world.sites["b"]}).json()["items"]) == 3
    assert [c["patient"]["id"] for c in expert.get("/api/cases?q=name4").json()["items"]] == ["P4"]
    assert expert.get("/api/cases?state=closed").json()["items"] == []
    assert expert.get("/api/cases?state=nonsense").status_code == 422
    assert expert.get("/api/cases?cursor=nonsense").status_code == 422
    assert len(world.as_("operator-a").get("/api/cases").json()["items"]) == 3
    other = world.as_("operator-a").get("/api/cases", params={"site_id": world.sites["b"]}).json()
    assert other["items"] == []


def test_the_openapi_document_knows_every_kind(world: HubWorld) -> None:
    document = world.anonymous().get("/api/openapi.json").json()
    operation = document["paths"]["/api/cases/{case_id}/events"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert len(schema["discriminator"]["mapping"]) == 13
    assert "PlanSignedCommand" in json.dumps(schema)


def test_each_access_leaves_a_record(story: CaseStory) -> None:
    def records() -> int:
        return len(story.world.as_("admin").get("/api/admin/audit").json()["items"])

    for who, path in (("expert", f"/{story.case_id}"), ("operator-b", f"/{story.case_id}"), ("mdt", "")):
        before = records()
        story.world.as_(who).get(f"/api/cases{path}")
        assert records() >= before + 1
