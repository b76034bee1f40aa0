"""The plan book's colours (Okabe–Ito). Never the only sign: each use has a line style or shape too.

References
----------
Okabe M, Ito K. Color universal design. 2008. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TARGET = "#E69F00"
ZONE = "#F0E442"
ACCENT = "#0072B2"
STOP = "#D55E00"
INK = "#16191D"
SECONDARY = "#5A646E"
RULE = "#C8CED4"
BONE = "#E8E2D0"
SKIN = "#E3B9A0"
SHAFT = "#2B3036"


@dataclass(frozen=True, kw_only=True)
class OutlineStyle:
    """How a structure is drawn where a plane cuts it: line width and dashes in pt, share of fill."""

    colour: str
    width_pt: float = 0.8
    dash_pt: str = ""
    fill: float = 0.0


OUTLINES: Mapping[str, OutlineStyle] = {
    "liver": OutlineStyle(colour="#CC79A7", width_pt=0.9),
    "portal_vein": OutlineStyle(colour="#0072B2", width_pt=0.5, fill=0.75),
    "hepatic_veins": OutlineStyle(colour="#56B4E9", width_pt=0.5, fill=0.45),
    "artery": OutlineStyle(colour="#D55E00", width_pt=0.5, fill=0.45),
    "vessels": OutlineStyle(colour="#56B4E9", width_pt=0.5, fill=0.45),
    "gallbladder": OutlineStyle(colour="#009E73", width_pt=1.0, dash_pt="0.1 1.9"),
    "bile_ducts": OutlineStyle(colour="#66A61E", width_pt=0.8, dash_pt="0.1 1.6"),
    "bowel": OutlineStyle(colour="#A6761D", width_pt=0.8, dash_pt="3 1 0.1 1"),
    "stomach": OutlineStyle(colour="#B07AA1", width_pt=0.8, dash_pt="3 1 0.1 1"),
    "lung": OutlineStyle(colour="#7FC8C8", width_pt=0.8, dash_pt="4 1.4"),
}
"""Structures outlined in the sections, in drawing order."""
