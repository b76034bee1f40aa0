"""Great vessels, and the portal and hepatic vein trees that fill the liver.

A tree is grown by handing each branch a share of the liver's points: the branch runs towards their middle,
then divides, and each child takes its part. Radii follow Murray's law.

References
----------
Murray 1926, doi:10.1073/pnas.12.3.207: the cubes of the daughters' radii add up to the parent's.
Kretowski et al. 2003, doi:10.1088/0031-9155/48/19/303: liver vessel trees grown through the organ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from teleneedle.testing.phantom.canvas import Canvas, Tubes
from teleneedle.testing.phantom.skeleton import as_tubes

Points = NDArray[np.float64]
ARTERY_HU = 150.0
PORTAL_HU = 165.0
VEIN_HU = 160.0
_PIECE_MM = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class LiverVessels:
    """Tube pieces of the trees inside the liver and of their trunks outside."""

    portal: Tubes
    portal_trunk: Tubes
    veins: Tubes
    cava: Tubes
    artery: Tubes

    def pushed_by(self, centre: Points, ball_mm: float) -> LiverVessels:
        """The vessels with the trees in the liver moved off a grown ball."""
        return replace(
            self,
            portal=push_aside(self.portal, centre, ball_mm),
            veins=push_aside(self.veins, centre, ball_mm),
        )

    def large(self, radius_mm: float = 1.5) -> Tubes:
        """All pieces at least `radius_mm` thick."""
        every = np.vstack([self.portal, self.portal_trunk, self.veins, self.cava, self.artery])
        return np.asarray(every[every[:, 6] >= radius_mm])


def smooth_line(corners: Sequence[tuple[float, ...]]) -> tuple[Points, NDArray[np.float64]]:
    """Polyline through corners ``(x, y, z, radius)``, rounded, with the radius at each point."""
    nodes = np.array(corners, dtype=np.float64)
    places = np.linspace(0, len(nodes) - 1, 12 * len(nodes))
    dense = np.column_stack([np.interp(places, np.arange(len(nodes)), nodes[:, a]) for a in range(4)])
    for _ in range(30):
        dense[1:-1] = 0.25 * dense[:-2] + 0.5 * dense[1:-1] + 0.25 * dense[2:]
    return dense[:, :3], dense[:, 3]


def tube_line(corners: Sequence[tuple[float, ...]]) -> Tubes:
    """Tube pieces through rounded corners ``(x, y, z, radius)``."""
    line, radius = smooth_line(corners)
    return as_tubes(line, radius)


def grow_tree(
    points: Points,
    root: Points,
    heading: Points,
    radius_mm: float,
    rng: np.random.Generator,
    *,
    thinnest_mm: float = 0.8,
) -> Tubes:
    """Branches from `root` that share out `points` among them, as tube pieces."""
    pieces: list[Tubes] = []
    waiting = [(np.asarray(root), np.asarray(heading), points, radius_mm)]
    while waiting:
        start, ahead, share, radius = waiting.pop()
        if radius < thinnest_mm or len(share) < 6:
            continue
        middle = share.mean(axis=0)
        end = start + (middle - start) * rng.uniform(0.5, 0.65)
        line, last = _bend(start, ahead, end)
        pieces.append(as_tubes(line, np.linspace(radius, 0.93 * radius, len(line))))
        for part in _divide(share, end, rng):
            child = radius * (len(part) / len(share)) ** (1 / 3)
            waiting.append((end, last, part, child))
    return np.vstack(pieces)


def _bend(start: Points, ahead: Points, end: Points) -> tuple[Points, Points]:
    """Quadratic curve that leaves `start` along `ahead`; its points and final direction."""
    length = float(np.linalg.norm(end - start)) + 1e-9
    control = start + ahead * 0.4 * length
    t = np.linspace(0, 1, max(int(length / _PIECE_MM) + 2, 3))[:, None]
    line = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    last = end - control
    return line, last / (np.linalg.norm(last) + 1e-9)


def _divide(share: Points, node: Points, rng: np.random.Generator) -> tuple[Points, Points]:
    """Two parts across the widest direction seen from the node."""
    centred = share - share.mean(axis=0)
    ahead = share.mean(axis=0) - node
    ahead /= np.linalg.norm(ahead) + 1e-9
    across = centred - 0.7 * (centred @ ahead)[:, None] * ahead
    _, axes = np.linalg.eigh(across.T @ across)
    place = across @ (axes[:, 2] + 0.15 * rng.normal(size=3))
    count = int(len(share) * rng.uniform(0.36, 0.64))
    order = np.argpartition(place, count)
    return share[order[:count]], share[order[count:]]


def _keep_apart(tubes: Tubes, others: Tubes, gap_mm: float) -> Tubes:
    """Move points of `tubes` off the others' surfaces; a shared point moves alike, so nothing tears."""
    tree = cKDTree(others[:, :3])
    moved = tubes.copy()
    for _ in range(3):
        for columns in (slice(0, 3), slice(3, 6)):
            distance, nearest = tree.query(moved[:, columns])
            need = others[nearest, 6] + 1.6 + gap_mm
            push = np.clip(need - distance, 0, 6.0)
            away = (moved[:, columns] - others[nearest, :3]) / np.maximum(distance, 0.3)[:, None]
            moved[:, columns] += 0.6 * push[:, None] * away
    return moved


