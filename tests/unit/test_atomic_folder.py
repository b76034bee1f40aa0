"""A folder is written whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from teleneedle.adapters.plan_folder.atomic import new_folder
from teleneedle.core.errors import Cancelled, OutputError


def write(out: Path, text: str) -> None:
    with new_folder(out) as staging:
        (staging / "plan.json").write_text(text)


def test_a_folder_appears_only_when_complete(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with new_folder(out) as staging:
        (staging / "plan.json").write_text("1")
        assert not out.exists()
    assert (out / "plan.json").read_text() == "1"
    assert [p.name for p in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("failure", [Cancelled(), KeyboardInterrupt(), ValueError("x")])
def test_any_failure_leaves_what_was_there(tmp_path: Path, failure: BaseException) -> None:
    out = tmp_path / "out"
    write(out, "old")

    def fail_half_way() -> None:
        with new_folder(out) as staging:
            (staging / "plan.json").write_text("new")
            raise failure

    with pytest.raises(type(failure)):
        fail_half_way()
    assert (out / "plan.json").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_our_own_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, "old")
    (out / "extra").write_text("x")
    write(out, "new")
    assert (out / "plan.json").read_text() == "new"
    assert not (out / "extra").exists()


def test_foreign_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(OutputError, match="other files"):
        write(tmp_path, "1")
    assert (tmp_path / "thesis.doc").read_text() == "mine"
    with pytest.raises(OutputError, match="not a folder"):
        write(tmp_path / "thesis.doc", "1")


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    def fill() -> None:
        with new_folder(tmp_path / "out"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_an_unusable_parent_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write(tmp_path / "file" / "out", "1")
