"""NIfTI in and out: orientation, scaling, axis order, round trips, and masks brought onto the CT's grid."""

from __future__ import annotations

import gzip

import nibabel
import numpy as np
import pytest

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.nifti import read_mask, read_volume, write_mask, write_volume
from teleneedle.adapters.structures_folder import read_structure, read_structures
from teleneedle.core.anatomy import Gate
from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.errors import (
    HostileInputError,
    NotReadableError,
    OutputError,
    SeriesGeometryError,
    StructureError,
)
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.testing.ct_files import field_hu

pytestmark = pytest.mark.usefixtures("nifti_here")
LPS_FROM_RAS = np.diag([-1.0, -1, 1, 1])
UID = "1.2.3"


def oblique(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    affine = np.eye(4)
    affine[:3, :3] = rotation * [0.8, 0.9, 2.5]
    affine[:3, 3] = rng.uniform(-50, 50, 3)
    return affine


def field_on(shape_ijk, ras: np.ndarray) -> np.ndarray:
    """HU ``[i, j, k]`` of the synthetic patient on a NIfTI grid, from RAS, independent of the reader."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape_ijk), indexing="ij"), axis=-1)
    points_ras = nibabel.affines.apply_affine(ras, index)
    return field_hu(points_ras * [-1, -1, 1])


def assert_true_everywhere(volume: Volume, tolerance_hu: float) -> None:
    k, j, i = np.meshgrid(*(np.arange(n) for n in volume.grid.shape), indexing="ij")
    truth = field_hu(volume.grid.index_to_lps(np.stack([i, j, k], axis=-1)))
    assert np.abs(volume.array - truth).max() <= tolerance_hu


@pytest.mark.parametrize("form", ["sform", "qform"])
@pytest.mark.parametrize("dtype", ["int16", "float32", "float64", "int32"])
def test_voxels_lie_where_sform_or_qform_says(form, dtype, tmp_path):
    ras = oblique(3)
    image = nibabel.Nifti1Image(np.rint(field_on((9, 7, 5), ras)).astype(dtype), None)
    image.set_sform(ras if form == "sform" else None, code=1 if form == "sform" else 0)
    image.set_qform(ras, code=1)
    nibabel.save(image, tmp_path / "a.nii.gz")
    volume = read_volume(tmp_path / "a.nii.gz", frame_of_reference_uid=UID)
    assert volume.array.dtype == np.int16
    assert volume.grid.frame_of_reference_uid == UID
    assert_true_everywhere(volume, 0.5001)


@pytest.mark.parametrize("ending", ["nii", "nii.gz"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_slope_intercept_and_byte_order(ending, order, tmp_path):
    ras = np.diag([-1.0, -1, 2, 1])
    stored = np.arange(24, dtype="i2").reshape(2, 3, 4)
    header = nibabel.Nifti1Header(endianness=order)
    header.set_data_dtype(np.dtype("i2").newbyteorder(order))
    header.set_data_shape(stored.shape)
    header.set_sform(ras, 1)
    header.set_slope_inter(2.0, -1024.0)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    raw = header.binaryblock + bytes(4) + stored.astype(f"{order}i2").tobytes(order="F")
    (tmp_path / f"a.{ending}").write_bytes(gzip.compress(raw) if ending.endswith("gz") else raw)
    volume = read_volume(tmp_path / f"a.{ending}")
    assert np.array_equal(volume.array, (stored.astype(int) * 2 - 1024).transpose(2, 1, 0))


def test_fractional_values_stay_fractions(tmp_path):
    image = nibabel.Nifti1Image(np.full((3, 4, 5), 0.25, dtype="f4"), np.eye(4))
    nibabel.save(image, tmp_path / "a.nii")
    assert read_volume(tmp_path / "a.nii").array.dtype == np.float32


@pytest.mark.parametrize("codes", ["LPS", "RAS", "LPI", "PSL", "SAR", "ILP"])
def test_ct_axes_are_ordered_and_slices_run_to_the_head(codes, tmp_path):
    """The same patient stored in any axis order becomes the same CT, k from feet to head."""
    ras = np.diag([1.5, 1.25, 2.5, 1.0])
    ras[:3, 3] = [-10, -12, -30]
    plain = nibabel.Nifti1Image(np.rint(field_on((8, 9, 10), ras)).astype("i2"), ras)
    orientation = nibabel.orientations.axcodes2ornt(codes)
    image = plain.as_reoriented(nibabel.orientations.ornt_transform(nibabel.io_orientation(ras), orientation))
    assert "".join(nibabel.aff2axcodes(image.affine)) == codes
    nibabel.save(image, tmp_path / "a.nii.gz")
    series = read_ct(tmp_path / "a.nii.gz")
    assert series.volume.grid.shape == (10, 9, 8)
    assert series.volume.grid.affine[2, 2] == 2.5
    assert_true_everywhere(series.volume, 0.5001)


def test_sheared_nifti_is_resampled(tmp_path):
    ras = np.diag([1.0, 1.0, 3.0, 1.0])
    ras[1, 2] = 1.0
    nibabel.save(
        nibabel.Nifti1Image(np.rint(field_on((12, 30, 6), ras)).astype("i2"), ras), tmp_path / "a.nii"
    )
    series = read_ct(tmp_path / "a.nii")
    assert series.is_resampled
    assert series.volume.grid.shear_deg < 1e-6
    inner = series.volume.crop((0, 6, 1), (6, 29, 11))
    assert_true_everywhere(inner, 1.01)


def test_frame_is_derived_from_content_and_stable(tmp_path):
    for name, value in (("a", 1), ("b", 1), ("c", 2)):
        nibabel.save(
            nibabel.Nifti1Image(np.full((3, 3, 3), value, "i2"), np.eye(4)), tmp_path / f"{name}.nii.gz"
        )
    a, b, c = (read_volume(tmp_path / f"{name}.nii.gz").grid.frame_of_reference_uid for name in "abc")
    assert a == b != c
    assert a.startswith("2.25.")
    assert len(a) <= 64


@pytest.mark.parametrize(
    ("shape", "code", "error", "match"),
    [
        ((4, 4, 4), 0, NotReadableError, "neither sform nor qform"),
        ((4, 4, 4, 2), 1, NotReadableError, "more than one volume"),
        ((4, 4, 1), 1, SeriesGeometryError, "only one slice"),
    ],
)
def test_unusable_nifti_is_refused(shape, code, error, match, tmp_path):
    image = nibabel.Nifti1Image(np.zeros(shape, "i2"), None)
    image.set_sform(np.eye(4), code)
    image.set_qform(np.eye(4), code)
    nibabel.save(image, tmp_path / "a.nii")
    with pytest.raises(error, match=match):
        read_ct(tmp_path / "a.nii")


def test_truncated_and_lying_nifti_is_refused(tmp_path):
    image = nibabel.Nifti1Image(np.zeros((30, 30, 30), "i2"), np.eye(4))
    nibabel.save(image, tmp_path / "a.nii")
    raw = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "cut.nii").write_bytes(raw[:-1])
    with pytest.raises(NotReadableError, match="cut off: 54351 of 54352"):
        read_volume(tmp_path / "cut.nii")
    (tmp_path / "cut.nii.gz").write_bytes(gzip.compress(raw)[:-40])
    with pytest.raises(NotReadableError):
        read_volume(tmp_path / "cut.nii.gz")
    huge = bytearray(raw)
    huge[42:48] = np.array([32767, 32767, 32767], "<i2").tobytes()
    (tmp_path / "huge.nii").write_bytes(huge)
    with pytest.raises(HostileInputError, match="32767"):
        read_volume(tmp_path / "huge.nii")
    (tmp_path / "text.nii").write_text("x" * 2000)
    with pytest.raises(NotReadableError, match="not a NIfTI"):
        read_volume(tmp_path / "text.nii")


def test_gzip_in_members_reads_and_a_bomb_is_never_inflated(tmp_path):
    image = nibabel.Nifti1Image(np.arange(27000, dtype="i2").reshape(30, 30, 30), np.eye(4))
    nibabel.save(image, tmp_path / "a.nii")
    raw = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "b.nii.gz").write_bytes(gzip.compress(raw[:9000]) + gzip.compress(raw[9000:]))
    assert np.array_equal(
        read_volume(tmp_path / "b.nii.gz").array, np.asarray(image.dataobj).transpose(2, 1, 0)
    )
    (tmp_path / "bomb.nii.gz").write_bytes(gzip.compress(raw + bytes(1 << 28), 9))
    assert read_volume(tmp_path / "bomb.nii.gz").array.shape == (30, 30, 30)


@pytest.mark.parametrize("ending", ["nii", "nii.gz"])
@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_write_then_read_by_another_library_and_by_ours(ending, dtype, tmp_path):
    rng = np.random.default_rng(4)
    array = rng.integers(-1000, 2000, (5, 6, 7)).astype(dtype) + (
        np.float32(0.5) if dtype == "float32" else 0
    )
    grid = Grid(shape=(5, 6, 7), affine=oblique(8), frame_of_reference_uid=UID)
    path = tmp_path / f"v.{ending}"
    write_volume(Volume(array=array.astype(dtype), grid=grid), path)
    other = nibabel.load(path)
    assert np.array_equal(np.asarray(other.dataobj).transpose(2, 1, 0), array)
    assert np.allclose(LPS_FROM_RAS @ other.affine, grid.affine, atol=1e-5)
    assert np.allclose(other.get_qform(), other.get_sform(), atol=1e-4)
    ours = read_volume(path, frame_of_reference_uid=UID)
    assert np.array_equal(ours.array, array)
    assert ours.grid.matches(grid, tolerance_mm=1e-3)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_unwritable_place_is_one_error(tmp_path):
    mask = LabelMap(array=np.ones((2, 2, 2), bool), grid=ct().volume.grid.crop((0, 0, 0), (2, 2, 2)))
    with pytest.raises(OutputError):
        write_mask(mask, tmp_path / "no" / "folder" / "a.nii.gz")


def ct(shape=(8, 10, 12)) -> CtSeries:
    grid = Grid.regular(
        shape, spacing_mm=(1.0, 1.5, 2.5), origin_lps=(-6, -7, 20), frame_of_reference_uid=UID
    )
    volume = Volume(array=np.zeros(shape, np.int16), grid=grid)
    return CtSeries(volume=volume, patient=Patient(), study=StudyContext(), source_sha256="")


@pytest.fixture
def block() -> LabelMap:
    array = np.zeros((8, 10, 12), bool)
    array[2:5, 3:9, 4:6] = True
    array[1, 0, 11] = True
    return LabelMap(array=array, grid=ct().volume.grid)


def test_structures_have_names_kinds_and_hashes(block, tmp_path):
    for name in ("liver", "livertumor1", "portalvein", "hat"):
        write_mask(block, tmp_path / f"{name}.nii.gz")
    found = {one.name: one for one in read_structures(tmp_path, ct())}
    assert {name: one.kind for name, one in found.items()} == {
        "liver": "liver",
        "livertumor1": "tumour",
        "portalvein": "portal_vein",
        "hat": "hat",
    }
    assert found["liver"].engine == "file:liver.nii.gz"
    assert len(found["liver"].engine_sha256) == 64
    assert found["liver"].gate is Gate.GREEN
    assert found["hat"].gate is Gate.AMBER
    assert "hat" in found["hat"].reasons[0][1]
    assert all(np.array_equal(one.label_map.array, block.array) for one in found.values())
    assert found["liver"].label_map.grid.frame_of_reference_uid == UID


@pytest.mark.parametrize("codes", ["RAS", "LPS", "RPI", "SAL", "PIR"])
def test_reordered_mask_is_the_same_mask(codes, block, tmp_path):
    write_mask(block, tmp_path / "a.nii.gz")
    image = nibabel.load(tmp_path / "a.nii.gz")
    target = nibabel.orientations.axcodes2ornt(codes)
    change = nibabel.orientations.ornt_transform(nibabel.io_orientation(image.affine), target)
    nibabel.save(image.as_reoriented(change), tmp_path / "liver.nii.gz")
    found = read_structure(tmp_path / "liver.nii.gz", ct())
    assert np.array_equal(found.label_map.array, block.array)
    assert found.gate is Gate.GREEN


def test_mask_on_another_grid_is_refused_and_both_grids_named(tmp_path):
    grid = Grid.regular(
        (20, 10, 12), spacing_mm=(1.0, 1.5, 1.0), origin_lps=(-6, -7, 20), frame_of_reference_uid=UID
    )
    write_mask(LabelMap(array=np.ones(grid.shape, bool), grid=grid), tmp_path / "liver.nii.gz")
    with pytest.raises(
        StructureError, match=r"12 × 10 × 20 voxels at 1.000 × 1.500 × 1.000.*12 × 10 × 8 voxels"
    ):
        read_structures(tmp_path, ct())


def test_resampling_keeps_a_ball_a_ball(tmp_path):
    """A ball on a fine grid, brought onto the CT's coarse one: volume within 6 %, centre within 0.2 mm."""
    fine = Grid.regular(
        (60, 60, 60), spacing_mm=(0.6, 0.6, 0.6), origin_lps=(-18, -18, -18), frame_of_reference_uid=UID
    )
    k, j, i = np.meshgrid(*(np.arange(60),) * 3, indexing="ij")
    ball = np.linalg.norm(fine.index_to_lps(np.stack([i, j, k], axis=-1)), axis=-1) <= 12
    write_mask(LabelMap(array=ball, grid=fine), tmp_path / "liver.nii.gz")
    grid = Grid.regular(
        (20, 40, 40), spacing_mm=(1.0, 1.0, 2.0), origin_lps=(-20, -20, -20), frame_of_reference_uid=UID
    )
    volume = Volume(array=np.zeros(grid.shape, np.int16), grid=grid)
    series = CtSeries(volume=volume, patient=Patient(), study=StudyContext(), source_sha256="")
    found = read_structure(tmp_path / "liver.nii.gz", series, resample=True)
    assert found.label_map.volume_ml == pytest.approx(4 / 3 * np.pi * 1.2**3, rel=0.06)
    assert np.linalg.norm(found.label_map.centroid_lps()) < 0.2
    assert found.gate is Gate.AMBER


def test_mask_elsewhere_in_space_is_refused_even_with_resampling(tmp_path):
    far = Grid.regular(
        (8, 10, 12), spacing_mm=(1.0, 1.5, 2.5), origin_lps=(500, 0, 0), frame_of_reference_uid=UID
    )
    write_mask(LabelMap(array=np.ones(far.shape, bool), grid=far), tmp_path / "liver.nii.gz")
    with pytest.raises(StructureError, match="outside of the CT"):
        read_structures(tmp_path, ct(), resample=True)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([0], "empty"),
        ([0, 1, 2], "several labels"),
        ([0.0, 0.5], "fractions"),
        ([0, -1], "negative"),
        ([0.0, np.nan], "no numbers"),
    ],
)
def test_masks_that_are_none_are_refused(values, match, tmp_path):
    kind = "f4" if any(isinstance(v, float) for v in values) else "i2"
    array = np.resize(np.array(values, dtype=kind), (12, 10, 8))
    nibabel.save(
        nibabel.Nifti1Image(array, LPS_FROM_RAS @ ct().volume.grid.affine), tmp_path / "liver.nii.gz"
    )
    with pytest.raises(StructureError, match=match):
        read_structures(tmp_path, ct())


@pytest.mark.parametrize("set_value", [1, 255, 3])
@pytest.mark.parametrize("kind", ["u1", "i2", "f4"])
def test_any_single_set_value_is_a_mask(set_value, kind, block, tmp_path):
    array = (block.array.transpose(2, 1, 0) * set_value).astype(kind)
    nibabel.save(nibabel.Nifti1Image(array, LPS_FROM_RAS @ block.grid.affine), tmp_path / "liver.nii.gz")
    assert np.array_equal(read_mask(tmp_path / "liver.nii.gz").array, block.array)


def test_folder_without_masks_and_the_same_name_twice(block, tmp_path):
    with pytest.raises(NotReadableError, match="no NIfTI mask"):
        read_structures(tmp_path, ct())
    with pytest.raises(NotReadableError, match="no such folder"):
        read_structures(tmp_path / "none", ct())
    write_mask(block, tmp_path / "liver.nii")
    write_mask(block, tmp_path / "liver.nii.gz")
    with pytest.raises(StructureError, match="'liver' twice"):
        read_structures(tmp_path, ct())
