"""plan.json: schema, hash, rounding that never passes a limit."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from teleneedle.adapters.plan_folder.encode import encode_plan, plan_bytes, plan_sha256
from teleneedle.adapters.plan_folder.schema import check_plan_document
from teleneedle.core.anatomy import Gate
from teleneedle.core.devices import Modality, Zone, ZoneBand
from teleneedle.core.errors import NotReadableError
from teleneedle.core.plan import (
    Application,
    Check,
    Clearance,
    Coverage,
    CoverageBand,
    DeviceRecord,
    Needle,
    Plan,
    StructureRecord,
    TargetSummary,
)

BAND = CoverageBand(
    target_pct=100.0,
    ptv_pct=99.0,
    min_margin_mm=4.99999,
    mean_margin_mm=7.0,
    surface_below_margin_pct=0.1,
    healthy_tissue_ml=20.0,
    zone_ml=30.0,
)
TARGET = TargetSummary(
    name="tumour1", volume_ml=7.5, centroid_lps=(1, 2, 3), diameters_mm=(30, 25, 20), margin_mm=5
)
PLAN = Plan(
    id="TN-1",
    version=1,
    created=datetime(2026, 3, 1, tzinfo=UTC),
    modality=Modality.MWA,
    patient_id="1",
    patient_name="示例^患者",
    patient_sex="M",
    patient_age="061Y",
    study_date="20260301",
    series_instance_uid="1.2",
    frame_of_reference_uid="1.3",
    sha256={"ct": "0" * 64},
    device=DeviceRecord(
        id="d", name=("针", "needle"), provenance="p", verified_by="", acknowledged=True, gauge=15
    ),
    models=(),
    target=TARGET,
    targets=(TARGET,),
    structures=(
        StructureRecord(
            name="liver",
            kind="liver",
            volume_ml=1500,
            engine="builtin",
            engine_sha256="",
            state="proposed",
            reviewer="",
            reviewed_at="",
            gate=Gate.AMBER,
            reasons=(("切边", "cut"),),
        ),
    ),
    needles=(
        Needle(
            id="N1",
            entry_lps=(0, 0, 0),
            tip_lps=(0, 80, 0),
            target_lps=(0, 70, 0),
            inserted_mm=80,
            gauge=15,
            tilt_deg=0,
            in_plane_deg=0,
            skin_angle_deg=80,
            capsule_angle_deg=None,
            liver_before_target_mm=None,
            clearances=(
                Clearance(
                    structure="bone", min_distance_mm=3.00004, at_lps=(0, 1, 0), required_mm=3, is_hard=True
                ),
            ),
        ),
    ),
    applications=(
        Application(
            needle="N1",
            centre_lps=(0, 70, 0),
            axis=(0, 1, 0),
            tip_lps=(0, 80, 0),
            power_w=60,
            time_s=600,
            energy_kj=36,
            zone=ZoneBand(
                p10=Zone(long_mm=40, short_mm=30),
                p50=Zone(long_mm=48, short_mm=36),
                p90=Zone(long_mm=54, short_mm=41),
            ),
        ),
    ),
    coverage=Coverage(
        p10=BAND,
        p50=BAND,
        p90=BAND,
        punctures=1,
        applications=1,
        optimality_gap=0.0,
        thinnest_lps=(1, 2, 3),
        organs=(),
    ),
    alternatives=(),
    checks=(Check(id="inr", status="pass", rule=("甲", "a"), finding=("乙", "b"), source="s"),),
    care=(),
    contingency=(),
    warnings=(),
    timings_s={"read": 0.5},
)


def test_an_encoded_plan_follows_the_shipped_schema() -> None:
    check_plan_document(json.loads(plan_bytes(PLAN)))


def test_the_hash_is_the_sha256_of_the_file() -> None:
    assert plan_sha256(PLAN) == hashlib.sha256(plan_bytes(PLAN)).hexdigest()
    assert plan_sha256(replace(PLAN, version=2)) != plan_sha256(PLAN)


def test_values_below_a_limit_are_not_rounded_up_to_it() -> None:
    assert encode_plan(PLAN)["coverage"]["min_margin_mm"] < 5.0


def test_infinite_values_become_null_not_invalid_json() -> None:
    coverage = replace(PLAN.coverage, optimality_gap=float("inf"))
    text = plan_bytes(replace(PLAN, coverage=coverage))
    assert json.loads(text)["coverage"]["optimality_gap"] is None
    assert b"Infinity" not in text


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("modality",), "laser"),
        (("needles", 0, "tip_lps"), [1, 2]),
        (("checks", 0, "status"), "ok"),
        (("sha256",), {}),
        (("extra",), 1),
    ],
)
def test_the_schema_refuses_and_names_the_place(path: tuple[str | int, ...], value: object) -> None:
    document = copy.deepcopy(encode_plan(PLAN))
    document = json.loads(json.dumps(document))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(NotReadableError):
        check_plan_document(document)
