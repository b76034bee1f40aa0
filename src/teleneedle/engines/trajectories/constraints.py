"""The rules a needle path is judged by: one table of constraint objects with units, defaults and sources.

A clearance is measured from the needle's outer surface: the distance from its axis to the nearest voxel box
of the structure, less the needle's radius. Hard rules forbid; soft rules only rank.

The rules hold on the whole way from skin to tip, inside the target too. A target that touches a large vessel
is therefore reached through a point further off, or a named rule is relaxed by the user, which the plan
prints; nothing is exempted silently. The one exception is the organ a target lies in (see `scene.HOSTS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError
from teleneedle.core.needle_gauge import needle_diameter_mm

LARGE_VESSEL_MM = 3.0
"""Local diameter from which a vessel is large: above it blood keeps tissue cool and an injury bleeds."""

_SITE = "planning default, to be confirmed by the site"
_SEITEL = f"constraint as in Seitel 2011 (doi:10.1118/1.3590374); value: {_SITE}"


@dataclass(frozen=True, kw_only=True)
class ClearanceRule:
    """Distance the needle's surface keeps from a structure.

    Parameters
    ----------
    structure : str
        Canonical kind.
    hard_mm : float or None
        Below it a path is forbidden; None when the structure only ranks paths.
    soft_mm : float
        From here on more distance earns nothing.
    source : str
        Where the figure comes from.
    large_from_mm : float or None
        For vessels: the hard distance holds for parts with at least this local diameter (a ball of that
        diameter fits inside, voxel centres counted); thinner branches only rank.
    """

    structure: str
    hard_mm: float | None
    soft_mm: float
    source: str
    large_from_mm: float | None = None
    unit: str = "mm"


@dataclass(frozen=True, kw_only=True)
class LimitRule:
    """Bounds of one quantity of a path.

    Parameters
    ----------
    name : str
        Quantity; its unit is `unit`.
    hard_low, hard_high : float or None
        Outside them a path is forbidden; None where there is no hard bound.
    ideal, poor : float
        Values at which the soft term is 0 and 1.
    weight : float
        Weight in the cost that ranks inside the Pareto set.
    text : (str, str)
        What it is, in Chinese and English.
    """

    name: str
    unit: str
    hard_low: float | None = None
    hard_high: float | None = None
    ideal: float
    poor: float
    weight: float
    source: str
    text: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class PathRules:
    """Every rule in force, and the needle they are for."""

    clearances: tuple[ClearanceRule, ...]
    limits: tuple[LimitRule, ...]
    gauge: float
    clearance_weight: float = 0.35
    placement_sigma_mm: float = 3.5
    placement_sigma_deg: float = 2.0

    @property
    def needle_radius_mm(self) -> float:
        """Outer radius of the needle, mm."""
        return needle_diameter_mm(self.gauge) / 2

    def limit(self, name: str) -> LimitRule:
        """The limit called `name`.

        Raises
        ------
        InputError
            If there is none.
        """
        for rule in self.limits:
            if rule.name == name:
                return rule
        raise InputError(f"no limit called {name}", remedy=", ".join(r.name for r in self.limits))

    @property
    def by_structure(self) -> Mapping[str, ClearanceRule]:
        """Clearance rules by structure."""
        return MappingProxyType({rule.structure: rule for rule in self.clearances})

    def with_clearance(self, structure: str, hard_mm: float | None) -> PathRules:
        """These rules with another hard distance for one structure."""
        changed = tuple(
            replace(rule, hard_mm=hard_mm, soft_mm=max(rule.soft_mm, hard_mm or 0.0))
            if rule.structure == structure
            else rule
            for rule in self.clearances
        )
        return replace(self, clearances=changed)

    def with_limit(self, name: str, *, hard_low: float | None, hard_high: float | None) -> PathRules:
        """These rules with other hard bounds for one limit."""
        self.limit(name)
        changed = tuple(
            replace(rule, hard_low=hard_low, hard_high=hard_high) if rule.name == name else rule
            for rule in self.limits
        )
        return replace(self, limits=changed)


_CLEARANCES: tuple[ClearanceRule, ...] = (
    ClearanceRule(structure="bone", hard_mm=3.0, soft_mm=8.0, source=_SITE),
    ClearanceRule(structure="lung", hard_mm=0.0, soft_mm=10.0, source=_SEITEL),
    ClearanceRule(structure="heart", hard_mm=5.0, soft_mm=15.0, source=_SITE),
    *(
        ClearanceRule(structure=s, hard_mm=5.0, soft_mm=10.0, source=_SITE, large_from_mm=LARGE_VESSEL_MM)
        for s in ("portal_vein", "hepatic_veins", "artery", "vessels")
    ),
    *(
        ClearanceRule(structure=s, hard_mm=5.0, soft_mm=15.0, source=_SITE)
        for s in ("bowel", "stomach", "gallbladder")
    ),
    *(
        ClearanceRule(structure=s, hard_mm=3.0, soft_mm=10.0, source=_SITE)
        for s in ("kidney", "pancreas", "spleen")
    ),
    ClearanceRule(structure="bile_ducts", hard_mm=5.0, soft_mm=10.0, source=_SITE),
    ClearanceRule(structure="spinal_canal", hard_mm=5.0, soft_mm=10.0, source=_SITE),
)


def large_from_mm(structure: str) -> float | None:
    """Local diameter (mm) from which the shipped rule of a kind forbids; None where the whole structure does.

    Examples
    --------
    >>> large_from_mm("bone") is None
    True
    """
    return next((rule.large_from_mm for rule in _CLEARANCES if rule.structure == structure), None)


def default_rules(
    *, modality: Modality, usable_length_mm: float, gauge: float, navigation: bool = True
) -> PathRules:
    """The shipped table of rules for a device.

    Parameters
    ----------
    modality : Modality
        Caps the usable length at 150 mm for RFA and 200 mm otherwise.
    usable_length_mm : float
        Longest shaft inside the patient, hub allowance already taken off, mm.
    gauge : float
        Outer needle gauge; its radius is taken off every clearance.
    navigation : bool
        Whether needles are guided by a template or tracking; without it the tilt limit is hard.

    Examples
    --------
    >>> rules = default_rules(modality=Modality.MWA, usable_length_mm=150, gauge=15)
    >>> rules.by_structure["bone"].hard_mm, rules.limit("tilt_deg").hard_high
    (3.0, None)
    """
    if not usable_length_mm > 30.0:
        raise InputError(
            "the usable length must exceed 30 mm",
            where=f"{usable_length_mm:g} mm",
            remedy="check the device file",
        )
    longest = min(usable_length_mm, 150.0 if modality is Modality.RFA else 200.0)
    needle_diameter_mm(gauge)
    return PathRules(clearances=_CLEARANCES, limits=_limits(longest, navigation), gauge=gauge)


def _limits(longest_mm: float, navigation: bool) -> tuple[LimitRule, ...]:
    return (
        LimitRule(
            name="length_mm", unit="mm", hard_low=30.0, hard_high=longest_mm, ideal=50.0, poor=longest_mm,
            weight=0.2, source=f"device file; {_SEITEL}", text=("进针深度", "depth from skin to target"),
        ),
        LimitRule(
            name="tilt_deg", unit="°", hard_high=None if navigation else 30.0, ideal=0.0, poor=30.0,
            weight=0.15, source=_SITE, text=("头足向倾斜", "tilt out of the axial plane"),
        ),
        LimitRule(
            name="capsule_angle_deg", unit="°", hard_low=20.0, ideal=70.0, poor=20.0,
            weight=0.12, source=_SEITEL, text=("与肝包膜切面夹角", "angle to the liver capsule"),
        ),
        LimitRule(
            name="healthy_liver_mm", unit="mm", hard_low=5.0, ideal=10.0, poor=5.0,
            weight=0.1, source=_SITE, text=("靶区前正常肝组织", "healthy liver before the target"),
        ),
        LimitRule(
            name="skin_angle_deg", unit="°", ideal=70.0, poor=20.0,
            weight=0.05, source=_SITE, text=("与皮肤切面夹角", "angle to the skin"),
        ),
        LimitRule(
            name="table_mm", unit="mm", hard_low=0.0, ideal=50.0, poor=0.0,
            weight=0.03, source=_SITE, text=("体外针杆高出检查床", "outer shaft above the table"),
        ),
        LimitRule(
            name="bore_mm", unit="mm", ideal=50.0, poor=0.0,
            weight=0.05, source=_SITE, text=("针柄与机架孔壁距离", "distance of the hub from the CT bore"),
        ),
    )  # fmt: skip
