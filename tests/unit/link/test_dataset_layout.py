"""Datasets cut into head, pixels and tail: what pydicom writes is found where pydicom put it."""

from __future__ import annotations

import io
import struct
import zlib

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage

from teleneedle.adapters.link.dataset_layout import (
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    INFLATED_BYTES,
    Layout,
    lay_out,
)
from teleneedle.adapters.link.dataset_walk import MAX_DEPTH
from teleneedle.adapters.link.instance_facts import InstanceFacts
from teleneedle.core.errors import HostileInputError, InputError, NotReadableError

DEFLATED = "1.2.840.10008.1.2.1.99"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
SYNTAXES = (IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG)
NO_ITEM = "a sequence holds something that is no item"


def ct(rows: int = 4, columns: int = 6, **more: object) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.StudyInstanceUID = "1.2.3"
    dataset.SeriesInstanceUID = "1.2.3.5"
    dataset.Modality = "CT"
    dataset.PatientName = "张^三"
    dataset.PatientID = "7"
    dataset.PatientBirthDate = "19600102"
    dataset.AccessionNumber = "A1"
    dataset.ImagePositionPatient = [1.5, -2, 3e2]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [0.7, 0.8]
    dataset.InstanceNumber = 12
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 1
    dataset.PixelData = bytes(range(256))[: rows * columns * 2] or b"\0\0"
    dataset["PixelData"].VR = "OW"
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return dataset


def encoded(dataset: Dataset, syntax: str) -> bytes:
    out = pydicom.filebase.DicomBytesIO()
    out.is_implicit_VR = syntax == IMPLICIT_LITTLE
    out.is_little_endian = syntax != EXPLICIT_BIG
    write_dataset(out, dataset)
    return out.getvalue()


def whole(layout: Layout, dataset: bytes) -> bytes:
    return b"".join(layout.cut(dataset))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_pixels_and_facts_are_found(syntax: str) -> None:
    written = ct()
    dataset = encoded(written, syntax)
    layout = lay_out(dataset, syntax)
    head, pixels, tail = layout.cut(dataset)
    assert bytes(pixels) == written.PixelData
    assert head[-12:].tobytes().startswith(
        struct.pack("<HH" if syntax != EXPLICIT_BIG else ">HH", 0x7FE0, 0x10)
    ) or (syntax == IMPLICIT_LITTLE)
    assert bytes(tail) == b""
    assert layout.is_coded == (syntax != EXPLICIT_BIG)
    assert layout.facts == InstanceFacts(
        sop_class=CTImageStorage,
        sop_uid="1.2.3.4",
        study_uid="1.2.3",
        series_uid="1.2.3.5",
        charset=b"ISO_IR 192",
        patient_name="张^三".encode(),
        patient_id=b"7",
        birth_date=b"19600102",
        accession=b"A1",
        modality="CT",
        photometric="MONOCHROME2",
        instance_number=12,
        position_mm=(1.5, -2.0, 300.0),
        orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        pixel_spacing_mm=(0.7, 0.8),
        rescale_slope=1.0,
        rescale_intercept=-1024.0,
        samples=1,
        rows=4,
        columns=6,
        bits_allocated=16,
        bits_stored=12,
        pixel_representation=1,
        frames=1,
    )
    assert InstanceFacts.from_json(layout.facts.to_json()) == layout.facts


def nested(depth: int) -> st.SearchStrategy[Dataset]:
    texts = st.text(alphabet="ABC^ ", max_size=9)

    def item(children: list[Dataset], text: str, undefined: bool, undefined_item: bool) -> Dataset:
        found = Dataset()
        found.CodeMeaning = text
        found.PixelData = b"\1\2"  # of an icon; not the image's
        found["PixelData"].VR = "OB"
        found.BitsAllocated = 8
        found.PixelRepresentation = 0
        if children:
            for child in children:
                child.is_undefined_length_sequence_item = undefined_item
            found.ContentSequence = Sequence(children)
            found["ContentSequence"].is_undefined_length = undefined
        return found

    inner: st.SearchStrategy[list[Dataset]] = st.just([])
    for _ in range(depth):
        one = st.builds(item, inner, texts, st.booleans(), st.booleans())
        inner = st.lists(one, max_size=2)
    return st.builds(item, inner, texts, st.booleans(), st.booleans())


