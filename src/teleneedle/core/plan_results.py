"""What an engine computed for a plan: fields in space, curves over time, dose over volume.

A result is attached to one immutable version of a plan. Everything here is checked when it is made, so that
whatever is stored and shown is finite, in its unit's range, and says which engine made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import InputError
from teleneedle.core.geometry import Grid
from teleneedle.core.plan import Bilingual

Float32 = NDArray[np.float32]
MOST_LEVELS = 8
MOST_VOXELS = 64_000_000
MOST_SAMPLES = 20_000
MOST_CURVES = 24


class Quantity(StrEnum):
    """A quantity with its unit; `bounds` are the values that are believed."""

    TEMPERATURE = "temperature_degc"
    ABLATION = "ablation_probability"
    DOSE = "dose_gy"
    POWER = "power_w"
    IMPEDANCE = "impedance_ohm"

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value, in the quantity's unit."""
        return _BOUNDS[self]


_BOUNDS: Mapping[Quantity, tuple[float, float]] = {
    Quantity.TEMPERATURE: (-10.0, 1000.0),
    Quantity.ABLATION: (0.0, 1.0),
    Quantity.DOSE: (0.0, 1e7),
    Quantity.POWER: (0.0, 1000.0),
    Quantity.IMPEDANCE: (0.0, 1e5),
}
IN_SPACE = (Quantity.TEMPERATURE, Quantity.ABLATION, Quantity.DOSE)
OVER_TIME = (Quantity.TEMPERATURE, Quantity.POWER, Quantity.IMPEDANCE)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Which engine computed a result, with which model; `parameters` as they were used."""

    engine: str
    version: str
    model: str
    parameters: Mapping[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.engine and self.version and self.model):
            raise InputError("a result names its engine, its version and its model")


@dataclass(frozen=True, kw_only=True)
class Level:
    """A value at which a line is drawn, and what it means."""

    value: float
    label: Bilingual


@dataclass(frozen=True, kw_only=True, eq=False)
class FieldResult:
    """A quantity in space.

    Parameters
    ----------
    values : (K, J, I) float32, in the unit of `quantity`
    grid : Grid
        In the plan's frame of reference.
    levels : tuple of Level
        One to 8, ascending. Of an ablation probability 0.9, 0.5 and 0.1 bound the P10, P50 and P90 zones.
    at_s : float, optional
        Time after the energy is switched on, for a temperature.

    Raises
    ------
    InputError
        If the values do not fit the grid, are not finite, or lie outside the quantity's bounds.
    """

    title: Bilingual
    origin: Origin
    quantity: Quantity
    grid: Grid
    values: Float32
    levels: tuple[Level, ...]
    at_s: float | None = None

    def __post_init__(self) -> None:
        if self.quantity not in IN_SPACE:
            raise InputError("this quantity is not one of space", where=self.quantity)
        if self.values.shape != self.grid.shape or self.values.size > MOST_VOXELS:
            raise InputError("values and grid differ, or are too many", where=f"shape {self.values.shape}")
        _require(self.values, self.quantity, "values")
        at = [level.value for level in self.levels]
        if not 1 <= len(at) <= MOST_LEVELS or sorted(set(at)) != at:
            raise InputError("a field has one to 8 levels, ascending", where=f"{at}")
        _require(np.array(at), self.quantity, "levels")
        if self.at_s is not None and not 0 <= self.at_s < 1e9:
            raise InputError("a time is a number of seconds from 0", where=f"at_s = {self.at_s}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A quantity over time at one place; `p10` and `p90` (N,) bound it where the spread was computed."""

    id: str
    name: Bilingual
    quantity: Quantity
    p50: Float32
    p10: Float32 | None = None
    p90: Float32 | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A value of a quantity that is not to be passed."""

    quantity: Quantity
    value: float
    label: Bilingual


@dataclass(frozen=True, kw_only=True, eq=False)
class CurvesResult:
    """Quantities over time.

    Parameters
    ----------
    time_s : (N,) float32
        Ascending, s.

    Raises
    ------
    InputError
        If times do not ascend, a curve is not as long as they are, or a band does not hold its curve.
    """

    title: Bilingual
    origin: Origin
    time_s: Float32
    curves: tuple[Curve, ...]
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        _require_ascending(self.time_s, "time_s")
        ids = [curve.id for curve in self.curves]
        if not 1 <= len(ids) <= MOST_CURVES or len(set(ids)) != len(ids):
            raise InputError("one to 24 curves, each with an id of its own", where=f"{ids}")
        for curve in self.curves:
            self._check(curve)
        for limit in self.limits:
            _require(np.array([limit.value]), limit.quantity, "limits")

    def _check(self, curve: Curve) -> None:
        if curve.quantity not in OVER_TIME:
            raise InputError("this quantity is not one of time", where=curve.quantity)
        if (curve.p10 is None) != (curve.p90 is None):
            raise InputError("a band has both bounds", where=curve.id)
        for line in (curve.p50, curve.p10, curve.p90):
            if line is None:
                continue
            if line.shape != self.time_s.shape:
                raise InputError("a curve is as long as the times", where=curve.id)
            _require(line, curve.quantity, curve.id)
        low = curve.p50 if curve.p10 is None else curve.p10
        high = curve.p50 if curve.p90 is None else curve.p90
        if ((low > curve.p50) | (curve.p50 > high)).any():
            raise InputError("a band holds its curve: p10 ≤ p50 ≤ p90", where=curve.id)


@dataclass(frozen=True, kw_only=True, eq=False)
class StructureDose:
    """Share of a structure's volume (%) that receives at least each dose of the axis."""

    name: str
    volume_ml: float
    volume_pct: Float32


