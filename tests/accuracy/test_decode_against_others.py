"""Pixels and places compared with other decoders: DCMTK, the uncompressed twin, SimpleITK, nibabel."""

from __future__ import annotations

import shutil
import subprocess

import imagecodecs
import nibabel
import numpy as np
import pydicom
import pytest
import scipy.ndimage
import SimpleITK

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.structures_folder import axis_letters, read_structures
from teleneedle.core.anatomy import Gate

LPS_FROM_RAS = np.diag([-1.0, -1, 1, 1])


def two_slices_of(path, folder):
    """A two-slice series out of one file: the copy lies 5 mm higher; its compressed pixels are untouched."""
    folder.mkdir()
    ds = pydicom.dcmread(path)
    ds.SpecificCharacterSet = ds.get("SpecificCharacterSet") or "ISO_IR 100"
    for n in range(2):
        x, y, z = (float(v) for v in ds.ImagePositionPatient)
        ds.ImagePositionPatient = [x, y, z + 5 * n]
        ds.SOPInstanceUID = f"1.2.3.{n}"
        ds.save_as(folder / str(n), enforce_file_format=False)
    return folder


def as_hu(stored, slope, intercept):
    hu = stored.astype(int) * slope + intercept
    return np.where(hu <= -1500, -1024, hu)


@pytest.fixture(scope="module")
def uncompressed(real_data, tmp_path_factory):
    """The WG04 originals, unpacked: the truth for every compressed form of the same image."""
    found = {}
    for name in ("CT1_UNC", "CT2_UNC"):
        raw = imagecodecs.zstd_decode((real_data / "edge-dicom" / "wg04" / f"{name}.zst").read_bytes())
        path = tmp_path_factory.mktemp("unc") / name
        path.write_bytes(raw)
        ds = pydicom.dcmread(path)
        stored = np.frombuffer(ds.PixelData, "<i2").reshape(ds.Rows, ds.Columns)
        found[name[:3]] = as_hu(stored, int(ds.RescaleSlope), int(ds.RescaleIntercept))
    return found


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("wg04/CT1_J2KR", 0),
        ("wg04/CT1_JLSL", 0),
        ("wg04/CT1_JLSN", 10),
        ("wg04/CT1_JPLL", 0),
        ("wg04/CT1_RLE", 0),
        ("wg04/CT2_JPLL", 0),
        ("fo-dicom/D_CLUNIE_CT1_RLE_FRAGS.dcm", 0),
        ("fo-dicom/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_ELE_undefinded_length.dcm", 0),
    ],
)
def test_compressed_form_equals_the_uncompressed_original(name, near, uncompressed, real_data, tmp_path):
    path = real_data / "edge-dicom" / name
    series = read_ct(two_slices_of(path, tmp_path / "ct"))
    truth = uncompressed["CT2" if "CT2" in name else "CT1"]
    for plane in series.volume.array:
        difference = np.abs(plane.astype(int) - truth)
        assert difference[truth > -1024].max() <= near
        assert np.count_nonzero(difference > near) == 0


@pytest.mark.parametrize("name", ["fo-dicom/IM-0001-0001-0001.dcm"])
def test_lossless_jpeg_as_dcmtk_decodes_it(name, real_data, tmp_path):
    assert shutil.which("dcmdjpeg"), "DCMTK is missing: run 'make setup-dev'"
    path = real_data / "edge-dicom" / name
    series = read_ct(two_slices_of(path, tmp_path / "ct"))
    subprocess.run(["dcmdjpeg", str(path), str(tmp_path / "plain.dcm")], check=True)
    ds = pydicom.dcmread(tmp_path / "plain.dcm")
    kind = "<i2" if ds.PixelRepresentation else "<u2"
    stored = np.frombuffer(ds.PixelData, kind).reshape(ds.Rows, ds.Columns)
    assert np.array_equal(
        series.volume.array[0], as_hu(stored, int(ds.RescaleSlope), int(ds.RescaleIntercept))
    )


@pytest.mark.parametrize("name", ["pydicom-data/explicit_VR-UN.dcm", "fo-dicom/CT1_J2KI"])
def test_jpeg_2000_as_another_codec_decodes_it(name, real_data, tmp_path):
    """pydicom with Pillow's OpenJPEG binding, a code path of its own for sign and bit depth."""
    path = real_data / "edge-dicom" / name
    ds = pydicom.dcmread(path)
    stored = pydicom.pixels.pixel_array(path, decoding_plugin="pillow")
    series = read_ct(two_slices_of(path, tmp_path / "ct"))
    assert np.array_equal(
        series.volume.array[0], as_hu(stored, int(ds.RescaleSlope), int(ds.RescaleIntercept))
    )


def test_enhanced_ct_frames_are_where_the_functional_groups_say(real_data):
    path = real_data / "edge-dicom" / "pydicom-data" / "eCT_Supplemental.dcm"
    series = read_ct(path)
    ds = pydicom.dcmread(path)
    stored = np.frombuffer(ds.PixelData, "<u2").reshape(2, 512, 512)
    assert np.array_equal(
        series.volume.array, stored.astype(int) - 1024
    )  # frame 1 is z = -159, frame 2 z = -149
    assert series.volume.grid.index_to_lps([0, 0, 0]).tolist() == [99.5, -301.5, -159.0]
    assert series.volume.grid.index_to_lps([0, 0, 1]).tolist() == [99.5, -301.5, -149.0]
    assert axis_letters(series.volume.grid) == "RPS"
    assert any("not Hounsfield" in en for _, en in series.warnings)


def by_simpleitk(folder):
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


