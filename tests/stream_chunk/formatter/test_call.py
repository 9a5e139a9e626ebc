from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk.formatter.call import is_json, read_call
from massgen_stream.testing.strategies_values import calls

from .places import place_of_fault


def function(arguments: Any) -> dict[str, Any]:
    return read_call({"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}, "call")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('{"a": 1}', '{"a": 1}'),
        (" {}", " {}"),
        ("null", "null"),
        ({"a": "é"}, '{"a": "é"}'),
        ([1], "[1]"),
        (0, "0"),
        (False, "false"),
        ({}, "{}"),
        ("", "{}"),
        (None, "{}"),
    ],
)
def test_arguments_are_text(arguments: Any, text: str) -> None:
    assert function(arguments)["arguments"] == text


def test_a_custom_call_takes_free_text() -> None:
    wire = {"id": "c", "type": "custom", "custom": {"name": "f", "input": "SELECT 1"}}
    expected = {"type": "tool_call", "id": "c", "name": "f", "arguments": "SELECT 1", "kind": "custom"}
    assert read_call(wire, "call") == expected
    assert read_call({"id": "c", "name": "f", "kind": "custom"}, "call")["arguments"] == ""


def test_a_call_that_cannot_be_executed_keeps_what_the_model_wrote() -> None:
    for name in ("f", ""):
        call = {"id": "c", "name": name, "arguments": "", "kind": "function", "invalid": {"reason": "cut_off"}}
        assert read_call(call, "call") == {"type": "tool_call", **call}


def test_what_the_wire_adds_is_data_of_chat() -> None:
    wire = {
        "id": "c",
        "function": {"name": "f", "arguments": "{}", "x": 1},
        "extra_content": {"google": {}},
        "index": 0,
    }
    data = {"openai.chat": {"extra_content": {"google": {}}, "index": 0, "function": {"x": 1}}}
    assert read_call(wire, "call")["provider_data"] == data
    assert read_call({**wire, "invalid": {"reason": "x"}}, "call")["invalid"] == {"reason": "x"}
    own = {"provider_data": {"anthropic.messages": {"a": 1}}}
    assert read_call({**wire, **own}, "call")["provider_data"] == {**own["provider_data"], **data}


@pytest.mark.parametrize(
    ("call", "where"),
    [
        ("f", "call"),
        ({"id": "c"}, "call.name"),
        ({"id": "c", "name": ""}, "call.name"),
        ({"id": 5, "name": "f"}, "call.id"),
        ({"id": "c", "name": "f", "kind": "query"}, "call.kind"),
        ({"id": "c", "name": "f", "arguments": {"a": object()}}, "call.arguments"),
        ({"id": "c", "name": "f", "arguments": {"a": float("nan")}}, "call.arguments"),
        ({"id": "c", "name": "f", "provider_data": 5}, "call.provider_data"),
        ({"id": "c", "function": {"arguments": "{}"}}, "call.name"),
    ],
)
def test_faults(call: Any, where: str) -> None:
    assert place_of_fault(read_call, call, "call") == where


@given(calls())
def test_a_neutral_call_stays(call: dict[str, Any]) -> None:
    assert read_call(call, "call") == {"type": "tool_call", **call}


def test_deep_json_is_no_json() -> None:
    assert is_json('{"a": [1]}')
    assert not is_json('{"a": ')
    assert not is_json("[" * 100_000)
