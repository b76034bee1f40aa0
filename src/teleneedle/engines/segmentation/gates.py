"""Plausibility gates: green, amber or red for every proposed structure, with the reason in two languages.

A gate never repairs anything; it says what a reviewer must look at. Volume limits are wide on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from teleneedle.core.anatomy import Gate
from teleneedle.engines.segmentation.shapes import components
from teleneedle.engines.segmentation.spine import SpineLine
from teleneedle.engines.segmentation.workgrid import BoolArray, PatientImage

Bilingual = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What is plausible for one kind.

    Parameters
    ----------
    volume_ml : (float, float)
        Outside it the gate is red.
    usual_ml : (float, float)
        Outside it the gate is amber.
    median_hu : (float, float)
        Range of the median grey level; outside it the gate is red.
    pieces : int
        More pieces of over 5 % of the volume than this are amber.
    side : int
        −1 right, +1 left of the spine, 0 either; the wrong side is red.
    below_lungs : bool
        Whether its centre must lie below the lungs' centre; else red.
    """

    volume_ml: tuple[float, float]
    usual_ml: tuple[float, float]
    median_hu: tuple[float, float]
    pieces: int = 1
    side: int = 0
    below_lungs: bool = False


EXPECTED = {
    "skin": Expectation(volume_ml=(1500, 150000), usual_ml=(4000, 100000), median_hu=(-300, 150)),
    "body": Expectation(volume_ml=(1500, 150000), usual_ml=(4000, 100000), median_hu=(-300, 150)),
    "bone": Expectation(volume_ml=(20, 6000), usual_ml=(100, 4000), median_hu=(140, 1500), pieces=60),
    "lung": Expectation(volume_ml=(10, 12000), usual_ml=(300, 9000), median_hu=(-980, -450), pieces=2),
    "liver": Expectation(
        volume_ml=(250, 5000), usual_ml=(800, 2800), median_hu=(0, 220), side=-1, below_lungs=True
    ),
    "vessels": Expectation(volume_ml=(0.5, 300), usual_ml=(8, 150), median_hu=(40, 400), pieces=12),
    "kidney": Expectation(volume_ml=(30, 900), usual_ml=(150, 550), median_hu=(0, 400), pieces=2),
    "spleen": Expectation(volume_ml=(30, 2000), usual_ml=(80, 500), median_hu=(10, 300), side=1),
    "gallbladder": Expectation(volume_ml=(2, 250), usual_ml=(5, 90), median_hu=(-20, 60), side=-1),
    "stomach": Expectation(volume_ml=(10, 2500), usual_ml=(30, 1500), median_hu=(-1000, 150), pieces=2),
    "bowel": Expectation(volume_ml=(5, 8000), usual_ml=(30, 5000), median_hu=(-1000, 250), pieces=80),
    "spinal_canal": Expectation(volume_ml=(3, 200), usual_ml=(8, 120), median_hu=(-60, 140), pieces=4),
    "heart": Expectation(volume_ml=(40, 2500), usual_ml=(150, 1300), median_hu=(0, 500)),
    "artery": Expectation(volume_ml=(5, 600), usual_ml=(15, 350), median_hu=(60, 700), pieces=2),
    "hepatic_veins": Expectation(volume_ml=(5, 300), usual_ml=(10, 150), median_hu=(50, 450), pieces=3),
}
MAY_LEAVE_IMAGE = {"body", "skin", "bone", "lung", "bowel", "spinal_canal", "artery", "hepatic_veins"}


@dataclass(frozen=True, kw_only=True, eq=False)
class GateInput:
    """One structure with its surroundings on a working grid."""

    kind: str
    mask: BoolArray
    image: PatientImage
    lungs: BoolArray
    spine: SpineLine

    @property
    def expected(self) -> Expectation | None:
        """What is plausible for this kind, when anything is known."""
        return EXPECTED.get(self.kind)

    @property
    def volume_ml(self) -> float:
        """Volume, ml."""
        return float(self.mask.sum() * self.image.voxel_ml)


Finding = tuple[Gate, Bilingual]


def judge(case: GateInput) -> tuple[Gate, tuple[Bilingual, ...]]:
    """Worst verdict of all tests and the reasons that made it."""
    if not case.mask.any():
        return Gate.RED, (("结构为空", "the structure is empty"),)
    findings = [found for test in TESTS if (found := test(case)) is not None]
    order = {Gate.GREEN: 0, Gate.AMBER: 1, Gate.RED: 2}
    worst = max((gate for gate, _ in findings), key=order.__getitem__, default=Gate.GREEN)
    return worst, tuple(reason for _, reason in findings)


def volume_test(case: GateInput) -> Finding | None:
    """Red outside what is possible, amber outside what is usual."""
    if case.expected is None:
        return None
    volume = case.volume_ml
    for gate, (low, high) in ((Gate.RED, case.expected.volume_ml), (Gate.AMBER, case.expected.usual_ml)):
        if not low <= volume <= high:
            zh = f"体积 {volume:.0f} ml，超出 {low:g}–{high:g} ml"
            return gate, (zh, f"volume {volume:.0f} ml is outside {low:g} to {high:g} ml")
    return None


