"""The Chinese of what an error says, from the catalogue."""

from __future__ import annotations

import re
from functools import cache

from teleneedle.core.error_texts.casework import CASEWORK
from teleneedle.core.error_texts.gateways import GATEWAYS
from teleneedle.core.error_texts.intake import INTAKE
from teleneedle.core.error_texts.link import LINK
from teleneedle.core.error_texts.places import PLACES
from teleneedle.core.error_texts.planning import PLANNING
from teleneedle.core.error_texts.reading import READING
from teleneedle.core.error_texts.results import RESULTS
from teleneedle.core.error_texts.stations import STATIONS
from teleneedle.core.error_texts.upkeep import UPKEEP

CATALOGUE: dict[str, str] = {
    **READING,
    **PLANNING,
    **RESULTS,
    **CASEWORK,
    **UPKEEP,
    **GATEWAYS,
    **INTAKE,
    **LINK,
    **STATIONS,
}
"""English → Chinese; ``{}`` stands for what differs from time to time, ``{0}`` … for the same in Chinese."""
LONGEST = 2000
"""Longer texts are nothing that this product says."""
LEAST = 10
"""Letters of its own that a template needs where the text may as well be somebody's name."""
BESIDE = " / "
"""Between the English and the Chinese of a sentence that carries both."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def is_chinese(text: str) -> bool:
    """Whether `text` holds any Chinese character."""
    return bool(_CHINESE.search(text))


def in_english(text: str) -> str:
    """`text` without the Chinese that a sentence may carry beside its English."""
    return _halves(text)[0]


def in_chinese(text: str) -> str | None:
    """`text` in Chinese; None when the catalogue does not know it.

    Examples
    --------
    >>> in_chinese("no DICOM image among 3 file(s)")
    '3 个文件中没有 DICOM 图像'
    >>> in_chinese("the task is done already / 任务已完成")
    '任务已完成'
    """
    known = _whole(text) or _filled(text, 0)
    return known or _halves(text)[1] or (text if is_chinese(text) else None)


def line_in_chinese(line: str) -> str:
    """A further line of an error in Chinese; as it is when it may be a name or a description."""
    return _halves(line)[1] or _whole(line) or _filled(line, LEAST) or line


def place_in_chinese(where: str) -> str:
    """Where something is wrong, in Chinese as far as it is words; file names and tags stay."""
    words = [PLACES.get(word) for word in where.split(", ")]
    if all(words):
        return "、".join(str(word) for word in words)
    for template, chinese in sorted(PLACES.items(), key=lambda one: -len(one[0])):
        found = _pattern(template).fullmatch(where) if "{}" in template and len(where) <= LONGEST else None
        if found:
            return chinese.format(*found.groups())
    return where


def _whole(text: str) -> str | None:
    return CATALOGUE[text].format() if text in CATALOGUE and "{}" not in text else None


def _filled(text: str, least: int) -> str | None:
    """By the template with most words of its own; one with fewer letters than `least` counts for nothing."""
    if len(text) > LONGEST:
        return None
    for letters, pattern, chinese in _patterns():
        found = pattern.fullmatch(text) if letters >= least else None
        if found:
            return chinese.format(*(_whole(part) or _filled(part, LEAST) or part for part in found.groups()))
    return None


def _halves(text: str) -> tuple[str, str]:
    english, slash, chinese = text.rpartition(BESIDE)
    return (english, chinese) if slash and is_chinese(chinese) and not is_chinese(english) else (text, "")


@cache
def _patterns() -> list[tuple[int, re.Pattern[str], str]]:
    """Templates as patterns, those with most words of their own first."""
    found = [
        (len(english.replace("{}", "")), _pattern(english), chinese)
        for english, chinese in CATALOGUE.items()
        if "{}" in english
    ]
    return sorted(found, key=lambda one: -one[0])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.DOTALL)
