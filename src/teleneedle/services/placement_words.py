"""What a placement means, in words a clinician reads."""

from __future__ import annotations

import math

from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Bilingual, Coverage
from teleneedle.services.needle_options import Options

BEYOND_DIAMETER_MM = 50.0
BEYOND_APPLICATIONS = 6

_TITLES: dict[str, Bilingual] = {
    "single": ("单针退针", "one needle, pull-back"),
    "robust": ("加大消融区", "larger zone, covers at P10 too"),
    "other": ("另一入路", "another way in"),
}


def approach_words(kind: str, coverage: Coverage, margin_mm: float) -> tuple[Bilingual, Bilingual]:
    """Title of an alternative, and why it was not chosen."""
    band = coverage.p50
    if band.target_pct < 100.0:
        lack: Bilingual = (
            f"靶区仅覆盖 {_floor(band.target_pct)} %",
            f"covers only {_floor(band.target_pct)} % of the target",
        )
    elif band.min_margin_mm < margin_mm:
        lack = (
            f"最小边缘 {band.min_margin_mm:.1f} mm，不足 {margin_mm:g} mm",
            f"least margin {band.min_margin_mm:.1f} mm, below {margin_mm:g} mm",
        )
    else:
        lack = (
            f"{coverage.punctures} 针 {coverage.applications} 次，路径评分较低",
            f"{coverage.punctures} puncture(s), {coverage.applications} application(s), lower-ranked path",
        )
    return _TITLES[kind], lack


def coverage_statement(
    coverage: Coverage,
    options: Options,
    target: LabelMap,
    margin_mm: float,
    *,
    asked: int | None = None,
    fewest: int | None = None,
) -> Bilingual:
    """What the plan achieves, and plainly where ablation alone does not reach.

    Where the zone must reach into an organ that is said first of all.

    Parameters
    ----------
    asked : int, optional
        Punctures asked for.
    fewest : int, optional
        Punctures that cover the target; None where no number does.
    """
    band = coverage.p50
    gap = "" if math.isnan(coverage.optimality_gap) else f"{100 * coverage.optimality_gap:.0f} %"
    zh = [
        f"{coverage.punctures} 针 {coverage.applications} 次施能：靶区 {_floor(band.target_pct)} %，"
        f"靶区 + {margin_mm:g} mm 覆盖 {_floor(band.ptv_pct)} %"
    ]
    en = [
        f"{coverage.punctures} puncture(s), {coverage.applications} application(s): target "
        f"{_floor(band.target_pct)} %, target + {margin_mm:g} mm {_floor(band.ptv_pct)} % covered"
    ]
    if asked is not None:
        text = _asked_words(coverage, asked, fewest)
        zh.append(text[0])
        en.append(text[1])
    elif gap == "0 %":
        zh.append("在候选位置中已证明针数最少")
        en.append("proved fewest among the candidate positions")
    elif gap:
        zh.append(f"针数最优间隙 {gap}")
        en.append(f"optimality gap {gap}")
    reasons = _beyond_reasons(coverage, options, target)
    if reasons:
        zh.append(
            "单纯消融难以根治：" + "、".join(r[0] for r in reasons) + "；请 MDT 讨论联合 TACE 或其他治疗"
        )
        en.append(
            "beyond what ablation alone is likely to cure: "
            + ", ".join(r[1] for r in reasons)
            + "; discuss TACE or other treatment in the MDT"
        )
    if options.organ_share < 0.0:
        zh.insert(0, "消融区进入邻近器官：须先水隔离，否则停止，不可施能")
        en.insert(
            0,
            "the zone reaches into an organ at risk: hydrodissection first, else stop and deliver no energy",
        )
    elif options.organ_share < 1.0:
        zh.append("邻近器官间距不足：建议水隔离")
        en.append("an organ at risk is closer than required: hydrodissection advised")
    return ("；".join(zh) + "。", "; ".join(en) + ".")


def _asked_words(coverage: Coverage, asked: int, fewest: int | None) -> Bilingual:
    """What the number of punctures asked for means."""
    if not math.isnan(coverage.optimality_gap):
        return f"按指定 {asked} 针", f"{asked} puncture(s) as asked for"
    if fewest is not None and fewest != asked:
        return (
            f"指定的 {asked} 针无法全部覆盖：候选路径中需 {fewest} 针",
            f"the {asked} puncture(s) asked for cannot cover everything: the candidate paths need {fewest}",
        )
    return (
        f"指定的 {asked} 针无法全部覆盖，增加针数也不能：余下部分没有安全路径可达",
        f"the {asked} puncture(s) asked for cannot cover everything, nor can more: no safe path to the rest",
    )


def _beyond_reasons(coverage: Coverage, options: Options, target: LabelMap) -> list[Bilingual]:
    reasons: list[Bilingual] = []
    longest = float(target.principal_diameters_mm()[0])
    if longest > BEYOND_DIAMETER_MM:
        reasons.append((f"靶区最大径 {longest:.0f} mm > 50 mm", f"target spans {longest:.0f} mm > 50 mm"))
    if coverage.applications > BEYOND_APPLICATIONS:
        reasons.append((f"需 {coverage.applications} 次施能", f"{coverage.applications} applications needed"))
    if coverage.p50.target_pct < 100.0:
        left = 100.0 - coverage.p50.target_pct
        share = f"{left:.1f}" if left >= 0.1 else "< 0.1"
        reasons.append((f"靶区 {share} % 无法安全覆盖", f"{share} % of the target cannot be covered safely"))
    return reasons


def _floor(percent: float) -> str:
    """One decimal, rounded down, so that 99.96 never reads 100."""
    return f"{math.floor(percent * 10) / 10:g}"
