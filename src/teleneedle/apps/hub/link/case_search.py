"""The cases that images may belong to, by the identity that they carry."""

from __future__ import annotations

import json
from collections.abc import Mapping

from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.work.import_ct import differing_identity
from teleneedle.core.case import Patient
from teleneedle.core.casefile.state import CaseFile, patient_key
from teleneedle.ports.case_log import CaseFilter

IDENTITY = ("id", "name", "birth_date")


def cases_of_patient(hub: Hub, site_id: str, patient_id: str) -> list[CaseFile]:
    """Open cases of a hospital under a patient id; none for an empty one."""
    if not patient_id:
        return []
    chosen = CaseFilter(
        sites=frozenset({site_id}), site_id=site_id, patient_key=patient_key(site_id, patient_id)
    )
    life = hub.cases.life
    return [life.load(one.id) for one in life.log.list(chosen).items if one.state != "closed"]


def find_case(
    hub: Hub, site_id: str, found: Mapping[str, str], *, study_uid: str, accession: str
) -> tuple[str, str]:
    """The one case that is surely this patient's, or empty and why there is none to be sure of.

    Of several open cases it is the one that has images of the same study, or of the same accession, already.
    """
    if not found["id"]:
        return "", "no-identity"
    cases = cases_of_patient(hub, site_id, found["id"])
    if len(cases) > 1:
        cases = [one for one in cases if _has_study(hub, one.id, study_uid, accession)] or cases
    if len(cases) != 1:
        return "", "several-cases" if cases else "no-case"
    return (cases[0].id, "") if agrees(cases[0].patient, found) else ("", "identity-differs")


def _has_study(hub: Hub, case_id: str, study_uid: str, accession: str) -> bool:
    """Whether a case holds images of a study, or a person has put some on their way into it."""
    kept = [about.get("study", {}) for about in hub.imaging.images.abouts(case_id)]
    coming = hub.arriving.store.list(sites=None, case_id=case_id)
    studies = {one.get("study_uid") for one in kept} | {row.study_uid for row in coming}
    accessions = {one.get("accession_number") for one in kept}
    accessions |= {json.loads(row.facts)["accession"] for row in coming}
    return study_uid in studies or (accession != "" and accession in accessions)


def agrees(expected: Patient, found: Mapping[str, str]) -> bool:
    """Whether id, name and birth date are all there on both sides, and the same (hazard H2)."""
    is_full = all(getattr(expected, key) and found[key] for key in IDENTITY)
    return is_full and not differing_identity(expected, found)
