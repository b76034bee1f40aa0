"""Every route × everybody: who may not is refused, and whatever touches a case is recorded.

The table is complete: a route of the hub that it does not name fails.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from teleneedle.adapters.sql.image_tables import PlanRow, SeriesRow, StructureRow, UploadRow
from teleneedle.adapters.sql.job_tables import JobRow
from teleneedle.adapters.sql.link_tables import ArrivingSeriesRow
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.core.access import GRANTS, MACHINE_ACTIONS, Action, Role

AT = datetime(2026, 1, 2, tzinfo=UTC)
SHA = "ab" * 32
IDS = {name: str(uuid.uuid5(uuid.NAMESPACE_OID, name)) for name in ("series", "upload", "job", "arriving")}
UIDS = {"study": "1.2.3", "series": "1.2.3.4", "instance": "1.2.3.4.5"}
PUBLIC, SIGNED, ADMIN = "public", "signed", "admin"

RULES: dict[str, str | Action] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /{path:path}": PUBLIC,
    "GET /api/setup": PUBLIC,
    "POST /api/setup": PUBLIC,
    "POST /api/session": PUBLIC,
    "GET /api/session/providers": PUBLIC,
    "GET /api/session/oidc/{provider}": PUBLIC,
    "GET /api/session/oidc/{provider}/callback": PUBLIC,
    "GET /fhir/metadata": PUBLIC,
    "GET /fhir/{rest:path}": PUBLIC,
    "GET /api/session": SIGNED,
    "POST /api/session/totp": SIGNED,
    "POST /api/session/totp/confirmation": SIGNED,
    "GET /api/cases": SIGNED,
    "GET /api/sites": SIGNED,
    "GET /api/devices": SIGNED,
    "GET /api/devices/{device_id}/zone": SIGNED,
    "GET /api/clearance-rules": SIGNED,
    "GET /fhir/{kind}": SIGNED,
    "GET /dicomweb/studies": SIGNED,
    "GET /dicomweb/series": SIGNED,
    "GET /dicomweb/instances": SIGNED,
    "GET /dicomweb/studies/{study}/series": SIGNED,
    "GET /dicomweb/studies/{study}/instances": SIGNED,
    "GET /dicomweb/studies/{study}/series/{series}/instances": SIGNED,
    "POST /dicomweb/studies": SIGNED,
    "POST /dicomweb/studies/{study}": SIGNED,
    "POST /dicomweb/cases/{case_id}/studies": Action.UPLOAD_IMAGES,
    "POST /dicomweb/cases/{case_id}/studies/{study}": Action.UPLOAD_IMAGES,
    "GET /dicomweb/studies/{study}": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/metadata": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/series/{series}": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/series/{series}/metadata": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/series/{series}/instances/{instance}": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/series/{series}/instances/{instance}/metadata": Action.READ_CASE,
    "GET /dicomweb/studies/{study}/series/{series}/instances/{instance}/frames/{frames}": Action.READ_CASE,
    "GET /api/admin/sites": ADMIN,
    "POST /api/admin/sites": ADMIN,
    "PATCH /api/admin/sites/{site_id}": ADMIN,
    "GET /api/admin/people": ADMIN,
    "POST /api/admin/people": ADMIN,
    "PATCH /api/admin/people/{person_id}": ADMIN,
    "DELETE /api/admin/people/{person_id}/totp": ADMIN,
    "PUT /api/admin/devices/{device_id}/verification": ADMIN,
    "DELETE /api/admin/devices/{device_id}/verification": ADMIN,
    "GET /api/admin/limits": ADMIN,
    "PUT /api/admin/limits": ADMIN,
    "GET /api/admin/audit": ADMIN,
    "GET /api/admin/audit/verification": ADMIN,
    "GET /api/admin/tokens": ADMIN,
    "POST /api/admin/tokens": ADMIN,
    "DELETE /api/admin/tokens/{token_id}": ADMIN,
    "GET /api/admin/gateways": ADMIN,
    "POST /api/admin/gateways/codes": ADMIN,
    "PATCH /api/admin/gateways/{gateway_id}": ADMIN,
    "DELETE /api/admin/gateways/{gateway_id}": ADMIN,
    "GET /api/admin/dicom/port": ADMIN,
    "GET /api/admin/dicom/stations": ADMIN,
    "POST /api/admin/dicom/stations": ADMIN,
    "PUT /api/admin/dicom/stations/{station_id}": ADMIN,
    "DELETE /api/admin/dicom/stations/{station_id}": ADMIN,
    "GET /api/admin/dicom/rules": ADMIN,
    "POST /api/admin/dicom/rules": ADMIN,
    "DELETE /api/admin/dicom/rules/{rule_id}": ADMIN,
    "POST /api/cases": Action.REFER_CASE,
    "GET /api/cases/{case_id}": Action.READ_CASE,
    "GET /api/cases/{case_id}/events": Action.READ_CASE,
    "POST /api/cases/{case_id}/events": Action.READ_CASE,
    "GET /api/cases/{case_id}/stream": Action.READ_CASE,
    "POST /api/cases/{case_id}/presence": Action.READ_CASE,
    "GET /fhir/{kind}/{logical_id}": Action.READ_CASE,
    "POST /api/cases/{case_id}/uploads": Action.UPLOAD_IMAGES,
    "GET /api/uploads/{upload_id}": Action.UPLOAD_IMAGES,
    "DELETE /api/uploads/{upload_id}": Action.UPLOAD_IMAGES,
    "PUT /api/uploads/{upload_id}/files/{n}": Action.UPLOAD_IMAGES,
    "POST /api/uploads/{upload_id}/complete": Action.UPLOAD_IMAGES,
    "GET /api/arriving": SIGNED,
    "GET /api/cases/{case_id}/arriving": Action.READ_CASE,
    "GET /api/arriving/{arriving_id}": Action.READ_CASE,
    "GET /api/arriving/{arriving_id}/pictures": Action.READ_CASE,
    "GET /api/arriving/{arriving_id}/structures/{kind}": Action.READ_CASE,
    "POST /api/arriving/{arriving_id}/focus": Action.READ_CASE,
    "POST /api/arriving/{arriving_id}/urgent": Action.UPLOAD_IMAGES,
    "POST /api/arriving/{arriving_id}/confirm": Action.UPLOAD_IMAGES,
    "GET /api/series/{series_id}": Action.READ_CASE,
    "GET /api/series/{series_id}/slab": Action.READ_CASE,
    "GET /api/series/{series_id}/frames/{k}": Action.READ_CASE,
    "GET /api/series/{series_id}/pictures": Action.READ_CASE,
    "GET /api/structures/{sha256}/mask": Action.READ_CASE,
    "GET /api/structures/{sha256}/mesh": Action.READ_CASE,
    "GET /api/structures/{sha256}/distance": Action.READ_CASE,
    "GET /api/cases/{case_id}/structures": Action.READ_CASE,
    "PUT /api/cases/{case_id}/structures/{name}/mask": Action.EDIT_STRUCTURES,
    "POST /api/cases/{case_id}/segmentations": Action.EDIT_STRUCTURES,
    "POST /api/cases/{case_id}/proposals": Action.EDIT_PLAN,
    "POST /api/cases/{case_id}/evaluations": Action.EDIT_PLAN,
    "POST /api/cases/{case_id}/access-maps": Action.EDIT_PLAN,
    "GET /api/cases/{case_id}/access-maps/{sha256}": Action.READ_CASE,
    "GET /api/cases/{case_id}/jobs": Action.READ_CASE,
    "GET /api/plans/{sha256}/template": Action.READ_CASE,
    "GET /api/cases/{case_id}/plans": Action.READ_CASE,
    "GET /api/plans/{sha256}": Action.READ_CASE,
    "GET /api/plans/{sha256}/files": Action.READ_CASE,
    "GET /api/plans/{sha256}/files/{path:path}": Action.READ_CASE,
    "GET /api/plans/{sha256}/results": Action.READ_CASE,
    "GET /api/plans/{sha256}/results/{result}": Action.READ_CASE,
    "GET /api/plans/{sha256}/diff/{other}": Action.READ_CASE,
    "GET /api/jobs/{job_id}": Action.READ_CASE,
    "DELETE /api/jobs/{job_id}": Action.EDIT_PLAN,
}
"""Route → who: everybody, whoever is signed in, administrators, or holders of an action on the case."""

ENDS_THE_SIGN_IN = "DELETE /api/session"
STREAMS = {"GET /api/cases/{case_id}/stream"}
"""Never end: asked by those who are refused only."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    made = make_world(tmp_path_factory.mktemp("matrix"))
    with TestClient(made.app):
        yield made


