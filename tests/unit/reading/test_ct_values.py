"""Stored values to Hounsfield units: sign, bits, overlays, padding, rescale, byte order, compression."""

from __future__ import annotations

import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.testing.ct_files import CtScan, save

TRUE_HU = np.stack([np.rint(CtScan().hu(h)) for h in CtScan().heights])


def with_pixels(datasets, change):
    for ds in datasets:
        stored = np.frombuffer(ds.PixelData, "<i2").reshape(ds.Rows, ds.Columns)
        ds.PixelData = change(ds, stored)
    return datasets


@pytest.mark.parametrize("high_bit", [11, 13, 15])
def test_unsigned_12_bits_with_overlays_above_and_below(high_bit, tmp_path, decode_here):
    shift = high_bit - 11
    noise = np.random.default_rng(1).integers(0, 1 << 16, (16, 20)).astype(np.uint16)
    mask = np.uint16(0xFFF << shift & 0xFFFF)

    def change(ds, stored):
        ds.PixelRepresentation, ds.BitsStored, ds.HighBit = 0, 12, high_bit
        return ((stored.astype(np.uint16) << shift & mask) | (noise & ~mask)).astype("<u2").tobytes()

    series = decode_here(save(with_pixels(CtScan().datasets(), change), tmp_path / "ct"))
    assert np.array_equal(series.volume.array, TRUE_HU)


def test_signed_12_bits_without_sign_extension(tmp_path, decode_here):
    def change(ds, stored):
        ds.BitsStored, ds.HighBit = 12, 11
        return (stored.astype(np.uint16) & 0xFFF).astype("<u2").tobytes()

    scan = CtScan(intercept=0.0)
    series = decode_here(save(with_pixels(scan.datasets(), change), tmp_path / "ct"))
    assert np.array_equal(series.volume.array, TRUE_HU)


def test_rescale_may_differ_from_slice_to_slice(tmp_path, decode_here):
    datasets = [CtScan(slope=1 + n % 2, intercept=-1024.0 - 100 * n).dataset(n + 1, n) for n in range(6)]
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert np.abs(series.volume.array - TRUE_HU).max() <= 1


def test_missing_rescale_is_said(tmp_path, decode_here):
    datasets = CtScan(intercept=0.0).datasets()
    for ds in datasets:
        del ds.RescaleSlope, ds.RescaleIntercept
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert np.array_equal(series.volume.array, TRUE_HU)
    assert any("Rescale slope" in en for _, en in series.warnings)


@pytest.mark.parametrize("value", ["0", "nan", "1e999", "abc"])
def test_rescale_that_gives_no_hu_is_refused(value, tmp_path, decode_here):
    datasets = CtScan().datasets()
    folder = save(datasets, tmp_path / "ct")
    for path in folder.iterdir():
        raw = path.read_bytes()
        field = b"(\x00S\x10DS" + struct.pack("<H", 4) + b"1.0 "
        assert field in raw
        padded = value + " " * (len(value) % 2)
        path.write_bytes(
            raw.replace(field, b"(\x00S\x10DS" + struct.pack("<H", len(padded)) + padded.encode())
        )
    with pytest.raises(NotReadableError, match=r"rescale|damaged") as caught:
        decode_here(folder)
    assert caught.value.where == "IM0001"


@pytest.mark.parametrize(
    ("filler", "declared"), [(-2000, True), (-2048, False), (-3024, False), (-1400, True)]
)
def test_filler_outside_the_field_becomes_minus_1024(filler, declared, tmp_path, decode_here):
    def change(ds, stored):
        stored = stored.copy()
        stored[:3] = filler
        if declared:
            ds.PixelPaddingValue = filler & 0xFFFF  # written as if unsigned, as several vendors do
            ds["PixelPaddingValue"].VR = "US"
        return stored.tobytes()

    scan = CtScan(intercept=0.0)
    series = decode_here(save(with_pixels(scan.datasets(), change), tmp_path / "ct"))
    assert (series.volume.array[:, :3] == -1024).all()
    assert np.array_equal(series.volume.array[:, 3:], TRUE_HU[:, 3:])


def test_padding_range_limit(tmp_path, decode_here):
    def change(ds, stored):
        stored = stored.copy()
        stored[0], stored[1] = -1300, -1250
        ds.PixelPaddingValue, ds.PixelPaddingRangeLimit = -1300, -1200
        return stored.tobytes()

    series = decode_here(save(with_pixels(CtScan(intercept=0.0).datasets(), change), tmp_path / "ct"))
    assert (series.volume.array[:, :2] == -1024).all()


