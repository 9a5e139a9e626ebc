import copy
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk.formatter import normalise_messages
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.testing.strategies import messages as any_messages

from .places import place_of_fault
from .spoiling import spoil

CALL = {"type": "tool_call", "id": "c1", "name": "f", "arguments": "{}", "kind": "function"}
OPENAI_CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def one(message: dict[str, Any]) -> dict[str, Any]:
    (found,) = normalise_messages([message])
    return found


def text(content: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}]


@pytest.mark.parametrize("role", ["system", "user", "assistant"])
def test_a_string_and_one_text_part_are_the_same(role: str) -> None:
    expected = {"role": role, "content": text("hi")}
    assert one({"role": role, "content": "hi"}) == one({"role": role, "content": text("hi")}) == expected


def test_an_answer_of_a_tool() -> None:
    answer = {"role": "tool", "tool_call_id": "c1", "content": "42", "is_error": True, "tool_name": "f"}
    assert one(answer) == {**answer, "content": text("42")}
    assert "is_error" not in one({**answer, "is_error": False})
    assert "is_error" not in one({**answer, "is_error": None})


def test_a_responses_shaped_answer() -> None:
    found = one({"type": "function_call_output", "call_id": "c1", "output": "42", "status": "completed", "id": "fc"})
    data = {"openai.responses": {"status": "completed", "id": "fc"}}
    assert found == {"role": "tool", "tool_call_id": "c1", "content": text("42"), "provider_data": data}
    for output, expected in ((None, ""), ({"a": 1}, '{"a": 1}'), (text("x"), "x")):
        item = {"type": "function_call_output", "call_id": "c1", "output": output, "is_error": True}
        assert one(item) == {"role": "tool", "tool_call_id": "c1", "is_error": True, "content": text(expected)}


def test_developer_is_system_and_function_is_tool() -> None:
    data = {"openai.chat": {"role": "developer"}}
    assert one({"role": "developer", "content": "x"}) == {"role": "system", "content": text("x"), "provider_data": data}
    called = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": ""}}
    call, answer = normalise_messages([called, {"role": "function", "name": "f", "content": None}])
    assert call["content"] == [{**CALL, "id": "call_0"}]
    assert answer == {"role": "tool", "tool_call_id": "call_0", "content": [], "name": "f"}


def test_calls_in_every_shape_are_parts() -> None:
    expected = {"role": "assistant", "content": [*text("hi"), CALL]}
    neutral = {key: CALL[key] for key in ("id", "name", "arguments")}
    for call in (OPENAI_CALL, neutral, CALL):
        assert one({"role": "assistant", "content": "hi", "tool_calls": [call]}) == expected
    assert one({"role": "assistant", "content": [*text("hi"), OPENAI_CALL | {"type": "tool_call"}]}) == expected


def test_tool_calls_may_be_a_view_of_the_parts() -> None:
    message = {"role": "assistant", "content": [CALL, *text("then")], "tool_calls": [OPENAI_CALL]}
    assert one(message)["content"] == [CALL, *text("then")]
    other = {**OPENAI_CALL, "function": {"name": "g", "arguments": "{}"}}
    where = place_of_fault(normalise_messages, [{**message, "tool_calls": [other]}])
    assert where == "messages[0].tool_calls[0]"


def test_nothing_is_text_only_where_there_is_nothing_else() -> None:
    assert one({"role": "assistant", "content": ""})["content"] == text("")
    assert one({"role": "assistant", "content": None})["content"] == []
    assert one({"role": "assistant"})["content"] == []
    assert one({"role": "assistant", "content": "", "tool_calls": [OPENAI_CALL]})["content"] == [CALL]
    assert one({"role": "user", "content": ""})["content"] == text("")


def test_fields_of_the_wire_are_parts_in_the_order_of_the_wire() -> None:
    message = {
        "role": "assistant", "content": "hi", "refusal": "no", "reasoning": "hm", "audio": {"id": "a1"},
        "tool_calls": [OPENAI_CALL], "images": [{"type": "image_url", "image_url": {"url": "https://x.y/z"}}],
    }  # fmt: skip
    field = {"openai.chat": {"field": "reasoning"}}
    assert one(message)["content"] == [
        {"type": "reasoning", "text": "hm", "provider_data": field},
        *text("hi"),
        {"type": "refusal", "text": "no"},
        {"type": "audio", "file_id": "a1"},
        {"type": "image", "url": "https://x.y/z", "provider_data": {"openai.chat": {"field": "images"}}},
        CALL,
    ]


def test_what_the_vendor_ran_is_kept() -> None:
    asked = {
        "type": "server_tool_call",
        "tool_call_id": "s",
        "tool_name": "search",
        "arguments": "{}",
        "status": "completed",
    }
    found = {"type": "tool_result", "tool_call_id": "s", "content": "x", "attachments": [], "is_error": False}
    assert one({"role": "assistant", "content": [asked, found]})["content"] == [asked, found]


