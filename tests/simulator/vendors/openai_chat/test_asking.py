from typing import Any

import pytest

from massgen_stream.simulator.ask import Seen
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.openai_chat.asking import read_ask

PNG = "data:image/png;base64,iVBORw0KGgo="
USER = {"role": "user", "content": "Hi"}
FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
OTHER = {"type": "function", "function": {"name": "g"}}
CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ANSWER = {"role": "tool", "tool_call_id": "1", "content": "r1"}


def asked(**more: Any) -> Any:
    return read_ask({"model": "m", "messages": [USER], **more})


def test_the_last_user_message_is_the_prompt() -> None:
    ask = asked(
        messages=[
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": "Old"},
            {"role": "assistant", "content": "Yes"},
            {"role": "user", "content": [{"type": "text", "text": "New"}, {"type": "text", "text": "line"}]},
        ]
    )
    assert (ask.prompt, ask.user_turn, ask.input_characters) == ("New\nline", True, 8 + 3 + 3 + 7)


def test_media_parts_are_seen_with_type_and_size() -> None:
    parts = [
        {"type": "image_url", "image_url": {"url": PNG}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
    ]
    ask = asked(messages=[{"role": "user", "content": parts}])
    assert ask.media == (
        Seen("image", "image/png", 8),
        Seen("image", "https://example.com/a.png"),
        Seen("audio", "audio/wav", 3),
        Seen("file", "file-1"),
        Seen("document", "application/pdf", 5),
    )
    assert ask.input_media == 5


def test_answers_of_tools_at_the_end_are_results() -> None:
    calls = [{"id": i, "type": "function", "function": {"name": "f", "arguments": "{}"}} for i in ("1", "2")]
    answers = [{"role": "tool", "tool_call_id": i, "content": f"r{i}"} for i in ("1", "2")]
    ask = asked(messages=[USER, {"role": "assistant", "tool_calls": calls}, *answers])
    assert (ask.results, ask.user_turn, ask.prompt) == (("r1", "r2"), False, "Hi")
    assert asked(messages=[USER, {"role": "assistant", "tool_calls": calls}, *answers, USER]).results == ()


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ([{"role": "tool", "tool_call_id": "1", "content": ""}], "must be a response to a preceding message"),
        ([{"role": "assistant", "tool_calls": [CALL]}, USER], "without a tool message directly behind them: 1"),
        ([{"role": "assistant", "tool_calls": [CALL | {"id": "c" * 41}]}, ANSWER | {"tool_call_id": "c" * 41}], "40"),
    ],
)
def test_calls_and_answers_belong_together(messages: list[Any], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        asked(messages=[USER, *messages])
    assert asked(messages=[USER, {"role": "assistant", "tool_calls": [CALL]}, ANSWER]).results == ("r1",)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, False),
        ({"reasoning_effort": "low"}, True),
        ({"reasoning_effort": "none"}, False),
        ({"reasoning": {"effort": "high"}}, True),
        ({"reasoning": {"max_tokens": 5}}, True),
        ({"reasoning": {"enabled": False}}, False),
        ({"reasoning": {"effort": "none"}}, False),
        ({"reasoning": {"effort": "high", "exclude": True}}, False),
        ({"reasoning": None}, False),
    ],
)
def test_reasoning_is_asked_for_as_openai_or_openrouter_do(more: dict[str, Any], wanted: bool) -> None:
    assert asked(**more).reasoning is wanted


@pytest.mark.parametrize(
    ("choice", "name", "left"),
    [
        (None, "auto", ["f", "g"]),
        ("none", "none", ["f", "g"]),
        ("required", "required", ["f", "g"]),
        ({"type": "function", "function": {"name": "g"}}, "g", ["f", "g"]),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [OTHER]}}, "required", ["g"]),
    ],
)
def test_tools_and_the_choice_among_them(choice: Any, name: str, left: list[str]) -> None:
    ask = asked(tools=[FUNCTION, {"type": "custom", "custom": {"name": "c"}}, OTHER], tool_choice=choice)
    assert (ask.tool_choice, [tool.name for tool in ask.tools]) == (name, left)


def test_options() -> None:
    ask = asked(n=2, max_tokens=3, stop="x", stream=True, stream_options={"include_usage": True})
    assert (ask.choices, ask.max_tokens, ask.stop, ask.stream, ask.usage) == (2, 3, ("x",), True, True)
    assert asked(max_tokens=3, max_completion_tokens=4).max_tokens == 4
    assert (asked().usage, asked(stream=True).usage) == (True, False)
    assert asked(response_format={"type": "json_object"}).json
    schema = {"type": "object"}
    assert (
        asked(response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}).schema == schema
    )
    assert not asked(response_format={"type": "text"}).json


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"model": None}, "model"),
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "Hi"}, "messages"),
        ({"messages": ["Hi"]}, "messages[0]"),
        ({"messages": [{"role": "wizard", "content": ""}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": []}, "stream_options"),
        ({"n": 0}, "n"),
        ({"n": 129}, "n"),
        ({"n": 10**400}, "n"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_completion_tokens": True}, "max_completion_tokens"),
        ({"stop": 5}, "stop"),
        ({"stop": [5]}, "stop"),
        ({"tools": "f"}, "tools"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tools": [FUNCTION], "tool_choice": "sometimes"}, "tool_choice"),
        ({"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {"name": "h"}}}, "tool_choice"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"response_format": "json"}, "response_format"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        ({"reasoning": "much"}, "reasoning"),
    ],
)
def test_a_bad_request_names_the_field(more: dict[str, Any], param: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(**more)
    assert caught.value.status == 400
    assert caught.value.param == param
    assert len(caught.value.message) < 300
