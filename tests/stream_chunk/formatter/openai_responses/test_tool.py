from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import ResponsesFormatter

from ..places import place_of_fault
from .sdk import sdk_tool_choice, sdk_tools

FORMATTER = ResponsesFormatter()
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def test_functions_are_flat_and_not_strict_unless_they_say_so() -> None:
    found = FORMATTER.format_tools(
        [
            {"name": "f", "description": "F.", "parameters": SCHEMA},
            {"type": "function", "function": {"name": "g", "strict": True}},
            {"type": "function", "name": "h", "parameters": SCHEMA, "strict": None, "defer_loading": True},
        ]
    )
    nothing = {"type": "object", "properties": {}}
    assert found == [
        {"type": "function", "name": "f", "description": "F.", "parameters": SCHEMA, "strict": False},
        {"type": "function", "name": "g", "parameters": nothing, "strict": True},
        {"type": "function", "name": "h", "parameters": SCHEMA, "strict": False, "defer_loading": True},
    ]
    assert sdk_tools(found) == found


@pytest.mark.parametrize(
    "given",
    [
        {"type": "grammar", "grammar": {"syntax": "regex", "definition": "a+"}},
        {"type": "grammar", "syntax": "regex", "definition": "a+"},
    ],
)
def test_custom_tools(given: dict[str, Any]) -> None:
    found = FORMATTER.format_tools([{"type": "custom", "custom": {"name": "c", "format": given}}])
    assert found == [
        {"type": "custom", "name": "c", "format": {"type": "grammar", "syntax": "regex", "definition": "a+"}}
    ]
    assert sdk_tools(found) == found


def test_tools_of_the_vendor_stay_as_they_are() -> None:
    tools = [{"type": "web_search", "search_context_size": "low"}, {"type": "namespace", "name": "n", "tools": []}]
    assert FORMATTER.format_tools(tools) == tools


def test_own_data_of_a_tool() -> None:
    tool = {"name": "f", "provider_data": {"openai.responses": {"allowed_callers": ["direct"]}}}
    assert FORMATTER.format_tools([tool])[0]["allowed_callers"] == ["direct"]


def test_tools_of_an_mcp_server() -> None:
    (found,) = FORMATTER.format_mcp_tools([{"name": "f", "description": "F.", "inputSchema": SCHEMA}])
    assert found == {"type": "function", "name": "f", "description": "F.", "parameters": SCHEMA, "strict": False}


@pytest.mark.parametrize(
    ("choice", "wire"),
    [
        ("auto", "auto"),
        ("any", "required"),
        ({"name": "f"}, {"type": "function", "name": "f"}),
        ({"type": "function", "function": {"name": "f"}}, {"type": "function", "name": "f"}),
        ({"type": "custom", "name": "c"}, {"type": "custom", "name": "c"}),
        ({"type": "web_search_preview"}, {"type": "web_search_preview"}),
        ({"type": "mcp", "server_label": "s", "name": "f"}, {"type": "mcp", "server_label": "s", "name": "f"}),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
            },
            {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "f"}]},
        ),
    ],
)
def test_the_choice_among_tools(choice: Any, wire: Any) -> None:
    found = FORMATTER.format_tool_choice(choice)
    assert found == wire
    assert sdk_tool_choice(found) == wire


def test_a_choice_that_is_none() -> None:
    assert place_of_fault(FORMATTER.format_tool_choice, "sometimes") == "tool_choice"
    assert place_of_fault(FORMATTER.format_tool_choice, {"type": "function"}) == "tool_choice"
