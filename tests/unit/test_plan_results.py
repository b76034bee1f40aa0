"""Results of engines: read back as they were, refused where they cannot be true."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from teleneedle.adapters.plan_result_codec import decode_result, encode_result
from teleneedle.adapters.tnb1 import decode_tnb1, encode_tnb1
from teleneedle.apps.testing import analytic_results as analytic
from teleneedle.core.errors import InputError
from teleneedle.core.plan_results import CurvesResult, DoseVolumeResult, FieldResult, Level, Quantity

PLAN = "ab" * 32
RADIUS_MM = 16.0


def ball(step_mm: float = 0.5) -> np.ndarray:
    """Distances of the voxels of a ball from its middle, where the source is."""
    axis = np.arange(-RADIUS_MM, RADIUS_MM + step_mm, step_mm)
    r = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis[None, None, :] ** 2).ravel()
    return np.asarray(r[r <= RADIUS_MM])


def temperature() -> FieldResult:
    return analytic.field(np.array([10.0, -20.0, 30.0]), "1.2.3", Quantity.TEMPERATURE)


@pytest.mark.parametrize(
    "make", [temperature, analytic.curves, lambda: analytic.histograms("t", ball(), 17.0)]
)
def test_a_result_reads_back_as_it_was(make: Callable[[], Any]) -> None:
    result = make()
    content = encode_result(result, plan_sha256=PLAN)
    again, plan = decode_result(content)
    assert plan == PLAN
    assert encode_result(again, plan_sha256=PLAN) == content
    assert (again.title, again.origin.engine) == (result.title, "analytic")


def test_read_outs_of_a_point_source_in_a_ball_are_those_on_paper() -> None:
    """Dose k/r² in a ball of radius R: V(d) = (r_d/R)³ with r_d = √(k/d), D90 = k / (0.9^⅓ R)²."""
    k = analytic.DOSE_AT_10_MM_GY * 100.0
    (readout,) = analytic.histograms("tumour", ball(), 17.0).readouts()
    assert readout.d90_gy == pytest.approx(k / (0.9 ** (1 / 3) * RADIUS_MM) ** 2, rel=0.01)
    for dose, found in ((120.0, readout.v100_pct), (180.0, readout.v150_pct)):
        assert found == pytest.approx(100 * (np.sqrt(k / dose) / RADIUS_MM) ** 3, abs=0.7)
    voxels = analytic.dose_gy(ball())
    assert readout.d90_gy == pytest.approx(np.percentile(voxels, 10), abs=0.5)
    assert readout.v100_pct == pytest.approx(100 * (voxels >= 120.0).mean(), abs=0.1)
    assert readout.v150_pct == pytest.approx(100 * (voxels >= 180.0).mean(), abs=0.1)


def test_values_out_of_bounds_are_refused() -> None:
    field = temperature()
    wrong = field.values.copy()
    wrong[0, 0, 0] = np.nan
    with pytest.raises(InputError, match="finite"):
        replace(field, values=wrong)
    with pytest.raises(InputError, match="finite, from 0 to 1"):
        replace(field, quantity=Quantity.ABLATION)
    with pytest.raises(InputError, match="grid"):
        replace(field, values=field.values[1:])
    with pytest.raises(InputError, match="ascending"):
        replace(field, levels=(Level(value=60, label=("", "")), Level(value=43, label=("", ""))))
    with pytest.raises(InputError, match="space"):
        replace(field, quantity=Quantity.POWER)


def test_curves_that_contradict_themselves_are_refused() -> None:
    found: CurvesResult = analytic.curves()
    edge = found.curves[0]
    with pytest.raises(InputError, match="band holds"):
        replace(found, curves=(replace(edge, p10=edge.p90, p90=edge.p10),))
    with pytest.raises(InputError, match="both bounds"):
        replace(found, curves=(replace(edge, p10=None),))
    with pytest.raises(InputError, match="ascends"):
        replace(found, time_s=found.time_s[::-1])
    with pytest.raises(InputError, match="id of its own"):
        replace(found, curves=(edge, edge))


def test_histograms_that_are_none_are_refused() -> None:
    found: DoseVolumeResult = analytic.histograms("tumour", ball(1.0), 17.0)
    one = found.structures[0]
    for share in (one.volume_pct[::-1].copy(), one.volume_pct * np.float32(0.5)):
        with pytest.raises(InputError, match="falls from 100"):
            replace(found, structures=(replace(one, volume_pct=share),))
    short = replace(
        found, dose_gy=found.dose_gy[:50], structures=(replace(one, volume_pct=one.volume_pct[:50]),)
    )
    with pytest.raises(InputError, match="axis ends"):
        short.readouts()


def changed(content: bytes, **facts: Any) -> bytes:
    arrays, known = decode_tnb1(content)
    return encode_tnb1(arrays, {**known, **facts})


@pytest.mark.parametrize(
    "facts",
    [
        {"schema": "other"},
        {"kind": "song"},
        {"title": {"zh": "", "en": "x"}},
        {"origin": {"engine": "x"}},
        {"affine": [1.0] * 15},
        {"affine": [0.0] * 16},
        {"levels": []},
        {"levels": [{"value": "nan", "label": {"zh": "a", "en": "b"}}]},
        {"quantity": "happiness"},
        {"frame_of_reference_uid": None, "at_s": -1.0},
        {"plan_sha256": None, "levels": None},
    ],
)
def test_a_container_with_a_wrong_part_is_refused_in_words(facts: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        decode_result(changed(encode_result(temperature(), plan_sha256=PLAN), **facts))


def test_a_read_out_that_its_histogram_does_not_say_is_refused() -> None:
    content = encode_result(analytic.histograms("tumour", ball(1.0), 17.0), plan_sha256=PLAN)
    readout = decode_tnb1(content)[1]["readouts"][0]
    with pytest.raises(InputError, match="read-out"):
        decode_result(changed(content, readouts=[{**readout, "d90_gy": readout["d90_gy"] + 5}]))


def test_bytes_cut_off_or_turned_are_refused() -> None:
    content = encode_result(analytic.curves(), plan_sha256=PLAN)
    for broken in (
        content[:-9],
        b"TNB2" + content[4:],
        content[:4] + struct.pack("<I", 9) + content[8:],
        b"",
    ):
        with pytest.raises(InputError):
            decode_result(broken)
    assert json.dumps(decode_tnb1(content)[1])  # every fact is JSON
