"""A small synthetic patient and a plan for it; figures differ so that none can stand in for another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.report.images import BookImages, BookPictures
from teleneedle.adapters.report.plan_book import render_book_pictures, write_plan_book
from teleneedle.core.anatomy import Gate
from teleneedle.core.devices import Modality, Zone, ZoneBand
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.plan import (
    Alternative,
    Application,
    CareItem,
    Check,
    Clearance,
    Coverage,
    CoverageBand,
    DeviceRecord,
    ModelRecord,
    Needle,
    OrganDistance,
    Plan,
    Robustness,
    StructureRecord,
    TargetSummary,
)

TARGET = np.array([-28.0, 4.0, 6.0])


def phantom_images() -> BookImages:
    """Body, liver, portal vein, bone and a target on a 2.4 × 2.4 × 3 mm grid."""
    shape = (56, 112, 128)
    half = (np.array(shape[::-1]) - 1) / 2 * (2.4, 2.4, 3.0)
    grid = Grid.regular(shape, spacing_mm=(2.4, 2.4, 3.0), origin_lps=-half, frame_of_reference_uid="1.2.3.4")
    k, j, i = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    x, y, z = (c * s - h for c, s, h in zip((i, j, k), (2.4, 2.4, 3.0), half, strict=True))

    def ball(centre: np.ndarray, radii: tuple[float, float, float]) -> np.ndarray:
        a, b, c = ((v - m) / r for v, m, r in zip((x, y, z), centre, radii, strict=True))
        return a**2 + b**2 + c**2 <= 1

    masks = {
        "body": (x / 140) ** 2 + (y / 105) ** 2 <= 1,
        "liver": ball(np.array([-45.0, -5, 5]), (72, 68, 60)),
        "portal_vein": (np.hypot(y - 30, z + 8) < 7) & (abs(x + 30) < 45),
        "bone": np.hypot(x, y - 75) < 18,
        "gallbladder": ball(np.array([10.0, -30, -30]), (14, 14, 22)),
    }
    target = ball(TARGET, (14, 14, 14))
    hu = np.full(shape, -1000.0)
    for name, value in (
        ("body", 20),
        ("liver", 100),
        ("portal_vein", 160),
        ("bone", 500),
        ("gallbladder", 5),
    ):
        hu[masks[name]] = value
    hu[target] = 55
    hu += np.random.default_rng(0).normal(scale=8, size=shape)
    return BookImages(
        volume=Volume(array=hu.astype(np.int16), grid=grid),
        structures={name: LabelMap(array=mask, grid=grid) for name, mask in masks.items()},
        target=LabelMap(array=target, grid=grid),
    )


def _band(p: float) -> CoverageBand:
    return CoverageBand(
        target_pct=100.0,
        ptv_pct=96.1 + p,
        min_margin_mm=3.2 + 2 * p,
        mean_margin_mm=7.3 + 2 * p,
        surface_below_margin_pct=13.4 - 6.7 * p,
        healthy_tissue_ml=21.7 + 9 * p,
        zone_ml=33.1 + 11 * p,
    )


def phantom_needle(name: str, shift_mm: float) -> Needle:
    """A needle from the front, tilted to the head."""
    tip = TARGET + np.array([shift_mm, 8.3, 2.1])
    entry = tip + np.array([-11.4, -104.6, -21.9])
    return Needle(
        id=name,
        entry_lps=tuple(float(v) for v in entry),  # type: ignore[arg-type]  # three numbers
        tip_lps=tuple(float(v) for v in tip),  # type: ignore[arg-type]  # three numbers
        target_lps=tuple(float(v) for v in TARGET + np.array([shift_mm, 0.0, 0.0])),  # type: ignore[arg-type]  # three numbers
        inserted_mm=107.5 + shift_mm / 10,
        gauge=14,
        tilt_deg=11.8,
        in_plane_deg=-6.2,
        skin_angle_deg=71.0,
        capsule_angle_deg=58.0,
        liver_before_target_mm=36.4,
        clearances=(
            Clearance(
                structure="portal_vein", min_distance_mm=8.6, at_lps=(0, 0, 0), required_mm=5.0, is_hard=True
            ),
            Clearance(
                structure="bone", min_distance_mm=41.7, at_lps=(0, 0, 0), required_mm=3.0, is_hard=True
            ),
            Clearance(
                structure="gallbladder",
                min_distance_mm=4.97,
                at_lps=(0, 0, 0),
                required_mm=5.0,
                is_hard=False,
            ),
        ),
        robustness=Robustness(sigma_mm=3.5, sigma_deg=2.0, draws=500, safe_pct=92.0, covered_pct=88.0),
        reason=("距门静脉 8.6 mm，路径最短", "8.6 mm from the portal vein, shortest way"),
        landmark=("剑突右侧 34 mm，向足 19 mm", "34 mm right of and 19 mm caudal to the xiphoid"),
    )


def phantom_plan() -> Plan:
    """Two needles, one application each, everything filled in."""
    needles = (phantom_needle("N1", 6.0), phantom_needle("N2", -6.0))
    zone = ZoneBand(
        p10=Zone(long_mm=38.4, short_mm=29.6),
        p50=Zone(long_mm=44.8, short_mm=34.2),
        p90=Zone(long_mm=50.6, short_mm=38.8),
    )
    applications = tuple(
        Application(
            needle=n.id,
            centre_lps=n.target_lps,
            axis=tuple(
                np.subtract(n.tip_lps, n.entry_lps) / np.linalg.norm(np.subtract(n.tip_lps, n.entry_lps))
            ),
            power_w=55.0,
            time_s=480.0,
            energy_kj=26.4,
            zone=zone,
            tip_lps=n.tip_lps,
        )
        for n in needles
    )
    target = TargetSummary(
        name="T1",
        volume_ml=11.5,
        centroid_lps=(-28.0, 4.0, 6.0),
        diameters_mm=(28.9, 28.1, 27.3),
        margin_mm=5.0,
        mean_hu=55.0,
        capsule_distance_mm=22.6,
    )
    coverage = Coverage(
        p10=_band(0),
        p50=_band(1),
        p90=_band(2),
        punctures=2,
        applications=2,
        optimality_gap=0.0,
        thinnest_lps=(-28.0, 4.0, 20.0),
        organs=(
            OrganDistance(structure="gallbladder", p50_mm=7.7, p90_mm=5.9, required_mm=5.0),
            OrganDistance(structure="portal_vein", p50_mm=1.4, p90_mm=-0.8, required_mm=5.0),
        ),
        statement=("两针覆盖靶区与边缘", "two needles cover target and margin"),
    )
    return Plan(
        id="TN-TEST-0042",
        version=3,
        created=datetime(2026, 3, 2, 6, 20, tzinfo=UTC),
        modality=Modality.MWA,
        patient_id="PID-77",
        patient_name="Doe^Jane",
        patient_sex="F",
        patient_age="063Y",
        study_date="20260228",
        series_instance_uid="1.2.840.99.1",
        frame_of_reference_uid="1.2.3.4",
        sha256={"ct": "a1b2" * 16, "structures": "c3d4" * 16},
        device=DeviceRecord(
            id="mwa-x",
            name=("测试微波针", "test antenna"),
            provenance="Kuang 2006",
            verified_by="",
            acknowledged=True,
            gauge=14,
        ),
        models=(ModelRecord(name="zone-table", version="0.9", parameters={"derating": 0.83}),),
        target=target,
        targets=(target,),
        structures=(
            _record("liver", 1210.4, "reviewed"),
            _record("portal_vein", 13.9, "reviewed"),
            _record("bone", 171.8, "proposed"),
        ),
        needles=needles,
        applications=applications,
        coverage=coverage,
        alternatives=(
            Alternative(
                label="B",
                title=("单针", "one needle"),
                punctures=1,
                applications=applications[:1],
                needles=needles[:1],
                coverage=replace(
                    coverage, punctures=1, p50=replace(_band(1), min_margin_mm=0.9, ptv_pct=81.0)
                ),
                nearest_vessel_mm=6.3,
                total_time_s=480.0,
                why=("边缘不足", "margin too small"),
            ),
        ),
        checks=(
            Check(
                id="inr", status="pass", rule=("INR ≤ 1.5", "INR ≤ 1.5"), finding=("1.1", "1.1"), source="SIR"
            ),
            Check(
                id="bilio",
                status="warn",
                rule=("无胆肠吻合", "no bilioenteric anastomosis"),
                finding=("有", "present"),
                source="PMC4938743",
            ),
            Check(
                id="icd",
                status="unknown",
                rule=("无起搏器", "no pacemaker"),
                finding=("未回答", "not answered"),
                source="site",
            ),
        ),
        care=(
            CareItem(period=("0–2 h 复苏", "0–2 h recovery"), actions=(("平卧", "bed rest"),)),
            CareItem(
                period=("d 1–14 脓肿观察", "d 1–14 abscess watch"),
                actions=(("体温每日 4 次", "temperature four times a day"),),
                is_raised=True,
            ),
        ),
        contingency=((("针尖偏差", "tip deviation"), ("先纠正", "correct first"), ("> 5 mm", "> 5 mm")),),
        warnings=(("切片间隔不均，已重采样", "uneven slices, resampled"),),
        timings_s={"reading": 0.4},
    )


def _record(kind: str, volume_ml: float, state: str) -> StructureRecord:
    reviewed = state == "reviewed"
    return StructureRecord(
        name=kind,
        kind=kind,
        volume_ml=volume_ml,
        engine="file:" + kind,
        engine_sha256="",
        state=state,
        reviewer="Dr Wang" if reviewed else "",
        reviewed_at="2026-03-02T13:52:00+08:00" if reviewed else "",
        gate=Gate.GREEN if reviewed else Gate.AMBER,
        reasons=() if reviewed else (("上缘超出视野", "cut by the field of view"),),
    )


@dataclass(frozen=True)
class Book:
    """The plan with its pictures and both PDFs."""

    plan: Plan
    images: BookImages
    pictures: BookPictures
    pdfs: dict[str, Path]


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Both languages of the phantom's book, made once."""
    folder = tmp_path_factory.mktemp("book")
    plan, images = phantom_plan(), phantom_images()
    pictures = render_book_pictures(plan, images)
    pdfs = {language: folder / f"plan-{language}.pdf" for language in ("zh", "en")}
    write_plan_book(plan, pictures, pdfs["zh"], language="zh")
    write_plan_book(plan, pictures, pdfs["en"], language="en")
    return Book(plan, images, pictures, pdfs)
