"""When the arguments of a call are complete."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.call_arguments import is_json, settled_call

SETTLED = [
    # arguments, kind, whole, arguments of the call, why invalid
    ("{}", "function", True, "{}", None),
    ("", "function", True, "{}", None),
    ("null", "function", True, "{}", None),
    ("", "function", False, "", "cut_off"),
    ("null", "function", False, "null", "cut_off"),
    ("{", "function", True, "{", "malformed_json"),
    ("{", "function", False, "{", "cut_off"),
    ('{"a":1} ', "function", False, '{"a":1} ', None),
    ("[1]", "function", False, "[1]", None),
    ('"a"', "function", False, '"a"', None),
    ("1", "function", False, "1", "cut_off"),
    ("true", "function", False, "true", "cut_off"),
    ("1", "function", True, "1", None),
    (" ", "function", True, " ", "malformed_json"),
    ("}", "function", False, "}", "cut_off"),
    ("SELECT", "custom", True, "SELECT", None),
    ("", "custom", True, "", None),
    ("{}", "custom", False, "{}", "cut_off"),
]


@pytest.mark.parametrize(("arguments", "kind", "whole", "told", "reason"), SETTLED)
def test_what_a_call_comes_to(arguments: str, kind: str, whole: bool, told: str, reason: str | None) -> None:
    call: Any = {"id": "c", "name": "f", "arguments": arguments, "kind": kind}
    found = settled_call(call, whole=whole)
    assert found == {**call, "arguments": told} | ({"invalid": {"reason": reason}} if reason else {})
    assert call["arguments"] == arguments


@pytest.mark.parametrize("kind", ["function", "custom"])
def test_a_call_without_a_name_cannot_be_made(kind: str) -> None:
    found = settled_call({"id": "c", "name": "", "arguments": "{}", "kind": kind}, whole=True)
    assert found["invalid"] == {"reason": "no_name"}


@pytest.mark.parametrize(
    ("text", "expected"), [("{}", True), ("NaN", True), ("", False), ("[" * 9999, False), ("9" * 5000, False)]
)
def test_is_json(text: str, expected: bool) -> None:
    assert is_json(text) == expected
