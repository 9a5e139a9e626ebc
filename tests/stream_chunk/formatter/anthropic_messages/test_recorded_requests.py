"""Requests that real clients sent: parsed and formatted again, they say what they said."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import MessagesFormatter, MessagesPayload
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .sdk import sdk_messages, sdk_tool_choice, sdk_tools

API = "anthropic.messages"
FORMATTER = MessagesFormatter()

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def requests() -> list[Any]:
    found = (one for one in recordings(API) if one.request and "messages" in one.request)
    return [pytest.param(one, id=one.name) for one in found]


def same(content: Any) -> Any:
    """Content with what means the same written in one way: a string is a list of one text."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content.strip() else []
    found = [block for block in content or [] if block.get("type") != "text" or block["text"].strip()]
    return [{**block, "content": same(block.get("content"))} if "content" in block else block for block in found]


@pytest.mark.parametrize("recording", requests())
def test_nothing_is_lost(recording: Recording) -> None:
    request = recording.request or {}
    sent = MessagesPayload(request["messages"], request.get("system"))
    once, losses = FORMATTER.format_messages(FORMATTER.parse_messages(sent))
    assert losses == []
    assert same(once.system) == same(sent.system)
    assert [(one["role"], same(one["content"])) for one in once.messages] == [
        (one["role"], same(one["content"])) for one in sent.messages
    ]
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    sdk_messages(once, beta=True)


@pytest.mark.parametrize("recording", requests())
def test_tools_and_choice(recording: Recording) -> None:
    request = recording.request or {}
    tools = request.get("tools", [])
    plain = [{key: tool[key] for key in tool if (key, tool[key]) != ("type", "custom")} for tool in tools]
    assert FORMATTER.format_tools(tools) == plain
    sdk_tools([tool for tool in plain if "input_schema" in tool])
    if "tool_choice" in request:
        assert FORMATTER.format_tool_choice(request["tool_choice"]) == request["tool_choice"]
        assert sdk_tool_choice(request["tool_choice"]) == request["tool_choice"]
