"""Two runtimes for one network: OpenVINO first, onnxruntime where OpenVINO is missing or cannot load it.

The network is loaded from the bytes whose hash was checked, so a file swapped in between is never run, and
weights outside those bytes are not found.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import NotReadableError

F32 = NDArray[np.float32]
Infer = Callable[[F32], F32]
RUNTIMES = ("openvino", "onnxruntime")


def load_network(content: bytes, *, where: str, runtimes: Sequence[str] = RUNTIMES) -> tuple[str, Infer]:
    """Name of the first runtime that loads the network, and a function (1, 1, Z, Y, X) → (1, C, Z, Y, X).

    Raises
    ------
    NotReadableError
        If none of them can; the details say why for each.
    """
    reasons = []
    for name in runtimes:
        try:
            return name, _LOADERS[name](content)
        except Exception as error:  # both libraries raise their own and builtin kinds alike
            reasons.append(f"{name}: {_first_line(error)}")
    raise NotReadableError(
        "no runtime can load the network",
        where=where,
        remedy='export it again as ONNX with its weights inside, or install "teleneedle[ai]"',
        details=tuple(reasons),
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200]


def _load_openvino(content: bytes) -> Infer:
    openvino: Any = importlib.import_module("openvino")
    core = openvino.Core()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}  # the same answer on every processor
    compiled = core.compile_model(core.read_model(content), "CPU", exact)

    def infer(image: F32) -> F32:
        return np.asarray(compiled(image)[0], dtype=np.float32)

    return infer


def _load_onnxruntime(content: bytes) -> Infer:
    onnxruntime: Any = importlib.import_module("onnxruntime")
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def infer(image: F32) -> F32:
        return np.asarray(session.run(None, {name: image})[0], dtype=np.float32)

    return infer


_LOADERS: dict[str, Callable[[bytes], Infer]] = {"openvino": _load_openvino, "onnxruntime": _load_onnxruntime}
