"""Figures as the book prints them: rounding, signs, directions, unknown, and texts made safe for paper."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from teleneedle.core.anatomy import KINDS, canonical_kind
from teleneedle.core.plan import Bilingual, Point

Json = dict[str, Any]
MINUS = "−"
BREAK_AFTER = 6
LONGEST_WORD = 16
LONGEST_TEXT = 600


def pair(texts: Bilingual) -> Json:
    """A bilingual text; an empty half falls back to the other one."""
    zh, en = clean(texts[0]), clean(texts[1])
    return {"zh": zh or en, "en": en or zh}


def clean(text: object) -> str:
    r"""Text on one line, without control or direction-changing characters, of bounded length.

    Examples
    --------
    >>> clean("WANG^XIAO\u202e\x07")
    'WANG^XIAO'
    """
    kept = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for c in str(text)
    )
    words = " ".join(kept.split())
    return (words[: LONGEST_TEXT - 1] + "…" if len(words) > LONGEST_TEXT else words).strip()


def breakable(text: str) -> str:
    """`text` with break chances (zero-width spaces) inside long runs without a space."""
    parts = []
    for word in text.split(" "):
        runs = [word[n : n + BREAK_AFTER] for n in range(0, len(word), BREAK_AFTER)]
        parts.append("\u200b".join(runs) if len(word) > LONGEST_WORD else word)
    return " ".join(parts)


def number(value: float | None, decimals: int = 1) -> str | None:
    """Rounded figure with a true minus sign and thin groups of three; None stays unknown.

    Examples
    --------
    >>> number(1861.04), number(-0.04), number(-1.26), number(None)
    ('1 861.0', '0.0', '−1.3', None)
    """
    if value is None or not math.isfinite(value):
        return None
    rounded = f"{abs(round(value, decimals)):,.{decimals}f}".replace(",", " ")
    is_negative = round(value, decimals) < 0
    return (MINUS if is_negative else "") + rounded


def limit_figure(value: float | None, limit: float, decimals: int = 1) -> str | None:
    """Rounded figure that never hides that it misses `limit`: 4.96 against 5 prints as 4.96, not 5.0.

    Examples
    --------
    >>> limit_figure(4.96, 5.0), limit_figure(5.04, 5.0), limit_figure(4.9999, 5.0)
    ('4.96', '5.0', '< 5.0')
    """
    if value is None or not math.isfinite(value):
        return None
    for places in (decimals, decimals + 1, decimals + 2):
        if value >= limit or round(value, places) < limit:
            return number(value, places)
    return f"< {number(limit, decimals)}"


def percent(value: float | None) -> str | None:
    """Per cent with one decimal near the ends, never rounded up to 100 nor down to 0.

    Examples
    --------
    >>> percent(100.0), percent(99.97), percent(94.4), percent(0.02), percent(0.0)
    ('100', '99.9', '94', '< 0.1', '0')
    """
    if value is None or not math.isfinite(value):
        return None
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value < 0.1:
        return "< 0.1"
    if value > 99.9:
        return "99.9"
    return f"{value:.1f}" if value > 95 or value < 5 else f"{value:.0f}"


def quantity(figure: str | None, unit: str = "", note: Bilingual | None = None) -> Json:
    """A value with its unit and an optional word beside it; a None figure prints as unknown."""
    return {"v": figure, "u": unit, "note": pair(note) if note else None}


def position(point: Point) -> str:
    """LPS mm, one decimal."""
    return ", ".join(number(c) or "" for c in point)


def table_position(z_mm: float) -> str:
    """CT table position: superior (S) or inferior (I) of the origin.

    Examples
    --------
    >>> table_position(-146.84), table_position(12.0)
    ('I 146.8', 'S 12.0')
    """
    return f"{'S' if z_mm >= 0 else 'I'} {abs(z_mm):.1f}"


def minutes(time_s: float) -> str:
    """Minutes, with a decimal only when needed.

    Examples
    --------
    >>> minutes(600), minutes(450)
    ('10', '7.5')
    """
    return f"{time_s / 60:.1f}".removesuffix(".0")


def towards(value: float, positive: Bilingual, negative: Bilingual) -> Bilingual | None:
    """The word for the sign of an angle; none for zero."""
    if abs(value) < 0.05:
        return None
    return positive if value > 0 else negative


def structure_name(name: str) -> Bilingual:
    """Display name of a structure; the given name where the kind is unknown."""
    kind = KINDS.get(canonical_kind(name) or "")
    return (kind.name_zh, kind.name_en) if kind else (name, name)


def short_hash(digest: str, groups: int = 4) -> str:
    """First groups of four of a hash."""
    return " ".join(digest[4 * n : 4 * n + 4] for n in range(groups))


def parameters(values: Mapping[str, float | str | int | bool]) -> str:
    """Model parameters on one line."""
    return " · ".join(f"{name} {value}" for name, value in values.items())
