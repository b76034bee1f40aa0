"""Networks and programs so small that their answer is known: a voxel above a threshold is class 1."""

from __future__ import annotations

import hashlib
import importlib
import json
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

THRESHOLD_HU = 100.0
WINDOW_HU = (-1000.0, 1000.0)

# Obeys the command line of TotalSegmentator 2.18 and of nnUNetv2_predict_from_modelfolder 2.8 as far as the
# adapters use it. It thresholds; `behaviour` makes it misbehave.
_PROGRAM = """#!{python}
import argparse, json, os, pathlib, sys, time
import nibabel, numpy as np
behaviour = {behaviour!r}
parser = argparse.ArgumentParser()
for flag in ("-i", "-o", "-ta", "-d", "-nr", "-ns", "-m", "-chk", "-device", "-npp", "-nps"):
    parser.add_argument(flag)
parser.add_argument("-rs", nargs="+", default=["body_trunc", "body_extremities"])
parser.add_argument("-f", nargs="+")
parser.add_argument("--fast", action="store_true")
parser.add_argument("--disable_progress_bar", action="store_true")
args = parser.parse_args()
home = pathlib.Path(os.environ["HOME"])
if behaviour == "fail":
    sys.exit("no such network")
if behaviour == "hang":
    os.fork()
    pathlib.Path({record!r}).write_text(str(os.getpgid(0)))
    time.sleep(600)
if behaviour == "memory":
    np.ones(1 << 40, np.uint8)
record = {{"arguments": sys.argv[1:], "environment": dict(os.environ)}}
config = home / ".totalsegmentator" / "config.json"
record["config"] = json.loads(config.read_text()) if config.is_file() else None
pathlib.Path({record!r}).write_text(json.dumps(record))
source = pathlib.Path(args.i)
source = source / "case_0000.nii.gz" if source.is_dir() else source
image = nibabel.load(source)
labels = (np.asarray(image.dataobj) > {threshold}).astype(np.uint8)
affine = image.affine.copy()
if behaviour == "moved":
    affine[0, 3] += 5.0
out = pathlib.Path(args.o)
out.mkdir(parents=True, exist_ok=True)
names = ["case"] if args.m else args.rs
if behaviour == "silent":
    names = []
for n, name in enumerate(names):
    nibabel.save(nibabel.Nifti1Image(labels if n == 0 else labels * 0, affine), out / (name + ".nii.gz"))
"""


def write_program(
    environment: Path,
    name: str,
    *,
    record: Path,
    behaviour: str = "threshold",
    threshold: float = THRESHOLD_HU,
) -> Path:
    """Write a stand-in `name` into ``environment/bin``; it notes how it was called in `record`."""
    program = environment / "bin" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    text = _PROGRAM.format(
        python=sys.executable, behaviour=behaviour, record=str(record), threshold=threshold
    )
    program.write_text(text, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def threshold_network(*, threshold: float = THRESHOLD_HU, classes: int = 2) -> bytes:
    """ONNX: channel 0 is 0, channel c is (value seen − threshold) / c, by a 1×1×1 convolution."""
    onnx: Any = importlib.import_module("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    low, high = WINDOW_HU
    seen = (threshold - low) / (high - low)
    gains = [0.0, *(1.0 / c for c in range(1, classes))]
    weights = helper.make_tensor("w", floats, [classes, 1, 1, 1, 1], gains)
    bias = helper.make_tensor("b", floats, [classes], [-seen * gain for gain in gains])
    graph = helper.make_graph(
        [helper.make_node("Conv", ["image", "w", "b"], ["scores"], kernel_shape=[1, 1, 1])],
        "threshold",
        [helper.make_tensor_value_info("image", floats, [1, 1, "z", "y", "x"])],
        [helper.make_tensor_value_info("scores", floats, [1, classes, "z", "y", "x"])],
        [weights, bias],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def write_onnx_folder(
    folder: Path,
    *,
    content: bytes | None = None,
    spacing_mm: Sequence[float] = (2.0, 2.0, 2.0),
    **fields: Any,
) -> Path:
    """Folder of an ``onnx`` engine; `fields` override what ``model.json`` says, None leaves a field out."""
    folder.mkdir(parents=True, exist_ok=True)
    content = threshold_network() if content is None else content
    description = {
        "id": "threshold",
        "version": "1",
        "spacing_mm": list(spacing_mm),
        "window_hu": list(WINDOW_HU),
        "classes": {"1": "liver"},
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "Apache-2.0",
        **fields,
    }
    (folder / "model.onnx").write_bytes(content)
    kept = {name: value for name, value in description.items() if value is not None}
    (folder / "model.json").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def write_nnunet_folder(folder: Path, **fields: Any) -> Path:
    """Folder with the files of a trained nnU-Net whose checkpoint is no network: for stand-in programs."""
    (folder / "fold_0").mkdir(parents=True)
    dataset = {
        "channel_names": {"0": "CT"},
        "labels": {"background": 0, "liver": 1},
        "file_ending": ".nii.gz",
    }
    (folder / "dataset.json").write_text(json.dumps({**dataset, **fields}), encoding="utf-8")
    (folder / "plans.json").write_text("{}", encoding="utf-8")
    (folder / "fold_0" / "checkpoint_final.pth").write_bytes(b"weights")
    return folder


def write_approval(path: Path, sha256: str) -> Path:
    """File that approves `sha256`."""
    row = f'[[approved]]\nsha256 = "{sha256}"\nlicence = "Apache-2.0"\napproved_by = "A. Tester"\n'
    path.write_text(row, encoding="utf-8")
    path.chmod(0o600)
    return path
