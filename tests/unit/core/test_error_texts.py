"""Whatever a person may be told is wrong is known in Chinese: every sentence of every error in the source."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

import teleneedle
from teleneedle.adapters.link.rebuild import UntrueError
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.oidc import ProviderError
from teleneedle.apps.hub.invalid_texts import BY_START, EXACT, OTHER, invalid_in_chinese
from teleneedle.apps.hub.problems import STATUS, TITLES, HubProblem, problem_document
from teleneedle.core import errors
from teleneedle.core.error_texts.translate import (
    CATALOGUE,
    in_chinese,
    in_english,
    is_chinese,
    line_in_chinese,
    place_in_chinese,
)
from teleneedle.core.errors import PatientMismatchError, SeriesGeometryError, TeleneedleError

ROOT = Path(teleneedle.__file__).parent
ELSEWHERE = ("apps/cli", "apps/demo", "apps/testing", "testing")
"""Said on a terminal only."""
KINDS = {
    name
    for name, kind in {
        **vars(errors),
        "ProviderError": ProviderError,
        "WireError": WireError,
        "UntrueError": UntrueError,
    }.items()
    if inspect.isclass(kind) and issubclass(kind, TeleneedleError)
}


def templates(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be, ``7`` where a value is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in node.values)
    elif isinstance(node, ast.IfExp):
        yield from templates(node.body)
        yield from templates(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from templates(value)


def said() -> Iterator[tuple[str, str, str]]:
    """``(place, what or remedy, text)`` of every error that is made in the source."""
    for path in sorted(ROOT.rglob("*.py")):
        place = str(path.relative_to(ROOT))
        if place.startswith(ELSEWHERE):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in KINDS and node.args:
                yield from ((f"{place}:{node.lineno}", "what", text) for text in templates(node.args[0]))
            if name in KINDS or name == "HubProblem":
                for keyword in node.keywords:
                    if keyword.arg in ("remedy", "detail"):
                        for text in templates(keyword.value):
                            yield f"{place}:{node.lineno}", str(keyword.arg), text


def test_every_sentence_of_every_error_is_known_in_chinese() -> None:
    found = [one for one in said() if re.search("[a-z]", one[2])]
    missing = [one for one in found if not is_chinese(in_chinese(one[2]) or "")]
    assert missing == []
    assert len(found) > 400


def test_every_refusal_of_a_route_has_both_titles() -> None:
    wrong = []
    for path in (ROOT / "apps" / "hub").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_problem = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "HubProblem"
            if is_problem and all(isinstance(a, ast.Constant) for a in node.args) and len(node.args) >= 3:
                zh, en = (str(a.value) for a in node.args[1:3])  # type: ignore[attr-defined]  # constants, as asked above
                if not is_chinese(zh) or is_chinese(en):
                    wrong.append((path.name, node.lineno))
    assert wrong == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_error_says_itself_in_chinese(name: str) -> None:
    kind = getattr(errors, name, ProviderError)
    assert is_chinese(kind.title_zh)
    assert name == "TeleneedleError" or kind.title_zh != TeleneedleError.title_zh
    for error in (kind(), kind("something nobody translated", where="a/b.dcm", remedy="x")):
        document = problem_document(error)
        assert is_chinese(document["detail_zh"])
        assert not is_chinese(document["detail"])
        assert is_chinese(document["title"]["zh"])


def test_every_status_has_both_titles() -> None:
    used = set(STATUS.values()) | {422}
    assert {status for status in used if status not in TITLES} <= {503, 507, 428}
    assert all(is_chinese(zh) and not is_chinese(en) for zh, en in TITLES.values())


def test_the_catalogue_uses_every_value_it_is_given() -> None:
    for english, chinese in CATALOGUE.items():
        fields = {field for _, field, _, _ in string.Formatter().parse(chinese) if field is not None}
        assert fields == {str(n) for n in range(english.count("{}"))}, english
        assert is_chinese(chinese), english


def test_every_kind_of_invalid_field_is_known_in_chinese() -> None:
    context = dict.fromkeys(re.findall(r"{(\w+)}", " ".join(EXACT.values())), 7)
    for kind in get_args(ErrorType):
        text = invalid_in_chinese(kind, context)
        assert is_chinese(text)
        assert "{" not in text
        assert text != OTHER or kind not in EXACT
    assert set(EXACT) - {"json_type"} <= set(get_args(ErrorType))
    assert all(any(kind.startswith(start) for kind in get_args(ErrorType)) for start in BY_START)
    assert invalid_in_chinese("greater_than", {}) == OTHER


def test_values_are_put_into_the_chinese_sentence() -> None:
    assert in_chinese("the pixels are cut off: 10 of 20 bytes are there") == (
        "像素数据不完整：20 字节中仅有 10 字节"
    )
    gap = "2 slice(s) missing between z = 5.00 mm (instance 3, a.dcm) and z = 12.50 mm (b.dcm)"
    assert in_chinese(f"{gap}, and 1 more gap(s)") == (
        "位置 z = 5.00 mm（第 3 幅，a.dcm） 与 位置 z = 12.50 mm（b.dcm） 之间缺 2 层；另有 1 处缺失"
    )
    assert in_english("the task is done already / 任务已完成") == "the task is done already"
    assert place_in_chinese("id, birth date") == "编号、出生日期"
    assert place_in_chinese("upload 7, file 3") == "上传 7，文件 3"
    assert place_in_chinese("CT/IM0001 (0028,0010)") == "CT/IM0001 (0028,0010)"


def test_names_of_patients_and_series_stay_as_they_are() -> None:
    for line in (
        "病例 case: Use and Failed · ID 7",
        "1.2.3 · use contrast",
        "O'Neil and Sons",
        "张三 / 李四",
    ):
        assert line_in_chinese(line) == line
    mixed = problem_document(
        PatientMismatchError("the images belong to different patients: 张三 (7) and Use 7 (8)")
    )
    assert mixed["detail_zh"] == "图像属于不同患者：张三 (7) 与 Use 7 (8)"


def test_a_problem_carries_each_language_by_itself() -> None:
    error = SeriesGeometryError(
        "there is only one slice; planning needs a volume",
        where="slice 3",
        remedy="give the whole series",
        details=("甲：甲", "a: a", "乙：乙", "b: b"),
    )
    document = problem_document(error)
    assert document["detail"] == "there is only one slice; planning needs a volume\na: a\nb: b"
    assert document["detail_zh"] == "只有一层图像；规划需要完整的体数据\n甲：甲\n乙：乙"
    assert (document["where_zh"], document["remedy_zh"]) == ("层面 3", "请给出完整序列")
    refused = problem_document(HubProblem("not-found", "找不到", "not found", where="case 7"))
    assert (refused["detail_zh"], refused["where_zh"]) == ("找不到", "病例 7")