def test_null_fields_are_absent() -> None:
    fields = ("refusal", "audio", "tool_calls", "function_call", "reasoning_content", "name", "images")
    assert one({"role": "assistant", "content": "x", **dict.fromkeys(fields)}) == one(
        {"role": "assistant", "content": "x"}
    )
    assert one({"role": "user", "content": "x", **dict.fromkeys(fields)}) == one({"role": "user", "content": "x"})


def test_unknown_keys_stay_but_marks_for_the_cache_belong_to_chat() -> None:
    message = {"role": "user", "content": [{"type": "text", "text": "x", "z": 1}], "agent": {"a": [1]}}
    assert one(message) == message
    mark = {"cache_control": {"type": "ephemeral"}}
    found = one({"role": "user", "content": [{"type": "text", "text": "x", **mark}], **mark})
    assert found["provider_data"] == found["content"][0]["provider_data"] == {"openai.chat": mark}


def test_empty_provider_data_is_none() -> None:
    assert one({"role": "user", "content": "x", "provider_data": {}}) == {"role": "user", "content": text("x")}
    assert one({"role": "user", "content": "x", "provider_data": None}) == {"role": "user", "content": text("x")}


def test_a_media_type_is_a_type() -> None:
    part = one({"role": "user", "content": [{"type": MediaType.IMAGE, "url": "https://x.y/z"}]})["content"][0]
    assert part == {"type": "image", "url": "https://x.y/z"}
    assert type(part["type"]) is str


@pytest.mark.parametrize(
    ("messages", "where"),
    [
        ("hello", "messages"),
        ({"role": "user", "content": "hi"}, "messages"),
        (None, "messages"),
        ([None], "messages[0]"),
        ([{"content": "hi"}], "messages[0].role"),
        ([{"role": "usr", "content": "hi"}], "messages[0].role"),
        ([{"role": ["user"], "content": "hi"}], "messages[0].role"),
        ([{"role": "user"}], "messages[0].content"),
        ([{"role": "user", "content": None}], "messages[0].content"),
        ([{"role": "user", "content": 5}], "messages[0].content"),
        ([{"role": "assistant", "content": 5}], "messages[0].content"),
        ([{"role": "user", "content": "hi", "name": 5}], "messages[0].name"),
        ([{"role": "user", "content": "hi", "provider_data": []}], "messages[0].provider_data"),
        ([{"role": "user", "content": "hi"}, {"role": "user", "content": ["hi"]}], "messages[1].content[0]"),
        ([{"role": "user", "content": [{"text": "hi"}]}], "messages[0].content[0].type"),
        ([{"role": "user", "content": [{"type": "img", "url": "x"}]}], "messages[0].content[0].type"),
        ([{"role": "user", "content": [{"type": ["text"]}]}], "messages[0].content[0].type"),
        ([{"role": "user", "content": [{"type": "text"}]}], "messages[0].content[0].text"),
        ([{"role": "user", "content": [{"type": "text", "text": None}]}], "messages[0].content[0].text"),
        ([{"role": "user", "content": [CALL]}], "messages[0].content[0]"),
        (
            [{"role": "assistant", "content": [{"type": "tool_result", "content": "x"}]}],
            "messages[0].content[0].tool_call_id",
        ),
        (
            [{"role": "assistant", "content": [{"type": "reasoning", "text": "x", "summary": "y"}]}],
            "messages[0].content[0].summary",
        ),
        ([{"role": "assistant", "tool_calls": {}}], "messages[0].tool_calls"),
        ([{"role": "assistant", "tool_calls": {"a": 1}}], "messages[0].tool_calls"),
        ([{"role": "assistant", "tool_calls": [7]}], "messages[0].tool_calls[0]"),
        ([{"role": "assistant", "tool_calls": [{"id": "x"}]}], "messages[0].tool_calls[0].name"),
        ([{"role": "assistant", "function_call": 7}], "messages[0].function_call.name"),
        ([{"role": "tool", "content": "x"}], "messages[0].tool_call_id"),
        ([{"role": "tool", "tool_call_id": 5, "content": "x"}], "messages[0].tool_call_id"),
        ([{"role": "tool", "tool_call_id": "c", "content": "x", "is_error": "yes"}], "messages[0].is_error"),
        ([{"type": "function_call_output", "call_id": "c", "output": {1, 2}}], "messages[0].output"),
    ],
)  # fmt: skip
def test_faults_name_their_place(messages: Any, where: str) -> None:
    assert place_of_fault(normalise_messages, messages) == where


def test_what_contains_itself_is_a_fault() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    message = {"role": "user", "content": "hi", "provider_data": {"openai.chat": endless}}
    assert place_of_fault(normalise_messages, [message]) == "messages[0]"


def test_a_fault_quotes_little() -> None:
    with pytest.raises(Exception, match="must be one of") as caught:
        normalise_messages([{"role": "x" * 10_000, "content": "hi"}])
    assert len(str(caught.value)) < 200


@given(any_messages())
def test_normal_form_is_stable_and_inputs_are_neither_changed_nor_shared(messages: list[dict[str, Any]]) -> None:
    before = copy.deepcopy(messages)
    normal = normalise_messages(messages)
    assert messages == before
    assert normalise_messages(normal) == normal
    spoil(normal)
    assert messages == before
