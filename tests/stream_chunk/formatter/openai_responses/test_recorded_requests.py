"""Requests that real clients sent: parsed and formatted again, they say what they said."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import ResponsesFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .sdk import sdk_items, sdk_tool_choice, sdk_tools

API = "openai.responses"
FORMATTER = ResponsesFormatter()
UNTYPED = frozenset(("reasoning",))
"""Items that some clients sent without an id, on which the SDK's type insists."""

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def requests() -> list[Any]:
    found = (one for one in recordings(API) if one.request and "input" in one.request)
    return [pytest.param(one, id=one.name) for one in found]


def same(items: Any) -> list[dict[str, Any]]:
    """Items with what means the same written in one way: content of one plain text, and a string."""
    if isinstance(items, str):
        return [{"role": "user", "content": items}]
    found = [dict(item) for item in items]
    for item in found:
        content = item.get("content")
        if "role" in item and isinstance(content, list) and [set(part) for part in content] == [{"type", "text"}]:
            item["content"] = content[0]["text"]
    return found


@pytest.mark.parametrize("recording", requests())
def test_nothing_is_lost(recording: Recording) -> None:
    sent = (recording.request or {})["input"]
    once, losses = FORMATTER.format_messages(FORMATTER.parse_messages(sent))
    assert losses == []
    assert same(once) == same(sent)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    sdk_items([item for item in once if item.get("type") not in UNTYPED or "id" in item])


@pytest.mark.parametrize("recording", requests())
def test_tools_and_choice(recording: Recording) -> None:
    request = recording.request or {}
    tools = request.get("tools", [])
    formatted = FORMATTER.format_tools(tools)
    assert formatted == [_flat(tool) for tool in tools]
    sdk_tools([tool for tool in formatted if tool["type"] not in ("x_search", "web_search", "namespace")])
    if "tool_choice" in request:
        choice = FORMATTER.format_tool_choice(request["tool_choice"])
        sdk_tool_choice(choice)
        assert choice == (request["tool_choice"] if isinstance(choice, str) else _flat_choice(request["tool_choice"]))


def _flat(tool: dict[str, Any]) -> dict[str, Any]:
    """A tool that one client sent as for Chat Completions, and without what is null; plainly not strict."""
    if tool["type"] != "function":
        return tool
    flat = {"type": "function", **tool.get("function", {}), **tool}
    flat.pop("function", None)
    return {"strict": False} | {name: value for name, value in flat.items() if value is not None}


def _flat_choice(choice: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", **choice["function"]} if "function" in choice else choice
