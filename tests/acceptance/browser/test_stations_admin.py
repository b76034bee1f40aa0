"""An administrator registers a DICOM station and a rule of sending, changes them and takes them out again."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import ADMINISTRATOR, HOSPITALS

WAIT_MS = 60_000
WORDS = {
    "zh": {
        "register": "登记设备", "title": "AE 标题", "site": "所在机构", "host": "主机名或 IP 地址",
        "port": "端口", "edit": "修改", "state": "状态", "active": "启用", "inactive": "停用",
        "save": "保存", "remove": "移除", "none": "还没有登记 DICOM 设备", "add rule": "添加规则",
        "series": "影像序列", "pdf": "计划书（PDF）", "no kind": "请至少选择一项发送内容",
        "modality": "影像类型", "no rules": "没有自动发送规则", "off": "已关闭", "stations": "DICOM 设备",
        "rules": "自动发送",
    },
    "en": {
        "register": "Register a station", "title": "AE title", "site": "Stands at",
        "host": "Host name or IP address", "port": "Port", "edit": "Edit", "state": "State",
        "active": "in use", "inactive": "out of use", "save": "Save", "remove": "Remove",
        "none": "There are no DICOM stations yet", "add rule": "Add a rule", "series": "Series of images",
        "pdf": "Plan book (PDF)", "no kind": "Tick at least one thing to send", "modality": "Modality",
        "no rules": "Nothing is sent by itself", "off": "off", "stations": "DICOM stations",
        "rules": "Sent by itself",
    },
}  # fmt: skip


def is_heard(port: int, title: str) -> bool:
    """Whether the hub answers the C-ECHO of a station."""
    command = ["echoscu", "-to", "30", "-aet", title, "-aec", "TELENEEDLE", "127.0.0.1", str(port)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


def wait_until_refused(port: int, title: str) -> None:
    """Until the port, which starts beside the hub, rejects a stranger instead of being closed."""
    command = ["echoscu", "-aet", title, "-aec", "TELENEEDLE", "127.0.0.1", str(port)]
    limit = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < limit:
        said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if "Rejected" in said.stdout + said.stderr:
            return
        time.sleep(0.2)
    raise AssertionError(f"the DICOM port does not answer: {said.stderr}")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_station_and_its_rule_come_and_go(
    hub: Any, open_page: Callable[..., Page], check: Callable[[Page, str], None], locale: str
) -> None:
    words, title = WORDS[locale], f"WS_{locale.upper()}"
    wait_until_refused(hub.dicom_port, title)
    page = open_page("/admin/stations", email=ADMINISTRATOR[1], locale=locale)
    expect(page.get_by_text(f"127.0.0.1:{hub.dicom_port}", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text(words["none"], exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=words["add rule"])).to_be_disabled()

    _register(page, words, title, check)
    row = page.get_by_role("table", name=words["stations"]).get_by_role("row", name=title)
    expect(row).to_contain_text("127.0.0.1:11113")
    expect(row).to_contain_text(HOSPITALS[1])
    expect(row.get_by_text(words["active"], exact=True)).to_be_visible()
    assert is_heard(hub.dicom_port, title)

    _add_rule(page, words, check)
    rule = page.get_by_role("table", name=words["rules"]).get_by_role("row", name=title)
    expect(rule).to_contain_text(words["series"])
    expect(rule).to_contain_text("CT")
    expect(rule).not_to_contain_text(words["pdf"])
    check(page, "admin-stations")

    row.get_by_role("button", name=words["edit"]).click()
    page.get_by_role("dialog").get_by_label(words["state"], exact=True).select_option("inactive")
    page.get_by_role("dialog").get_by_role("button", name=words["save"]).click()
    expect(row.get_by_text(words["inactive"], exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(row).to_contain_text(HOSPITALS[1])
    assert not is_heard(hub.dicom_port, title)

    _remove(page, rule, words)
    expect(page.get_by_text(words["no rules"], exact=True)).to_be_visible(timeout=WAIT_MS)
    _remove(page, row, words)
    expect(page.get_by_text(words["none"], exact=True)).to_be_visible(timeout=WAIT_MS)


def _register(page: Page, words: dict[str, str], title: str, check: Callable[[Page, str], None]) -> None:
    """By the keyboard alone, but for the choice of a site."""
    page.get_by_role("button", name=words["register"]).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label(words["title"], exact=True)).to_be_focused()
    page.keyboard.type(title)
    dialog.get_by_label(words["site"], exact=True).select_option(label=HOSPITALS[0])
    dialog.get_by_label(words["host"], exact=True).fill("127.0.0.1")
    dialog.get_by_label(words["port"], exact=True).fill("11113")
    dialog.get_by_label(HOSPITALS[1], exact=True).press("Space")
    check(page, "admin-station")
    dialog.get_by_role("button", name=words["save"]).press("Enter")
    expect(dialog).to_have_count(0, timeout=WAIT_MS)


def _add_rule(page: Page, words: dict[str, str], check: Callable[[Page, str], None]) -> None:
    page.get_by_role("button", name=words["add rule"]).click()
    dialog = page.get_by_role("dialog")
    add = dialog.get_by_role("button", name=words["add rule"])
    add.click()
    expect(dialog.get_by_role("alert")).to_contain_text(words["no kind"])
    check(page, "admin-rule")
    dialog.get_by_label(words["series"], exact=True).check()
    dialog.get_by_label(words["modality"], exact=True).fill("ct")
    add.click()
    expect(dialog).to_have_count(0, timeout=WAIT_MS)


def _remove(page: Page, row: Any, words: dict[str, str]) -> None:
    row.get_by_role("button", name=words["remove"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["remove"], exact=True).click()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_hub_without_a_port_says_what_to_set(
    open_page: Callable[..., Page], check: Callable[[Page, str], None], locale: str
) -> None:
    page = open_page("/admin", email=ADMINISTRATOR[1], locale=locale)
    closed = {"ae_title": "TELENEEDLE", "host": "127.0.0.1", "port": 0, "has_tls": False}
    page.route("**/api/admin/dicom/port", lambda route: route.fulfill(json=closed))
    page.get_by_role("tab", name=WORDS[locale]["stations"]).click()
    expect(page.get_by_text(WORDS[locale]["off"], exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("TELENEEDLE_DICOM_PORT")).to_be_visible()
    check(page, "admin-stations-off")
