"""Texts that no database can keep are refused at the door; everything honest passes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.apps.hub.problems import HubProblem
from teleneedle.apps.hub.request_guard import MAX_JSON_BYTES, is_json, require_clean_json
from teleneedle.apps.testing.hub_world import HubWorld

HONEST = st.text(st.characters(exclude_characters="\0", codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | HONEST,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab\\u0"), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.booleans())
def test_honest_json_passes_escaped_or_not(value: object, ascii_only: bool) -> None:
    require_clean_json(json.dumps(value, ensure_ascii=ascii_only).encode())


@pytest.mark.parametrize(
    "content",
    [
        b'"\\u0000"',
        b'{"a\\u0000": 1}',
        b'[["\\ud800"]]',
        b'"\\udc00\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\x00",
    ],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(HubProblem, match="no text"):
        require_clean_json(content)


@pytest.mark.parametrize("content", [b'"\\\\u0000"', b'"\\ud83d\\ude00"', b'"\\\\ud800"'])
def test_an_escaped_backslash_and_a_pair_are_text(content: bytes) -> None:
    require_clean_json(content)


def test_kinds_of_json() -> None:
    assert is_json("application/json; charset=utf-8")
    assert is_json("application/fhir+json")
    assert not is_json("application/octet-stream")


def test_the_door_of_the_hub(world: HubWorld) -> None:
    client = world.as_("expert")
    for url in ("/api/cases/%00", "/api/cases?q=%00", "/api/cases?q=%ff"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:teleneedle:problem:invalid"), url
        assert answer.headers["x-content-type-options"] == "nosniff"
    large = client.post(
        "/api/session",
        content=b'"' + b"a" * MAX_JSON_BYTES + b'"',
        headers={"Content-Type": "application/json"},
    )
    assert large.status_code == 413
    bits = client.post("/api/session", content=b"\x00", headers={"Content-Type": "application/octet-stream"})
    assert bits.status_code == 422


def test_a_one_time_code_of_other_letters_is_only_wrong(world: HubWorld) -> None:
    me = world.as_("mdt")
    me.post("/api/session/totp")
    assert me.post("/api/session/totp/confirmation", json={"code": "１２３４５６"}).status_code == 401
