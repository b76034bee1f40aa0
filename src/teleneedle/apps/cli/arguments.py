"""Turn what was typed into values, with usage errors (exit code 2) for what cannot be meant."""

from __future__ import annotations

import math

import typer

from teleneedle.core.plan import Point


def parse_box(text: str | None) -> tuple[Point, Point] | None:
    """``x0,x1,y0,y1,z0,z1`` in LPS mm as (lower corner, upper corner).

    Raises
    ------
    typer.BadParameter
        If it is not six finite numbers.
    """
    if text is None:
        return None
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is not six numbers x0,x1,y0,y1,z0,z1") from error
    if len(values) != 6 or not all(math.isfinite(v) for v in values):
        raise typer.BadParameter(f"'{text}' is not six numbers x0,x1,y0,y1,z0,z1")
    x0, x1, y0, y1, z0, z1 = values
    return (x0, y0, z0), (x1, y1, z1)


def parse_needles(text: str) -> int | None:
    """``auto`` or a number of punctures from 1 to 12.

    Raises
    ------
    typer.BadParameter
        If it is neither.
    """
    if text == "auto":
        return None
    if not text.isdigit() or not 1 <= int(text) <= 12:
        raise typer.BadParameter("give 'auto' or a number from 1 to 12")
    return int(text)
