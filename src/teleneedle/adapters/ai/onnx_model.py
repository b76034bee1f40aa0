"""The folder of an ONNX network: ``model.onnx`` and ``model.json``, which says how to feed and read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from teleneedle.core.anatomy import KINDS, canonical_kind
from teleneedle.core.errors import InputError, NotReadableError

MODEL_BYTES = 4 * 1024**3
_TRIPLE = {"type": "array", "minItems": 3, "maxItems": 3}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["id", "version", "spacing_mm", "window_hu", "classes", "sha256", "licence"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        "version": {"type": "string", "minLength": 1, "maxLength": 64},
        "spacing_mm": {**_TRIPLE, "items": {"type": "number", "minimum": 0.3, "maximum": 10}},
        "window_hu": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
        "mean_hu": {"type": "number"},
        "std_hu": {"type": "number", "exclusiveMinimum": 0},
        "patch_voxels": {**_TRIPLE, "items": {"type": "integer", "minimum": 1, "maximum": 1024}},
        "multiple_of": {"type": "integer", "minimum": 1, "maximum": 128},
        "classes": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[1-9][0-9]{0,2}$"},
            "additionalProperties": {"type": "string"},
        },
        "sha256": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
        "licence": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "dependentRequired": {"mean_hu": ["std_hu"], "std_hu": ["mean_hu"]},
}


@dataclass(frozen=True, kw_only=True)
class OnnxModel:
    """What ``model.json`` says, with the bytes of the network whose hash was checked.

    Parameters
    ----------
    id, version, licence, sha256 : str
        As in the file; the hash is that of ``model.onnx``.
    spacing_mm : (float, float, float)
        Spacing along (z, y, x), mm.
    window_hu : (float, float)
        Values are clipped to it.
    mean_hu, std_hu : float
        ``(clipped − mean_hu) / std_hu`` is what the network sees; the window maps to 0…1 unless given.
    patch_voxels : (int, int, int) or None
        Window that slides over the image; None feeds the whole image.
    multiple_of : int
        A whole image is padded to multiples of it.
    classes : mapping of int to str
        Output channel → canonical kind; channel 0 is background.
    content : bytes
        The network.
    """

    id: str
    version: str
    licence: str
    sha256: str
    spacing_mm: tuple[float, float, float]
    window_hu: tuple[float, float]
    mean_hu: float
    std_hu: float
    patch_voxels: tuple[int, int, int] | None
    multiple_of: int
    classes: Mapping[int, str]
    content: bytes


def read_onnx_model(folder: Path) -> OnnxModel:
    """Read and check the folder of a network.

    Raises
    ------
    NotReadableError
        If a file is missing, or ``model.json`` is no valid description.
    InputError
        If the network's hash is not the recorded one, or a class names no known structure.
    """
    description = _read_description(folder / "model.json")
    content = _read_bytes(folder / "model.onnx")
    found = hashlib.sha256(content).hexdigest()
    if found != description["sha256"].lower():
        raise InputError(
            "the network is not the one that was recorded: its sha256 differs",
            where=str(folder / "model.onnx"),
            remedy="install the network again, or record the new hash after checking where it comes from",
            details=(f"recorded {description['sha256'].lower()}", f"found    {found}"),
        )
    low, high = (float(v) for v in description["window_hu"])
    if low >= high:
        raise NotReadableError(
            "the window's lower end is not below its upper end", where=f"{folder}/model.json: window_hu"
        )
    z, y, x = description["spacing_mm"]
    patch = description.get("patch_voxels")
    return OnnxModel(
        id=description["id"],
        version=description["version"],
        licence=description["licence"],
        sha256=found,
        spacing_mm=(float(z), float(y), float(x)),
        window_hu=(low, high),
        mean_hu=float(description.get("mean_hu", low)),
        std_hu=float(description.get("std_hu", high - low)),
        patch_voxels=None if patch is None else (patch[0], patch[1], patch[2]),
        multiple_of=int(description.get("multiple_of", 1)),
        classes=known_classes(
            {int(n): name for n, name in description["classes"].items()}, str(folder / "model.json")
        ),
        content=content,
    )


def _read_description(path: Path) -> dict[str, Any]:
    try:
        description = json.loads(_read_bytes(path))
    except ValueError as error:
        raise NotReadableError(f"the network's description is not JSON ({error})", where=str(path)) from error
    problem = next(iter(jsonschema.Draft202012Validator(SCHEMA).iter_errors(description)), None)
    if problem is not None:
        place = ".".join(str(p) for p in problem.absolute_path)
        raise NotReadableError(
            f"the network's description is not valid: {problem.message[:200]}",
            where=f"{path}: {place}" if place else str(path),
            remedy="see docs/how-to/ai-engines.md for the fields",
        )
    return dict(description)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MODEL_BYTES:
            raise NotReadableError("the file is larger than any network that can be used", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise NotReadableError(
            f"a file of the network cannot be read ({error.strerror})",
            where=str(path),
            remedy="check the folder",
        ) from error


def known_classes(classes: Mapping[int, str], where: str) -> dict[int, str]:
    """`classes` with canonical names.

    Raises
    ------
    InputError
        If a name means no known structure.
    """
    unknown = sorted({name for name in classes.values() if canonical_kind(name) is None})
    if unknown:
        raise InputError(
            f"no structure is called {', '.join(unknown)}",
            where=f"{where}: classes",
            remedy=f"use {', '.join(sorted(KINDS))}",
        )
    return {index: canonical_kind(name) or name for index, name in classes.items()}
