"""Structures by name, and the two states they can be in: proposed by an engine, or reviewed by a person.

`Proposed` and `Reviewed` are different types on purpose: nothing becomes `Reviewed` except through
`Proposed.review`, so no plan can rest on an unseen structure by accident (hazard H5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from teleneedle.core.errors import StructureError
from teleneedle.core.image import LabelMap


class Gate(Enum):
    """Automatic plausibility verdict on one structure."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class StructureKind:
    """What a canonical structure name means.

    Parameters
    ----------
    name : str
        Canonical name, as in the plan folder.
    name_zh, name_en : str
        Display names.
    colour : str
        ``#RRGGBB`` (Okabe–Ito where the design names one).
    aliases : tuple of str
        Other file names that mean the same.
    """

    name: str
    name_zh: str
    name_en: str
    colour: str
    aliases: tuple[str, ...] = ()


_KINDS = (
    StructureKind(name="body", name_zh="体部", name_en="body", colour="#C9B8A8", aliases=("external",)),
    StructureKind(name="skin", name_zh="体表", name_en="skin", colour="#C9B8A8"),
    StructureKind(
        name="bone",
        name_zh="骨、肋骨",
        name_en="bone, ribs",
        colour="#E8E2D0",
        aliases=("bones", "skeleton", "ribs"),
    ),
    StructureKind(
        name="lung",
        name_zh="肺、胸膜",
        name_en="lung, pleura",
        colour="#7FC8C8",
        aliases=("lungs", "leftlung", "rightlung", "lung_left", "lung_right"),
    ),
    StructureKind(name="liver", name_zh="肝", name_en="liver", colour="#CC79A7"),
    StructureKind(
        name="vessels",
        name_zh="肝内血管",
        name_en="liver vessels",
        colour="#56B4E9",
        aliases=("liver_vessels", "vessel"),
    ),
    StructureKind(
        name="portal_vein",
        name_zh="门静脉",
        name_en="portal vein",
        colour="#0072B2",
        aliases=("portalvein", "portal"),
    ),
    StructureKind(
        name="hepatic_veins",
        name_zh="肝静脉、下腔静脉",
        name_en="hepatic veins, vena cava",
        colour="#56B4E9",
        aliases=(
            "venoussystem",
            "hepaticvein",
            "hepatic_vein",
            "hepaticveins",
            "venacava",
            "vena_cava",
            "ivc",
        ),
    ),
    StructureKind(
        name="artery", name_zh="动脉", name_en="artery", colour="#D55E00", aliases=("arteries", "aorta")
    ),
    StructureKind(
        name="bowel",
        name_zh="肠",
        name_en="bowel",
        colour="#A6761D",
        aliases=("colon", "duodenum", "small_bowel", "smallintestin", "intestine", "bowels"),
    ),
    StructureKind(name="stomach", name_zh="胃", name_en="stomach", colour="#B07AA1"),
    StructureKind(
        name="gallbladder", name_zh="胆囊", name_en="gallbladder", colour="#009E73", aliases=("gall_bladder",)
    ),
    StructureKind(
        name="kidney",
        name_zh="肾",
        name_en="kidney",
        colour="#9C755F",
        aliases=("kidneys", "kidney_left", "kidney_right", "leftkidney", "rightkidney"),
    ),
    StructureKind(name="spleen", name_zh="脾", name_en="spleen", colour="#8E6C8A"),
    StructureKind(name="pancreas", name_zh="胰", name_en="pancreas", colour="#D9A441"),
    StructureKind(name="heart", name_zh="心", name_en="heart", colour="#B5485A"),
    StructureKind(
        name="bile_ducts",
        name_zh="胆管",
        name_en="bile ducts",
        colour="#66A61E",
        aliases=("bileduct", "bile_duct", "biliarysystem"),
    ),
    StructureKind(
        name="spinal_canal",
        name_zh="椎管",
        name_en="spinal canal",
        colour="#BAB0AC",
        aliases=("spinal_cord", "spinalcord", "cord"),
    ),
    StructureKind(
        name="tumour",
        name_zh="靶区",
        name_en="target",
        colour="#E69F00",
        aliases=(
            "tumor",
            "tumors",
            "tumours",
            "livertumor",
            "livertumors",
            "lesion",
            "gtv",
            "nodule",
            "target",
        ),
    ),
)
KINDS: Mapping[str, StructureKind] = {kind.name: kind for kind in _KINDS}
_BY_ALIAS = {alias: kind.name for kind in _KINDS for alias in (kind.name, *kind.aliases)}


