"""Images out: geometry, slabs of int16, code streams."""

from __future__ import annotations

import gzip
import mmap
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response

from teleneedle.adapters.code_streams import prefix_length
from teleneedle.adapters.picture_batch import MOST_SKIPPED, CodedSlice, encode_pictures, part_of
from teleneedle.adapters.tnb1 import encode_tnb1
from teleneedle.apps.hub.context import Hub, hub_of
from teleneedle.apps.hub.identity import current_person, require_case
from teleneedle.apps.hub.problems import HubProblem, not_found
from teleneedle.core.access import Action, Person

router = APIRouter(prefix="/api/series", tags=["series"])
HubNow = Annotated[Hub, Depends(hub_of)]
Who = Annotated[Person, Depends(current_person)]
IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


Packing = Literal["now", "kept", "never"]
"""Compressed for this answer, compressed when it was stored, or sent as it is."""


def container(request: Request, content: bytes, etag: str, *, packing: Packing = "now") -> Response:
    """An immutable container, compressed when it is worth it, or 304."""
    headers = {**IMMUTABLE, "ETag": f'"{etag}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        content = gzip.decompress(content) if packing == "kept" else content
    elif packing == "kept":
        headers["Content-Encoding"] = "gzip"
    elif packing == "now" and len(content) > 2048:
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, 1)
    return Response(content, media_type="application/octet-stream", headers=headers)


def _permitted(request: Request, hub: Hub, person: Person, series_id: str) -> tuple[Any, dict[str, Any]]:
    row, about = hub.imaging.series(series_id)
    require_case(request, hub, person, row.case_id, Action.READ_CASE)
    return row, about


@router.get("/{series_id}")
def get_series(series_id: str, request: Request, person: Who, hub: HubNow) -> dict[str, Any]:
    """Geometry and identity of a series."""
    row, about = _permitted(request, hub, person, series_id)
    return {
        "id": row.id,
        "case_id": row.case_id,
        "sha256": row.sha256,
        "description": about["study"]["series_description"],
        "study_date": about["study"]["study_date"],
        "shape": about["shape"],
        "affine": about["affine"],
        "frame_of_reference_uid": about["frame_of_reference_uid"],
        "layers": [{key: level[key] for key in ("level", "shape", "affine")} for level in about["levels"]],
        "warnings": [{"zh": zh, "en": en} for zh, en in about["warnings"]],
        "patient": about["patient"],
        "window": {"centre": 40, "width": 350},
        "is_resampled": about["is_resampled"],
    }


@router.get("/{series_id}/slab")
def get_slab(
    series_id: str,
    request: Request,
    person: Who,
    hub: HubNow,
    level: Annotated[int, Query(ge=0, le=2)] = 0,
    k0: Annotated[int, Query(ge=0, le=100_000)] = 0,
    k1: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Response:
    """Slices [k0, k1) of a level as int16, unpacked: near the hub, packing takes longer than sending."""
    row, about = _permitted(request, hub, person, series_id)
    depth = about["levels"][level]["shape"][0]
    stop = depth if k1 is None else min(k1, depth)
    if k0 >= stop:
        raise HubProblem("invalid", "切片范围有误", "there are no such slices", where=f"{k0}–{k1} of {depth}")
    voxels = np.load(hub.imaging.objects.path(about["levels"][level]["object"]), mmap_mode="r")
    content = encode_tnb1({"hu": np.asarray(voxels[k0:stop])}, {"level": level, "k0": k0, "k1": stop})
    return container(request, content, f"{row.sha256[:32]}-{level}-{k0}-{stop}", packing="never")


@router.get("/{series_id}/frames/{k}")
def get_frame(
    series_id: str,
    k: int,
    request: Request,
    person: Who,
    hub: HubNow,
    skip: Annotated[int, Query(ge=0, le=2)] = 0,
) -> Response:
    """HTJ2K code stream of a slice; with `skip` a prefix that holds exactly 1/2 or 1/4 resolution."""
    _, about = _permitted(request, hub, person, series_id)
    ends = about.get("frame_ends", ())
    if not 0 <= k < len(ends):
        raise not_found(f"slice {k}")
    start = ends[k - 1] if k else 0
    with hub.imaging.objects.path(about["frames"]).open("rb") as source:
        source.seek(start)
        content = source.read(ends[k] - start)
    content = content[: prefix_length(content, skip)]
    return Response(content, media_type="image/jphc", headers=IMMUTABLE)


@router.get("/{series_id}/pictures")
def get_pictures(
    series_id: str,
    request: Request,
    person: Who,
    hub: HubNow,
    skip: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
    after: Annotated[int | None, Query(ge=1, le=MOST_SKIPPED)] = None,
    k0: Annotated[int, Query(ge=0, le=100_000)] = 0,
    k1: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Response:
    """HTJ2K of slices [k0, k1): all but the `skip` finest resolutions, less what `after` has given."""
    row, about = _permitted(request, hub, person, series_id)
    ends = about.get("frame_ends", ())
    stop = len(ends) if k1 is None else min(k1, len(ends))
    if k0 >= stop:
        raise not_found(f"slices {k0}–{k1} of {len(ends)}")
    if after is not None and after <= skip:
        raise HubProblem("invalid", "分辨率次序有误", "`after` must be coarser than `skip`", where=f"{after}")
    bounds = [0, *ends][k0 : stop + 1]
    with (
        hub.imaging.objects.path(about["frames"]).open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as whole,
        memoryview(whole) as codes,
    ):
        slices = [
            CodedSlice(k=k, code=part_of(codes[start:end], skip=skip, after=after))
            for k, (start, end) in enumerate(pairwise(bounds), k0)
        ]
    etag = f"{row.sha256[:32]}-pictures-{skip}-{after}-{k0}-{stop}"
    return container(request, encode_pictures(slices, skip=skip, after=after), etag, packing="never")
