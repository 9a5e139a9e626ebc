import copy
from types import SimpleNamespace
from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter

from .sdk import sdk_tool_choice, sdk_tools

FORMATTER = OpenAIChatFormatter()
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
NEUTRAL = {"name": "f", "description": "does", "parameters": SCHEMA}


@pytest.mark.parametrize(
    ("tool", "wire"),
    [
        (NEUTRAL, {"type": "function", "function": NEUTRAL}),
        ({**NEUTRAL, "strict": True}, {"type": "function", "function": {**NEUTRAL, "strict": True}}),
        ({"type": "function", "function": NEUTRAL}, {"type": "function", "function": NEUTRAL}),
        (
            {"name": "f"},
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}},
        ),
        (
            {"kind": "custom", "name": "sql", "format": {"type": "text"}},
            {"type": "custom", "custom": {"name": "sql", "format": {"type": "text"}}},
        ),
    ],
)
def test_tools(tool: dict[str, Any], wire: dict[str, Any]) -> None:
    before = copy.deepcopy(tool)
    assert FORMATTER.format_tools([tool]) == [wire]
    assert sdk_tools([wire]) == [wire]
    assert tool == before


def test_what_only_the_server_knows_goes_through() -> None:
    own = {"type": "openrouter:web_search", "parameters": {"max_uses": 1}}
    marked = {"type": "function", "function": {**NEUTRAL, "x": 1}, "cache_control": {"type": "ephemeral"}}
    data = {**NEUTRAL, "provider_data": {"openai.chat": {"eager": True}, "anthropic.messages": {"y": 1}}}
    assert FORMATTER.format_tools([own, marked, data]) == [
        own,
        marked,
        {"type": "function", "function": NEUTRAL, "eager": True},
    ]


def test_mcp_tools() -> None:
    tools = [
        SimpleNamespace(name="f", description="does", input_schema=SCHEMA, title="F"),
        {"name": "g", "inputSchema": SCHEMA, "outputSchema": {}},
    ]
    wire = FORMATTER.format_mcp_tools(tools)
    assert wire == [
        {"type": "function", "function": NEUTRAL},
        {"type": "function", "function": {"name": "g", "parameters": SCHEMA}},
    ]
    assert sdk_tools(wire) == wire
    wire[0]["function"]["parameters"].clear()
    assert SCHEMA["required"] == ["a"]


@pytest.mark.parametrize(
    ("choice", "wire"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"name": "f"}, {"type": "function", "function": {"name": "f"}}),
        ({"name": "f", "kind": "custom"}, {"type": "custom", "custom": {"name": "f"}}),
        ({"type": "function", "function": {"name": "f"}}, {"type": "function", "function": {"name": "f"}}),
        (*[{"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}] * 2,),
    ],
)
def test_choices(choice: Any, wire: Any) -> None:
    formatted = FORMATTER.format_tool_choice(choice)
    assert formatted == wire
    assert sdk_tool_choice(formatted) == wire