@pytest.mark.parametrize(
    "name",
    ["ircad17/PATIENT_DICOM", "ts-example/example_ct_dicom", "ibsi-pat1/dicom/image", "edge-dicom/rt-utils"],
)
def test_series_as_simpleitk_reads_it(name, real_data):
    series = read_ct(real_data / name)
    other = by_simpleitk(real_data / name)
    values = SimpleITK.GetArrayViewFromImage(other).astype(int)
    assert np.array_equal(series.volume.array, np.where(values <= -1500, -1024, values))
    for index in ([0, 0, 0], [7, 3, 1], [n - 1 for n in series.volume.grid.size_ijk]):
        point = other.TransformIndexToPhysicalPoint([int(n) for n in index])
        assert np.allclose(series.volume.grid.index_to_lps(index), point, atol=2e-3)


def test_dicom_and_nifti_of_one_patient_agree_voxel_by_voxel(real_data):
    """ibsi-pat1 exists as DICOM and, converted by others, as NIfTI; the field of view is not square."""
    dicom = read_ct(real_data / "ibsi-pat1" / "dicom" / "image")
    nifti = read_ct(next((real_data / "ibsi-pat1" / "nifti" / "image").glob("*.nii.gz")))
    assert dicom.volume.grid.shape == (60, 201, 204)
    assert dicom.volume.grid.matches(nifti.volume.grid, tolerance_mm=0.01)
    assert np.array_equal(dicom.volume.array, nifti.volume.array)


@pytest.mark.parametrize(
    "name", ["lidc-0001/ct.nii.gz", "ts-example/example_ct.nii.gz", "reg-pair-phantom/fixed_tilt-18.5.nii.gz"]
)
def test_nifti_as_nibabel_reads_it(name, real_data):
    series = read_ct(real_data / name)
    image = nibabel.load(real_data / name)
    values = np.rint(np.asarray(image.dataobj)).astype(int).transpose(2, 1, 0)
    assert np.array_equal(series.volume.array, np.where(values <= -1500, -1024, values))
    if "lidc" in name:
        assert series.volume.array.min() == -1024
    assert np.allclose(series.volume.grid.affine, LPS_FROM_RAS @ image.affine, atol=1e-4)


def test_tilted_series_as_scipy_interpolates_each_slice(real_data):
    """Every voxel of the right-angled volume, looked up by its LPS point in its scanned slice."""
    folder = real_data / "edge-dicom" / "dicom2nifti-failing" / "gantrytilting"
    volume = read_ct(folder).volume
    assert volume.grid.shear_deg < 1e-6
    j, i = np.meshgrid(np.arange(volume.grid.shape[1]), np.arange(volume.grid.shape[2]), indexing="ij")
    for k, path in enumerate(sorted(folder.rglob("*.dcm"))):
        ds = pydicom.dcmread(path)
        row, column = np.reshape(np.array(ds.ImageOrientationPatient, float), (2, 3))
        offset = volume.grid.index_to_lps(np.stack([i, j, np.full_like(i, k)], axis=-1)) - np.array(
            ds.ImagePositionPatient, float
        )
        assert np.abs(offset @ np.cross(row, column)).max() < 1e-3  # in the plane that was scanned
        at = [offset @ column / float(ds.PixelSpacing[0]), offset @ row / float(ds.PixelSpacing[1])]
        hu = np.frombuffer(ds.PixelData, "<u2").reshape(ds.Rows, ds.Columns).astype(float) - 1024
        truth = scipy.ndimage.map_coordinates(hu, at, order=1, cval=np.nan)
        inside = np.isfinite(truth)
        assert inside.mean() > 0.95
        assert np.abs(volume.array[k] - truth)[inside].max() <= 0.51
        beyond = (at[0] < -1.01) | (at[0] > ds.Rows + 0.01)
        assert (volume.array[k][beyond] == -1024).all()


@pytest.fixture(scope="module")
def ircad17(real_data):
    return read_ct(real_data / "ircad17" / "PATIENT_DICOM")


def test_ircad17_masks_lie_on_their_organs(ircad17, real_data):
    found = {one.name: one for one in read_structures(real_data / "ircad17" / "masks", ircad17)}
    published_ml = {
        "liver": 1861,
        "livertumor1": 85.6,
        "livertumor2": 78.6,
        "portalvein": 47.5,
        "venoussystem": 110,
    }
    for name, volume_ml in {**published_ml, "artery": 107, "bone": 422}.items():
        assert found[name].label_map.volume_ml == pytest.approx(volume_ml, rel=0.006)
    hu = ircad17.volume.array
    mean = {name: float(hu[one.label_map.array].mean()) for name, one in found.items()}
    assert 60 < mean["liver"] < 140
    assert mean["bone"] > 200
    assert mean["livertumor1"] < mean["liver"] < mean["portalvein"]
    liver, spine = found["liver"].label_map.centroid_lps(), found["bone"].label_map.centroid_lps()
    assert liver[0] < spine[0]  # the liver lies on the patient's right: smaller x in LPS
    assert liver[1] < spine[1]  # and in front of the spine
    assert all(one.gate is Gate.GREEN for one in found.values())
    skin, inside = found["skin"].label_map.array, found["liver"].label_map.array
    assert (
        skin & inside
    ).sum() > 0.999 * inside.sum()  # the filled body, not a shell: see `structures_folder`


def test_identity_of_ircad17(ircad17, real_data):
    series = ircad17
    first = pydicom.dcmread(real_data / "ircad17" / "PATIENT_DICOM" / "image_0", stop_before_pixels=True)
    assert series.patient.name == "liver_17^patient"
    assert series.study.sop_instances[0] == (first.SOPClassUID, first.SOPInstanceUID)
    assert len(series.study.sop_instances) == 119
    assert series.volume.grid.frame_of_reference_uid.startswith("2.25.")
