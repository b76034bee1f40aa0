"""Why an instance was set aside, why a series waits, and what it lacks, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from teleneedle.apps.hub.link.arriving_series import ArrivingSeries

Text = dict[str, str]
MOST_NUMBERS = 12
"""Instances that are named by their numbers."""


def _text(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


HELD_TEXTS: Mapping[str, Text] = {
    "other-content": _text(
        "同一实例号先前到达的内容不同；先到的保持不变",
        "another instance came under this UID before; that one stays as it is",
    ),
    "other-series": _text(
        "同一实例号属于另一序列，且内容不同",
        "another series has an instance of this UID with other content",
    ),
    "untrue": _text(
        "实例内容与其声明的编号或患者不符",
        "the instance is not the one, or not the patient's, that was announced",
    ),
    "undecodable": _text(
        "多次接收后仍无法还原为声明的内容",
        "sent again and again, it does not decode to what was announced",
    ),
    "no-identity": _text("图像没有患者编号", "the images name no patient id"),
    "no-case": _text("本院没有该患者的未结病例", "this hospital has no open case of this patient"),
    "several-cases": _text("该患者有多个未结病例", "this patient has several open cases"),
    "identity-differs": _text(
        "编号相同，但姓名或出生日期不一致或缺失，请核对",
        "same id, but name or birth date differ or are missing: compare both",
    ),
    "set-aside": _text("有实例被搁置，请核对", "instances were set aside: look at them"),
    "later": _text("序列读取后又有新实例到达", "more instances came after the series was read"),
    "not-ct": _text("不是 CT 序列", "this is no CT series"),
    "import-failed": _text("读取失败，见任务说明", "reading it failed; its job says why"),
}
"""By the code that rows keep."""


def missing_texts(series: ArrivingSeries) -> list[Text]:
    """What is not there yet, a line for each kind."""
    found = []
    missing = len(series.missing())
    if not series.listed:
        found.append(_text("网关尚未说明序列已发完", "the gateway has not said that this is all of it"))
    elif missing:
        found.append(_text(f"缺少 {missing} 个实例", f"{missing} instances are missing"))
    numbers = [
        number
        for kept in series.in_order()
        if not kept.is_settled
        and kept.entry is not None
        and isinstance(number := kept.entry.facts.get("instance_number"), int)
    ]
    if series.listed and 0 < len(numbers) <= MOST_NUMBERS:
        listed = ", ".join(map(str, sorted(numbers)))
        found.append(_text(f"实例 {listed} 未收全", f"instances {listed} are not whole"))
    return found
