"""JSON as vendors write it."""

import json
import math
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.errors import MalformedEvent
from massgen_stream.testing.strategies import text
from massgen_stream.wire.json_value import finite, is_finite, parse, parse_fast

NAN = float("nan")


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'{"a":[1,null]}', {"a": [1, None]}),
        (b"\xef\xbb\xbf5", 5),
        (b"1e999", math.inf),
        (b'"\\ud83d"', "\ud83d"),
        (b'"\xed\xa0\xbd"', "\ud83d"),
        (b'{"\xed\xa0\xbd\xed\xb8\x80":"\xed\xa0\xbd\\ude00"}', {"😀": "😀"}),
    ],
)
def test_what_is_read(payload: bytes, value: Any) -> None:
    assert parse(payload) == value


@pytest.mark.parametrize("payload", [b"", b"{", b'"\xff"', b"1\x002", b"\xff\xfe1\x00", b"9" * 5000, b"[" * 100_000])
def test_what_is_not(payload: bytes) -> None:
    with pytest.raises(MalformedEvent):
        parse(payload)


@given(text())
def test_any_text_is_read_back(value: str) -> None:
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("value", "kept"),
    [(NAN, None), ([NAN, 1.5], [None, 1.5]), ({"a": {"b": -math.inf}, "c": 1}, {"a": {"b": None}, "c": 1})],
)
def test_numbers_that_json_cannot_hold_become_null(value: Any, kept: Any) -> None:
    assert not is_finite(value)
    assert finite(value) == kept


def test_what_is_finite_is_not_copied() -> None:
    value = {"a": [1, 2.5, "x", None, True, {}]}
    assert finite(value) is value


@given(text())
def test_the_fast_way_reads_the_same(value: str) -> None:
    payload = json.dumps({"a": [value, NAN], value: 1.5}).encode()
    assert json.dumps(parse_fast(payload)) == json.dumps(parse(payload))
    assert parse_fast(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


def test_the_fast_way_refuses_the_same() -> None:
    with pytest.raises(MalformedEvent):
        parse_fast(b"{")