@settings(max_examples=120, deadline=None)
@given(
    syntax=st.sampled_from(SYNTAXES),
    items=st.lists(nested(4), max_size=3),
    undefined=st.booleans(),
    undefined_item=st.booleans(),
    trailing=st.booleans(),
    private=st.binary(max_size=30),
)
def test_whatever_is_nested_before_the_pixels_they_are_found(
    syntax: str,
    items: list[Dataset],
    undefined: bool,
    undefined_item: bool,
    trailing: bool,
    private: bytes,
) -> None:
    written = ct()
    for one in items:
        one.is_undefined_length_sequence_item = undefined_item
    written.IconImageSequence = Sequence(items)
    written["IconImageSequence"].is_undefined_length = undefined
    written.add_new(0x00091001, "UN", private + b"\0" * (len(private) % 2))
    if trailing:
        written.DataSetTrailingPadding = b"\0" * 6
    dataset = encoded(written, syntax)
    layout = lay_out(dataset, syntax)
    assert whole(layout, dataset) == dataset
    assert bytes(layout.cut(dataset)[1]) == written.PixelData
    assert layout.facts.position_mm == (1.5, -2.0, 300.0)


@settings(max_examples=60, deadline=None)
@given(fragments=st.lists(st.binary(min_size=2, max_size=40), min_size=1, max_size=5), offsets=st.booleans())
def test_encapsulated_pixels_keep_their_fragments(fragments: list[bytes], offsets: bool) -> None:
    written = ct(NumberOfFrames=len(fragments))
    written.PixelData = encapsulate(fragments, has_bot=offsets)
    written["PixelData"].VR = "OB"
    written["PixelData"].is_undefined_length = True
    dataset = encoded(written, EXPLICIT_LITTLE)
    layout = lay_out(dataset, JPEG_LOSSLESS)
    assert whole(layout, dataset) == dataset
    assert not layout.is_coded
    assert bytes(layout.cut(dataset)[1]) == written.PixelData
    assert bytes(layout.cut(dataset)[2]) == b"\xfe\xff\xdd\xe0\0\0\0\0"


@settings(max_examples=150, deadline=None)
@given(syntax=st.sampled_from((*SYNTAXES, JPEG_LOSSLESS, DEFLATED)), seed=st.randoms(use_true_random=False))
def test_damaged_bytes_end_in_a_clear_error_or_in_the_same_bytes(syntax: str, seed: object) -> None:
    chance = seed  # a seeded random.Random
    plain = EXPLICIT_LITTLE if syntax in (JPEG_LOSSLESS, DEFLATED) else syntax
    dataset = bytearray(encoded(ct(), plain))
    for _ in range(chance.randrange(1, 6)):
        dataset[chance.randrange(len(dataset))] = chance.randrange(256)
    cut = bytes(dataset[: chance.randrange(len(dataset) + 1)])
    try:
        layout = lay_out(cut, syntax)
    except InputError:
        return
    assert whole(layout, cut) == cut


