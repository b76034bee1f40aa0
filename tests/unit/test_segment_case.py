"""A case is segmented alike for hub and command line: gut gives way to tumours, boxes are judged first."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.core.anatomy import Gate, Proposed
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import no_progress
from teleneedle.ports.segmenter import EngineInfo
from teleneedle.services.segment_case import (
    PROPOSED_BY_MACHINE,
    SegmentedCase,
    kinds_to_segment,
    segment_case,
)
from teleneedle.services.segment_structures import FunctionSegmenter

GRID = Grid.regular((10, 20, 20), spacing_mm=(2, 2, 2), frame_of_reference_uid="1.2.3")
VOLUME = Volume(array=np.full(GRID.shape, 40, np.int16), grid=GRID)


def box(low: int, high: int) -> np.ndarray:
    array = np.zeros(GRID.shape, np.bool_)
    array[2:8, low:high, low:high] = True
    return array


def proposed(name: str, array: np.ndarray) -> Proposed:
    label_map = LabelMap(array=array, grid=GRID)
    return Proposed(
        name=name, label_map=label_map, engine="test", engine_sha256="", gate=Gate.GREEN, reasons=()
    )


BOWEL = FunctionSegmenter(
    info=EngineInfo(id="test", version="1", classes=frozenset({"bowel"}), licence="", weights_sha256=""),
    function=lambda volume, request, progress, cancel: {"bowel": proposed("bowel", box(2, 18))},
)


def run(**choice: object) -> tuple[SegmentedCase, list[Proposed]]:
    told: list[Proposed] = []
    found = segment_case(
        VOLUME,
        wanted=["bowel"],
        engines={"bowel": [BOWEL]},
        on_structure=told.append,
        progress=no_progress,
        cancel=None,
        **{"given": (), "target_box": None, **choice},  # type: ignore[arg-type]  # choices by name
    )
    return found, told


def test_what_is_known_to_be_tumour_is_told_as_no_gut() -> None:
    found, told = run(given=[proposed("tumour1", box(8, 12))])
    for bowel in (found.structures[0], told[0]):
        assert np.array_equal(bowel.label_map.array, box(2, 18) & ~box(8, 12))
    assert found.warnings == ()


def test_without_a_tumour_gut_is_as_it_was_found() -> None:
    found, told = run()
    assert np.array_equal(told[0].label_map.array, box(2, 18))
    assert [s.name for s in found.structures] == ["bowel"]


def test_a_box_beside_the_image_is_refused_before_anything_is_told() -> None:
    with pytest.raises(StructureError, match="outside the image"):
        run(target_box=((0.0, 0.0, 0.0), (500.0, 10.0, 10.0)))


def test_a_target_that_nobody_names_is_proposed_or_refused_never_made_up() -> None:
    with pytest.raises(StructureError, match="no lesion stands out"):
        run(propose_target=True)
    found, _ = run(propose_target=True, given=[proposed("tumour1", box(8, 12))])
    assert PROPOSED_BY_MACHINE not in found.warnings


def test_kinds_that_others_stand_for_are_not_segmented() -> None:
    wanted = kinds_to_segment([proposed("skin", box(0, 20)), proposed("portal_vein", box(5, 7))])
    assert "body" not in wanted
    assert "skin" not in wanted
    assert "vessels" in wanted