@dataclass(frozen=True, kw_only=True)
class DoseReadout:
    """Dose (Gy) that 90 % of the volume receives; volumes (%) with 100 % and 150 % of the prescription."""

    structure: str
    d90_gy: float
    v100_pct: float
    v150_pct: float


@dataclass(frozen=True, kw_only=True, eq=False)
class DoseVolumeResult:
    """Cumulative dose–volume histograms.

    Parameters
    ----------
    dose_gy : (N,) float32
        Ascending from 0, Gy.

    Raises
    ------
    InputError
        If a histogram does not begin at 100 %, rises, or is not as long as the axis.
    """

    title: Bilingual
    origin: Origin
    prescription_gy: float
    dose_gy: Float32
    structures: tuple[StructureDose, ...]

    def __post_init__(self) -> None:
        _require_ascending(self.dose_gy, "dose_gy")
        if self.dose_gy[0] != 0.0 or not 0 < self.prescription_gy <= 1e4:
            raise InputError("the axis begins at 0 Gy and a prescription is above 0 Gy")
        names = [one.name for one in self.structures]
        if not 1 <= len(names) <= MOST_CURVES or len(set(names)) != len(names):
            raise InputError("one to 24 structures, each once", where=f"{names}")
        for one in self.structures:
            share = one.volume_pct
            if share.shape != self.dose_gy.shape or not np.isfinite(share).all() or one.volume_ml <= 0:
                raise InputError("a histogram is as long as its axis, and finite", where=one.name)
            if abs(float(share[0]) - 100.0) > 1e-3 or (np.diff(share) > 1e-4).any() or share[-1] < 0:
                raise InputError("a cumulative histogram falls from 100 %", where=one.name)

    def readouts(self) -> tuple[DoseReadout, ...]:
        """D90, V100 and V150 of each structure, read off the histograms by straight lines."""
        return tuple(
            DoseReadout(
                structure=one.name,
                d90_gy=self._dose_at(one, 90.0),
                v100_pct=self._volume_at(one, self.prescription_gy),
                v150_pct=self._volume_at(one, 1.5 * self.prescription_gy),
            )
            for one in self.structures
        )

    def _volume_at(self, one: StructureDose, dose_gy: float) -> float:
        return float(np.interp(dose_gy, self.dose_gy, one.volume_pct, right=0.0))

    def _dose_at(self, one: StructureDose, volume_pct: float) -> float:
        """The greatest dose that `volume_pct` of the structure receives."""
        above = int(np.flatnonzero(one.volume_pct >= volume_pct)[-1])
        if above == len(self.dose_gy) - 1:
            raise InputError("the dose axis ends before the histogram has fallen", where=one.name)
        (d0, d1), (v0, v1) = self.dose_gy[above : above + 2], one.volume_pct[above : above + 2]
        return float(d0 + (d1 - d0) * (v0 - volume_pct) / (v0 - v1))


PlanResult = FieldResult | CurvesResult | DoseVolumeResult


def _require(values: NDArray[np.floating], quantity: Quantity, where: str) -> None:
    low, high = quantity.bounds
    if not np.isfinite(values).all() or values.min() < low or values.max() > high:
        raise InputError(f"values of {quantity} are finite, from {low:g} to {high:g}", where=where)


def _require_ascending(axis: NDArray[np.floating], where: str) -> None:
    if axis.ndim != 1 or not 2 <= axis.size <= MOST_SAMPLES or not np.isfinite(axis).all():
        raise InputError("an axis has 2 to 20,000 finite samples", where=where)
    if axis[0] < 0 or (np.diff(axis) <= 0).any():
        raise InputError("an axis ascends from 0 or above", where=where)
