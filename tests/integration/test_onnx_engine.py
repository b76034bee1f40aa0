"""The onnx engine against networks whose answer is known without running them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.ai.onnx_engine import OnnxSegmenter
from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume
from teleneedle.core.progress import no_progress
from teleneedle.ports.segmenter import SegmentRequest
from teleneedle.testing.tiny_networks import THRESHOLD_HU, threshold_network, write_onnx_folder

LIVER = SegmentRequest(wanted=frozenset({"liver"}))


def run(engine: OnnxSegmenter, volume: Volume) -> np.ndarray:
    return engine.run(volume, LIVER, progress=no_progress, cancel=None)["liver"].label_map.array


def noise_volume() -> Volume:
    grid = Grid.regular((13, 21, 18), spacing_mm=(2.0, 2.0, 2.0), frame_of_reference_uid="1.2.3")
    values = np.random.default_rng(1).integers(-200, 400, grid.shape).astype(np.int16)
    values[values == THRESHOLD_HU] += 1
    return Volume(array=values, grid=grid)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
@pytest.mark.parametrize("patch", [None, [8, 8, 8]], ids=["whole", "patches"])
def test_same_spacing_gives_the_threshold_exactly(
    tmp_path: Path, runtime: str, patch: list[int] | None
) -> None:
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, patch_voxels=patch), runtimes=[runtime])
    volume = noise_volume()
    np.testing.assert_array_equal(run(engine, volume), volume.array > THRESHOLD_HU)
    assert engine.runtime == runtime


def test_openvino_is_tried_first_and_onnxruntime_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_onnx_folder(tmp_path)
    assert OnnxSegmenter(folder).runtime == "openvino"
    monkeypatch.setitem(__import__("sys").modules, "openvino", None)  # importing it now fails
    engine = OnnxSegmenter(folder)
    volume = noise_volume()
    np.testing.assert_array_equal(run(engine, volume), volume.array > THRESHOLD_HU)
    assert engine.runtime == "onnxruntime"


def oblique(angle_deg: float, axis: int) -> np.ndarray:
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turn = np.eye(3)
    a, b = [n for n in range(3) if n != axis]
    turn[[a, a, b, b], [a, b, a, b]] = c, -s, s, c
    return turn


CORONAL = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], dtype=float)  # columns i→L, j→−S, k→P


@pytest.mark.parametrize(
    "direction",
    [
        oblique(18, 0) @ oblique(-11, 2),
        np.diag([-1.0, 1.0, -1.0]),
        CORONAL,
        oblique(20, 1) @ CORONAL,
    ],
    ids=["oblique", "flipped", "coronal", "oblique coronal"],
)
@pytest.mark.parametrize("centre_lps", [(12.0, -30.0, 55.0)])
def test_ball_comes_back_where_it_is(
    tmp_path: Path, direction: np.ndarray, centre_lps: tuple[float, ...]
) -> None:
    shape, spacing = (44, 90, 100), np.array([0.9, 1.1, 2.2])
    half = direction @ (spacing * (np.array(shape[::-1]) - 1) / 2)
    grid = Grid.regular(
        shape,
        spacing_mm=spacing,
        origin_lps=np.array(centre_lps) - half + direction @ np.array([5.0, -7.0, 9.0]),
        direction=direction,
        frame_of_reference_uid="1.2.3",
    )
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")[::-1], axis=-1)
    ball = np.linalg.norm(grid.index_to_lps(index) - np.array(centre_lps), axis=-1) < 22.0
    volume = Volume(array=np.where(ball, 300, -100).astype(np.int16), grid=grid)
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, spacing_mm=(3.0, 2.5, 2.0), patch_voxels=[16, 16, 16]))
    found = engine.run(volume, LIVER, progress=no_progress, cancel=None)["liver"].label_map
    dice = 2 * np.count_nonzero(found.array & ball) / (np.count_nonzero(found.array) + np.count_nonzero(ball))
    assert dice >= 0.95
    quarter_slice_mm = 0.55  # whole slices of 2.2 mm are in or out
    assert np.linalg.norm(found.centroid_lps() - centre_lps) < quarter_slice_mm
    assert found.volume_ml == pytest.approx(4 / 3 * np.pi * 2.2**3, rel=0.04)


def position_network(axis: int, split: int) -> bytes:
    """Answers class 1 past `split` along a network axis: it sees where it is, not what is there."""
    import onnx
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Mul", ["image", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "one"], ["ones"]),
        helper.make_node("CumSum", ["ones", "axis"], ["place"]),
        helper.make_node("Sub", ["place", "split"], ["past"]),
        helper.make_node("Concat", ["nothing", "past"], ["scores"], axis=1),
    ]
    floats = TensorProto.FLOAT
    constants = [
        helper.make_tensor("zero", floats, [], [0.0]),
        helper.make_tensor("one", floats, [], [1.0]),
        helper.make_tensor("axis", TensorProto.INT64, [], [axis + 2]),
        helper.make_tensor("split", floats, [], [split + 0.5]),
    ]
    graph = helper.make_graph(
        nodes,
        "place",
        [helper.make_tensor_value_info("image", floats, [1, 1, "z", "y", "x"])],
        [helper.make_tensor_value_info("scores", floats, [1, 2, "z", "y", "x"])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(("axis", "world"), [(0, 2), (1, 1), (2, 0)], ids=["z to S", "y to P", "x to L"])
def test_network_axes_point_to_superior_posterior_left(tmp_path: Path, axis: int, world: int) -> None:
    grid = Grid.regular(
        (12, 12, 12),
        spacing_mm=(2.0, 2.0, 2.0),
        direction=-CORONAL,
        frame_of_reference_uid="1.2.3",
    )
    volume = Volume(array=np.zeros(grid.shape, dtype=np.int16), grid=grid)
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, content=position_network(axis, 6)))
    inside = run(engine, volume)
    index = np.stack(np.meshgrid(*(np.arange(12),) * 3, indexing="ij")[::-1], axis=-1)
    along = grid.index_to_lps(index)[..., world]
    np.testing.assert_array_equal(inside, along > along.mean())


def test_two_classes_of_one_kind_are_joined_and_foreign_ones_left_out(tmp_path: Path) -> None:
    content = threshold_network(classes=3)
    folder = write_onnx_folder(tmp_path, content=content, classes={"1": "kidney_left", "2": "spleen"})
    engine = OnnxSegmenter(folder)
    volume = noise_volume()
    request = SegmentRequest(wanted=frozenset({"kidney", "spleen", "lung"}))
    found = engine.run(volume, request, progress=no_progress, cancel=None)
    assert set(found) == {"kidney"}  # channel 1 beats channel 2 wherever the threshold is passed
    assert found["kidney"].engine_sha256 == engine.info.weights_sha256 == engine.model.sha256


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sha256": "0" * 64}, "sha256 differs"),
        ({"sha256": None}, "'sha256' is a required property"),
        ({"licence": None}, "'licence' is a required property"),
        ({"classes": {"1": "hat"}}, "no structure is called hat"),
        ({"classes": {"0": "liver"}}, "is not valid"),
        ({"spacing_mm": [1, 1]}, "is not valid"),
        ({"spacing_mm": [0, 1, 1]}, "is not valid"),
        ({"window_hu": [100, -100]}, "lower end"),
        ({"mean_hu": 40.0}, "std_hu"),
        ({"surprise": 1}, "is not valid"),
    ],
)
def test_folder_not_in_order_is_refused(tmp_path: Path, fields: dict[str, object], message: str) -> None:
    folder = write_onnx_folder(tmp_path, **fields)
    with pytest.raises(InputError, match=message) as caught:
        OnnxSegmenter(folder)
    assert str(tmp_path) in caught.value.where


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_onnx_folder(tmp_path)
    (folder / name).unlink()
    with pytest.raises(NotReadableError) as caught:
        OnnxSegmenter(folder)
    assert caught.value.where == str(folder / name)


def test_description_that_is_not_json(tmp_path: Path) -> None:
    folder = write_onnx_folder(tmp_path)
    (folder / "model.json").write_bytes(b"\xff{")
    with pytest.raises(NotReadableError, match="not JSON"):
        OnnxSegmenter(folder)


def test_bytes_that_are_no_network_say_why_for_each_runtime(tmp_path: Path) -> None:
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, content=b"no network"))
    with pytest.raises(NotReadableError, match="no runtime") as caught:
        run(engine, noise_volume())
    assert [line.split(":")[0] for line in caught.value.details] == ["openvino", "onnxruntime"]


def test_network_that_does_not_fit_its_description(tmp_path: Path) -> None:
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, classes={"1": "liver", "7": "spleen"}))
    with pytest.raises(InputError, match="8 or more"):
        run(engine, noise_volume())


def test_image_too_large_for_the_network_is_declined(tmp_path: Path) -> None:
    grid = Grid.regular((600, 600, 600), spacing_mm=(1.0, 1.0, 1.0), frame_of_reference_uid="1.2.3")
    volume = Volume(array=np.broadcast_to(np.int16(0), grid.shape), grid=grid)
    engine = OnnxSegmenter(write_onnx_folder(tmp_path, spacing_mm=(1.0, 1.0, 1.0)))
    assert not engine.can_run(volume).can_run
