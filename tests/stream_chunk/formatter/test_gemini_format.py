import copy
from typing import Any

from massgen_stream.stream_chunk.formatter import MessageFormatter

Data = dict[str, Any]


def test_the_contents_of_the_origin() -> None:
    messages: list[Data] = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": '{"a": 1}'}}]},
        {"role": "tool", "name": "f", "content": "sunny"},
        {"role": "tool", "content": "x"},
    ]
    before = copy.deepcopy(messages)
    assert MessageFormatter.to_gemini_format(messages) == [
        {"role": "user", "parts": [{"text": "be brief"}]},
        {"role": "user", "parts": [{"text": "hi"}]},
        {"role": "model", "parts": [{"text": "hello"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": 1}}}]},
        {"role": "function", "parts": [{"functionResponse": {"name": "f", "response": {"content": "sunny"}}}]},
        {"role": "function", "parts": [{"functionResponse": {"name": "unknown", "response": {"content": "x"}}}]},
    ]
    assert messages == before


def test_images_become_inline_data() -> None:
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image", "base64": "AAAA"},
        {"type": "image", "base64": "AAAA", "mime_type": "image/png"},
        {"type": "image", "data": b"\x00"},
        {"type": "image", "url": "https://x.y/z"},
        "odd",
    ]
    assert MessageFormatter.to_gemini_format([{"role": "user", "content": parts}]) == [
        {
            "role": "user",
            "parts": [
                {"text": "look"},
                {"inline_data": {"mime_type": "image/jpeg", "data": "AAAA"}},
                {"inline_data": {"mime_type": "image/png", "data": "AAAA"}},
                {"inline_data": {"mime_type": "image/jpeg", "data": "AA=="}},
            ],
        }
    ]


def test_arguments_and_contents_of_other_types() -> None:
    calls = [{"function": {"name": "f", "arguments": arguments}} for arguments in ({"a": 1}, "", "no json")] + [{}]
    (content,) = MessageFormatter.to_gemini_format([{"role": "assistant", "content": 5, "tool_calls": calls}])
    assert content["parts"] == [
        {"text": "5"},
        {"functionCall": {"name": "f", "args": {"a": 1}}},
        {"functionCall": {"name": "f", "args": {}}},
        {"functionCall": {"name": "f", "args": {}}},
        {"functionCall": {"name": "", "args": {}}},
    ]
    assert MessageFormatter.to_gemini_format([{"role": "user", "content": None}, {"role": "user"}]) == []
