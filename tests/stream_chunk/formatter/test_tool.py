import copy
from types import SimpleNamespace
from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import normalise_tools
from massgen_stream.stream_chunk.formatter.tool import neutral_mcp_tools, normalise_choice

from .places import place_of_fault

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
NEUTRAL = {"name": "f", "description": "does", "parameters": SCHEMA}


@pytest.mark.parametrize(
    "tool",
    [
        NEUTRAL,
        {"type": "function", **NEUTRAL},
        {"type": "function", "function": NEUTRAL},
        {"kind": "function", **NEUTRAL, "strict": None},
    ],
)
def test_functions(tool: dict[str, Any]) -> None:
    before = copy.deepcopy(tool)
    (found,) = normalise_tools([tool])
    assert found == {"kind": "function", **NEUTRAL}
    assert normalise_tools([found]) == [found]
    found["parameters"]["properties"].clear()
    assert tool == before


def test_custom_tools_and_vendors_own() -> None:
    custom = {"kind": "custom", "name": "sql", "format": {"type": "text"}}
    wire = {"type": "custom", "custom": {"name": "sql", "format": {"type": "text"}}}
    own = {"type": "openrouter:web_search", "parameters": {"max_uses": 1}}
    assert normalise_tools([custom, wire, own]) == [custom, custom, own]


def test_what_the_wire_adds_is_data_of_chat() -> None:
    (found,) = normalise_tools([{"type": "function", "function": {**NEUTRAL, "x": 1}, "cache_control": {"type": "e"}}])
    assert found["provider_data"] == {"openai.chat": {"cache_control": {"type": "e"}, "function": {"x": 1}}}


def test_mcp_tools_are_objects_or_dictionaries() -> None:
    expected = [{"kind": "function", **NEUTRAL}]
    listed = {"name": "f", "description": "does", "inputSchema": SCHEMA, "annotations": {"readOnlyHint": True}}
    modern = SimpleNamespace(name="f", description="does", input_schema=SCHEMA, title="F")
    older = SimpleNamespace(name="f", description="does", inputSchema=SCHEMA)
    for tool in (listed, modern, older):
        assert neutral_mcp_tools([tool]) == expected
    bare = neutral_mcp_tools([SimpleNamespace(name="f", description=None, input_schema={})])
    assert bare == [{"kind": "function", "name": "f", "parameters": {}}]


@pytest.mark.parametrize(
    ("choice", "neutral"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("any", "required"),
        ({"name": "f"}, {"name": "f", "kind": "function"}),
        ({"name": "f", "kind": "custom"}, {"name": "f", "kind": "custom"}),
        ({"name": "f", "type": "tool"}, {"name": "f", "kind": "function"}),
        ({"type": "function", "function": {"name": "f"}}, {"name": "f", "kind": "function"}),
        ({"type": "custom", "custom": {"name": "f"}}, {"name": "f", "kind": "custom"}),
        ({"type": "allowed_tools", "allowed_tools": {"mode": "auto"}},) * 2,
    ],
)
def test_choices(choice: Any, neutral: Any) -> None:
    found = normalise_choice(choice)
    assert found == neutral
    assert isinstance(found, str) or found is not choice


def test_what_contains_itself_is_a_fault() -> None:
    endless: dict[str, Any] = {"name": "f"}
    endless["parameters"] = endless
    assert place_of_fault(normalise_tools, [endless]) == "tools[0]"


@pytest.mark.parametrize("choice", [None, "", "f", {}, {"name": ""}, {"type": "function"}, {"name": 5}, ["auto"]])
def test_no_choice(choice: Any) -> None:
    assert place_of_fault(normalise_choice, choice) == "tool_choice"


@pytest.mark.parametrize(
    ("tools", "where"),
    [
        (NEUTRAL, "tools"),
        ("f", "tools"),
        (5, "tools"),
        (["f"], "tools[0]"),
        ([NEUTRAL, {"description": "x"}], "tools[1].name"),
        ([{"name": ""}], "tools[0].name"),
        ([{"function": {"description": "x"}}], "tools[0].function.name"),
        ([{"name": "f", "parameters": "x"}], "tools[0].parameters"),
        ([{"name": "f", "provider_data": 5}], "tools[0].provider_data"),
    ],
)
def test_faults(tools: Any, where: str) -> None:
    assert place_of_fault(normalise_tools, tools) == where


@pytest.mark.parametrize(("tools", "where"), [(NEUTRAL, "tools"), ([object()], "tools[0].name"), (None, "tools")])
def test_faults_of_mcp_tools(tools: Any, where: str) -> None:
    assert place_of_fault(neutral_mcp_tools, tools) == where
