"""Messages of the image link: what is encoded comes back, and nothing else gets in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.wire_fields import WireError

UIDS = st.lists(st.integers(0, 10**9), min_size=2, max_size=6).map(lambda n: ".".join(map(str, n)))
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
HANDLES = st.integers(0, wire.LAST_HANDLE)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=64)
MOMENTS = st.datetimes().map(lambda t: t.isoformat(timespec="milliseconds") + "+00:00")
INSTANCES = st.lists(st.tuples(UIDS, DIGESTS), max_size=5).map(tuple)
LAYERS = st.integers(0, 5)
SIGNATURES = st.just("MEUCIQ==")


def of(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **fields)


def lists(of_what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(of_what, max_size=5).map(tuple)


FROM_GATEWAY = st.one_of(
    of(wire.Hello, version=st.just(1), gateway=TEXTS, software=TEXTS, clock=MOMENTS),
    of(wire.SeriesEnd, series_uid=UIDS, instances=INSTANCES, signature=SIGNATURES),
    of(wire.Ping, at=MOMENTS),
)
FROM_HUB = st.one_of(
    of(wire.Welcome, hub=TEXTS, clock=MOMENTS, window=st.integers(1, 1024)),
    of(wire.Have, batch=HANDLES, entries=lists(st.tuples(HANDLES, LAYERS, HANDLES)), done=lists(HANDLES)),
    of(wire.Ack, parts=st.integers(0, 1 << 50)),
    of(wire.Verified, handles=lists(HANDLES)),
    of(wire.Quarantined, handle=HANDLES, why_zh=TEXTS, why_en=TEXTS),
    of(wire.Broken, handle=HANDLES, layers=lists(LAYERS)),
    of(
        wire.Receipt,
        series_uid=UIDS,
        instances=INSTANCES,
        at=MOMENTS,
        signature=SIGNATURES,
        certificate=TEXTS,
    ),
    of(
        wire.Focus,
        series_uid=UIDS,
        index=st.none() | st.integers(0, 900),
        z_mm=st.none() | st.floats(-2000, 2000),
    ),
    of(wire.Urgent, series_uid=UIDS),
    of(wire.Window, parts=st.integers(1, 1024)),
    of(wire.Pong, at=MOMENTS),
    of(wire.Refused, why_zh=TEXTS, why_en=TEXTS),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(FROM_GATEWAY)
def test_what_a_gateway_says_comes_back(message: wire.FromGateway) -> None:
    assert wire.decode_from_gateway(wire.encode_control(message)) == message


@given(FROM_HUB)
def test_what_the_hub_says_comes_back(message: wire.FromHub) -> None:
    assert wire.decode_from_hub(wire.encode_control(message)) == message


@given(FROM_HUB)
def test_a_gateway_may_not_speak_as_the_hub(message: wire.FromHub) -> None:
    with pytest.raises(WireError):
        wire.decode_from_gateway(wire.encode_control(message))


@given(st.one_of(FROM_GATEWAY, FROM_HUB), st.data())
def test_one_field_of_another_kind_is_one_clean_error_or_a_sound_message(
    message: wire.Control, data: st.DataObject
) -> None:
    values = json.loads(wire.encode_control(message))
    values[data.draw(st.sampled_from(sorted(values)))] = data.draw(JSON)
    frame = json.dumps(values)
    for decode in (wire.decode_from_gateway, wire.decode_from_hub):
        try:
            decoded = decode(frame)
        except WireError:
            continue
        assert decode(wire.encode_control(decoded)) == decoded


@given(st.text(max_size=300) | JSON.map(json.dumps))
def test_anything_else_is_one_clean_error(frame: str) -> None:
    for decode in (wire.decode_from_gateway, wire.decode_from_hub):
        with pytest.raises(WireError):
            decode(frame)


@pytest.mark.parametrize(
    "frame",
    [
        "[" * 100_000,
        '{"kind":"ack","parts":1e400}',
        '{"kind":"ack","parts":NaN}',
        '{"kind":"ack","parts":true}',
        '{"kind":"ack","parts":-1}',
        '{"kind":"ack","parts":1,"more":2}',
        '{"kind":"ack"}',
        '{"kind":["ack"],"parts":1}',
        '{"kind":"urgent","series_uid":"../../etc/cron.d/x"}',
        '{"kind":"urgent","series_uid":"1.2\\n"}',
        '{"kind":"urgent","series_uid":"' + "1" * 65 + '"}',
        '{"kind":"urgent","series_uid":"１.２"}',
        '{"kind":"focus","series_uid":"1.2","index":null,"z_mm":Infinity}',
        '{"kind":"focus","series_uid":"1.2","index":null,"z_mm":' + "9" * 400 + "}",
        '{"kind":"verified","handles":' + json.dumps([1] * 5000) + "}",
        '{"kind":"verified","handles":"12"}',
        '{"kind":"pong","at":"yesterday"}',
        '{"kind":"pong","at":"2026-02-30T00:00:00Z"}',
        '{"kind":"refused","why_zh":"\\ud800","why_en":""}',
        '{"kind":"refused","why_zh":"\\u0000","why_en":""}',
        " " * (wire.LONGEST_CONTROL + 1),
    ],
)
def test_named_attacks_are_refused(frame: str) -> None:
    with pytest.raises(WireError):
        wire.decode_from_hub(frame)


def test_an_error_says_which_field() -> None:
    with pytest.raises(WireError) as caught:
        wire.decode_from_hub('{"kind":"have","batch":1,"entries":[[1,9,2]],"done":[]}')
    assert caught.value.where == "Have.entries"


def test_a_series_of_the_largest_size_fits_one_message() -> None:
    every = tuple((f"1.2.{n:060d}", "f" * 64) for n in range(wire.MOST_INSTANCES))
    end = wire.SeriesEnd(series_uid="1.2", instances=every, signature="MEUCIQ==")
    assert wire.decode_from_gateway(wire.encode_control(end)) == end
    with pytest.raises(WireError):
        wire.decode_from_gateway(wire.encode_control(replace(end, instances=(*every, every[0]))))
