import copy
from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import MessageFormatter

to_claude = MessageFormatter.to_claude_format


def test_the_last_system_message_is_taken_out() -> None:
    messages = [
        {"role": "system", "content": "A"},
        {"role": "user", "content": "u"},
        {"role": "system", "content": "B"},
    ]
    before = copy.deepcopy(messages)
    found, system = to_claude(messages)
    assert (found, system) == ([{"role": "user", "content": "u"}], "B")
    assert found[0] is not messages[1]
    assert messages == before
    assert to_claude([]) == ([], "")


@pytest.mark.parametrize(
    "message",
    [
        {"role": "tool", "tool_call_id": "c", "content": "42"},
        {"type": "function_call_output", "call_id": "c", "output": "42"},
    ],
)
def test_results(message: dict[str, Any]) -> None:
    result = {"type": "tool_result", "tool_use_id": "c", "content": "42"}
    assert to_claude([message]) == ([{"role": "user", "content": [result]}], "")


@pytest.mark.parametrize(
    ("call", "block"),
    [
        ({"id": "c", "function": {"name": "f", "arguments": '{"a": 1}'}}, ("c", "f", {"a": 1})),
        ({"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}, ("c", "f", {"a": 1})),
        ({"id": "c", "function": {"name": "f", "arguments": "not json"}}, ("c", "f", {})),
        ({"id": "c", "function": {"name": "f", "arguments": " "}}, ("c", "f", {})),
        ({"id": "c", "function": {"name": "f", "arguments": "[1]"}}, ("c", "f", [1])),
        ({"function": {"arguments": None}}, ("", "unknown", {})),
        ({"call_id": "d", "name": "g", "arguments": '{"b": 2}'}, ("d", "g", {"b": 2})),
        ({"id": "e", "name": "h", "input": {"c": 3}}, ("e", "h", {"c": 3})),
        ({}, ("", "unknown", {})),
    ],
)
def test_calls(call: dict[str, Any], block: tuple[str, str, Any]) -> None:
    (message,), _ = to_claude([{"role": "assistant", "content": "", "tool_calls": [call]}])
    names = ("id", "name", "input")
    assert message == {"role": "assistant", "content": [{"type": "tool_use", **dict(zip(names, block, strict=True))}]}


def test_text_before_calls_and_other_roles() -> None:
    found, _ = to_claude(
        [
            {"role": "assistant", "content": "x", "tool_calls": []},
            {"role": "developer", "content": "y"},
            {"role": "assistant", "content": "z", "extra": 1},
        ]
    )
    assert found == [
        {"role": "assistant", "content": [{"type": "text", "text": "x"}]},
        {"role": "assistant", "content": "z", "extra": 1},
    ]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "image", "url": "u", "x": 1}, {"type": "image", "x": 1, "source": {"type": "url", "url": "u"}}),
        ({"type": "document", "file_id": "f"}, {"type": "document", "source": {"type": "file", "file_id": "f"}}),
        (
            {"type": "image", "base64": "AAAA", "mime_type": "image/png"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        ),
        (
            {"type": "image", "base64": "AAAA"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "AAAA"}},
        ),
        (*[{"type": "image", "source": {"type": "url", "url": "u"}}] * 2,),
        (*[{"type": "image", "path": "a.png"}] * 2,),
        (*[{"type": "audio", "url": "u"}] * 2,),
        ("odd", "odd"),
    ],
)
def test_parts(part: Any, expected: Any) -> None:
    (message,), _ = to_claude([{"role": "user", "content": [part]}])
    assert message == {"role": "user", "content": [expected]}