def grey_level_test(case: GateInput) -> Finding | None:
    """Red when the median grey level is impossible for the kind."""
    if case.expected is None:
        return None
    median = float(np.median(case.image.hu[case.mask]))
    low, high = case.expected.median_hu
    if low <= median <= high:
        return None
    return Gate.RED, (
        f"CT 值中位数 {median:.0f} HU，超出 {low:g}–{high:g} HU",
        f"median {median:.0f} HU is outside {low:g} to {high:g} HU",
    )


def connectivity_test(case: GateInput) -> Finding | None:
    """Amber when more sizeable pieces exist than the kind has."""
    if case.expected is None:
        return None
    _, sizes = components(case.mask)
    pieces = int((sizes > 0.05 * case.mask.sum()).sum())
    if pieces <= case.expected.pieces:
        return None
    return Gate.AMBER, (f"分成 {pieces} 块", f"falls into {pieces} pieces")


def side_test(case: GateInput) -> Finding | None:
    """Red when most of it lies on the wrong side of the spine."""
    if case.expected is None or case.expected.side == 0 or case.spine.support < 3:
        return None
    _, left = case.spine.offsets_mm(case.image)
    share = float(np.broadcast_to(left * case.expected.side > 0, case.mask.shape)[case.mask].mean())
    if share >= 0.5:
        return None
    return Gate.RED, (
        "位于脊柱的对侧，请核对左右",
        "lies on the wrong side of the spine; check left and right",
    )


def height_test(case: GateInput) -> Finding | None:
    """Red when a structure of the abdomen has its centre of volume above the lungs' centre of volume.

    Centres of volume, not of height: the recesses behind the liver reach far down but hold little lung.
    """
    if case.expected is None or not case.expected.below_lungs or not case.lungs.any():
        return None
    if _mean_height(case.mask) <= _mean_height(case.lungs):
        return None
    return Gate.RED, ("重心高于肺的重心", "its centre lies above the centre of the lungs")


def _mean_height(mask: BoolArray) -> float:
    """Mean index along z of the set voxels."""
    counts = np.count_nonzero(mask, axis=(1, 2))
    return float((counts * np.arange(len(counts))).sum() / max(int(counts.sum()), 1))


def cut_test(case: GateInput) -> Finding | None:
    """Amber when the structure reaches the edge of the image."""
    if case.kind in MAY_LEAVE_IMAGE:
        return None
    m = case.mask
    edges = (m[0], m[-1], m[:, 0], m[:, -1], m[:, :, 0], m[:, :, -1])
    if not any(edge.any() for edge in edges):
        return None
    return Gate.AMBER, ("被扫描范围截断", "is cut off by the edge of the image")


def leak_test(case: GateInput) -> Finding | None:
    """Amber when a liver carries thin branches that an opening removes,."""
    if case.kind not in {"liver", "spleen", "kidney"}:
        return None
    steps = max(1, round(5.0 / max(case.image.spacing_mm)))
    ball = ndimage.iterate_structure(ndimage.generate_binary_structure(3, 1), steps)
    kept = ndimage.binary_opening(case.mask, ball)
    lost = 1.0 - float(kept.sum()) / float(case.mask.sum())
    if lost > 0.12:
        percent = round(100 * lost)
        return Gate.AMBER, (
            f"{percent}% 为细长分支，可能外漏",
            f"{percent} % is thin branches: it may have leaked",
        )
    return None


def phase_test(case: GateInput) -> Finding | None:
    """Amber for vessels that are hardly brighter than unenhanced blood."""
    if case.kind not in {"artery", "hepatic_veins", "vessels"}:
        return None
    if float(np.median(case.image.hu[case.mask])) >= 90.0:
        return None
    return Gate.AMBER, ("血管强化不足，边界不可靠", "vessels are hardly enhanced; their border is unreliable")


BY_KIND: dict[str, Bilingual] = {
    "bowel": (
        "含腹腔内一切不属于已知器官的软组织，请核对",
        "holds all soft tissue of the abdomen that belongs to no known organ; check it",
    ),
    "stomach": ("与肠的分界由位置推断，请核对", "its border to the bowel is inferred from place; check it"),
    "artery": ("仅主动脉，不含分支", "the aorta alone, without branches"),
    "hepatic_veins": ("仅下腔静脉，不含肝静脉", "the vena cava alone, without the hepatic veins"),
}


def evidence_test(case: GateInput) -> Finding | None:
    """Amber for kinds that this engine can only find in part or by exclusion."""
    reason = BY_KIND.get(case.kind)
    return None if reason is None else (Gate.AMBER, reason)


def kidney_test(case: GateInput) -> Finding | None:
    """Amber for kidneys without contrast medium, or with one side only."""
    if case.kind != "kidney":
        return None
    if float(np.median(case.image.hu[case.mask])) < 90.0:
        return Gate.AMBER, ("肾未强化，边界不可靠", "kidneys are not enhanced; their border is unreliable")
    _, left = case.spine.offsets_mm(case.image)
    share = float(np.broadcast_to(left > 0, case.mask.shape)[case.mask].mean())
    if 0.15 < share < 0.85:
        return None
    return Gate.AMBER, ("只找到一侧肾", "only one kidney was found")


TESTS: tuple[Callable[[GateInput], Finding | None], ...] = (
    volume_test,
    grey_level_test,
    connectivity_test,
    side_test,
    height_test,
    cut_test,
    leak_test,
    phase_test,
    evidence_test,
    kidney_test,
)
