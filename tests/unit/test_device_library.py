"""The device library: published values, the interior of a table, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from teleneedle.adapters.devices.library import SHIPPED, choose_device, load_devices
from teleneedle.core.devices import Modality, TissueSetting
from teleneedle.core.errors import DeviceError, NotReadableError


def test_published_rows() -> None:
    devices = load_devices()
    cooltip = devices["rf-cooltip-17g"].zone_at(power_w=100, time_s=720)
    assert (cooltip.long_mm, cooltip.short_mm) == (46.0, 30.2)  # PMC3438625
    cooled = devices["rf-cooled-2cm-17g"].zone_at(power_w=100, time_s=720)
    assert (cooled.long_mm, cooled.short_mm) == (26.2, 20.0)  # 10.1007/s00270-009-9600-0
    low = devices["mw-cooled-2450"].zone_at(power_w=60, time_s=300)
    high = devices["mw-cooled-2450"].zone_at(power_w=90, time_s=1500)
    assert (low.long_mm, low.short_mm, high.long_mm, high.short_mm) == (45, 30, 83, 61)  # Kuang 2006


def test_every_row_is_cited_and_no_row_is_verified_by_us() -> None:
    for device in load_devices().values():
        assert device.provenance
        assert not device.is_verified
        for row in device.rows:
            assert row.citation
            if row.setting is TissueSetting.IN_VIVO:
                assert device.derating == 1.0
            else:
                assert (device.derating_low, device.derating, device.derating_high) == (0.7, 0.8, 1.0)


@pytest.mark.parametrize(("power_w", "time_s"), [(50, 300), (95, 1500), (60, 200), (90, 1600), (60, 1500)])
def test_nothing_is_extrapolated(power_w: float, time_s: float) -> None:
    device = choose_device(Modality.MWA, None)
    with pytest.raises(DeviceError, match="outside the table"):
        device.zone_at(power_w=power_w, time_s=time_s)


def test_unknown_device_lists_what_exists() -> None:
    with pytest.raises(DeviceError, match="mw-cooled-2450"):
        choose_device(Modality.MWA, "nonesuch")
    with pytest.raises(DeviceError):
        choose_device(Modality.RFA, "mw-cooled-2450")


def test_site_folder_overrides_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (SHIPPED / "rf-cooltip-17g.toml").read_text(encoding="utf-8")
    changed = text.replace('verified_by = ""', 'verified_by = "Dr Li"')
    (tmp_path / "ours.toml").write_text(changed, encoding="utf-8")
    monkeypatch.setenv("TELENEEDLE_DEVICES", str(tmp_path))
    assert choose_device(Modality.RFA, None).verified_by == "Dr Li"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("long_mm = 46.0", "long_mm = 20.0"),
        ("long_mm = 46.0", 'long_mm = "much"'),
        ("long_mm = 46.0", ""),
        ('modality = "rfa"', 'modality = "laser"'),
        ("power_w = 100", "power_w = -1"),
    ],
)
def test_an_impossible_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (SHIPPED / "rf-cooltip-17g.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "bad.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DeviceError):
        load_devices(tmp_path)


def test_missing_folder_and_broken_file(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError):
        load_devices(tmp_path / "absent")
    (tmp_path / "broken.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(NotReadableError):
        load_devices(tmp_path)