def test_padding_declared_among_tissue_is_not_applied(tmp_path, decode_here):
    water = int(np.rint(CtScan().hu(0))[5, 5])
    scan = CtScan(intercept=0.0, attributes={"PixelPaddingValue": water})
    series = decode_here(save(scan.datasets(), tmp_path / "ct"))
    assert np.array_equal(series.volume.array, TRUE_HU)
    assert any("among tissue" in en for _, en in series.warnings)


def test_honest_noise_in_air_is_kept(tmp_path, decode_here):
    def change(ds, stored):
        stored = stored.copy()
        stored[0] = -1100
        return stored.tobytes()

    series = decode_here(save(with_pixels(CtScan(intercept=0.0).datasets(), change), tmp_path / "ct"))
    assert (series.volume.array[:, 0] == -1100).all()


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_native_transfer_syntaxes(syntax, tmp_path, decode_here):
    folder = tmp_path / "ct"
    folder.mkdir()
    for n, ds in enumerate(CtScan().datasets()):
        ds.file_meta.TransferSyntaxUID = syntax
        if syntax == ExplicitVRBigEndian:
            ds.PixelData = np.frombuffer(ds.PixelData, "<i2").astype(">i2").tobytes()
        is_implicit, is_little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
        plain = Dataset()
        plain.update(ds)
        plain.file_meta, plain.preamble = ds.file_meta, ds.preamble
        dcmwrite(
            folder / str(n), plain, implicit_vr=is_implicit, little_endian=is_little, enforce_file_format=True
        )
    assert np.array_equal(decode_here(folder).volume.array, TRUE_HU)


def test_file_without_preamble_or_meta_header(tmp_path, decode_here):
    folder = tmp_path / "ct"
    folder.mkdir()
    for n, ds in enumerate(CtScan().datasets()):
        plain = Dataset()
        plain.update(ds)
        plain.save_as(folder / str(n), implicit_vr=True, little_endian=True, enforce_file_format=False)
        assert (folder / str(n)).read_bytes()[128:132] != b"DICM"
    assert np.array_equal(decode_here(folder).volume.array, TRUE_HU)


CODECS = {
    JPEGLSLossless: lambda a: imagecodecs.jpegls_encode(a),
    JPEG2000Lossless: lambda a: imagecodecs.jpeg2k_encode(a, codecformat="j2k", level=0, reversible=True),
    JPEG2000: lambda a: imagecodecs.jpeg2k_encode(a, codecformat="j2k", level=0, reversible=True),
    HTJ2KLossless: lambda a: imagecodecs.htj2k_encode(a, reversible=True),
    HTJ2K: lambda a: imagecodecs.htj2k_encode(a, reversible=True),
    JPEGLosslessSV1: lambda a: imagecodecs.ljpeg_encode(a, bitspersample=16),
}


@pytest.mark.parametrize("syntax", CODECS, ids=lambda uid: uid.name)
@pytest.mark.parametrize("fragments", [1, 3])
def test_compressed_pixels(syntax, fragments, tmp_path, decode_here):
    def change(ds, stored):
        ds.file_meta.TransferSyntaxUID = syntax
        ds.PixelRepresentation = 0
        packed = CODECS[syntax](np.ascontiguousarray(stored.astype(np.uint16)))
        return encapsulate([packed], fragments_per_frame=fragments, has_bot=fragments == 1)

    datasets = with_pixels(CtScan().datasets(), change)
    for ds in datasets:
        ds["PixelData"].is_undefined_length = True
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert np.array_equal(series.volume.array, TRUE_HU)
    assert any("loss" in en for _, en in series.warnings) == (syntax in (JPEG2000, HTJ2K))


