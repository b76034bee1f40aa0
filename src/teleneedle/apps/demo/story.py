"""What happens before the audience arrives: sites, people, referrals, checklists, CT, structures, a plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from teleneedle.apps.demo.cast import (
    ADMINISTRATOR,
    CENTRE,
    CENTRE_STAFF,
    HOSPITALS,
    PASSWORD,
    Player,
    Referral,
    hospital_staff,
)
from teleneedle.apps.demo.client import HubClient, Json
from teleneedle.core.case import Patient

Say = Callable[[str], None]


def people_the_hub(url: str, setup_token: str) -> dict[str, str]:
    """Make the centre, the hospitals and everybody in them; site ids by name."""
    administrator = HubClient(url)
    name, email = ADMINISTRATOR
    session = administrator.set_up(setup_token, centre=CENTRE, name=name, email=email, password=PASSWORD)
    sites = {CENTRE: str(session["memberships"][0]["site_id"])}
    for hospital in HOSPITALS:
        sites[hospital] = administrator.post("/api/admin/sites", {"name": hospital, "kind": "hospital"})["id"]
    for player in (*CENTRE_STAFF, *(p for hospital in HOSPITALS for p in hospital_staff(hospital))):
        _add(administrator, player, sites[player.site])
    administrator.close()
    return sites


def _add(administrator: HubClient, player: Player, site_id: str) -> None:
    administrator.post(
        "/api/admin/people",
        {
            "name": player.name,
            "email": player.email,
            "password": PASSWORD,
            "memberships": [{"site_id": site_id, "role": player.role}],
        },
    )


def refer(
    url: str, referral: Referral, *, site_id: str, patient: Patient, folder: Path, uploads: bool = True
) -> str:
    """The hospital opens a case, signs consent, answers the checklist and uploads its CT; the case id."""
    operator = HubClient(url)
    operator.sign_in(hospital_staff(referral.hospital)[0].email, PASSWORD)
    case: Json = operator.command(
        "/api/cases",
        {
            "site_id": site_id,
            "patient": {
                "id": patient.id,
                "name": patient.name,
                "sex": patient.sex,
                "birth_date": patient.birth_date,
            },
            "modality": referral.modality,
            "indication": referral.indication,
        },
    )
    case_id = str(case["id"])
    operator.append(case_id, "consent.recorded", {"signed_on": "2026-11-20", "document_note": "paper, ward"})
    answers = yaml.safe_load((folder / "checklist.yml").read_text(encoding="utf-8"))
    operator.append(case_id, "checklist.answered", {"answers": answers})
    if uploads:
        operator.upload(case_id, folder / "ct")
    operator.close()
    return case_id


def propose_structures(url: str, case_id: str, target_box: tuple[float, ...], say: Say) -> None:
    """The expert has the structures of a case proposed, the tumour from its box."""
    expert = HubClient(url)
    expert.sign_in(CENTRE_STAFF[0].email, PASSWORD)
    series = expert.get(f"/api/cases/{case_id}")["series"][0]["id"]
    job = expert.command(
        f"/api/cases/{case_id}/segmentations", {"series_id": series, "target_box": list(target_box)}
    )
    told: set[int] = set()

    def tell(seen: Json) -> None:
        tenth = int(10 * float(seen["fraction"]))
        if tenth not in told:
            told.add(tenth)
            say(f"structures: {seen['stage']} {10 * tenth} %")

    expert.wait(job, tell)
    expert.close()


def review_structures(expert: HubClient, case_id: str) -> None:
    """The expert puts their name to every structure that is not reviewed, as a plan needs it."""
    for one in expert.get(f"/api/cases/{case_id}/structures"):
        if one["state"] != "reviewed":
            body = {"name": one["name"], "sha256": one["sha256"], "note": ""}
            expert.append(case_id, "structure.reviewed", body)


def propose_plan(expert: HubClient, case_id: str) -> str:
    """A plan with the first device of the case's modality, unverified as it is; the plan's hash."""
    case = expert.get(f"/api/cases/{case_id}")
    device = next(d["id"] for d in expert.get("/api/devices") if d["modality"] == case["modality"])
    order = {"series_id": case["series"][0]["id"], "device_id": device, "accept_unverified_device": True}
    job = expert.wait(expert.command(f"/api/cases/{case_id}/proposals", order))
    return str(job["result"]["plan_sha256"])
