"""Hostile and broken input ends in one clean error, in bounded memory and time, with the reader unharmed.

The five experiments of the trust notes: (1) concerns the network listener, which does not exist yet, so its
length guard is tested with it; (2) deflate bomb, (3) UID as a path, (4) deep nesting and foreign exceptions,
(5) truncation and a 65535² header are here, through the real child process.
"""

from __future__ import annotations

import os
import struct
import sys
import time
import zipfile
import zlib

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian

from teleneedle.adapters.decoding import child
from teleneedle.adapters.decoding.limits import GIB, MIB, DecodeLimits
from teleneedle.adapters.dicom.inspect import inspect_input
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.core.errors import (
    Cancelled,
    HostileInputError,
    InputError,
    LimitExceededError,
    NotReadableError,
    TeleneedleError,
)
from teleneedle.core.progress import CancelToken
from teleneedle.testing.ct_files import CtScan, save


def meta_bytes(syntax: str) -> bytes:
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    element = b"\x02\x00\x10\x00UI" + struct.pack("<H", len(uid)) + uid
    return bytes(128) + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00" + struct.pack("<I", len(element)) + element


def test_experiment_2_deflate_bomb_is_refused_in_little_memory(tmp_path):
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(b"\x09\x00\x10\x00OB\x00\x00" + struct.pack("<I", 300 * MIB))
    for _ in range(300):
        packed += engine.compress(bytes(MIB))
    path = tmp_path / "bomb.dcm"
    path.write_bytes(meta_bytes(DeflatedExplicitVRLittleEndian) + packed + engine.flush())
    assert path.stat().st_size < 400_000
    with pytest.raises(HostileInputError, match="inflates to more than"):
        read_ct(path, limits=DecodeLimits(memory_bytes=GIB // 2))


def test_experiment_3_a_uid_that_is_a_path_is_refused(tmp_path):
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "StudyInstanceUID"):
        scan = CtScan(attributes={keyword: "../../../etc/cron.d/x"}, heights=range(3))
        with pytest.raises(HostileInputError, match=r"not a UID: '\.\./\.\./"):
            read_ct(save(scan.datasets(), tmp_path / keyword))


@pytest.mark.parametrize("undefined_length", [True, False])
def test_experiment_4_200_nested_sequences_are_refused(undefined_length, tmp_path):
    inner = Dataset()
    inner.PatientComments = "deep"
    for _ in range(200):
        outer = Dataset()
        outer.ReferencedStudySequence = Sequence([inner])
        outer["ReferencedStudySequence"].is_undefined_length = undefined_length
        inner = outer
    datasets = CtScan(heights=range(3)).datasets()
    previous = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        for ds in datasets:
            ds.update(inner)
        folder = save(datasets, tmp_path / "ct")
    finally:
        sys.setrecursionlimit(previous)
    with pytest.raises(HostileInputError, match=r"nested more than 32 deep|nests its elements too deeply"):
        read_ct(folder)


def test_experiment_5_truncated_pixels_are_refused(tmp_path):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    path = folder / "IM0004"
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(NotReadableError, match=r"cut off: 638 of 640 bytes.*IM0004"):
        read_ct(folder)


def test_experiment_5_a_65535_square_header_is_refused_at_once(tmp_path):
    scan = CtScan(attributes={"Rows": 65535, "Columns": 65535})
    started = time.process_time()
    with pytest.raises(HostileInputError, match="65535 × 65535"):
        read_ct(save(scan.datasets(), tmp_path / "ct"), limits=DecodeLimits(memory_bytes=GIB // 2))
    assert time.process_time() - started < 5


def test_pixel_length_that_lies_is_refused(tmp_path):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    for path in folder.iterdir():
        raw = path.read_bytes()
        place = raw.index(b"\xe0\x7f\x10\x00OW\x00\x00") + 8
        path.write_bytes(raw[:place] + struct.pack("<I", 0x7FFFFFF0) + raw[place + 4 :])
        with path.open("r+b") as file:
            file.truncate(len(raw) - 64)
    with pytest.raises(NotReadableError, match="cut off"):
        read_ct(folder)


def archive(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a/../../b", "..\\..\\x", "C:\\x"])
def test_zip_that_points_outside_is_refused(name, tmp_path):
    with pytest.raises(HostileInputError, match="outside it"):
        read_ct(archive(tmp_path / "a.zip", [(name, b"x")]))


def test_zip_bomb_is_refused(tmp_path):
    path = archive(tmp_path / "bomb.zip", [(f"{n}.dcm", bytes(64 * MIB)) for n in range(4)])
    assert path.stat().st_size < MIB
    with pytest.raises(HostileInputError, match="inflates to far more"):
        read_ct(path, limits=DecodeLimits(memory_bytes=GIB // 2))


def test_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", [("a.dcm", bytes(2 * MIB))])
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.index(signature)
        struct.pack_into("<I", raw, place + offset, 1000)
    path.write_bytes(raw)
    with pytest.raises(InputError):
        read_ct(path)


def test_zip_in_a_zip_is_refused(tmp_path):
    inner = archive(tmp_path / "inner.zip", [("a.dcm", b"x")])
    with pytest.raises(HostileInputError, match="another archive"):
        read_ct(archive(tmp_path / "a.zip", [("x.zip", inner.read_bytes())]))
    with pytest.raises(HostileInputError, match="another archive"):
        read_ct(archive(tmp_path / "b.zip", [("hidden.dcm", inner.read_bytes())]))


def test_a_damaged_zip_is_one_clear_error(tmp_path):
    path = archive(tmp_path / "a.zip", [("a.dcm", os.urandom(4000))])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(NotReadableError, match="zip archive is damaged"):
        read_ct(path)


def test_pipes_and_devices_in_the_folder_are_not_opened(tmp_path):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    os.mkfifo(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    assert read_ct(folder).volume.grid.shape[0] == 6


def test_memory_limit_holds_and_is_one_clear_error(tmp_path):
    folder = save(CtScan(size=(1024, 1024), heights=range(3)).datasets(), tmp_path / "ct")
    with pytest.raises(HostileInputError):
        read_ct(folder, limits=DecodeLimits(voxels=1_000_000))
    with pytest.raises((HostileInputError, LimitExceededError, NotReadableError)):
        read_ct(folder, limits=DecodeLimits(memory_bytes=1))


def run_instead(monkeypatch, code):
    monkeypatch.setattr(child, "COMMAND", ("-c", code))
    child.close_spares()


def test_a_child_that_hangs_is_ended(monkeypatch, tmp_path):
    run_instead(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(LimitExceededError, match="longer than allowed"):
        read_ct(tmp_path, limits=DecodeLimits(wall_s=0.3))


def test_a_child_that_burns_its_processor_time_is_ended(monkeypatch, tmp_path):
    run_instead(
        monkeypatch, "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    )
    with pytest.raises(LimitExceededError, match="processor time"):
        read_ct(tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.kill(os.getpid(), 11)",
        "import os; os._exit(3)",
        "print('not json')",
        "print('[1]')",
        'print(\'{"result": {"arrays": [{"offset": 0, "shape": [9, 9, 9], "dtype": "int16"}]}}\')',
        'print(\'{"result": {"arrays": [{"offset": 0, "shape": [1], "dtype": "object"}]}}\')',
        'print(\'{"result": {"arrays": [{"offset": -4096, "shape": [1], "dtype": "int16"}]}}\')',
        'print(\'{"result": {"arrays": []}}\')',
        "print('{\"result\": 3}')",
        "print('{' * 70_000_000)",
    ],
)
def test_whatever_the_child_does_the_parent_gets_one_error(code, monkeypatch, tmp_path):
    run_instead(monkeypatch, code)
    with pytest.raises(TeleneedleError):
        read_ct(tmp_path)


def test_cancelling_ends_the_child(monkeypatch, tmp_path):
    run_instead(monkeypatch, "import time; time.sleep(600)")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_ct(tmp_path, cancel=cancel)


def test_the_child_gets_no_secrets_and_no_open_files(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_PASSWORD", "canary")
    seen = tmp_path / "seen"
    run_instead(
        monkeypatch,
        f"import os; out = open({str(seen)!r}, 'w'); "
        "out.write(str(dict(os.environ)) + str(sorted(os.listdir('/proc/self/fd'))))",
    )
    with (tmp_path / "secret").open("w"), pytest.raises(TeleneedleError):
        read_ct(tmp_path)
    text = seen.read_text()
    assert "canary" not in text
    assert (
        text.rsplit("[", 1)[1].count(",") == 5
    )  # stdin, stdout, stderr, the shared file, `seen`, the listing


def test_spares_serve_once_and_leave_nothing(tmp_path):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    child.start_spare()
    started = child._spares[0].process
    assert read_ct(folder).volume.grid.shape[0] == 6
    assert started.poll() is not None
    assert not child._spares


def test_inspection_reports_what_reading_refuses(tmp_path):
    good = save(CtScan(series="5").datasets(), tmp_path / "in" / "good")
    save(CtScan(series="6", heights=(0, 1, 4)).datasets(), tmp_path / "in" / "gap")
    (good / "broken").write_bytes((good / "IM0001").read_bytes()[:300])
    report = inspect_input(tmp_path / "in")
    by_uid = {one.uid.rsplit(".", 1)[-1]: one for one in report.series}
    assert by_uid["5"].is_plannable
    assert by_uid["5"].size_ijk == (20, 16, 6)
    assert by_uid["5"].spacing_mm == pytest.approx((1.5, 1.25, 2.5))
    assert not by_uid["6"].is_plannable
    assert "2 slice(s) missing" in by_uid["6"].faults[0][1]
    assert by_uid["6"].faults[0][0].startswith("图像序列几何不完整")
    assert any("broken" in en for _, en in report.faults) or not all(
        one.is_plannable for one in report.series
    )
