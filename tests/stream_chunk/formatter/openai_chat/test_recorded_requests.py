"""Requests that real clients sent: parsed and formatted again, they say what they said."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .sdk import sdk_messages, sdk_tool_choice, sdk_tools

API = "openai.chat"
FORMATTER = OpenAIChatFormatter()

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def requests() -> list[Any]:
    found = (one for one in recordings(API) if one.request and "messages" in one.request)
    return [pytest.param(one, id=one.name) for one in found]


def same(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages with what means the same written in one way.

    - a list of one text and a string;
    - content of an assistant that is missing, null or, beside calls, empty;
    - optional fields that are null, and missing ones;
    - ids of calls and answers that are missing (Writer's old interface), and such that the formatter made.
    """
    found = [{key: value for key, value in message.items() if value is not None} for message in messages]
    for message in found:
        content = message.get("content", "")
        if isinstance(content, list) and [set(part) for part in content] == [{"type", "text"}]:
            content = content[0]["text"]
        message["content"] = content or ""
        if not any(call.get("id") for call in message.get("tool_calls", ())):
            calls = [{**call, "id": f"call_{index}"} for index, call in enumerate(message.get("tool_calls", ()))]
            message |= {"tool_calls": calls} if calls else {}
        if message["role"] == "tool":
            message.setdefault("tool_call_id", "call_0")
    return found


@pytest.mark.parametrize("recording", requests())
def test_nothing_is_lost(recording: Recording) -> None:
    request = recording.request or {}
    sent = request["messages"]
    once, losses = FORMATTER.format_messages(FORMATTER.parse_messages(sent))
    assert losses == []
    assert same(once) == same(sent)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    sdk_messages(once)


@pytest.mark.parametrize("recording", requests())
def test_openai_shaped_messages_are_accepted_as_neutral_ones(recording: Recording) -> None:
    sent = (recording.request or {})["messages"]
    payload, losses = FORMATTER.format_messages(sent)
    assert losses == []
    assert same(payload) == same(sent)


@pytest.mark.parametrize("recording", requests())
def test_tools_and_choice(recording: Recording) -> None:
    request = recording.request or {}
    tools = request.get("tools", [])
    assert FORMATTER.format_tools(tools) == tools
    sdk_tools([tool for tool in tools if tool["type"] == "function"])
    if "tool_choice" in request:
        choice = request["tool_choice"]
        formatted = FORMATTER.format_tool_choice(choice)
        sdk_tool_choice(formatted)
        # Two clients sent the words of Mistral and Anthropic.
        others = {"any": "required", "tool": {"type": "function", "function": {"name": "structured_output"}}}
        expected = others.get(choice if isinstance(choice, str) else choice["type"], choice)
        assert formatted == expected
