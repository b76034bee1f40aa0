"""A synthetic patient whose HU is a known linear function of LPS: every voxel read must satisfy it."""

from __future__ import annotations

import numpy as np
import pytest

from teleneedle.core.errors import FrameOfReferenceError, SeriesGeometryError
from teleneedle.testing.ct_files import CtScan, field_hu, save

COS, SIN = np.cos(np.radians(20)), np.sin(np.radians(20))


def voxel_centres(volume):
    k, j, i = np.meshgrid(*(np.arange(n) for n in volume.grid.shape), indexing="ij")
    return volume.grid.index_to_lps(np.stack([i, j, k], axis=-1))


def assert_true_everywhere(volume, tolerance_hu=0.5001):
    difference = np.abs(volume.array - field_hu(voxel_centres(volume)))
    assert difference.max() <= tolerance_hu


SCANS = {
    "head first supine": CtScan(),
    "feet first supine, rows to the right": CtScan(
        orientation=(-1, 0, 0, 0, 1, 0), step_lps=(0, 0, -2.5), origin_lps=(14, -9, 30)
    ),
    "head first prone": CtScan(orientation=(-1, 0, 0, 0, -1, 0), origin_lps=(14, 9, -30)),
    "decubitus left": CtScan(orientation=(0, -1, 0, 1, 0, 0), origin_lps=(-9, 14, -30)),
    "decubitus right": CtScan(orientation=(0, 1, 0, -1, 0, 0), origin_lps=(9, -14, -30)),
    "instances from head to feet": CtScan(heights=tuple(range(5, -1, -1))),
    "instances in any order": CtScan(heights=(3, 0, 5, 1, 4, 2)),
    "coronal": CtScan(orientation=(1, 0, 0, 0, 0, -1), step_lps=(0, 2.0, 0), origin_lps=(-14, -9, 10)),
    "oblique": CtScan(orientation=(COS, SIN, 0, -SIN, COS, 0), step_lps=(0, 0, 2.5)),
    "fractional slope": CtScan(slope=0.25, intercept=-1000.5),
}


@pytest.mark.parametrize("name", SCANS)
def test_every_voxel_is_where_its_value_says(name, tmp_path, decode_here):
    series = decode_here(save(SCANS[name].datasets(), tmp_path / "ct"))
    assert series.volume.array.dtype == np.int16
    assert not series.is_resampled
    assert series.volume.array.shape == (6, 16, 20)
    assert_true_everywhere(series.volume)


@pytest.mark.parametrize("name", [name for name in SCANS if name != "coronal"])
def test_slices_run_from_feet_to_head_and_instances_follow(name, tmp_path, decode_here):
    datasets = SCANS[name].datasets()
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert series.volume.grid.affine[2, 2] > 0
    by_height = sorted(datasets, key=lambda ds: float(ds.ImagePositionPatient[2]))
    assert [uid for _, uid in series.study.sop_instances] == [ds.SOPInstanceUID for ds in by_height]


@pytest.mark.parametrize("tilt_deg", [-18.5, 5.0, 25.0])
def test_gantry_tilt_is_resampled_to_right_angles(tilt_deg, tmp_path, decode_here):
    c, s = np.cos(np.radians(tilt_deg)), np.sin(np.radians(tilt_deg))
    scan = CtScan(orientation=(1, 0, 0, 0, c, s), size=(40, 20), heights=tuple(range(9)))
    series = decode_here(save(scan.datasets(), tmp_path / "ct"))
    volume = series.volume
    assert series.is_resampled
    assert volume.grid.shear_deg < 1e-6
    assert any(f"{abs(tilt_deg):.1f}" in en for _, en in series.warnings)
    assert volume.grid.spacing_mm[2] == pytest.approx(2.5 * c, abs=1e-6)
    inside = volume.array > -1024
    # Linear interpolation of a linear field is exact but for rounding (twice) and the held rim pixel.
    off = np.abs(volume.array - field_hu(voxel_centres(volume)))[inside]
    assert np.quantile(off, 0.9) <= 1.01
    scanned = np.array([scan.position_lps(h) for h in scan.heights])
    assert volume.grid.contains(scanned).all()
    last_rows = scanned + 39 * 1.25 * np.array([0, c, s])
    assert volume.grid.contains(last_rows).all()
    assert inside.sum() >= 9 * 40 * 20


def test_a_missing_slice_is_named(tmp_path, decode_here):
    folder = save(CtScan(heights=(0, 1, 2, 5, 6)).datasets(), tmp_path / "ct")
    with pytest.raises(
        SeriesGeometryError, match=r"2 slice\(s\) missing between z = -25.00 mm .*z = -17.50 mm"
    ) as caught:
        decode_here(folder)
    assert "instance 3" in str(caught.value)
    assert "instance 4" in str(caught.value)


