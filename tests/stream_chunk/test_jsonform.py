from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.jsonform import base64_form, bytes_of, from_form, literal_form, text_form, to_form
from massgen_stream.testing.strategies import json_values

from .samples import WITHOUT_FORM


class Number(IntEnum):
    ONE = 1


class Word(StrEnum):
    A = "a"


@given(json_values())
def test_a_form_gives_its_value_back(value: Any) -> None:
    assert from_form(to_form(value)) == value


@given(json_values())
def test_a_form_is_literally_itself(value: Any) -> None:
    assert literal_form(to_form(value)) == to_form(value)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (b"\xff", {"$bytes": "/w=="}),
        (bytearray(b"a"), {"$bytes": "YQ=="}),
        (memoryview(b"abcd")[::2], {"$bytes": "YWM="}),
        ({"$bytes": 1, "$$": 2, "a$": 3}, {"$$bytes": 1, "$$$": 2, "a$": 3}),
        ((1, [2.0, (None, True)]), [1, [2.0, [None, True]]]),
        (OrderedDict(a=Number.ONE, b=Word.A), {"a": 1, "b": "a"}),
        ("\ud83d\ude00", "😀"),
        ("a\ude00\ud83d", "a\ude00\ud83d"),
        ({"\ud83d\ude00": 1}, {"😀": 1}),
    ],
)
def test_values_have_these_forms(value: Any, form: Any) -> None:
    assert to_form(value) == form
    assert repr(to_form(value)) == repr(form)


@pytest.mark.parametrize("name", WITHOUT_FORM)
def test_what_has_no_form_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(UnencodableValue, match=r"^cannot encode usage\.a\[1\]"):
        to_form({"a": [0, WITHOUT_FORM[name]]}, "usage")
    with pytest.raises(UnencodableValue, match=r"^cannot encode extra\.a\[1\]"):
        literal_form({"a": [0, WITHOUT_FORM[name]]}, "extra")
    with pytest.raises(MalformedChunk):
        from_form({"a": [0, WITHOUT_FORM[name]]})


def test_two_keys_that_are_one_character_in_json_are_refused() -> None:
    twice = {"\ud83d\ude00": 1, "😀": 2}
    for form in (to_form, literal_form):
        with pytest.raises(UnencodableValue, match="two keys"):
            form({"a": twice}, "usage")


def test_a_long_key_that_is_no_string_is_shortened_in_the_message() -> None:
    with pytest.raises(UnencodableValue) as caught:
        to_form({("x" * 500,): 1})
    assert len(str(caught.value)) < 200


def test_dollars_of_a_literal_form_stay() -> None:
    form = {"$ref": 1, "$$": [{"$bytes": "?"}]}
    assert literal_form(form) == form
    assert literal_form({"a": b"hi"}) == {"a": {"$bytes": "aGk="}}


@pytest.mark.parametrize("text", ["", "ascii", "日本", "\x00", "\udfff"])
def test_text_is_kept(text: str) -> None:
    assert text_form(text) == text


@pytest.mark.parametrize(
    "text", ["aGk", "aG k=", "aGk=\n", "a-k=", "a_k=", "=", "aGk==", "ä", 1, None, b"aGk=", ["aGk="]]
)
def test_base64_is_strict(text: Any) -> None:
    with pytest.raises(MalformedChunk, match="not base64"):
        bytes_of(text)


@pytest.mark.parametrize("data", [b"", b"a", bytes(range(256))])
def test_base64_gives_the_bytes_back(data: bytes) -> None:
    assert bytes_of(base64_form(data)) == data


def test_bytes_may_stand_for_themselves() -> None:
    assert from_form([b"a", bytearray(b"b"), memoryview(b"c"), (1,)]) == [b"a", b"b", b"c", [1]]


def test_only_a_single_bytes_key_is_bytes() -> None:
    assert from_form({"$bytes": "aGk=", "a": 1}) == {"$bytes": "aGk=", "a": 1}
    assert from_form({"$bytes": "aGk="}) == b"hi"
    assert from_form({"$$bytes": "aGk="}) == {"$bytes": "aGk="}
