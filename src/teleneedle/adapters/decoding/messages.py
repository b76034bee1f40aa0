"""What parent and child say to each other: JSON lines, never pickles.

The parent writes one request line. The child answers with any number of progress lines and one last line,
either ``{"result": …}`` or ``{"error": …}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from teleneedle.core.errors import HostileInputError, NotReadableError, TeleneedleError


def _error_classes(base: type[TeleneedleError] = TeleneedleError) -> Iterator[type[TeleneedleError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _error_classes(kind)


def error_to_json(error: TeleneedleError) -> dict[str, Any]:
    """The error as plain text fields."""
    return {
        "code": error.code,
        "what": error.what,
        "where": error.where,
        "remedy": error.remedy,
        "details": list(error.details),
    }


def error_from_json(fields: Mapping[str, Any]) -> TeleneedleError:
    """The error that `error_to_json` described; an unknown code becomes `NotReadableError`."""
    kinds = {kind.code: kind for kind in reversed(list(_error_classes()))}  # a family's first, not its last
    kind = kinds.get(str(fields.get("code")), NotReadableError)
    return kind(
        str(fields.get("what", "")),
        where=str(fields.get("where", "")),
        remedy=str(fields.get("remedy", "")),
        details=tuple(str(line) for line in fields.get("details", ())),
    )


def foreign_error_to_json(error: BaseException, *, where: str) -> dict[str, Any]:
    """Any other exception of the decoding, turned into one clean error."""
    if isinstance(error, TeleneedleError):
        return error_to_json(error)
    if isinstance(error, MemoryError):
        clean: TeleneedleError = HostileInputError(
            "decoding needs more memory than is allowed",
            where=where,
            remedy="check the file; it may be damaged",
        )
    elif isinstance(error, RecursionError):
        clean = HostileInputError(
            "the file nests its elements too deeply", where=where, remedy="export the series again"
        )
    else:
        clean = NotReadableError(
            f"the file is damaged ({type(error).__name__}: {str(error)[:200]})",
            where=where,
            remedy="export or copy the series again",
        )
    return error_to_json(clean)
