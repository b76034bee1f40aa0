"""Applicators and the ablation zones their published tables support. Nothing is ever extrapolated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from teleneedle.core.errors import DeviceError


class Modality(Enum):
    """How the tumour is treated."""

    MWA = "mwa"
    RFA = "rfa"
    SEEDS = "seeds"


class TissueSetting(Enum):
    """Where the zone of a table row was measured."""

    EX_VIVO = "ex_vivo"
    IN_VIVO = "in_vivo"


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A prolate ellipsoid of revolution about the applicator axis, pre-shrink.

    Parameters
    ----------
    long_mm, short_mm : float
        Full diameters along and across the axis, mm.
    """

    long_mm: float
    short_mm: float

    def scaled(self, factor: float) -> Zone:
        """Both diameters multiplied by `factor`."""
        return Zone(long_mm=self.long_mm * factor, short_mm=self.short_mm * factor)


@dataclass(frozen=True, kw_only=True)
class ZoneBand:
    """Expected zone with its spread: the tenth, fiftieth and ninetieth percentile, mm diameters."""

    p10: Zone
    p50: Zone
    p90: Zone


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    """One measured setting of a device.

    Parameters
    ----------
    power_w, time_s : float
        Generator setting.
    zone : Zone
        Mean measured diameters, mm.
    setting : TissueSetting
        Ex vivo or in vivo.
    citation : str
        Where the figure was published.
    """

    power_w: float
    time_s: float
    zone: Zone
    setting: TissueSetting
    citation: str


@dataclass(frozen=True, kw_only=True)
class Device:
    """An applicator with its table.

    Parameters
    ----------
    id, name_zh, name_en : str
    modality : Modality
    gauge : float
        Outer needle gauge.
    usable_length_mm : float
        Longest shaft inside the patient, the hub allowance already taken off.
    tip_to_centre_mm : float
        Distance from the tip back to the centre of the zone, mm.
    rows : tuple of ZoneRow
        A full (power × time) rectangle of measured settings, or a single setting.
    provenance : str
        Citation of the table as a whole.
    verified_by : str
        Who at the site checked the rows against the manufacturer's table; empty until then.
    derating, derating_low, derating_high : float
        Factor from the table's setting to tissue in vivo: expected, and range.
    """

    id: str
    name_zh: str
    name_en: str
    modality: Modality
    gauge: float
    usable_length_mm: float
    tip_to_centre_mm: float
    rows: tuple[ZoneRow, ...]
    provenance: str
    verified_by: str = ""
    derating: float = 1.0
    derating_low: float = 1.0
    derating_high: float = 1.0
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def is_verified(self) -> bool:
        """Whether the site has confirmed the table."""
        return bool(self.verified_by.strip())

    @property
    def powers_w(self) -> tuple[float, ...]:
        """Distinct powers of the table, ascending."""
        return tuple(sorted({row.power_w for row in self.rows}))

    @property
    def times_s(self) -> tuple[float, ...]:
        """Distinct times of the table, ascending."""
        return tuple(sorted({row.time_s for row in self.rows}))

    def zone_at(self, *, power_w: float, time_s: float) -> Zone:
        """Table zone (not derated), bilinear in power and time inside the table's rectangle.

        Raises
        ------
        DeviceError
            If the setting lies outside the table; the domain is named.
        """
        powers, times = self.powers_w, self.times_s
        inside = powers[0] <= power_w <= powers[-1] and times[0] <= time_s <= times[-1]
        if not inside:
            raise DeviceError(
                f"{power_w:g} W for {time_s:g} s is outside the table of {self.id}",
                where=f"{powers[0]:g}–{powers[-1]:g} W, {times[0]:g}–{times[-1]:g} s",
                remedy="choose a setting inside the table; zones are never extrapolated",
            )
        table = {(row.power_w, row.time_s): row.zone for row in self.rows}
        p0, p1, u = _bracket(powers, power_w)
        t0, t1, v = _bracket(times, time_s)
        corners = ((p0, t0, (1 - u) * (1 - v)), (p1, t0, u * (1 - v)), (p0, t1, (1 - u) * v), (p1, t1, u * v))
        used = [(table.get((p, t)), weight) for p, t, weight in corners if weight > 0]
        if any(zone is None for zone, _ in used):
            raise DeviceError(
                f"the table of {self.id} has a hole at {power_w:g} W, {time_s:g} s",
                remedy="enter the missing rows or choose a measured setting",
            )
        return Zone(
            long_mm=sum(zone.long_mm * w for zone, w in used if zone),
            short_mm=sum(zone.short_mm * w for zone, w in used if zone),
        )

    def band_at(self, *, power_w: float, time_s: float) -> ZoneBand:
        """Derated zone with its P10–P90 band from the derating range (taken as P10 and P90).

        References
        ----------
        In-vivo short axis about 0.76 × ex vivo; see ``docs/reference/devices.md`` for the sources.
        """
        table = self.zone_at(power_w=power_w, time_s=time_s)
        return ZoneBand(
            p10=table.scaled(self.derating_low),
            p50=table.scaled(self.derating),
            p90=table.scaled(self.derating_high),
        )


def _bracket(values: tuple[float, ...], x: float) -> tuple[float, float, float]:
    """Neighbouring table values around `x` and the fraction between them."""
    for low, high in zip(values, values[1:], strict=False):
        if low <= x <= high:
            return low, high, (x - low) / (high - low)
    return values[0], values[0], 0.0