@pytest.fixture(scope="module")
def case_id(world: HubWorld) -> str:
    """A case of hospital a, with a row of each kind."""
    found = str(world.refer("a")["id"])
    with world.hub.sessions() as session, session.begin():
        _fill(session, found, _dicom(world))
        session.add(_arriving(world.sites["a"]))
    return found


def _dicom(world: HubWorld) -> str:
    """What a series says of itself: one stored instance."""
    facts = {
        tag: {"vr": "UI", "Value": [uid]}
        for tag, uid in (
            ("0020000D", UIDS["study"]),
            ("0020000E", UIDS["series"]),
            ("00080018", UIDS["instance"]),
        )
    }
    facts["00100010"] = {"vr": "PN", "Value": [{"Alphabetic": "Test^Patient"}]}  # type: ignore[list-item]  # a name is no text
    objects = world.hub.objects
    entry = {"start": 0, "end": 4, "facts": facts}
    study = {"study_uid": UIDS["study"], "series_uid": UIDS["series"]}
    about = {"study": study, "originals": objects.put(b"DICM")}
    return json.dumps({**about, "instances": objects.put(json.dumps([entry]).encode())})


def _arriving(site_id: str) -> ArrivingSeriesRow:
    facts = dict.fromkeys(("accession", "description", "modality", "phase", "via", "calling_aet"), "")
    patient = {"id": "P9", "name": "On^Way", "birth_date": "1961-01-02"}
    return ArrivingSeriesRow(
        id=IDS["arriving"],
        site_id=site_id,
        gateway_id="g",
        series_uid=UIDS["series"],
        study_uid=UIDS["study"],
        state="arriving",
        facts=json.dumps({**facts, "patient": patient}),
        announced=0,
        verified=0,
        created_at=AT,
        updated_at=AT,
    )


