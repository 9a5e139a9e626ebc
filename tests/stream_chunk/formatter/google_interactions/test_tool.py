"""Tools and the choice among them."""

from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import InteractionsFormatter

from .sdk import sdk_tool_choice, sdk_tools

FORMATTER = InteractionsFormatter()
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def test_functions_and_googles_own() -> None:
    tools = FORMATTER.format_tools([
        {"name": "look", "description": "Looks.", "parameters": SCHEMA},
        {"type": "function", "function": {"name": "find"}},
        {"kind": "custom", "name": "shell"},
        {"type": "google_search", "search_types": ["web_search"]},
    ])  # fmt: skip
    assert tools[0] == {"type": "function", "name": "look", "description": "Looks.", "parameters": SCHEMA}
    assert tools[1] == {"type": "function", "name": "find"}
    assert tools[2]["parameters"]["required"] == ["input"]
    assert tools[3] == {"type": "google_search", "search_types": ["web_search"]}
    sdk_tools(tools)


def test_tools_of_mcp_servers() -> None:
    tools = FORMATTER.format_mcp_tools([{"name": "ask", "description": "Asks.", "inputSchema": SCHEMA}])
    assert tools == [{"type": "function", "name": "ask", "description": "Asks.", "parameters": SCHEMA}]


def test_the_own_tool_of_another_vendor_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="web_search_preview"):
        FORMATTER.format_tools([{"type": "web_search_preview"}])


CHOICES = [
    ("auto", "auto"), ("none", "none"), ("required", "any"),
    ({"name": "look"}, {"allowed_tools": {"mode": "any", "tools": ["look"]}}),
    ({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"function": {"name": "look"}}]}},
     {"allowed_tools": {"mode": "validated", "tools": ["look"]}}),
]  # fmt: skip


@pytest.mark.parametrize(("choice", "expected"), CHOICES)
def test_choices(choice: Any, expected: Any) -> None:
    found = FORMATTER.format_tool_choice(choice)
    assert found == expected
    sdk_tool_choice(found)
