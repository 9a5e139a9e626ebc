import copy
from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import MessageFormatter

from .places import place_of_fault

to_chat = MessageFormatter.to_chat_completions_format
to_response = MessageFormatter.to_response_format


def with_arguments(arguments: Any) -> dict[str, Any]:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    return {"role": "assistant", "content": "", "tool_calls": [call], "extra": 1}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"city": "Zürich"}, '{"city": "Z\\u00fcrich"}'),
        ({}, "{}"),
        (None, "{}"),
        ('{"a": 1}', '{"a": 1}'),
        ("not json", "not json"),
        ("", ""),
        ([1, "a"], '[1, "a"]'),
        (5, "5"),
        (True, "true"),
        ({1, 2}, "{}"),
    ],
)
def test_arguments(arguments: Any, text: str) -> None:
    message = with_arguments(arguments)
    before = copy.deepcopy(message)
    (found,) = to_chat([message])
    assert found == with_arguments(text)
    assert message == before


def test_arguments_without_a_json_form() -> None:
    where = place_of_fault(to_chat, [with_arguments({"a": {1}})])
    assert where == "messages[0].tool_calls[0].function.arguments"


def test_missing_arguments_and_calls_of_other_shapes() -> None:
    calls = [{"function": {"name": "f"}}, {"name": "g", "arguments": {}}]
    (found,) = to_chat([{"role": "assistant", "tool_calls": calls}])
    assert found["tool_calls"] == [{"function": {"name": "f", "arguments": "{}"}}, {"name": "g", "arguments": {}}]
    kept: list[dict[str, Any]] = [
        {"role": "assistant", "content": "x", "tool_calls": None},
        {"role": "user", "tool_calls": [{"function": 1}]},
    ]
    assert to_chat(kept) == kept


def test_images_in_content() -> None:
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image", "url": "https://x.y/z"},
        {"type": "image", "base64": "AAAA"},
        {"type": "image", "base64": "AAAA", "mime_type": "image/png"},
        {"type": "image", "data": b"\x00\x00\x00"},
        {"type": "image", "path": "a.png"},
        {"type": "image_url", "image_url": {"url": "https://x.y/z"}},
        {"type": "audio", "data": b"x"},
        "odd",
    ]
    message = {"role": "user", "content": parts}
    before = copy.deepcopy(message)
    (found,) = to_chat([message])
    assert found["content"] == [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": "https://x.y/z"}},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,AAAA"}},
        *parts[5:],
    ]
    assert message == before


def test_everything_else_is_kept_in_new_dictionaries() -> None:
    messages = [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "u", "name": "n"},
        {"role": "tool", "tool_call_id": "c", "content": "42"},
        {"type": "function_call_output", "call_id": "c", "output": "x"},
    ]
    found = to_chat(messages)
    assert found == messages
    assert all(new is not old for new, old in zip(found, messages, strict=True))
    assert to_chat([]) == []


def test_answers_and_calls_for_responses() -> None:
    messages = [
        {"role": "tool", "tool_call_id": "c", "content": "4", "name": "f"},
        {"role": "tool"},
        {"type": "function_call_output", "call_id": "c", "output": "4", "status": "completed"},
        with_arguments({}),
        {"type": "reasoning", "status": "completed", "summary": []},
        {"role": "assistant", "status": "completed", "content": "x"},
    ]
    before = copy.deepcopy(messages)
    assert to_response(messages) == [
        {"type": "function_call_output", "call_id": "c", "output": "4"},
        {"type": "function_call_output", "call_id": None, "output": ""},
        {"type": "function_call_output", "call_id": "c", "output": "4"},
        {"role": "assistant", "content": "", "extra": 1},
        {"type": "reasoning", "summary": []},
        {"role": "assistant", "status": "completed", "content": "x"},
    ]
    assert messages == before


@pytest.mark.parametrize(
    ("part", "wire"),
    [
        ("plain", {"type": "input_text", "text": "plain"}),
        (5, {"type": "input_text", "text": "5"}),
        ({"type": "text", "text": "a", "x": 1}, {"type": "input_text", "text": "a"}),
        ({"type": "image", "url": "https://x.y/z"}, {"type": "input_image", "image_url": "https://x.y/z"}),
        ({"type": "image", "image_url": "https://x.y/z"}, {"type": "input_image", "image_url": "https://x.y/z"}),
        ({"type": "image", "base64": "AA=="}, {"type": "input_image", "image_url": "data:image/jpeg;base64,AA=="}),
        (
            {"type": "image", "data": b"a", "mime_type": "image/png"},
            {"type": "input_image", "image_url": "data:image/png;base64,YQ=="},
        ),
        ({"type": "image", "base64": ""}, None),
        ({"type": "image", "base64": "no base64"}, None),
        ({"type": "image", "path": "/tmp/a.png"}, None),
        ({"type": "file", "file_id": "file-1", "x": 1}, {"type": "input_file", "file_id": "file-1"}),
        ({"type": "file"}, {"type": "input_file", "file_id": ""}),
        ({"type": "input_text", "text": "a"}, {"type": "input_text", "text": "a"}),
        ({"type": "file_pending_upload", "path": "a"}, {"type": "file_pending_upload", "path": "a"}),
    ],
)
def test_content_for_responses(part: Any, wire: Any) -> None:
    (found,) = to_response([{"role": "user", "content": [part]}])
    assert found == {"role": "user", "content": [wire] if wire is not None else []}


def test_an_image_over_the_bound_of_the_origin_is_left_out() -> None:
    image = {"type": "image", "base64": "A" * (27 * 2**20 + 1)}
    assert to_response([{"role": "user", "content": [image]}]) == [{"role": "user", "content": []}]