def plan_liver_vessels(points: Points, *, has_left: bool, rng: np.random.Generator) -> LiverVessels:
    """Trees through `points` (N, 3) of the liver's inside, with trunks, cava and arteries."""
    portal = _portal_tree(points, has_left, rng)
    veins = _keep_apart(_hepatic_veins(points, has_left, rng), portal, 1.5)
    return LiverVessels(
        portal=portal,
        portal_trunk=tube_line(_PORTAL_TRUNK),
        veins=veins,
        cava=tube_line(_CAVA),
        artery=np.vstack([tube_line(line) for line in _ARTERIES]),
    )


def _portal_tree(points: Points, has_left: bool, rng: np.random.Generator) -> Tubes:
    """Right and left branch from the hilum."""
    hilum = np.array(_PORTAL_TRUNK[-1][:3])
    is_left = points[:, 0] > -38.0 - 0.35 * points[:, 1]
    if not has_left:
        return grow_tree(points, hilum, np.array([-0.9, 0.0, 0.4]), 6.0, rng)
    right = grow_tree(points[~is_left], hilum, np.array([-0.9, 0.0, 0.4]), 5.6, rng)
    return np.vstack([right, grow_tree(points[is_left], hilum, np.array([0.5, -0.7, 0.5]), 4.6, rng)])


def _hepatic_veins(points: Points, has_left: bool, rng: np.random.Generator) -> Tubes:
    """Right, middle, left and lower right hepatic vein from their mouths at the cava."""
    mouth = np.array([-24.0, 22.0, 80.0])
    bearing = np.degrees(np.arctan2(45.0 - points[:, 1], points[:, 0] + 24.0)) % 360.0
    far = np.linalg.norm(points - mouth, axis=1) > 24.0
    trees = []
    for first, last, toward, radius in (
        (145.0, 190.0, (-0.9, 0.1, -0.2), 4.8),
        (105.0, 145.0, (-0.4, -0.8, -0.3), 4.4),
        (190.0, 280.0, (-0.7, 0.6, -0.4), 3.2),
        (0.0, 105.0, (0.5, -0.8, 0.0), 4.0),
    ):
        part = points[(bearing >= first) & (bearing < last) & far]
        if len(part) > 60 and (has_left or first > 0):
            heading = np.array(toward)
            trees.append(grow_tree(part, mouth + 6 * heading, heading, radius, rng))
    return np.vstack(trees)


