"""``multipart/related``: what is written is read again; what is cut or hostile is refused."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.adapters.dicomweb import multipart
from teleneedle.adapters.dicomweb.multipart import new_boundary, split_related, write_related
from teleneedle.core.errors import HostileInputError, NotReadableError

CONTENTS = st.lists(
    st.binary(max_size=300) | st.sampled_from([b"\r\n", b"--", b"\r\n--", b"\r\n\r\n"]), min_size=1
)


def split(body: bytes, boundary: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "body"
        path.write_bytes(body)
        found = split_related(path, f'multipart/related; type="application/dicom"; boundary={boundary}')
    return [body[start:end] for start, end in found]


@given(CONTENTS)
def test_parts_come_out_as_they_went_in(contents: list[bytes]) -> None:
    boundary = new_boundary()
    body = b"".join(write_related(contents, kind="application/dicom", boundary=boundary))
    assert split(body, boundary) == contents
    assert split(b"a preamble\r\n" + body + b"an epilogue", f'"{boundary}"') == contents


@given(CONTENTS, st.data())
def test_a_cut_body_is_refused(contents: list[bytes], data: st.DataObject) -> None:
    boundary = new_boundary()
    body = b"".join(write_related(contents, kind="application/dicom", boundary=boundary))
    end = data.draw(st.integers(0, len(body) - 5))
    with pytest.raises(NotReadableError):
        split(body[:end], boundary)


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "MAX_PARTS", 3)
    body = b"".join(write_related([b"x"] * 4, kind="application/dicom", boundary="b"))
    with pytest.raises(HostileInputError):
        split(body, "b")


def test_a_type_without_a_boundary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"--b--")
    with pytest.raises(NotReadableError):
        split_related(tmp_path / "body", "multipart/related")