@pytest.mark.parametrize(
    "syntax", [JPEG2000Lossless, JPEGLSLossless, JPEGLosslessSV1], ids=lambda uid: uid.name
)
@pytest.mark.parametrize("fault", ["other size", "cut off", "noise"])
def test_damaged_compressed_pixels_are_refused(syntax, fault, tmp_path, decode_here):
    def change(ds, stored):
        ds.file_meta.TransferSyntaxUID = syntax
        if fault == "other size":
            return encapsulate([CODECS[syntax](np.zeros((64, 64), np.uint16))])
        packed = CODECS[syntax](np.ascontiguousarray(stored.astype(np.uint16)))
        if fault == "noise":
            return encapsulate([np.random.default_rng(5).bytes(len(packed))])
        return encapsulate([packed])[: -len(packed) // 2]

    datasets = with_pixels(CtScan().datasets(), change)
    for ds in datasets:
        ds["PixelData"].is_undefined_length = True
    folder = save(datasets, tmp_path / "ct")
    if fault == "cut off":
        for path in folder.iterdir():
            path.write_bytes(path.read_bytes()[:-16])
    with pytest.raises(NotReadableError, match="compressed"):
        decode_here(folder)


def test_rle(tmp_path, decode_here):
    datasets = CtScan().datasets()
    for ds in datasets:
        ds.compress(RLELossless, generate_instance_uid=False)
    assert np.array_equal(decode_here(save(datasets, tmp_path / "ct")).volume.array, TRUE_HU)


def enhanced(scan: CtScan, order) -> Dataset:
    """All slices of `scan` as one enhanced CT, frames in `order`."""
    parts = scan.datasets()
    ds = parts[0]
    frames = []
    for n in order:
        item, position = Dataset(), Dataset()
        position.ImagePositionPatient = parts[n].ImagePositionPatient
        item.PlanePositionSequence = Sequence([position])
        frames.append(item)
    shared, measures, plane, transform = Dataset(), Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = ds.PixelSpacing, ds.SliceThickness
    plane.ImageOrientationPatient = ds.ImageOrientationPatient
    transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = (
        ds.RescaleSlope,
        ds.RescaleIntercept,
        "HU",
    )
    shared.PixelMeasuresSequence = Sequence([measures])
    shared.PlaneOrientationSequence = Sequence([plane])
    shared.PixelValueTransformationSequence = Sequence([transform])
    pixels = b"".join(parts[n].PixelData for n in order)
    for keyword in (
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "RescaleSlope",
        "RescaleIntercept",
    ):
        delattr(ds, keyword)
    ds.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.2.1")
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.NumberOfFrames = len(order)
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence(frames)
    ds.PixelData = pixels
    return ds


@pytest.mark.parametrize("order", [range(6), (5, 4, 3, 2, 1, 0), (2, 0, 4, 1, 5, 3)])
def test_enhanced_ct(order, tmp_path, decode_here):
    folder = save([enhanced(CtScan(), order)], tmp_path / "ct")
    series = decode_here(folder / "IM0001")
    assert np.array_equal(series.volume.array, TRUE_HU)
    assert series.volume.grid.affine[2, 3] == -30.0


def test_enhanced_ct_with_a_frame_missing(tmp_path, decode_here):
    ds = enhanced(CtScan(), range(6))
    ds.PerFrameFunctionalGroupsSequence.pop()
    with pytest.raises(NotReadableError, match="6 frames are declared and 5 described"):
        decode_here(save([ds], tmp_path / "ct"))


def test_enhanced_ct_cut_off(tmp_path, decode_here):
    folder = save([enhanced(CtScan(), range(6))], tmp_path / "ct")
    path = folder / "IM0001"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(NotReadableError, match=r"cut off: 3740 of 3840 bytes"):
        decode_here(folder)


def test_deflated_raw_stream_is_what_the_standard_says(tmp_path, decode_here):
    """PS3.5 A.5: the data set behind the meta group is one raw deflate stream."""
    folder = tmp_path / "ct"
    folder.mkdir()
    ds = CtScan().datasets()[0]
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    ds.save_as(folder / "a", enforce_file_format=True)
    raw = (folder / "a").read_bytes()
    length = struct.unpack_from("<I", raw, 140)[0]
    assert b"Doe^Jane" in zlib.decompress(raw[144 + length :], -15)


@pytest.mark.parametrize(("declared", "is_hounsfield"), [("HU", True), ("", True), ("US", False)])
def test_other_values_than_hounsfield_units_are_not_planned_on(
    declared, is_hounsfield, tmp_path, decode_here
):
    datasets = CtScan().datasets()
    for ds in datasets:
        ds.RescaleType = declared
    series = decode_here(save(datasets, tmp_path / "ct"))
    assert series.is_hounsfield is is_hounsfield
    if not is_hounsfield:
        with pytest.raises(InputError, match="not Hounsfield"):
            series.require_hounsfield()
