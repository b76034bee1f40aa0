"""Why there is no path, or no more of them: what each rule forbids, and what relaxing it would open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.anatomy import KINDS
from teleneedle.core.errors import NoSafePathError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.plan import Bilingual
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.rays import BODY_PART, LEAVES_SCAN, NO_SKIN, RaySet

ALL_PCT = 99.9
RELAX_STEPS_MM = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
_OTHER_TEXT: dict[str, Bilingual] = {
    LEAVES_SCAN: ("路径在扫描范围之外到达皮肤", "the skin lies outside the scan"),
    BODY_PART: ("体外另有身体部位阻挡", "another part of the body lies in front of the skin"),
    NO_SKIN: ("器械长度以内没有皮肤", "there is no skin within reach"),
}


@dataclass(frozen=True, kw_only=True)
class BlockedReason:
    """One rule's part in what is forbidden.

    Parameters
    ----------
    constraint : str
        Structure kind, limit name, ``leaves_scan``, ``body_part`` or ``no_skin``.
    alone_pct : float
        Share of all directions that this rule alone forbids.
    involved_pct : float
        Share of all directions that break this rule, perhaps with others.
    opens : tuple of (float, int)
        Relaxing the rule by so much (in `unit`) makes so many directions permitted (by the estimates).
    unit : str
        ``mm`` or ``°``; empty when the rule cannot be relaxed.
    text : Bilingual
        All of this in words.
    """

    constraint: str
    alone_pct: float
    involved_pct: float
    opens: tuple[tuple[float, int], ...]
    unit: str
    text: Bilingual


def blocked_reasons(rays: Sequence[RaySet], rules: PathRules) -> tuple[BlockedReason, ...]:
    """Each rule that forbids something, the one that alone forbids most first."""
    if not rays:
        return ()
    broken = np.concatenate([r.broken for r in rays])
    alone = broken & (broken.sum(axis=1) == 1)[:, None]
    found = []
    for n, name in enumerate(rays[0].names):
        if broken[:, n].any():
            lacking, unit = _lacking(rays, name, alone[:, n], rules)
            opens = tuple(
                (step, count) for step in RELAX_STEPS_MM if (count := int((lacking <= step).sum())) > 0
            )
            share, involved = 100 * alone[:, n].mean(), 100 * broken[:, n].mean()
            found.append(
                BlockedReason(
                    constraint=name, alone_pct=float(share), involved_pct=float(involved),
                    opens=opens, unit=unit,
                    text=_text(name, float(share), float(involved), opens, unit, rules),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda r: (-r.alone_pct, -r.involved_pct, r.constraint)))


def _lacking(
    rays: Sequence[RaySet], name: str, alone: NDArray[np.bool_], rules: PathRules
) -> tuple[FloatArray, str]:
    """By how much each ray that only this rule forbids falls short of it."""
    if name in rules.by_structure:
        short = -np.concatenate([r.margin_mm for r in rays])[alone]
        rule = rules.by_structure[name]
        through = (rule.hard_mm or 0.0) + rules.needle_radius_mm
        return short[short < through - 1e-3], "mm"
    if name in _OTHER_TEXT:
        return np.zeros(0), ""
    limit = rules.limit(name)
    values = np.concatenate([r.quantities[name] for r in rays])[alone]
    low = -np.inf if limit.hard_low is None else limit.hard_low
    high = np.inf if limit.hard_high is None else limit.hard_high
    return np.maximum(low - values, values - high), limit.unit


def _text(
    name: str,
    alone: float,
    involved: float,
    opens: tuple[tuple[float, int], ...],
    unit: str,
    rules: PathRules,
) -> Bilingual:
    zh, en = constraint_text(name, rules)
    zh += f"：单独阻挡 {alone:.1f}% 的方向，共涉及 {involved:.1f}%"
    en += f": alone forbids {alone:.1f} % of the directions, takes part in {involved:.1f} %"
    if name in rules.by_structure and involved > ALL_PCT:
        zh += "；所取靶点本身就离它过近"
        en += "; the point aimed at lies itself too near it"
    if opens:
        step, count = opens[0]
        zh += f"；放宽 {step:g} {unit}可开放 {count} 个方向"
        en += f"; relaxed by {step:g} {unit} it opens {count} directions"
    elif alone > 0 and unit:
        zh += "；放宽 20 以内也无路径" if name not in rules.by_structure else "；这些方向直接穿过该结构"
        en += (
            "; no relaxation up to 20 helps"
            if name not in rules.by_structure
            else "; these directions run through it"
        )
    return zh, en


def constraint_text(name: str, rules: PathRules) -> Bilingual:
    """The rule in words with its bound."""
    if name in rules.by_structure:
        rule, kind = rules.by_structure[name], KINDS[name]
        return f"距{kind.name_zh} ≥ {rule.hard_mm:g} mm", f"≥ {rule.hard_mm:g} mm from {kind.name_en}"
    if name in _OTHER_TEXT:
        return _OTHER_TEXT[name]
    limit = rules.limit(name)
    bounds = [f"≥ {limit.hard_low:g}" for _ in (1,) if limit.hard_low is not None]
    bounds += [f"≤ {limit.hard_high:g}" for _ in (1,) if limit.hard_high is not None]
    span = f" {', '.join(bounds)} {limit.unit}"
    return limit.text[0] + span, limit.text[1] + span


def no_path_error(reasons: Sequence[BlockedReason], missing: Sequence[str] = ()) -> NoSafePathError:
    """The error for a target without a safe path: which rules forbid it and what relaxing each would open."""
    main = reasons[:3]
    names_zh = "；".join(r.text[0].split("：")[0] for r in main)
    names_en = "; ".join(r.text[1].split(":")[0] for r in main)
    opening = [r for r in reasons if r.opens]
    remedy = (
        f"closest to opening a path: {opening[0].text[1]} / 最接近可行：{opening[0].text[0]}"
        if opening
        else "no single rule opens a path; consider another position, hydrodissection or another treatment"
        " / 放宽任何单一规则都没有路径；请考虑变换体位、水分离或其他治疗"
    )
    details = tuple(line for r in reasons for line in r.text)
    if missing:
        details += (
            f"以下结构没有资料：{', '.join(missing)}",
            f"nothing is known about: {', '.join(missing)}",
        )
    return NoSafePathError(
        f"no path from the skin satisfies every hard rule; most is forbidden by: {names_en}"
        f" / 没有满足全部硬性规则的皮肤路径；主要受限于：{names_zh}",
        where="target",
        remedy=remedy,
        details=details,
    )
