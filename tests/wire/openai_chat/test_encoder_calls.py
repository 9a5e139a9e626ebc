"""Places of calls on the wire, and what is said of them."""

from typing import Any

from massgen_stream.stream_chunk import narrow
from massgen_stream.wire.openai_chat.encoder_calls import CallEncoder

from .saying import calls, decoded, encoded, only


def test_id_type_and_name_come_once() -> None:
    encoder = CallEncoder()
    pieces = [encoder.piece(narrow.tool_call_delta("c", text, tool_name="f")) for text in ("", "{}")]
    assert pieces == [
        {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}},
        {"index": 0, "function": {"arguments": "{}"}},
    ]


def test_places_count_from_0_in_each_choice() -> None:
    encoder = CallEncoder()
    where = [("a", None), ("b", None), ("c", 1), ("b", None), ("c", 1), ("d", 1)]
    found = [
        encoder.piece(narrow.tool_call_delta(call_id, "", choice_index=index))["index"] for call_id, index in where
    ]
    assert found == [0, 1, 0, 1, 0, 1]


def test_the_rest_is_what_the_deltas_did_not_say() -> None:
    encoder = CallEncoder()
    encoder.piece(narrow.tool_call_delta("a", "{}", tool_name="f"))
    call: dict[str, Any] = {"id": "a", "name": "f", "arguments": "{}", "kind": "function"}
    extra = {"provider_data": {"openai.chat": {"extra_content": {"s": 1}}}}
    assert encoder.rest(narrow.tool_calls([call])) == []
    assert encoder.rest(narrow.tool_calls([call | extra])) == [{"index": 0, "extra_content": {"s": 1}}]
    assert encoder.rest(narrow.tool_calls([call | {"kind": "custom"}])) == [{"index": 0, "type": "custom"}]


def test_calls_without_deltas_are_said_whole() -> None:
    said = [
        {"id": "a", "name": "f", "arguments": "{}", "kind": "function"},
        {"id": "b", "name": "g", "arguments": "SELECT", "kind": "custom"},
    ]
    chunks = decoded(encoded([narrow.start(), narrow.tool_calls(said), narrow.done("tool_calls")]))
    assert [call for chunk in only(chunks, "tool_calls") for call in chunk.tool_calls] == said


def test_odd_provider_data_is_no_exception() -> None:
    call = {"id": "a", "name": "f", "arguments": "{}", "provider_data": {"openai.chat": 5}}
    encoder = CallEncoder()
    assert len(encoder.rest(narrow.tool_calls([call, {**call, "id": "b", "provider_data": 5}]))) == 2
    assert calls() == []
