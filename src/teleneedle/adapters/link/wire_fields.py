"""What a field of a message may hold: checks that turn foreign JSON into plain values or one error."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_type_hints

from teleneedle.core.errors import NotReadableError

Check = Callable[[object], Any]
T = TypeVar("T")

_UID = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_UNUSABLE = re.compile("[\0\ud800-\udfff]")


class WireError(NotReadableError):
    """The other end of the image link sent something that cannot be used."""


def uid(value: object) -> str:
    """A DICOM unique identifier, digits and dots (PS3.5 section 9.1)."""
    if isinstance(value, str) and len(value) <= 64 and _UID.fullmatch(value):
        return value
    raise WireError("a message names an invalid UID")


def digest(value: object) -> str:
    """A SHA-256 as 64 lower-case hexadecimal digits."""
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return value
    raise WireError("a message holds an invalid SHA-256")


def moment(value: object) -> str:
    """A time with its zone, ISO 8601."""
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value) and datetime.fromisoformat(value):
            return value
    except ValueError:
        pass
    raise WireError("a message holds an invalid time")


def base64_text(value: object) -> str:
    """Text that is the base64 of something up to 6 kB."""
    try:
        if isinstance(value, str) and len(value) <= 8192 and base64.b64decode(value, validate=True):
            return value
    except (binascii.Error, ValueError):
        pass
    raise WireError("a message holds an invalid signature")


def text(longest: int) -> Check:
    """Any text of at most `longest` characters without NUL or half a surrogate pair."""

    def check(value: object) -> str:
        if isinstance(value, str) and len(value) <= longest and not _UNUSABLE.search(value):
            return value
        raise WireError("a message holds a text that is too long or no text")

    return check


def one_of(*known: str) -> Check:
    """One of the words `known`."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in known:
            return value
        raise WireError("a message holds an unknown word")

    return check


def whole(low: int, high: int) -> Check:
    """An integer from `low` to `high`, both included."""

    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise WireError("a message holds a number outside its range")

    return check


def truth(value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise WireError("a message holds no truth value where one belongs")


def real(limit: float) -> Check:
    """A finite number with a magnitude of at most `limit`."""

    def check(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= limit:
            return float(value)
        raise WireError("a message holds a number outside its range")

    return check


def optional(check: Check) -> Check:
    """Nothing, or what `check` lets pass."""
    return lambda value: None if value is None else check(value)


def listed(check: Check, most: int, least: int = 0) -> Check:
    """A list of `least` to `most` of what `check` lets pass, as a tuple."""

    def every(value: object) -> tuple[Any, ...]:
        if isinstance(value, list | tuple) and least <= len(value) <= most:
            return tuple(check(one) for one in value)
        raise WireError("a message holds a list that is too long, too short or no list")

    return every


def row(*checks: Check) -> Check:
    """A list with one value for each of `checks`, as a tuple."""

    def every(value: object) -> tuple[Any, ...]:
        if isinstance(value, list | tuple) and len(value) == len(checks):
            return tuple(check(one) for check, one in zip(checks, value, strict=True))
        raise WireError("a message holds a row of the wrong length")

    return every


def facts(value: object) -> dict[str, Any]:
    """Flat facts by name: texts, numbers, truth values and lists of them; nothing nested."""
    if not isinstance(value, Mapping) or len(value) > 64:
        raise WireError("a message holds facts that are too many or no facts")
    return {text(64)(name): _fact(one) for name, one in value.items()}


def _fact(value: object) -> Any:
    if isinstance(value, list | tuple) and len(value) <= 64:
        return [_scalar(one) for one in value]
    return _scalar(value)


def _scalar(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 1 << 63:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return text(4096)(value)


@cache
def _checks_of(kind: type[Any]) -> dict[str, Check]:
    """The check of every field of a dataclass whose fields are annotated with one."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(kind)}


def checked(kind: type[T], values: Mapping[str, object]) -> T:
    """A message of `kind` from foreign values: every field there and sound, and no other.

    Raises
    ------
    WireError
        With the field in ``where``.
    """
    known = _checks_of(kind)  # type: ignore[arg-type]  # classes are hashable
    if set(values) != set(known):
        raise WireError("a message lacks a field or has one that is unknown", where=kind.__name__)
    made: dict[str, Any] = {}
    for name, check in known.items():
        try:
            made[name] = check(values[name])
        except WireError as error:
            raise WireError(error.what, where=f"{kind.__name__}.{name}") from None
    return kind(**made)