def test_every_odd_file_is_cut_whole_or_refused_for_a_reason(real_data) -> None:
    refused = {}
    seen = 0
    for path in sorted((real_data / "edge-dicom").rglob("*")):
        raw = path.read_bytes() if path.is_file() else b""
        if raw[128:132] != b"DICM":
            continue
        stream = io.BytesIO(raw)
        stream.seek(132)
        meta = pydicom.filereader._read_file_meta_info(stream)
        dataset, seen = raw[stream.tell() :], seen + 1
        try:
            layout = lay_out(dataset, str(meta.get("TransferSyntaxUID", "")))
        except InputError as error:
            refused[path.name] = error.what
            continue
        assert whole(layout, dataset) == dataset
        parsed = pydicom.dcmread(path)
        assert layout.facts.sop_uid == parsed.SOPInstanceUID, path.name
        assert (layout.facts.rows, layout.facts.columns) == (parsed.get("Rows", 0), parsed.get("Columns", 0))
        if "PixelData" in parsed and str(meta.TransferSyntaxUID) != DEFLATED:
            assert bytes(layout.cut(dataset)[1]) == (parsed.PixelData or b""), path.name
    lacks = "the instance lacks "
    assert seen > 60
    assert refused == {
        "DICOMDIR": f"{lacks}sop_class",
        "FreezePattern.dcm": f"{lacks}sop_uid",
        "GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm": NO_ITEM,
        "GH220.dcm": f"{lacks}study_uid",
        "GH223.dcm": f"{lacks}study_uid",
        "GH487.dcm": f"{lacks}study_uid",
        "bad_sequence.dcm": refused["bad_sequence.dcm"],
        "chrSQEncoding.dcm": f"{lacks}sop_class",
        "chrSQEncoding1.dcm": f"{lacks}sop_class",
        "emri_small_jpeg_2k_lossless_too_short.dcm": "the compressed pixels have no end",
    }
    assert "is not a UID" in refused["bad_sequence.dcm"]


def test_fewer_pixels_than_the_header_says_are_refused() -> None:
    for more in ({"Rows": 65535, "Columns": 65535}, {"NumberOfFrames": 2}):
        with pytest.raises(NotReadableError, match="pixels are cut off"):
            lay_out(encoded(ct(**more), EXPLICIT_LITTLE), EXPLICIT_LITTLE)


def test_a_longer_claim_than_bytes_is_refused() -> None:
    dataset = encoded(ct(), EXPLICIT_LITTLE)
    for cut in range(len(dataset) - 1, len(dataset) - 40, -1):
        with pytest.raises(NotReadableError):
            lay_out(dataset[:cut], EXPLICIT_LITTLE)


def test_a_deep_nest_is_refused_without_recursion() -> None:
    depth = 100_000
    opened = b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    dataset = encoded(ct(), EXPLICIT_LITTLE) + opened * depth
    with pytest.raises(HostileInputError, match=f"more than {MAX_DEPTH} deep"):
        lay_out(dataset, EXPLICIT_LITTLE)


def test_a_deflate_bomb_is_stopped_at_the_cap() -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(encoded(ct(), EXPLICIT_LITTLE) + bytes(INFLATED_BYTES)) + engine.flush()
    with pytest.raises(HostileInputError, match="inflates to more than"):
        lay_out(packed, DEFLATED)
    assert len(packed) < 100_000


@pytest.mark.parametrize(
    "keyword", ["SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "SOPClassUID"]
)
def test_a_uid_that_is_a_path_or_missing_is_refused(keyword: str) -> None:
    dataset = ct()
    with pydicom.config.disable_value_validation():
        setattr(dataset, keyword, "../../../etc/cron.d/x")
        with pytest.raises(HostileInputError, match="is not a UID"):
            lay_out(encoded(dataset, EXPLICIT_LITTLE), EXPLICIT_LITTLE)
    delattr(dataset, keyword)
    with pytest.raises(NotReadableError, match="lacks"):
        lay_out(encoded(dataset, EXPLICIT_LITTLE), EXPLICIT_LITTLE)


def test_two_identities_in_one_dataset_are_refused() -> None:
    again = struct.pack("<HH2sH", 0x0010, 0x0020, b"LO", 2) + b"8 "
    with pytest.raises(HostileInputError, match="names itself twice"):
        lay_out(encoded(ct(), EXPLICIT_LITTLE) + again, EXPLICIT_LITTLE)


def test_odd_images_travel_whole() -> None:
    for more in (
        {"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3, "Rows": 2, "Columns": 4},
        {"PixelData": bytes(50)},
        {"BitsAllocated": 32, "Rows": 2},
    ):
        layout = lay_out(encoded(ct(**more), EXPLICIT_LITTLE), EXPLICIT_LITTLE)
        assert not layout.is_coded
