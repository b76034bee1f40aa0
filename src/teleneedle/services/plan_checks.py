"""What the plan itself passes or not: clearances, margin, review state, device, robustness."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from teleneedle.core.anatomy import KINDS, Structure, unreviewed_names
from teleneedle.core.devices import Device
from teleneedle.core.plan import Bilingual, Check, Needle
from teleneedle.services.place_needles import Placement

ROBUST_SAFE_PCT = 80.0


def check_plan(
    placement: Placement,
    *,
    structures: Sequence[Structure],
    missing: Mapping[str, Bilingual],
    device: Device,
    margin_mm: float,
) -> tuple[Check, ...]:
    """Checks of the plan's own figures.

    Parameters
    ----------
    placement : Placement
        Needles and their coverage.
    structures : sequence of Proposed or Reviewed
        Everything the plan rests on.
    missing : mapping
        Kinds that could not be had, and why.
    device : Device
    margin_mm : float
        Wanted margin.
    """
    return (
        _path_check(placement.needles, missing),
        _margin_check(placement, margin_mm),
        _review_check(structures),
        _device_check(device),
        _robustness_check(placement.needles),
    )


def _path_check(needles: Sequence[Needle], missing: Mapping[str, Bilingual]) -> Check:
    hard = [c for needle in needles for c in needle.clearances if c.is_hard]
    broken = [c for c in hard if c.min_distance_mm < c.required_mm]
    absent = sorted(missing)
    status = "fail" if broken else ("warn" if absent else "pass")
    finding: Bilingual = ("满足全部硬约束", "all hard limits kept")
    if hard:
        slack = min(hard, key=lambda c: c.min_distance_mm - c.required_mm)
        sign = "<" if slack.min_distance_mm < slack.required_mm else "≥"
        distance = f"{_floored(slack.min_distance_mm)} {sign} {slack.required_mm:g} mm"
        name = display_name(slack.structure)
        finding = (f"最紧：{name[0]} {distance}", f"tightest: {name[1]} {distance}")
    if absent:
        names = [display_name(kind) for kind in absent]
        finding = (
            f"{finding[0]}；未见：{'、'.join(n[0] for n in names)}",
            f"{finding[1]}; not seen: {', '.join(n[1] for n in names)}",
        )
    return Check(
        id="path_clear",
        status=status,
        rule=("路径避开危及结构", "path clear of structures at risk"),
        finding=finding,
        source="plan",
    )


def display_name(kind: str) -> Bilingual:
    """Display names of a canonical kind, or the kind itself."""
    known = KINDS.get(kind)
    return (known.name_zh, known.name_en) if known else (kind, kind)


def _floored(value_mm: float) -> str:
    """One decimal, rounded down, so that no figure passes a limit the exact one fails."""
    return f"{math.floor(value_mm * 10) / 10:.1f}".replace("-", "−")


def _margin_check(placement: Placement, margin_mm: float) -> Check:
    p10, p50 = placement.coverage.p10.min_margin_mm, placement.coverage.p50.min_margin_mm
    if p50 < 0.0 or placement.coverage.p50.target_pct < 100.0:
        status = "fail"
    elif p50 < margin_mm or p10 < 0.0:
        status = "warn"
    else:
        status = "pass"
    figure = f"P50 {_floored(p50)} mm (P10 {_floored(p10)})"
    return Check(
        id="margin",
        status=status,
        rule=(
            f"预期最小边缘 ≥ {margin_mm:g} mm",
            f"expected least margin ≥ {margin_mm:g} mm",
        ),
        finding=(figure, figure),
        source="site rule (5 mm), to be confirmed",
    )


def _review_check(structures: Sequence[Structure]) -> Check:
    open_names = unreviewed_names(structures)
    total = len(structures)
    figure = f"{total - len(open_names)} / {total}"
    note: Bilingual = (figure, figure)
    if open_names:
        note = (f"{figure}；已确认按未审核使用", f"{figure}; unreviewed use acknowledged")
    return Check(
        id="structures_reviewed",
        status="warn" if open_names else "pass",
        rule=("结构已审核", "structures reviewed"),
        finding=note,
        source="plan",
    )


def _device_check(device: Device) -> Check:
    if device.is_verified:
        finding: Bilingual = (f"核实人 {device.verified_by}", f"verified by {device.verified_by}")
    else:
        finding = ("未经本院核实，已确认", "not verified by this site, acknowledged")
    return Check(
        id="device_verified",
        status="pass" if device.is_verified else "warn",
        rule=("器械表已核实", "device table verified"),
        finding=finding,
        source="plan",
    )


def _robustness_check(needles: Sequence[Needle]) -> Check:
    shares = [n.robustness.safe_pct for n in needles if n.robustness is not None]
    rule: Bilingual = (
        f"穿刺误差后仍安全 ≥ {ROBUST_SAFE_PCT:g} %",
        f"still safe after placement error ≥ {ROBUST_SAFE_PCT:g} %",
    )
    if not shares:
        return Check(
            id="robustness", status="unknown", rule=rule, finding=("未计算", "not computed"), source="plan"
        )
    least = min(shares)
    return Check(
        id="robustness",
        status="pass" if least >= ROBUST_SAFE_PCT else "warn",
        rule=rule,
        finding=(f"{least:.0f} %", f"{least:.0f} %"),
        source="site rule, to be confirmed",
    )