Corners = list[tuple[float, ...]]
_PORTAL_TRUNK: Corners = [(6, 4, -22, 6.5), (-8, 2, -2, 7.0), (-22, 2, 14, 7.0), (-34, -2, 24, 6.6)]
_CAVA: Corners = [
    (-18, 34, -160, 10.5), (-20, 34, -40, 11.0), (-25, 34, 20, 11.5), (-24, 30, 60, 12.5),
    (-18, 16, 92, 13.0), (-12, -4, 124, 13.0),
]  # fmt: skip
_ARTERIES: list[Corners] = [
    [
        (24, 40, 260, 12.5),
        (25, 42, 190, 12.5),
        (22, 42, 150, 12.0),
        (14, 36, 90, 11.5),
        (9, 33, 0, 10.5),
        (4, 33, -70, 9.5),
        (3, 34, -160, 9.0),
    ],
    [(10, 22, 2, 4.0), (8, 10, 6, 3.6), (-2, 4, 10, 3.0), (-16, -8, 14, 2.4), (-30, -8, 24, 2.0)],
    [(8, 10, 6, 3.2), (28, 6, 14, 2.8), (50, 22, 22, 2.6), (78, 32, 32, 2.2)],
    [(8, 23, -8, 4.2), (6, 10, -22, 3.8), (8, 0, -60, 3.2), (16, -4, -110, 2.2)],
    [(6, 33, -32, 3.0), (-20, 44, -36, 2.8), (-44, 48, -42, 2.4)],
    [(8, 33, -30, 3.0), (26, 44, -32, 2.8), (44, 48, -32, 2.4)],
]
_VISCERAL_VEINS: list[Corners] = [
    [(6, 4, -22, 5.6), (0, 0, -50, 5.0), (-2, -6, -110, 3.6)],
    [(6, 4, -22, 4.6), (26, 8, 0, 4.2), (52, 26, 14, 3.8), (84, 36, 28, 3.0)],
]
_RENAL_VEINS: list[Corners] = [
    [(-20, 34, -40, 5.0), (-34, 40, -42, 4.6), (-48, 48, -44, 4.2)],
    [(-16, 30, -34, 5.0), (8, 20, -34, 4.2), (30, 36, -34, 4.6), (48, 48, -34, 4.2)],
]


def push_aside(tubes: Tubes, centre: Points, ball_mm: float) -> Tubes:
    """Tubes moved off a grown ball: a point at distance s goes to the cube root of (s³ + ball³), outwards.

    The move is radial, so no piece comes closer to any line through the centre.
    """
    moved = tubes.copy()
    for columns in (slice(0, 3), slice(3, 6)):
        offset = moved[:, columns] - centre
        distance = np.maximum(np.linalg.norm(offset, axis=1, keepdims=True), 1e-3)
        moved[:, columns] = centre + offset / distance * np.cbrt(distance**3 + ball_mm**3)
    return moved


def paint_vessels(canvas: Canvas, vessels: LiverVessels) -> None:
    """Draw trunks in the fat of the cavity, trees in the liver only."""
    free = ("cavity", "pancreas", "muscle", "artery", "portal_vein", "cava")
    for line in _VISCERAL_VEINS:
        canvas.paint_tubes("portal_vein", tube_line(line), PORTAL_HU, over=free)
    canvas.paint_tubes("portal_vein", vessels.portal_trunk, PORTAL_HU, over=(*free, "liver"))
    canvas.paint_tubes(
        "artery", vessels.artery, ARTERY_HU, over=("cavity", "pancreas", "liver", "muscle", "lung")
    )
    for line in _RENAL_VEINS:
        canvas.paint_tubes("cava", tube_line(line), VEIN_HU, over=("cavity",))
    canvas.paint_tubes("cava", vessels.cava, VEIN_HU, over=("cavity", "liver", "muscle"))
    canvas.paint_tubes("liver_portal", vessels.portal, PORTAL_HU, over=("liver",), edge_mm=1.0)
    canvas.paint_tubes("liver_veins", vessels.veins, VEIN_HU, over=("liver",), edge_mm=1.0)
