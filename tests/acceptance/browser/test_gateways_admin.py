"""An administrator lets a hospital's gateway in by a code, renames it and puts it out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from teleneedle.apps.demo.cast import ADMINISTRATOR, HOSPITALS
from teleneedle.apps.edge.enrol import enrol
from teleneedle.apps.edge.settings import identity_in, write_first_settings

WAIT_MS = 60_000
WORDS = {
    "zh": {
        "make": "接入网关", "site": "机构", "name": "名称", "code": "登记码", "done": "完成",
        "away": "未连接", "rename": "改名", "save": "保存", "revoke": "撤销", "revoked": "已撤销",
    },
    "en": {
        "make": "Let a gateway in", "site": "Site", "name": "Name", "code": "Code", "done": "Done",
        "away": "not connected", "rename": "Rename", "save": "Save", "revoke": "Revoke",
        "revoked": "revoked",
    },
}  # fmt: skip


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_gateway_is_let_in_renamed_and_put_out(
    hub: Any,
    open_page: Callable[..., Page],
    check: Callable[[Page, str], None],
    tmp_path: Path,
    locale: str,
) -> None:
    words, name = WORDS[locale], f"CT {locale}"
    page = open_page("/admin/gateways", email=ADMINISTRATOR[1], locale=locale)
    page.get_by_role("button", name=words["make"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words["site"], exact=True).select_option(label=HOSPITALS[0])
    dialog.get_by_label(words["name"], exact=True).fill(name)
    dialog.get_by_role("button", name=words["make"]).click()
    code = dialog.get_by_label(words["code"], exact=True).input_value()
    check(page, "admin-gateway-code")
    dialog.get_by_role("button", name=words["done"]).click()
    expect(page.get_by_text(code)).to_have_count(0)

    write_first_settings(tmp_path, dicom_port=11112, status_port=8090)
    assert enrol(tmp_path, url=f"https://127.0.0.1:{hub.link_port}", code=code) == name
    page.reload()
    row = page.get_by_role("row", name=name)
    expect(row.get_by_text(words["away"], exact=True)).to_be_visible(timeout=WAIT_MS)
    check(page, "admin-gateways")
    row.get_by_role("button", name=words["rename"]).click()
    page.get_by_role("dialog").get_by_label(words["name"], exact=True).fill(f"{name} 2")
    page.get_by_role("dialog").get_by_role("button", name=words["save"]).click()
    row = page.get_by_role("row", name=f"{name} 2")
    row.get_by_role("button", name=words["revoke"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["revoke"], exact=True).click()
    expect(row.get_by_text(words["revoked"], exact=True)).to_be_visible(timeout=WAIT_MS)
    context = identity_in(tmp_path).client_context()
    with httpx.Client(verify=context, trust_env=False, timeout=60) as gateway:
        assert gateway.get(f"https://127.0.0.1:{hub.link_port}/link/anything").status_code == 403
