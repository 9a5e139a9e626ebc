from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import GenerateContentFormatter

from .sdk import sdk_tool_config, sdk_tools

FORMATTER = GenerateContentFormatter()
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def test_functions_are_declared_in_one_object() -> None:
    tools = [
        {"name": "f", "description": "d", "parameters": SCHEMA},
        {"googleSearch": {}},
        {"type": "function", "function": {"name": "g"}},
        {"kind": "custom", "name": "h"},
    ]
    found = FORMATTER.format_tools(tools)
    text = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    declared = [
        {"name": "f", "description": "d", "parametersJsonSchema": SCHEMA},
        {"name": "g"},
        {"name": "h", "parametersJsonSchema": text},
    ]
    assert found == [{"functionDeclarations": declared}, {"googleSearch": {}}]
    sdk_tools(found)
    assert FORMATTER.format_tools([]) == []


def test_mcp_tools() -> None:
    found = FORMATTER.format_mcp_tools([{"name": "f", "inputSchema": SCHEMA}])
    assert found == [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": SCHEMA}]}]


@pytest.mark.parametrize("tools", [[{"type": "web_search_20250305", "name": "web_search"}], [1], "f", [{"name": ""}]])
def test_what_is_no_tool(tools: Any) -> None:
    with pytest.raises(InvalidMessage, match=r"^tools"):
        FORMATTER.format_tools(tools)


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        ("any", {"mode": "ANY"}),
        ({"name": "f"}, {"mode": "ANY", "allowedFunctionNames": ["f"]}),
        ({"type": "function", "function": {"name": "f"}}, {"mode": "ANY", "allowedFunctionNames": ["f"]}),
        (
            {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "f"}]},
            {"mode": "VALIDATED", "allowedFunctionNames": ["f"]},
        ),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [{"function": {"name": "f"}}]}},
            {"mode": "ANY", "allowedFunctionNames": ["f"]},
        ),
    ],
)
def test_choices(choice: Any, config: Any) -> None:
    found = FORMATTER.format_tool_choice(choice)
    assert found == {"functionCallingConfig": config}
    sdk_tool_config(found)
