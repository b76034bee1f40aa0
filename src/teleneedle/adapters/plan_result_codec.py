"""Results of engines as TNB1 containers; docs/reference/planning-data.md describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.tnb1 import decode_tnb1, encode_tnb1
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import Grid
from teleneedle.core.plan import Bilingual
from teleneedle.core.plan_results import (
    Curve,
    CurvesResult,
    DoseReadout,
    DoseVolumeResult,
    FieldResult,
    Level,
    Limit,
    Origin,
    PlanResult,
    Quantity,
    StructureDose,
)

SCHEMA = "teleneedle.plan-result/1"
READOUT_TOLERANCE = 1e-3
Arrays = Mapping[str, NDArray[Any]]
Facts = dict[str, Any]


def encode_result(result: PlanResult, *, plan_sha256: str) -> bytes:
    """A result of the plan with this hash, as the hub keeps it and the browser reads it."""
    arrays, facts = _WRITERS[type(result)](result)
    shared = {
        "schema": SCHEMA,
        "plan_sha256": plan_sha256,
        "title": _words(result.title),
        "origin": asdict(result.origin),
    }
    return encode_tnb1(arrays, {**shared, **facts})


def decode_result(content: bytes) -> tuple[PlanResult, str]:
    """A result, checked as a whole, and the hash of the plan it belongs to.

    Raises
    ------
    InputError
        If it is no such container, or anything in it is out of bounds or contradicts itself.
    """
    arrays, facts = decode_tnb1(content)
    try:
        if facts["schema"] != SCHEMA:
            raise InputError("this is no result of a plan", where=str(facts["schema"]))
        common = {"title": _bilingual(facts["title"]), "origin": Origin(**facts["origin"])}
        return _READERS[facts["kind"]](arrays, facts, common), str(facts["plan_sha256"])
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError("a result lacks a part or has a wrong one", where=repr(error)) from error


def result_facts(content: bytes) -> Facts:
    """Everything about a result but its arrays, as lists show it."""
    return decode_tnb1(content)[1]


def _words(text: Bilingual) -> dict[str, str]:
    return {"zh": text[0], "en": text[1]}


def _bilingual(words: Mapping[str, str]) -> Bilingual:
    zh, en = words["zh"], words["en"]
    if not (isinstance(zh, str) and isinstance(en, str) and zh and en):
        raise InputError("what a person reads is there in both languages", where=f"{dict(words)}")
    return zh, en


def _float32(array: NDArray[Any]) -> NDArray[np.float32]:
    if array.dtype != np.float32:
        raise InputError("arrays of a result are float32", where=array.dtype.name)
    return array


def _write_field(result: FieldResult) -> tuple[Arrays, Facts]:
    facts = {
        "kind": "field",
        "quantity": result.quantity.value,
        "affine": [float(v) for v in result.grid.affine.ravel()],
        "frame_of_reference_uid": result.grid.frame_of_reference_uid,
        "levels": [{"value": level.value, "label": _words(level.label)} for level in result.levels],
        "at_s": result.at_s,
    }
    return {"values": result.values}, facts


def _read_field(arrays: Arrays, facts: Facts, common: Facts) -> FieldResult:
    values = _float32(arrays["values"])
    grid = Grid(
        shape=values.shape,
        affine=np.reshape(facts["affine"], (4, 4)),
        frame_of_reference_uid=facts["frame_of_reference_uid"],
    )
    levels = tuple(Level(value=float(v["value"]), label=_bilingual(v["label"])) for v in facts["levels"])
    return FieldResult(
        **common,
        quantity=Quantity(facts["quantity"]),
        grid=grid,
        values=values,
        levels=levels,
        at_s=facts["at_s"],
    )


def _write_curves(result: CurvesResult) -> tuple[Arrays, Facts]:
    curves = result.curves
    facts = {
        "kind": "curves",
        "curves": [
            {
                "id": curve.id,
                "name": _words(curve.name),
                "quantity": curve.quantity.value,
                "has_band": curve.p10 is not None,
            }
            for curve in curves
        ],
        "limits": [
            {"quantity": limit.quantity.value, "value": limit.value, "label": _words(limit.label)}
            for limit in result.limits
        ],
    }
    arrays = {
        "time_s": result.time_s,
        "p50": np.stack([c.p50 for c in curves]),
        "p10": np.stack([c.p50 if c.p10 is None else c.p10 for c in curves]),
        "p90": np.stack([c.p50 if c.p90 is None else c.p90 for c in curves]),
    }
    return arrays, facts


def _read_curves(arrays: Arrays, facts: Facts, common: Facts) -> CurvesResult:
    p10, p50, p90 = (_float32(arrays[name]) for name in ("p10", "p50", "p90"))
    if not len(p10) == len(p50) == len(p90) == len(facts["curves"]):
        raise InputError("as many curves as rows", where=f"{p50.shape}")
    curves = tuple(
        Curve(
            id=str(about["id"]),
            name=_bilingual(about["name"]),
            quantity=Quantity(about["quantity"]),
            p50=p50[n],
            p10=p10[n] if about["has_band"] else None,
            p90=p90[n] if about["has_band"] else None,
        )
        for n, about in enumerate(facts["curves"])
    )
    limits = tuple(
        Limit(quantity=Quantity(v["quantity"]), value=float(v["value"]), label=_bilingual(v["label"]))
        for v in facts["limits"]
    )
    return CurvesResult(**common, time_s=_float32(arrays["time_s"]), curves=curves, limits=limits)


def _write_dvh(result: DoseVolumeResult) -> tuple[Arrays, Facts]:
    facts = {
        "kind": "dvh",
        "prescription_gy": result.prescription_gy,
        "structures": [{"name": one.name, "volume_ml": one.volume_ml} for one in result.structures],
        "readouts": [asdict(readout) for readout in result.readouts()],
    }
    return {
        "dose_gy": result.dose_gy,
        "volume_pct": np.stack([one.volume_pct for one in result.structures]),
    }, facts


def _read_dvh(arrays: Arrays, facts: Facts, common: Facts) -> DoseVolumeResult:
    shares = _float32(arrays["volume_pct"])
    if len(shares) != len(facts["structures"]):
        raise InputError("as many histograms as structures", where=f"{shares.shape}")
    result = DoseVolumeResult(
        **common,
        prescription_gy=float(facts["prescription_gy"]),
        dose_gy=_float32(arrays["dose_gy"]),
        structures=tuple(
            StructureDose(name=str(v["name"]), volume_ml=float(v["volume_ml"]), volume_pct=share)
            for v, share in zip(facts["structures"], shares, strict=True)
        ),
    )
    said = tuple(DoseReadout(**readout) for readout in facts["readouts"])
    for told, read in zip(said, result.readouts(), strict=True):
        pairs = zip(list(asdict(told).values())[1:], list(asdict(read).values())[1:], strict=True)
        if told.structure != read.structure or any(not abs(a - b) <= READOUT_TOLERANCE for a, b in pairs):
            raise InputError("a read-out is not what its histogram says", where=read.structure)
    return result


_WRITERS: Mapping[type, Any] = {
    FieldResult: _write_field,
    CurvesResult: _write_curves,
    DoseVolumeResult: _write_dvh,
}
_READERS: Mapping[str, Any] = {"field": _read_field, "curves": _read_curves, "dvh": _read_dvh}
