"""From the planned zone to what a control CT shows: coagulated tissue shrinks."""

from __future__ import annotations

from collections.abc import Mapping

from teleneedle.core.devices import Modality, Zone

RADIAL_SHRINKAGE: Mapping[Modality, tuple[float, float]] = {Modality.MWA: (0.23, 0.43)}
"""Least and greatest published radial shrinkage; microwaves only, nothing is assumed for other energy."""


def post_shrink_zone(zone: Zone, modality: Modality) -> tuple[Zone, Zone]:
    """Largest and smallest zone after shrinkage, from the planned (pre-shrink) zone.

    Where no shrinkage is published for the modality both are the planned zone.

    Examples
    --------
    >>> largest, smallest = post_shrink_zone(Zone(long_mm=50, short_mm=40), Modality.MWA)
    >>> round(largest.short_mm, 1), round(smallest.short_mm, 1)
    (30.8, 22.8)
    """
    least, greatest = RADIAL_SHRINKAGE.get(modality, (0.0, 0.0))
    return zone.scaled(1.0 - least), zone.scaled(1.0 - greatest)