def test_every_gap_is_listed(tmp_path, decode_here):
    folder = save(CtScan(heights=(0, 1, 3, 4, 5, 8)).datasets(), tmp_path / "ct")
    with pytest.raises(SeriesGeometryError) as caught:
        decode_here(folder)
    assert len(caught.value.details) == 2


def test_uneven_spacing_is_named(tmp_path, decode_here):
    folder = save(CtScan(heights=(0, 1, 2, 3.4, 4.4)).datasets(), tmp_path / "ct")
    with pytest.raises(SeriesGeometryError, match=r"spacing 3.500 mm instead of 2.500 mm"):
        decode_here(folder)


@pytest.mark.parametrize("heights", [(0, 1, 2, 5, 6), (0, 1, 2, 3.4, 4.4)])
def test_gaps_are_bridged_only_when_allowed_and_then_said(heights, tmp_path, decode_here):
    series = decode_here(save(CtScan(heights=heights).datasets(), tmp_path / "ct"), allow_gaps=True)
    assert series.is_resampled
    assert any("not scanned" in en and "插值" in zh for zh, en in series.warnings)
    assert series.volume.grid.spacing_mm[2] == pytest.approx(2.5)
    assert_true_everywhere(series.volume, tolerance_hu=1.01)


def test_gap_under_tilt(tmp_path, decode_here):
    c, s = np.cos(np.radians(12)), np.sin(np.radians(12))
    scan = CtScan(orientation=(1, 0, 0, 0, c, s), size=(40, 20), heights=(0, 1, 2, 4, 5))
    series = decode_here(save(scan.datasets(), tmp_path / "ct"), allow_gaps=True)
    assert series.volume.grid.shape[0] == 6
    middle = series.volume.array[:, 8:-8, 3:-3]
    truth = field_hu(voxel_centres(series.volume))[:, 8:-8, 3:-3]
    assert np.abs(middle - truth).max() <= 1.01


def test_rounded_positions_are_no_gap(tmp_path, decode_here):
    datasets = CtScan(step_lps=(0, 0, 1.25), heights=tuple(range(20))).datasets()
    for ds in datasets:
        x, y, z = (float(v) for v in ds.ImagePositionPatient)
        ds.ImagePositionPatient = [x, y, round(z, 1)]
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert not series.is_resampled
    assert series.volume.grid.spacing_mm[2] == pytest.approx(1.25, abs=0.006)


def test_one_slice_aside_is_refused(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[3].ImagePositionPatient = [-13.0, -9.0, float(datasets[3].ImagePositionPatient[2])]
    with pytest.raises(SeriesGeometryError, match=r"0\.9\d mm aside \(IM0004\)"):
        decode_here(save(datasets, tmp_path / "ct"))


def test_one_slice_is_no_volume(tmp_path, decode_here):
    with pytest.raises(SeriesGeometryError, match="only one slice"):
        decode_here(save(CtScan(heights=(0,)).datasets(), tmp_path / "ct"))


def test_mixed_orientation_is_refused(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[2].ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    with pytest.raises(SeriesGeometryError, match="oriented differently"):
        decode_here(save(datasets, tmp_path / "ct"))


def test_mixed_sizes_are_refused(tmp_path, decode_here):
    datasets = CtScan().datasets() + CtScan(size=(16, 10), heights=(7, 8)).datasets()
    for n, ds in enumerate(datasets):
        ds.SOPInstanceUID = f"1.2.{n}"
    with pytest.raises(SeriesGeometryError, match="differ in size"):
        decode_here(save(datasets, tmp_path / "ct"))


def test_two_frames_of_reference_are_refused(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[4].FrameOfReferenceUID = "1.2.3.4"
    with pytest.raises(FrameOfReferenceError, match=r"different frames"):
        decode_here(save(datasets, tmp_path / "ct"))


@pytest.mark.parametrize("value", [[1, 0, 0, 1, 0, 0], [0] * 6, [2, 0, 0, 0, 2, 0]])
def test_impossible_orientation_is_refused(value, tmp_path, decode_here):
    folder = save(CtScan(attributes={"ImageOrientationPatient": value}).datasets(), tmp_path / "ct")
    with pytest.raises(SeriesGeometryError, match="Image Orientation"):
        decode_here(folder)


def test_missing_frame_of_reference_is_derived_from_content(tmp_path, decode_here):
    datasets = CtScan(attributes={"FrameOfReferenceUID": ""}).datasets()
    first = decode_here(save(datasets, tmp_path / "one"))
    again = decode_here(save(datasets, tmp_path / "two"))
    datasets[0].PatientComments = "x"
    other = decode_here(save(datasets, tmp_path / "three"))
    uids = [s.volume.grid.frame_of_reference_uid for s in (first, again, other)]
    assert uids[0] == uids[1] != uids[2]
    assert uids[0].startswith("2.25.")
    assert any("frame of reference" in en for _, en in first.warnings)
