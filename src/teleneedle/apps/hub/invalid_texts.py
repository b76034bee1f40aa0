"""What is wrong with a field of a request, in Chinese, by pydantic's kind of error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXACT: Mapping[str, str] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的项",
    "json_invalid": "不是有效的 JSON",
    "json_type": "应为 JSON 文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符",
    "string_unicode": "含有无效字符",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "须不小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "须不大于 {le}",
    "multiple_of": "须为 {multiple_of} 的倍数",
    "finite_number": "须为有限数值",
    "literal_error": "须为以下之一：{expected}",
    "enum": "须为以下之一：{expected}",
    "union_tag_invalid": "类型不在可选范围内",
    "union_tag_not_found": "缺少类型",
    "timezone_naive": "时间须带时区",
    "none_required": "须为空",
}
BY_START: Mapping[str, str] = {
    "string": "须为文本",
    "int": "须为整数",
    "float": "须为数字",
    "decimal": "须为数字",
    "complex": "须为数字",
    "bool": "须为是（true）或否（false）",
    "date_from": "不是有效日期",
    "date_past": "须为过去的日期",
    "date_future": "须为将来的日期",
    "datetime": "不是有效时间",
    "date": "不是有效日期",
    "timezone": "时区不符",
    "time": "不是有效时间",
    "list": "须为列表",
    "tuple": "须为列表",
    "set": "须为列表",
    "frozen_set": "须为列表",
    "iterable": "须为列表",
    "dict": "须为对象",
    "mapping": "须为对象",
    "model": "须为对象",
    "dataclass": "须为对象",
    "bytes": "须为字节",
    "url": "不是有效网址",
    "uuid": "不是有效的 UUID",
}
OTHER = "内容不符合要求"


def invalid_in_chinese(kind: str, context: Mapping[str, Any]) -> str:
    """The sentence for one of pydantic's errors; `context` holds its bounds and choices."""
    if kind in EXACT:
        try:
            return EXACT[kind].format(**context).replace(" or ", " 或 ")
        except (KeyError, IndexError):
            return OTHER
    return next((text for start, text in BY_START.items() if kind.startswith(start)), OTHER)
