"""Masks from a folder of NIfTI files, brought exactly onto the grid of the CT they belong to.

A file's name is the structure's name (aliases are in `core.anatomy`). A mask whose grid is the CT's grid
with axes swapped or turned round is reordered exactly, never interpolated. Any other grid is refused unless
resampling is asked for and the two lie in the same physical space.

3D-IRCADb's ``skin`` is taken as it is given: it is the filled body (skin and all within), not a shell.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.nifti import MaskFile, read_masks, reorder
from teleneedle.core.anatomy import Gate, Proposed, canonical_kind
from teleneedle.core.case import CtSeries
from teleneedle.core.errors import NotReadableError, StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume, sample_trilinear

SUFFIXES = (".nii.gz", ".nii")
SURFACE = 0.5


def read_structures(
    folder: Path, series: CtSeries, *, resample: bool = False, limits: DecodeLimits = DEFAULT_LIMITS
) -> list[Proposed]:
    """Read every ``*.nii`` and ``*.nii.gz`` in `folder` as a structure on the grid of `series`.

    Parameters
    ----------
    folder : Path
        Only its own files are read, not those of folders within.
    series : CtSeries
        The CT the masks belong to.
    resample : bool
        Bring a mask on another grid onto the CT's grid (trilinear, inside at 0.5) instead of refusing it.
    limits : DecodeLimits
        What the files may ask of this machine.

    Returns
    -------
    list of Proposed
        In name order; ``engine`` is ``file:NAME`` and ``engine_sha256`` the file's hash. A name that is not
        known is kept, with an amber gate that says so.

    Raises
    ------
    NotReadableError
        If the folder does not exist or holds no NIfTI file.
    StructureError
        If a mask is empty, not binary, or lies on another grid.
    """
    if not folder.is_dir():
        raise NotReadableError("there is no such folder of masks", where=str(folder), remedy="check the path")
    paths = sorted(
        p for p in folder.iterdir() if p.name.lower().endswith(SUFFIXES) and not p.name.startswith(".")
    )
    if not paths:
        raise NotReadableError(
            "the folder holds no NIfTI mask", where=str(folder), remedy="put one .nii.gz per structure there"
        )
    names = [structure_name(path) for path in paths]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StructureError(
            f"the folder holds {twice[0]!r} twice", where=str(folder), remedy="keep one of the two files"
        )
    masks = read_masks(paths, limits=limits)
    return [_proposed(path, mask, series, resample) for path, mask in zip(paths, masks, strict=True)]


def read_structure(
    path: Path,
    series: CtSeries,
    *,
    name: str = "",
    resample: bool = False,
    limits: DecodeLimits = DEFAULT_LIMITS,
) -> Proposed:
    """Read one mask file as a structure on the grid of `series`; see `read_structures`."""
    return _proposed(path, read_masks([path], limits=limits)[0], series, resample, name)


def structure_name(path: Path) -> str:
    """The structure's name: the file's without its ending."""
    lower = path.name.lower()
    return next((path.name[: -len(suffix)] for suffix in SUFFIXES if lower.endswith(suffix)), path.name)


def _proposed(path: Path, mask: MaskFile, series: CtSeries, resample: bool, name: str = "") -> Proposed:
    label_map, notes = _onto_grid(mask.label_map, series.volume.grid, path.name, resample)
    called = name or structure_name(path)
    if canonical_kind(called) is None:
        notes.append(
            (
                f"名称“{called}”不在已知结构之列，仅保留显示。",
                f"{called!r} is no known structure name; it is kept under that name.",
            )
        )
    return Proposed(
        name=called,
        label_map=label_map,
        engine=f"file:{path.name}",
        engine_sha256=mask.sha256,
        gate=Gate.AMBER if notes else Gate.GREEN,
        reasons=tuple(notes),
    )


def _onto_grid(
    mask: LabelMap, grid: Grid, where: str, resample: bool
) -> tuple[LabelMap, list[tuple[str, str]]]:
    same = same_voxels(mask, grid)
    if same is not None:
        return same, []
    if not resample:
        raise StructureError(
            f"the mask lies on another grid than the CT: {describe(mask.grid)}; the CT has {describe(grid)}",
            where=where,
            remedy="save the mask on the CT's grid, or ask for resampling",
        )
    resampled = _resample(mask, grid, where)
    note = (
        f"蒙版原网格为 {describe(mask.grid)}，已重采样到 CT 网格。",
        f"The mask was on another grid ({describe(mask.grid)}) and was resampled to the CT's.",
    )
    return resampled, [note]


def describe(grid: Grid) -> str:
    """Size, spacing, origin and axis directions of `grid` in one line."""
    size = " × ".join(str(n) for n in grid.size_ijk)
    spacing = " × ".join(f"{s:.3f}" for s in grid.spacing_mm)
    origin = ", ".join(f"{c:.1f}" for c in grid.origin_lps)
    return f"{size} voxels at {spacing} mm from ({origin}) LPS, axes {axis_letters(grid)}"


def axis_letters(grid: Grid) -> str:
    """Where i, j and k point, by the nearest patient direction: ``LPS`` means left, posterior, superior."""
    letters = (("R", "L"), ("A", "P"), ("I", "S"))
    found = []
    for column in grid.direction.T:
        axis = int(np.abs(column).argmax())
        found.append(letters[axis][int(column[axis] > 0)])
    return "".join(found)


def same_voxels(mask: LabelMap, grid: Grid) -> LabelMap | None:
    """`mask` on `grid` if both have the same voxels in another order; None if not."""
    volume = Volume(array=mask.array, grid=mask.grid)
    for axes in _axis_orders(mask.grid, grid):
        flips = [float(mask.grid.affine[:3, a] @ grid.affine[:3, n]) < 0 for n, a in enumerate(axes)]
        turned = reorder(volume, axes, flips)
        if turned.grid.matches(grid):
            return LabelMap(array=np.ascontiguousarray(turned.array), grid=grid)
    return None


def _axis_orders(mask: Grid, grid: Grid) -> Sequence[tuple[int, ...]]:
    sizes = mask.size_ijk
    return [o for o in itertools.permutations(range(3)) if tuple(sizes[a] for a in o) == grid.size_ijk]


def _resample(mask: LabelMap, grid: Grid, where: str) -> LabelMap:
    low, high = mask.grid.bounds_lps()
    ct_low, ct_high = grid.bounds_lps()
    points = mask.points_lps()
    if (low > ct_high).any() or (high < ct_low).any() or not grid.contains(points).any():
        raise StructureError(
            f"the mask lies outside of the CT: {describe(mask.grid)}; the CT has {describe(grid)}",
            where=where,
            remedy="check that the mask belongs to this CT",
        )
    result = np.zeros(grid.shape, dtype=np.bool_)
    j, i = np.meshgrid(np.arange(grid.shape[1]), np.arange(grid.shape[2]), indexing="ij")
    values = mask.array.view(np.uint8)
    for k in range(grid.shape[0]):
        index = mask.grid.lps_to_index(grid.index_to_lps(np.stack([i, j, np.full_like(i, k)], axis=-1)))
        result[k] = sample_trilinear(values, index, outside=0.0) >= SURFACE
    if not result.any():
        raise StructureError(
            "the mask is too small for the CT's voxels", where=where, remedy="draw it on the CT's grid"
        )
    return LabelMap(array=result, grid=grid)
