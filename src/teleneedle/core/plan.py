"""The ablation plan: needles, applications, coverage, checks. All points LPS mm, all angles degrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from teleneedle.core.anatomy import Gate
from teleneedle.core.devices import Modality, ZoneBand

Point = tuple[float, float, float]
Bilingual = tuple[str, str]
"""A text in Chinese and in English."""


@dataclass(frozen=True, kw_only=True)
class TargetSummary:
    """One tumour: volume (ml), centre (LPS mm), principal diameters (mm, longest first), margin asked for."""

    name: str
    volume_ml: float
    centroid_lps: Point
    diameters_mm: Point
    margin_mm: float
    mean_hu: float | None = None
    capsule_distance_mm: float | None = None


@dataclass(frozen=True, kw_only=True)
class StructureRecord:
    """What the plan keeps of a structure. `state` is ``proposed`` or ``reviewed``."""

    name: str
    kind: str
    volume_ml: float
    engine: str
    engine_sha256: str
    state: str
    reviewer: str
    reviewed_at: str
    gate: Gate
    reasons: tuple[Bilingual, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Clearance:
    """Distance from the needle's outer line to a structure: minimum (mm), where (LPS mm), required (mm)."""

    structure: str
    min_distance_mm: float
    at_lps: Point
    required_mm: float
    is_hard: bool


@dataclass(frozen=True, kw_only=True)
class Robustness:
    """Share of randomly displaced paths that stay safe, and that still cover the target."""

    sigma_mm: float
    sigma_deg: float
    draws: int
    safe_pct: float
    covered_pct: float


@dataclass(frozen=True, kw_only=True)
class Needle:
    """One puncture.

    Parameters
    ----------
    entry_lps, tip_lps, target_lps : Point
        Skin entry, needle tip at its deepest, and the point aimed at.
    inserted_mm : float
        Skin to tip.
    tilt_deg : float
        Angle out of the axial plane; positive when the needle runs towards the head on its way in.
    in_plane_deg : float
        Angle in the axial plane from the vertical (anterior to posterior); positive to the patient's left.
    skin_angle_deg, capsule_angle_deg : float
        Angle to the tangent plane of skin and liver capsule (90 = perpendicular); None where there is none.
    liver_before_target_mm : float
        Healthy liver crossed before the target.
    score : mapping
        Ranking terms by name, smaller is better.
    reason : Bilingual
        Why this path, in words.
    landmark : Bilingual
        Where the entry is on the body, in words.
    """

    id: str
    entry_lps: Point
    tip_lps: Point
    target_lps: Point
    inserted_mm: float
    gauge: float
    tilt_deg: float
    in_plane_deg: float
    skin_angle_deg: float
    capsule_angle_deg: float | None
    liver_before_target_mm: float | None
    clearances: tuple[Clearance, ...]
    robustness: Robustness | None = None
    score: Mapping[str, float] = field(default_factory=dict)
    reason: Bilingual = ("", "")
    landmark: Bilingual = ("", "")


@dataclass(frozen=True, kw_only=True)
class Application:
    """One delivery of energy: needle, zone centre (LPS mm), axis (unit, entry to tip), setting."""

    needle: str
    centre_lps: Point
    axis: Point
    power_w: float
    time_s: float
    energy_kj: float
    zone: ZoneBand
    tip_lps: Point


@dataclass(frozen=True, kw_only=True)
class CoverageBand:
    """Coverage figures for one percentile of the zone."""

    target_pct: float
    ptv_pct: float
    min_margin_mm: float
    mean_margin_mm: float
    surface_below_margin_pct: float
    healthy_tissue_ml: float
    zone_ml: float


@dataclass(frozen=True, kw_only=True)
class OrganDistance:
    """Distance from the edge of the zone to an organ at risk (P50, P90) and the required distance, mm."""

    structure: str
    p50_mm: float
    p90_mm: float
    required_mm: float


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How well the zones cover target and margin, and what else they touch.

    `optimality_gap` is the solver's relative gap for the number of punctures and applications;
    `margin_samples_mm` holds (P10, P50, P90) margins sorted at equal shares of the tumour surface.
    """

    p10: CoverageBand
    p50: CoverageBand
    p90: CoverageBand
    punctures: int
    applications: int
    optimality_gap: float
    thinnest_lps: Point
    organs: tuple[OrganDistance, ...]
    per_target: Mapping[str, CoverageBand] = field(default_factory=dict)
    statement: Bilingual = ("", "")


@dataclass(frozen=True, kw_only=True)
class Check:
    """Outcome of one pre-operative rule; `status` is pass, warn, fail or unknown."""

    id: str
    status: str
    rule: Bilingual
    finding: Bilingual
    source: str


@dataclass(frozen=True, kw_only=True)
class CareItem:
    """One period of post-operative nursing or follow-up."""

    period: Bilingual
    actions: tuple[Bilingual, ...]
    is_raised: bool = False


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """A model used, its version and parameters."""

    name: str
    version: str
    parameters: Mapping[str, float | str | int | bool]


@dataclass(frozen=True, kw_only=True)
class DeviceRecord:
    """The device as used in the plan; `acknowledged` when unverified rows were accepted by flag."""

    id: str
    name: Bilingual
    provenance: str
    verified_by: str
    acknowledged: bool
    gauge: float


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another plan in short form, with the reason it was not chosen."""

    label: str
    title: Bilingual
    punctures: int
    applications: tuple[Application, ...]
    needles: tuple[Needle, ...]
    coverage: Coverage
    nearest_vessel_mm: float | None
    total_time_s: float
    why: Bilingual


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A complete ablation plan (schema ``teleneedle.plan/1``)."""

    id: str
    version: int
    created: datetime
    modality: Modality
    patient_id: str
    patient_name: str
    patient_sex: str
    patient_age: str
    study_date: str
    series_instance_uid: str
    frame_of_reference_uid: str
    sha256: Mapping[str, str]
    device: DeviceRecord
    models: tuple[ModelRecord, ...]
    target: TargetSummary
    targets: tuple[TargetSummary, ...]
    structures: tuple[StructureRecord, ...]
    needles: tuple[Needle, ...]
    applications: tuple[Application, ...]
    coverage: Coverage
    alternatives: tuple[Alternative, ...]
    checks: tuple[Check, ...]
    care: tuple[CareItem, ...]
    contingency: tuple[tuple[Bilingual, Bilingual, Bilingual], ...]
    warnings: tuple[Bilingual, ...]
    timings_s: Mapping[str, float]
    why_not: tuple[Bilingual, ...] = ()
