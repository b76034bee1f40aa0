"""Where a slice lies along its series, whatever its header says."""

from __future__ import annotations

import pytest

from teleneedle.adapters.link.declaration import position_of
from teleneedle.adapters.link.instance_facts import InstanceFacts


def facts(**known: object) -> InstanceFacts:
    return InstanceFacts(sop_class="1", sop_uid="2", study_uid="3", series_uid="4", **known)


@pytest.mark.parametrize(
    ("orientation", "position", "along"),
    [
        ((1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (-200.0, -150.0, 37.5), 37.5),  # axial: the normal is +z
        ((1.0, 0.0, 0.0, 0.0, 0.0, -1.0), (5.0, 12.0, 300.0), 12.0),  # coronal: +y
        ((0.0, 1.0, 0.0, 0.0, 0.0, -1.0), (8.0, 12.0, 300.0), -8.0),  # sagittal: -x
        ((1.0, 0.0, 0.0, 0.0, 0.6, 0.8), (0.0, 10.0, 20.0), -0.8 * 10 + 0.6 * 20),  # tilted about x
    ],
)
def test_position_is_along_the_normal(
    orientation: tuple[float, ...], position: tuple[float, ...], along: float
) -> None:
    assert position_of(facts(orientation=orientation, position_mm=position)) == pytest.approx(along)


def test_without_geometry_the_number_counts() -> None:
    assert position_of(facts(instance_number=17)) == 17
    assert position_of(facts(instance_number=10**300)) == 2**53
    assert position_of(facts()) == 0
    infinite = (1e308, 0.0, 0.0, 0.0, 1e308, 0.0)
    assert position_of(facts(orientation=infinite, position_mm=(0.0, 0.0, 1e308), instance_number=3)) == 3
