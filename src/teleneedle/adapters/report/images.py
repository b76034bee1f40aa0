"""What the plan book's pictures are made from, and the finished pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import Grid, require_same_frame
from teleneedle.core.image import LabelMap, Volume


@dataclass(frozen=True, kw_only=True, eq=False)
class MarginSamples:
    """Signed ablation margin at points of the target's surface.

    Parameters
    ----------
    points_lps : (N, 3) float, LPS mm
    shares : (N,) float
        Share of the surface that each point stands for; they sum to 1.
    p10_mm, p50_mm, p90_mm : (N,) float
        Distance to the edge of the zone, positive inside, for the three percentiles of the zone.
    """

    points_lps: NDArray[np.float64]
    shares: NDArray[np.float64]
    p10_mm: NDArray[np.float64]
    p50_mm: NDArray[np.float64]
    p90_mm: NDArray[np.float64]

    def __post_init__(self) -> None:
        count = len(self.points_lps)
        if count == 0 or any(len(v) != count for v in (self.shares, self.p10_mm, self.p50_mm, self.p90_mm)):
            raise InputError(
                "margin samples need one margin per point and percentile", where=f"{count} points"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class BookImages:
    """The images behind a plan, all in one frame of reference.

    Parameters
    ----------
    volume : Volume
        The planning CT, Hounsfield units.
    structures : mapping of str to LabelMap
        By canonical kind, on the grid of the CT.
    target : LabelMap
        Union of all treated tumours.
    margins : MarginSamples, optional
        For the margin map and distribution; without them they are sampled from the planned zones.

    Raises
    ------
    FrameOfReferenceError
        If a structure lives in another frame than the CT.
    """

    volume: Volume
    structures: Mapping[str, LabelMap]
    target: LabelMap
    margins: MarginSamples | None = None

    def __post_init__(self) -> None:
        for name, label_map in (*self.structures.items(), ("target", self.target)):
            require_same_frame(self.volume.grid, label_map.grid, what=f"CT and structure {name}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """One picture: raster underlay, vector drawing over it, size on paper and where it was taken."""

    jpeg: bytes
    svg: str
    plane: Plane
    paper_width_mm: float

    @property
    def paper_height_mm(self) -> float:
        """Height on paper that keeps the scale."""
        return self.paper_width_mm * self.plane.height_mm / self.plane.width_mm


@dataclass(frozen=True, kw_only=True, eq=False)
class BookPictures:
    """All pictures of a book by name (``cover-in-line``, ``needle-N1-axial`` …); shared by both languages.

    `drawn` names the structure kinds that appear outlined, for the legend; `solid` those in 3-D;
    `grid` is the CT's, for slice numbers; `margins` feed the charts.
    """

    pictures: Mapping[str, Picture]
    grid: Grid
    margins: MarginSamples | None = None
    drawn: frozenset[str] = field(default_factory=frozenset)
    solid: frozenset[str] = field(default_factory=frozenset)
