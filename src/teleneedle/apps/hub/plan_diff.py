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


def diff_plans(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    """Rows ``{what: {zh, en}, before, after}`` for everything that differs; points LPS mm."""
    return [
        *_facts(before, after),
        *_needles(before, after),
        *_applications(before, after),
        *_coverage(before, after),
        *_checks(before, after),
    ]


def _row(zh: str, en: str, before: Any, after: Any) -> Row:
    return {"what": {"zh": zh, "en": en}, "before": before, "after": after}


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    pairs = (
        ("器械", "device", before["device"]["id"], after["device"]["id"]),
        ("边缘 mm", "margin mm", before["target"]["margin_mm"], after["target"]["margin_mm"]),
        ("靶区", "target", before["target"]["name"], after["target"]["name"]),
    )
    return [_row(zh, en, a, b) for zh, en, a, b in pairs if a != b]


def _needles(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    old = {n["id"]: n for n in before["needles"]}
    new = {n["id"]: n for n in after["needles"]}
    rows: list[Row] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            rows.append(_row(f"{name} 取消", f"{name} removed", _ends(old[name]), None))
        elif name not in old:
            rows.append(_row(f"{name} 新增", f"{name} added", None, _ends(new[name])))
        else:
            for key, zh, en in (("entry_lps", "进针点", "entry"), ("tip_lps", "针尖", "tip")):
                moved = math.dist(old[name][key], new[name][key])
                if moved > MOVED_MM:
                    rows.append(
                        _row(
                            f"{name} {zh}移动 {moved:.1f} mm",
                            f"{name} {en} moved {moved:.1f} mm",
                            _rounded(old[name][key]),
                            _rounded(new[name][key]),
                        )
                    )
    return rows


def _applications(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    def listed(plan: Mapping[str, Any]) -> list[str]:
        return [f"{a['needle']}: {a['power_w']:g} W × {a['time_s']:g} s" for a in plan["applications"]]

    old, new = listed(before), listed(after)
    return [] if old == new else [_row("消融参数", "applications", old, new)]


def _coverage(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    rows = []
    for key, zh, en in FIGURES:
        old, new = before["coverage"].get(key), after["coverage"].get(key)
        if isinstance(old, int | float) and isinstance(new, int | float) and abs(old - new) > 0.05:
            rows.append(_row(zh, en, round(old, 1), round(new, 1)))
    return rows


def _checks(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Row]:
    old = {c["id"]: c["status"] for c in before["checks"]}
    new = {c["id"]: c["status"] for c in after["checks"]}
    return [
        _row(f"核查 {key}", f"check {key}", old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _ends(needle: Mapping[str, Any]) -> list[list[float]]:
    return [_rounded(needle["entry_lps"]), _rounded(needle["tip_lps"])]


def _rounded(point: Any) -> list[float]:
    return [round(float(v), 1) for v in point]
