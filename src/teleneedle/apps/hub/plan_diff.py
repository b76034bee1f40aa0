"""Two versions of a plan, compared in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

MOVED_MM = 0.05
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("target_pct", "靶区覆盖 %", "target covered %"),
    ("ptv_pct", "靶区加边缘覆盖 %", "target and margin covered %"),
    ("min_margin_mm", "最小边缘 mm", "least margin mm"),
    ("mean_margin_mm", "平均边缘 mm", "mean margin mm"),
    ("healthy_tissue_ml", "健康组织 ml", "healthy tissue ml"),
)
Row = dict[str, Any]
Plan = Mapping[str, Any]


def diff_plans(before: Plan, after: Plan) -> list[Row]:
    """Rows ``{group, what: {zh, en}, before, after, change}`` for everything that differs; points LPS mm.

    `group` is ``fact``, ``needle``, ``setting``, ``figure`` or ``check``. Of a needle that moved, `change` is
    ``{entry_mm, tip_mm, angle_deg}``; of a figure it is the difference; else it is null. Of a check, `before`
    and `after` are its states, and `what` is what the check says now.
    """
    return [
        *_facts(before, after),
        *_needles(before, after),
        *_settings(before, after),
        *_figures(before, after),
        *_checks(before, after),
    ]


def _row(group: str, zh: str, en: str, before: Any, after: Any, change: Any = None) -> Row:
    return {"group": group, "what": {"zh": zh, "en": en}, "before": before, "after": after, "change": change}


def _facts(before: Plan, after: Plan) -> list[Row]:
    pairs = (
        ("器械", "device", before["device"]["id"], after["device"]["id"]),
        ("边缘 mm", "margin mm", before["target"]["margin_mm"], after["target"]["margin_mm"]),
        ("靶区", "target", before["target"]["name"], after["target"]["name"]),
    )
    return [_row("fact", zh, en, a, b) for zh, en, a, b in pairs if a != b]


def _needles(before: Plan, after: Plan) -> list[Row]:
    old = {n["id"]: n for n in before["needles"]}
    new = {n["id"]: n for n in after["needles"]}
    rows: list[Row] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            rows.append(_row("needle", f"{name} 取消", f"{name} removed", _ends(old[name]), None))
        elif name not in old:
            rows.append(_row("needle", f"{name} 新增", f"{name} added", None, _ends(new[name])))
        else:
            change = needle_change(old[name], new[name])
            if max(change["entry_mm"], change["tip_mm"]) > MOVED_MM:
                ends = _ends(old[name]), _ends(new[name])
                rows.append(_row("needle", f"{name} 移动", f"{name} moved", *ends, change))
    return rows


def needle_change(old: Plan, new: Plan) -> dict[str, float]:
    """How far entry and tip moved (mm) and the needle turned (degrees)."""
    a, b = (
        [t - e for e, t in zip(needle["entry_lps"], needle["tip_lps"], strict=True)] for needle in (old, new)
    )
    length = math.hypot(*a) * math.hypot(*b)
    cosine = sum(x * y for x, y in zip(a, b, strict=True)) / length if length else 1.0
    return {
        "entry_mm": round(math.dist(old["entry_lps"], new["entry_lps"]), 2),
        "tip_mm": round(math.dist(old["tip_lps"], new["tip_lps"]), 2),
        "angle_deg": round(math.degrees(math.acos(max(-1.0, min(1.0, cosine)))), 2),
    }


def _settings(before: Plan, after: Plan) -> list[Row]:
    """Each needle's deliveries, in their order."""
    old, new = _deliveries(before), _deliveries(after)
    return [
        _row("setting", f"{name} 消融参数", f"{name} settings", old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _deliveries(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in plan["applications"]:
        found.setdefault(one["needle"], []).append(f"{one['power_w']:g} W × {one['time_s']:g} s")
    return found


def _figures(before: Plan, after: Plan) -> list[Row]:
    rows = []
    for key, zh, en in FIGURES:
        old, new = before["coverage"].get(key), after["coverage"].get(key)
        if not (isinstance(old, int | float) and isinstance(new, int | float)):
            continue
        was, is_now = round(old, 1), round(new, 1)
        if was != is_now:
            rows.append(_row("figure", zh, en, was, is_now, round(is_now - was, 1)))
    return rows


def _checks(before: Plan, after: Plan) -> list[Row]:
    old = {c["id"]: c for c in before["checks"]}
    new = {c["id"]: c for c in after["checks"]}
    rows = []
    for key in sorted(old.keys() | new.keys()):
        was, is_now = (one.get(key, {}).get("status") for one in (old, new))
        if was != is_now:
            said = new.get(key, old.get(key, {}))
            rows.append(_row("check", said.get("text_zh", key), said.get("text_en", key), was, is_now))
    return rows


def _ends(needle: Plan) -> list[list[float]]:
    return [[round(float(v), 1) for v in needle[end]] for end in ("entry_lps", "tip_lps")]
