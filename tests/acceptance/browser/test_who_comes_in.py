"""The doors of the hub in a real browser: a provider, machines' tokens, a lost second factor."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from teleneedle.apps.demo.cast import ADMINISTRATOR, CENTRE_STAFF, HOSPITALS, PASSWORD
from teleneedle.apps.demo.client import HubClient
from teleneedle.apps.demo.hub_process import running_hub

Open = Callable[..., Page]
WORDS = {
    "zh": {
        "issue": "签发令牌",
        "name": "名称",
        "site": "机构",
        "token": "令牌",
        "kept": "已保存",
        "revoke": "吊销",
        "revoked": "已吊销",
        "edit": "修改",
        "remove": "解除两步验证…",
        "confirm": "已核实本人，解除",
        "factor": "两步验证",
    },
    "en": {
        "issue": "Issue a token",
        "name": "Name",
        "site": "Site",
        "token": "Token",
        "kept": "I have kept it",
        "revoke": "Revoke",
        "revoked": "revoked",
        "edit": "Edit",
        "remove": "Remove two-step sign-in…",
        "confirm": "It is them: remove",
        "factor": "two-step sign-in",
    },
}


@pytest.fixture(scope="module")
def with_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A hub that knows a provider."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    token = secrets.token_urlsafe(8)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TELENEEDLE_LINK_PORT", "TELENEEDLE_DICOM_PORT"):  # the other hub's
            patch.setenv(name, "0")
        patch.setenv("TELENEEDLE_OIDC_ISSUER", "https://sign-in.centre.example")
        patch.setenv("TELENEEDLE_OIDC_LABEL", "中心统一身份 Centre ID")
        with running_hub(tmp_path_factory.mktemp("provider"), port=port, setup_token=token) as hub:
            HubClient(hub.url).set_up(token, centre="C", name="A", email="a@c.example", password=PASSWORD)
            yield hub.url


def test_the_sign_in_page_offers_the_centres_provider(with_provider: str, browser: Browser) -> None:
    answer = httpx.get(f"{with_provider}/api/session/providers")
    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()] == ["centre"]
    page = browser.new_context(base_url=with_provider, locale="zh-CN").new_page()
    page.goto("/sign-in")
    link = page.get_by_role("link", name="用 中心统一身份 Centre ID 登录")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", re.compile(r"^/api/session/oidc/centre\?next="))
    page.context.close()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_machine_is_let_in_once_shown_and_put_out_again(hub: Any, open_page: Open, locale: str) -> None:
    words, name = WORDS[locale], f"gateway {locale}"
    page = open_page("/admin/tokens", email=ADMINISTRATOR[1], locale=locale)
    page.get_by_role("button", name=words["issue"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words["name"], exact=True).fill(name)
    dialog.get_by_label(words["site"], exact=True).select_option(label=HOSPITALS[0])
    dialog.get_by_role("button", name=words["issue"]).click()
    token = dialog.get_by_label(words["token"], exact=True).input_value()
    assert token.startswith("tnk_")
    bearer = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{hub.url}/dicomweb/studies", headers=bearer).status_code in (200, 204)
    dialog.get_by_role("button", name=words["kept"]).click()
    expect(page.get_by_text(token)).to_have_count(0)
    row = page.get_by_role("row", name=name)
    row.get_by_role("button", name=words["revoke"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["revoke"], exact=True).click()
    expect(row.get_by_text(words["revoked"], exact=True)).to_be_visible()
    assert httpx.get(f"{hub.url}/dicomweb/studies", headers=bearer).status_code == 401


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_lost_second_factor_is_removed(hub: Any, open_page: Open, locale: str) -> None:
    words, person = WORDS[locale], CENTRE_STAFF[-1]
    owner = HubClient(hub.url)
    owner.sign_in(person.email, PASSWORD)
    secret = owner.post("/api/session/totp", {})["secret"]
    owner.post("/api/session/totp/confirmation", {"code": pyotp.TOTP(secret).now()})
    page = open_page("/admin/people", email=ADMINISTRATOR[1], locale=locale)
    row = page.get_by_role("row", name=person.email)
    expect(row.get_by_text(words["factor"], exact=True)).to_be_visible()
    row.get_by_role("button", name=words["edit"]).click()
    page.get_by_role("button", name=words["remove"]).click()
    page.get_by_role("button", name=words["confirm"]).click()
    expect(row.get_by_text(words["factor"], exact=True)).to_have_count(0)
    again = HubClient(hub.url)
    again.sign_in(person.email, PASSWORD)
