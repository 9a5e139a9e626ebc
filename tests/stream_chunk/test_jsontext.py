from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.errors import MalformedChunk
from massgen_stream.stream_chunk.jsonform import to_form
from massgen_stream.stream_chunk.jsontext import form_of_text, text_of_form
from massgen_stream.testing.strategies import json_values


@given(json_values())
def test_text_gives_the_form_back(value: Any) -> None:
    form = to_form(value)
    assert form_of_text(text_of_form(form)) == form == json.loads(text_of_form(form))


def test_text_is_utf_8_unless_it_needs_an_escape() -> None:
    assert text_of_form({"a": "é"}) == '{"a":"é"}'.encode()
    assert text_of_form({"a": "é\ud800"}) == b'{"a":"\\u00e9\\ud800"}'


@pytest.mark.parametrize(
    "data", [b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"[-1e999]", b"{", b"\xff", b"9" * 5000]
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedChunk):
        form_of_text(data)


def test_nesting_has_an_end() -> None:
    with pytest.raises(MalformedChunk, match="deep"):
        form_of_text(b"[" * 100_000)


@pytest.mark.parametrize(
    ("data", "form"), [(b"1e3", 1000.0), (b"-0.0", -0.0), (b"1", 1), (b'"\xed\xa0\x80"', "\ud800")]
)
def test_numbers_and_surrogates_are_read(data: bytes, form: Any) -> None:
    assert form_of_text(data) == form
