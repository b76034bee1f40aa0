"""Applicators and the ablation zones their published tables support. Nothing is ever extrapolated."""

from __future__ import annotations

import itertools
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
        A full (power × time) rectangle of measured settings, or settings that rise in power and time
        together, or a single setting.
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

    def __post_init__(self) -> None:
        if not self.rows:
            raise DeviceError("a device needs at least one measured setting", where=self.id)
        if not self.derating_low <= self.derating <= self.derating_high:
            raise DeviceError("the derating must lie inside its range", where=self.id)
        rows = sorted(self.rows, key=lambda row: (row.time_s, row.power_w))
        rising = all(a.time_s < b.time_s and a.power_w <= b.power_w for a, b in itertools.pairwise(rows))
        if len({(row.power_w, row.time_s) for row in rows}) != len(rows):
            raise DeviceError("a device has one row per setting", where=self.id)
        if not self.is_rectangle and not rising:
            raise DeviceError(
                "the rows form neither a rectangle of powers and times nor a rising line",
                where=self.id,
                remedy="enter the missing settings",
            )

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

    @property
    def is_rectangle(self) -> bool:
        """Whether every power of the table was measured at every time."""
        return len(self.rows) == len(self.powers_w) * len(self.times_s)

    def zone_at(self, *, power_w: float, time_s: float) -> Zone:
        """Table zone (not derated), interpolated between measured settings, never beyond them.

        A full rectangle of settings is interpolated bilinearly in power and time. Rows that rise in power and
        time together are a line of settings: only settings on that line exist, linear between its rows.

        Raises
        ------
        DeviceError
            If the setting lies outside the table; the domain is named.
        """
        powers, times = self.powers_w, self.times_s
        if not (powers[0] <= power_w <= powers[-1] and times[0] <= time_s <= times[-1]):
            raise self._outside(power_w, time_s)
        if not self.is_rectangle:
            return self._zone_on_line(power_w, time_s)
        table = {(row.power_w, row.time_s): row.zone for row in self.rows}
        p0, p1, u = _bracket(powers, power_w)
        t0, t1, v = _bracket(times, time_s)
        low = _blend(table[p0, t0], table[p1, t0], u)
        high = _blend(table[p0, t1], table[p1, t1], u)
        return _blend(low, high, v)

    def _zone_on_line(self, power_w: float, time_s: float) -> Zone:
        """Zone at a setting on the line through the rows; the setting must lie on it within 0.5 W."""
        rows = sorted(self.rows, key=lambda row: row.time_s)
        for first, second in itertools.pairwise(rows):
            if first.time_s <= time_s <= second.time_s:
                u = (time_s - first.time_s) / (second.time_s - first.time_s)
                if abs(first.power_w + u * (second.power_w - first.power_w) - power_w) <= 0.5:
                    return _blend(first.zone, second.zone, u)
        raise self._outside(power_w, time_s)

    def _outside(self, power_w: float, time_s: float) -> DeviceError:
        powers, times = self.powers_w, self.times_s
        shape = "" if self.is_rectangle else ", on the line through the measured settings only"
        return DeviceError(
            f"{power_w:g} W for {time_s:g} s is outside the table of {self.id}",
            where=f"{powers[0]:g}–{powers[-1]:g} W, {times[0]:g}–{times[-1]:g} s{shape}",
            remedy="choose a setting inside the table; zones are never extrapolated",
        )

    def settings(self, *, steps: int = 4) -> tuple[tuple[float, float], ...]:
        """(power W, time s) pairs of the table: its rows and `steps` − 1 settings between neighbours."""
        if self.is_rectangle:
            powers = _subdivided(self.powers_w, steps)
            return tuple((power, time) for power in powers for time in _subdivided(self.times_s, steps))
        rows = sorted(self.rows, key=lambda row: row.time_s)
        powers = _subdivided(tuple(row.power_w for row in rows), steps)
        return tuple(zip(powers, _subdivided(tuple(row.time_s for row in rows), steps), strict=True))

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
    for low, high in itertools.pairwise(values):
        if low <= x <= high:
            return low, high, (x - low) / (high - low)
    return values[0], values[0], 0.0


def _blend(first: Zone, second: Zone, u: float) -> Zone:
    return Zone(
        long_mm=(1 - u) * first.long_mm + u * second.long_mm,
        short_mm=(1 - u) * first.short_mm + u * second.short_mm,
    )


def _subdivided(values: tuple[float, ...], steps: int) -> tuple[float, ...]:
    """`values` with `steps` − 1 equally spaced values between neighbours."""
    between = [
        low + (high - low) * n / steps for low, high in itertools.pairwise(values) for n in range(steps)
    ]
    return (*between, values[-1])
