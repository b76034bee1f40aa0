"""Outer diameters of needles by gauge.

References
----------
ISO 9626, nominal outer diameters (Birmingham wire gauge).
"""

from __future__ import annotations

from teleneedle.core.errors import InputError

_OUTER_DIAMETER_MM = {
    13: 2.413, 14: 2.108, 15: 1.829, 16: 1.651, 17: 1.473,
    18: 1.270, 19: 1.067, 20: 0.908, 21: 0.819, 22: 0.718,
}  # fmt: skip


def needle_diameter_mm(gauge: float) -> float:
    """Outer diameter (mm) of a needle gauge; between gauges the thicker one is taken.

    Raises
    ------
    InputError
        If the gauge lies outside 13–22.

    Examples
    --------
    >>> needle_diameter_mm(17)
    1.473
    """
    fitting = [d for g, d in sorted(_OUTER_DIAMETER_MM.items()) if g <= gauge]
    if not fitting or gauge > max(_OUTER_DIAMETER_MM):
        raise InputError(f"no outer diameter is known for gauge {gauge:g}", remedy="use 13 to 22 G")
    return fitting[-1]
