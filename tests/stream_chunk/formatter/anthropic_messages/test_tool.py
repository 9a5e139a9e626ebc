from types import SimpleNamespace
from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import MessagesFormatter

from .sdk import sdk_tool_choice, sdk_tools

FORMATTER = MessagesFormatter()
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
NEUTRAL = {"name": "f", "description": "does", "parameters": SCHEMA}
WIRE = {"name": "f", "description": "does", "input_schema": SCHEMA}
EPHEMERAL = {"cache_control": {"type": "ephemeral"}}


@pytest.mark.parametrize(
    ("tool", "wire"),
    [
        (NEUTRAL, WIRE),
        ({**NEUTRAL, "strict": True}, {**WIRE, "strict": True}),
        ({"type": "function", "function": NEUTRAL}, WIRE),
        ({"name": "f"}, {"name": "f", "input_schema": {"type": "object", "properties": {}}}),
        ({**NEUTRAL, **EPHEMERAL}, {**WIRE, **EPHEMERAL}),
        ({**NEUTRAL, "provider_data": {"anthropic.messages": EPHEMERAL}}, {**WIRE, **EPHEMERAL}),
        (WIRE, WIRE),
        ({**WIRE, "type": "custom", "defer_loading": True}, {**WIRE, "defer_loading": True}),
    ],
)
def test_tools(tool: dict[str, Any], wire: dict[str, Any]) -> None:
    assert FORMATTER.format_tools([tool]) == [wire]
    assert sdk_tools([wire]) == [wire]


def test_tools_of_claude_stay_as_they_are() -> None:
    own = [{"type": "bash_20250124", "name": "bash"}, {"type": "mcp_toolset", "mcp_server_name": "x"}]
    assert FORMATTER.format_tools(own) == own


def test_tools_that_take_free_text_are_refused() -> None:
    with pytest.raises(InvalidMessage, match="describe an object under `parameters`"):
        FORMATTER.format_tools([{"kind": "custom", "name": "sql"}])


def test_mcp_tools() -> None:
    tools = [SimpleNamespace(name="f", description="does", input_schema=SCHEMA), {"name": "g", "inputSchema": SCHEMA}]
    assert FORMATTER.format_mcp_tools(tools) == [WIRE, {"name": "g", "input_schema": SCHEMA}]


@pytest.mark.parametrize(
    ("choice", "wire"),
    [
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ("required", {"type": "any"}),
        ("any", {"type": "any"}),
        ({"name": "f"}, {"type": "tool", "name": "f"}),
        ({"type": "function", "function": {"name": "f"}}, {"type": "tool", "name": "f"}),
        (*[{"type": "tool", "name": "f", "disable_parallel_tool_use": True}] * 2,),
        (*[{"type": "any"}] * 2,),
    ],
)
def test_choices(choice: Any, wire: Any) -> None:
    assert FORMATTER.format_tool_choice(choice) == wire
    assert sdk_tool_choice(wire) == wire


def test_a_choice_among_some_is_refused() -> None:
    some = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}
    with pytest.raises(InvalidMessage, match="offer only those"):
        FORMATTER.format_tool_choice(some)
