"""Every gate is tripped by a case built for it, and a plausible case passes all."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.core.anatomy import Gate
from teleneedle.engines.segmentation.gates import (
    GateInput,
    connectivity_test,
    cut_test,
    grey_level_test,
    height_test,
    judge,
    leak_test,
    phase_test,
    side_test,
    volume_test,
)
from teleneedle.engines.segmentation.spine import SpineLine
from teleneedle.engines.segmentation.workgrid import PatientImage

SHAPE = (60, 70, 80)
SPACING = (4.0, 4.0, 4.0)
Z, Y, X = np.indices(SHAPE)


def ball(z: float, y: float, x: float, radius: float) -> np.ndarray:
    return (Z - z) ** 2 + (Y - y) ** 2 + (X - x) ** 2 <= radius**2


def case(mask: np.ndarray, *, kind: str = "liver", hu: float = 100.0) -> GateInput:
    image = PatientImage(hu=np.where(mask, hu, 0.0).astype(np.float32), spacing_mm=SPACING)
    lungs = np.zeros(SHAPE, dtype=np.bool_)
    lungs[40:] = True
    spine = SpineLine(y=np.full(60, 50.0), x=np.full(60, 40.0), support=30)
    return GateInput(kind=kind, mask=mask, image=image, lungs=lungs, spine=spine)


PLAUSIBLE = ball(22, 35, 22, 17)


def test_a_plausible_liver_is_green() -> None:
    assert judge(case(PLAUSIBLE)) == (Gate.GREEN, ())


def test_an_empty_structure_is_red() -> None:
    assert judge(case(np.zeros(SHAPE, dtype=np.bool_)))[0] is Gate.RED


@pytest.mark.parametrize(("radius", "gate"), [(4.0, Gate.RED), (12.0, Gate.AMBER)])
def test_volume(radius: float, gate: Gate) -> None:
    found = volume_test(case(ball(22, 35, 22, radius)))
    assert found is not None
    assert found[0] is gate


def test_grey_level() -> None:
    found = grey_level_test(case(PLAUSIBLE, hu=-100.0))
    assert found is not None
    assert found[0] is Gate.RED


def test_pieces() -> None:
    found = connectivity_test(case(ball(15, 35, 20, 9) | ball(45, 35, 20, 9)))
    assert found is not None
    assert found[0] is Gate.AMBER


def test_wrong_side() -> None:
    found = side_test(case(ball(22, 35, 60, 17)))
    assert found is not None
    assert found[0] is Gate.RED
    assert side_test(case(ball(22, 35, 60, 17), kind="spleen")) is None


def test_above_the_lungs() -> None:
    found = height_test(case(ball(56, 35, 22, 3)))
    assert found is not None
    assert found[0] is Gate.RED


def test_cut_by_the_field_of_view() -> None:
    found = cut_test(case(ball(5, 35, 22, 17)))
    assert found is not None
    assert found[0] is Gate.AMBER
    assert cut_test(case(ball(5, 35, 22, 17), kind="bone")) is None


def test_leak() -> None:
    branches = ball(22, 35, 22, 8)
    branches[10:34, 34:36, :] = True
    found = leak_test(case(branches))
    assert found is not None
    assert found[0] is Gate.AMBER


def test_unenhanced_vessels() -> None:
    found = phase_test(case(PLAUSIBLE, kind="vessels", hu=45.0))
    assert found is not None
    assert found[0] is Gate.AMBER


def test_reasons_are_in_both_languages() -> None:
    _, reasons = judge(case(ball(22, 35, 60, 5), hu=-200.0))
    assert len(reasons) >= 3
    assert all(zh and en and zh != en for zh, en in reasons)
