"""Structure names and the two review states."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from teleneedle.core.anatomy import KINDS, Proposed, Reviewed, canonical_kind, merge_by_kind, unreviewed_names
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

GRID = Grid.regular((2, 2, 2), spacing_mm=(1, 1, 1), frame_of_reference_uid="1")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def proposed(name: str, *voxels: tuple[int, int, int]) -> Proposed:
    array = np.zeros(GRID.shape, bool)
    for voxel in voxels:
        array[voxel] = True
    return Proposed(name=name, label_map=LabelMap(array=array, grid=GRID), engine="test")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("liver", "liver"),
        ("portalvein", "portal_vein"),
        ("venoussystem", "hepatic_veins"),
        ("livertumor1", "tumour"),
        ("tumour2", "tumour"),
        ("nodule_2of4", "tumour"),
        ("kidney_left", "kidney"),
        ("Right Kidney", None),
        ("hat", None),
    ],
)
def test_names_and_aliases(name: str, kind: str | None) -> None:
    assert canonical_kind(name) == kind


def test_no_alias_means_two_things() -> None:
    names = [n for kind in KINDS.values() for n in (kind.name, *kind.aliases)]
    assert len(names) == len(set(names))


def test_only_a_named_review_makes_a_structure_reviewed() -> None:
    liver = proposed("liver", (0, 0, 0))
    assert unreviewed_names([liver]) == ["liver"]
    reviewed = liver.review(reviewer="Expert A", at=NOW)
    assert isinstance(reviewed, Reviewed)
    assert unreviewed_names([reviewed]) == []
    with pytest.raises(StructureError, match="reviewer"):
        liver.review(reviewer=" ", at=NOW)
    with pytest.raises(StructureError, match="time zone"):
        liver.review(reviewer="A", at=datetime(2026, 3, 1))


def test_left_and_right_merge_into_one_kind() -> None:
    merged = merge_by_kind([proposed("kidney_left", (0, 0, 0)), proposed("kidney_right", (1, 1, 1))])
    assert list(merged) == ["kidney"]
    assert int(merged["kidney"].array.sum()) == 2