def _fill(session: Session, case_id: str, about: str) -> None:
    common = {"case_id": case_id, "created_at": AT}
    session.add(SeriesRow(id=IDS["series"], sha256=SHA, about=about, **common))
    session.add(UploadRow(id=IDS["upload"], command_id="u", state="open", **common))
    facts = {"payload": "{}", "state": "done", "person_id": "x", "person_name": "x", "role": "expert"}
    session.add(JobRow(id=IDS["job"], command_id="j", kind="proposal", **facts, **common))
    session.add(
        StructureRow(
            name="liver",
            version=1,
            sha256=SHA,
            series_id=IDS["series"],
            kind="liver",
            engine="test",
            gate="pass",
            reasons="[]",
            volume_ml=1.0,
            created_by="x",
            **common,
        )
    )
    texts = {"kind": "auto", "label": "", "author": "x", "summary": "{}", "files": "{}"}
    session.add(PlanRow(plan_sha256=SHA, version=1, **texts, **common))


def leaves(found: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Routes of an application, those of included routers too."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route
        elif inner is not None:
            yield from leaves(inner.routes)


def routes(world: HubWorld) -> list[str]:
    return [
        f"{method} {route.path}" for route in leaves(world.app.routes) for method in sorted(route.methods)
    ]


def test_every_route_has_a_rule(world: HubWorld) -> None:
    missing = [r for r in routes(world) if r not in RULES and r != ENDS_THE_SIGN_IN]
    assert missing == []
    assert [r for r in RULES if r not in routes(world)] == []
    assert len(routes(world)) > 50


def everybody(world: HubWorld) -> list[str]:
    return ["anonymous", *world.people]


def role_of(who: str) -> tuple[Role, str]:
    role, _, letter = who.partition("-")
    return Role(role), letter or "centre"


def expected(rule: str | Action, who: str) -> str:
    """``allowed``, ``anonymous`` (401), ``forbidden`` (403) or ``hidden`` (404)."""
    if rule == PUBLIC:
        return "allowed"
    if who == "anonymous":
        return "anonymous"
    role, site = role_of(who)
    if rule in (SIGNED, ADMIN):
        return "allowed" if rule == SIGNED or role is Role.ADMIN else "forbidden"
    assert isinstance(rule, Action)
    if rule is Action.REFER_CASE:
        return "allowed" if role in GRANTS[rule] and site in ("a", "centre") else "forbidden"
    if role not in GRANTS[Action.READ_CASE] or site not in ("a", "centre"):
        return "hidden"
    return "allowed" if role in GRANTS[rule] else "forbidden"


STATUS = {"anonymous": {401}, "forbidden": {403}, "hidden": {404}}


def send(world: HubWorld, case_id: str, route: str, who: str, client: TestClient | None = None) -> int:
    method, _, template = route.partition(" ")
    url = template
    for name, value in {
        "case_id": case_id,
        "person_id": str(uuid.UUID(int=0)),
        "series_id": IDS["series"],
        "upload_id": IDS["upload"],
        "arriving_id": IDS["arriving"],
        "job_id": IDS["job"],
        "sha256": SHA,
        "plan_sha256": SHA,
        "other": SHA,
        "result": SHA,
        "k": "0",
        "n": "0",
        "name": "liver",
        "kind": "ServiceRequest",
        "logical_id": case_id,
        "path:path": "plan.json",
        "device_id": "no-such-device",
        "gateway_id": str(uuid.UUID(int=0)),
        "token_id": str(uuid.UUID(int=0)),
        "station_id": str(uuid.UUID(int=0)),
        "rule_id": str(uuid.UUID(int=0)),
        "frames": "1",
        **UIDS,
    }.items():
        url = url.replace("{" + name + "}", value)
    url = url.split("{")[0] + ("x" if "{" in url else "")
    client = client or (world.anonymous() if who == "anonymous" else world.as_(who))
    body = {"command_id": str(uuid.uuid4())} if template.startswith("/api/cases/") else {}
    if route == "POST /api/cases":
        patient = {"id": "P", "name": "N", "sex": "F", "birth_date": "1960-01-02"}
        body = {**body, "command_id": str(uuid.uuid4()), "site_id": world.sites["a"], "patient": patient}
        body = {**body, "modality": "mwa", "indication": "x"}
    content = {} if method in ("GET", "DELETE") else {"content": json.dumps(body)}
    headers = {"Content-Type": "application/json", "If-Match": f'"{SHA}"'}
    return client.request(method, url, headers=headers, **content).status_code


def test_who_may_not_is_refused(world: HubWorld, case_id: str) -> None:
    wrong = []
    for route in routes(world):
        if route not in RULES:
            continue
        for who in everybody(world):
            want = expected(RULES[route], who)
            if want == "allowed" and route in STREAMS:
                continue
            got = send(world, case_id, route, who)
            fits = got in STATUS[want] if want in STATUS else RULES[route] == PUBLIC or got not in (401, 403)
            if not fits:
                wrong.append((route, who, want, got))
    assert wrong == []


FOR_PERSONS = {route for route in RULES if route.split(" ")[1].startswith("/api/session")}


def test_a_machine_does_what_its_role_may_and_moves_images_only(world: HubWorld, case_id: str) -> None:
    wrong = []
    for who in ("expert", "mdt", "technologist-a", "technologist-b", "operator-a", "observer-a"):
        role, site = role_of(who)
        _, token = world.hub.tokens.issue(
            name=who, site_id=world.sites[site], role=role, valid_days=1, created_by="test"
        )
        client = world.anonymous()
        client.headers["Authorization"] = f"Bearer {token}"
        for route, rule in RULES.items():
            want = expected(rule, who)
            if rule == SIGNED and route in FOR_PERSONS:
                want = "anonymous"
            elif want == "allowed" and isinstance(rule, Action) and rule not in MACHINE_ACTIONS:
                want = "forbidden"
            if want == "allowed" and route in STREAMS:
                continue
            got = send(world, case_id, route, who, client)
            fits = got in STATUS[want] if want in STATUS else rule == PUBLIC or got not in (401, 403)
            if not fits:
                wrong.append((route, who, want, got))
    assert wrong == []


def test_every_access_to_a_case_is_recorded_refused_ones_too(world: HubWorld, case_id: str) -> None:
    silent = []
    for route in routes(world):
        if not isinstance(RULES.get(route), Action) and RULES.get(route) != ADMIN:
            continue
        for who in ("anonymous", "operator-a", "operator-b", "admin"):
            if route in STREAMS and who == "operator-a":
                continue
            before = world.hub.audit.page(limit=1)[0].seq
            send(world, case_id, route, who)
            found = world.hub.audit.page(limit=1)[0]
            person = "" if who == "anonymous" else world.people[who]
            if found.seq == before or found.person_id != person:
                silent.append((route, who))
    assert silent == []
    assert world.hub.audit.verify().ok


def test_lists_hold_only_what_one_may_see(world: HubWorld, case_id: str) -> None:
    for who in world.people:
        role, site = role_of(who)
        sees = role in GRANTS[Action.READ_CASE] and site in ("a", "centre")
        for url in ("/api/cases", "/fhir/ServiceRequest", "/fhir/Patient", "/dicomweb/instances"):
            answer = world.as_(who).get(url)
            assert answer.status_code in (200, 204)
            assert (
                case_id in answer.text or "1960-01-02" in answer.text or UIDS["study"] in answer.text
            ) == sees, (who, url)


COMMANDS: dict[str, tuple[Action, dict[str, object]]] = {
    "consent.recorded": (Action.RECORD_CONSENT, {"signed_on": "2026-01-01", "document_note": ""}),
    "checklist.answered": (Action.ANSWER_CHECKLIST, {"answers": {"inr": 1.0}}),
    "report.filed": (Action.FILE_REPORT, {"title": "t", "text": "x"}),
    "case.closed": (Action.CLOSE_CASE, {}),
}


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_commands_need_their_own_right(world: HubWorld, case_id: str, kind: str) -> None:
    action, body = COMMANDS[kind]
    for who in world.people:
        command = {"command_id": str(uuid.uuid4()), "kind": kind, "body": body}
        got = world.as_(who).post(f"/api/cases/{case_id}/events", json=command).status_code
        want = expected(action, who)
        assert got in STATUS[want] if want in STATUS else got not in (401, 403, 404), (who, got)


def test_paths_do_not_leave_the_built_pages(world: HubWorld, tmp_path: Path) -> None:
    for path in (
        "/..%2f..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/assets/../../hub/settings.py",
    ):
        answer = world.anonymous().get(path)
        assert "root:" not in answer.text
        assert "[project]" not in answer.text
        assert "class Settings" not in answer.text


def test_headers_are_strict(world: HubWorld) -> None:
    for url in ("/", "/api/session", "/nowhere"):
        headers = world.anonymous().get(url).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    framed = world.as_("expert").get(f"/api/plans/{SHA}/files/book.pdf").headers
    assert "frame-ancestors 'self'" in framed["content-security-policy"]


def test_nothing_of_the_inside_is_shown(world: HubWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("Zhang^San 1960")

    monkeypatch.setattr(world.hub.identity, "sites", fail)
    answer = world.as_("admin").get("/api/admin/sites")
    assert answer.status_code == 500
    assert answer.json()["type"].startswith("urn:teleneedle:problem:")
    assert "Zhang" not in answer.text
    assert "Zero" not in answer.text
