"""``gateway.toml``: what is set there reaches intake and sender; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from teleneedle.apps.edge.settings import (
    intake_settings,
    keep_hub,
    read_settings,
    sender_plan,
    write_first_settings,
)
from teleneedle.core.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "gateway"
    assert write_first_settings(made, dicom_port=11112, status_port=8090)
    (made / "identity").mkdir()
    keep_hub(made, url="https://hub.example:8443", name="CT")
    return made


def change(folder: Path, before: str, after: str) -> None:
    place = folder / "gateway.toml"
    text = place.read_text(encoding="utf-8")
    assert before in text
    place.write_text(text.replace(before, after), encoding="utf-8")


def test_the_first_settings_are_the_ones_that_hold_when_nothing_is_set(folder: Path) -> None:
    written = read_settings(folder)
    (folder / "gateway.toml").write_text("", encoding="utf-8")
    assert read_settings(folder) == written
    assert sender_plan(folder, written).line_mbit_s is None


def test_what_is_set_reaches_intake_and_sender(folder: Path) -> None:
    change(folder, '# CT_ROOM_1 = "10.20.0.5:104"', 'CT_ROOM_1 = "10.20.0.5:104"\nPACS = "[fd00::5]:11112"')
    change(folder, "mbit_s = 0.0", "mbit_s = 20.0")
    change(folder, "[dicom.callers]", 'further_classes = ["1.3.12.2.1107.5.9.1"]\n[dicom.callers]')
    settings = read_settings(folder)
    (port,) = intake_settings(folder, settings).ports
    assert port.rules.commitment_peers == {"CT_ROOM_1": ("10.20.0.5", 104), "PACS": ("fd00::5", 11112)}
    assert port.rules.further_classes == {"1.3.12.2.1107.5.9.1"}
    assert sender_plan(folder, settings).line_mbit_s == 20.0


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('# CT_ROOM_1 = "10.20.0.5:104"', 'CT_ROOM_1 = "10.20.0.5"', "dicom.commitment.CT_ROOM_1"),
        ("mbit_s = 0.0", "mbit_s = -1", "line.mbit_s"),
        ("mbit_s = 0.0", "mbits = 5", "line.mbits"),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', "status.pin"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, before: str, after: str, where: str) -> None:
    change(folder, before, after)
    with pytest.raises(InputError) as caught:
        read_settings(folder)
    assert where in caught.value.where