def canonical_kind(name: str) -> str | None:
    """Canonical structure name behind a file or label name; None when it is not known.

    A trailing number is ignored, so ``livertumor2`` is a ``tumour`` and ``kidney_1`` a ``kidney``.

    Examples
    --------
    >>> canonical_kind("portalvein"), canonical_kind("livertumor2"), canonical_kind("hat")
    ('portal_vein', 'tumour', None)
    """
    plain = re.sub(r"[\s\-]+", "_", name.strip().lower())
    stem = re.sub(r"_?\d+(_of_?\d+|of\d+)?$", "", plain)
    return _BY_ALIAS.get(plain) or _BY_ALIAS.get(stem)


@dataclass(frozen=True, kw_only=True, eq=False)
class Proposed:
    """A structure that an engine or a file proposed and nobody has confirmed.

    Parameters
    ----------
    name : str
        Name in this case (``liver``, ``livertumor1``); `kind` gives its canonical kind.
    label_map : LabelMap
        Its voxels.
    engine : str
        Engine id and version, or ``file:NAME``.
    engine_sha256 : str
        Hash of the engine's weights or of the mask file; empty for weight-free engines.
    gate : Gate
        Automatic plausibility verdict.
    reasons : tuple of (str, str)
        Why the gate is not green: pairs of Chinese and English text.
    """

    name: str
    label_map: LabelMap
    engine: str
    engine_sha256: str = ""
    gate: Gate = Gate.GREEN
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """Canonical kind, or the name itself when unknown."""
        return canonical_kind(self.name) or self.name

    def review(self, *, reviewer: str, at: datetime, edits: str = "") -> Reviewed:
        """Confirm by name and time.

        Raises
        ------
        StructureError
            If the reviewer is empty or the time has no zone.
        """
        if not reviewer.strip():
            raise StructureError("a review needs the reviewer's name", where=self.name)
        if at.tzinfo is None:
            raise StructureError("a review time needs a time zone", where=self.name)
        return Reviewed(proposal=self, reviewer=reviewer, at=at, edits=edits)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reviewed:
    """A structure that a named person confirmed.

    Parameters
    ----------
    proposal : Proposed
        What was confirmed, after any edits.
    reviewer : str
        Who confirmed.
    at : datetime
        When, with time zone.
    edits : str
        What the reviewer changed, in words.
    """

    proposal: Proposed
    reviewer: str
    at: datetime
    edits: str = ""

    @property
    def name(self) -> str:
        """Name in this case."""
        return self.proposal.name

    @property
    def kind(self) -> str:
        """Canonical kind."""
        return self.proposal.kind

    @property
    def label_map(self) -> LabelMap:
        """Its voxels."""
        return self.proposal.label_map


Structure = Proposed | Reviewed


def unreviewed_names(structures: Iterable[Structure]) -> list[str]:
    """Names of the structures that nobody has confirmed, in order."""
    return [s.name for s in structures if isinstance(s, Proposed)]


def merge_by_kind(structures: Iterable[Structure]) -> dict[str, LabelMap]:
    """Union of the label maps of each canonical kind (left and right kidney become ``kidney``)."""
    merged: dict[str, LabelMap] = {}
    for structure in structures:
        found = merged.get(structure.kind)
        merged[structure.kind] = structure.label_map if found is None else found.union(structure.label_map)
    return merged
