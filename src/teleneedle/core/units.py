"""Unit types and the conversions that the field keeps getting wrong.

A bare number's name ends in its unit (``margin_mm``); these types are for signatures where a slip
would change a treatment.
"""

from __future__ import annotations

from typing import NewType

Ml = NewType("Ml", float)
KiloJoule = NewType("KiloJoule", float)

MM3_PER_ML = 1000.0


def volume_ml_from_mm3(volume_mm3: float) -> Ml:
    """Millilitres of a volume in cubic millimetres."""
    return Ml(volume_mm3 / MM3_PER_ML)


def energy_kj(power_w: float, time_s: float) -> KiloJoule:
    """Energy in kJ delivered by a constant power (W) over a time (s)."""
    return KiloJoule(power_w * time_s / 1000.0)
