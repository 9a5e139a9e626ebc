from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import message_text, message_tool_calls

CALL = {"id": "c1", "name": "f", "arguments": "{}", "kind": "function"}
PARTS: dict[str, Any] = {
    "role": "assistant",
    "content": [
        {"type": "reasoning", "text": "hm"},
        {"type": "text", "text": "Hel"},
        {"type": "tool_call", **CALL},
        {"type": "text", "text": "lo"},
        {"type": "refusal", "text": "no"},
    ],
}


def test_views_of_parts() -> None:
    assert message_text(PARTS) == "Hello"
    assert message_tool_calls(PARTS) == [CALL]


def test_views_of_other_shapes() -> None:
    function = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": {}}}
    flat = {"role": "assistant", "content": "Hello", "tool_calls": [function]}
    assert message_text(flat) == "Hello"
    assert message_tool_calls(flat) == [CALL]
    assert message_text({"role": "tool", "content": "no id"}) == "no id"
    assert message_text({"type": "function_call_output", "call_id": "c", "output": "x"}) == "x"
    assert message_tool_calls({"role": "user", "content": "x"}) == []


def test_no_message() -> None:
    with pytest.raises(InvalidMessage, match=r"^message\.role: "):
        message_text({"content": "x"})
