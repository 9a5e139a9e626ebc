"""Groq's executed tools: every event repeats the item as far as it is known."""

from typing import Any

import pytest

from .saying import delta, of, only

CALLED = {"index": 0, "type": "search", "arguments": '{"q":1}'}
ANSWERED = {**CALLED, "output": "found"}


def test_a_call_and_later_its_result() -> None:
    chunks = of(
        delta(executed_tools=[CALLED]),
        delta(executed_tools=[CALLED]),
        delta(executed_tools=[ANSWERED]),
        delta(executed_tools=[ANSWERED]),
    )
    (call,) = only(chunks, "server_tool_call")
    (result,) = only(chunks, "tool_result")
    assert (call.tool_call_id, call.tool_name, call.arguments, call.status) == (
        "r-tool-0",
        "search",
        '{"q":1}',
        "in_progress",
    )
    assert (result.tool_call_id, result.tool_name, result.content) == ("r-tool-0", "search", "found")
    assert call.provider_data == {"openai.chat": {"executed_tool": CALLED}}
    assert result.provider_data == {"openai.chat": {"executed_tool": ANSWERED}}


def test_a_call_that_comes_with_its_result() -> None:
    chunks = of(delta(executed_tools=[ANSWERED]))
    assert [(str(chunk.type), chunk.status) for chunk in chunks[:2]] == [
        ("server_tool_call", "completed"),
        ("tool_result", None),
    ]


def test_choices_have_tools_of_their_own() -> None:
    chunks = of(delta(executed_tools=[CALLED]), delta(index=1, executed_tools=[CALLED]))
    found = [(chunk.tool_call_id, chunk.choice_index) for chunk in only(chunks, "server_tool_call")]
    assert found == [("r-tool-0", None), ("r-tool-1-0", 1)]


@pytest.mark.parametrize("index", [None, "0", -1, True, 1.5, [], {}])
def test_items_without_a_usable_index_stand_alone(index: Any) -> None:
    item = {**CALLED, "index": index}
    ids = [chunk.tool_call_id for chunk in only(of(delta(executed_tools=[item, item, None, 5])), "server_tool_call")]
    assert ids == ["r-unnumbered-tool-0", "r-unnumbered-tool-1"]


@pytest.mark.parametrize(("item", "name"), [({"name": "python"}, "python"), ({}, "tool"), ({"type": 5}, "tool")])
def test_the_name(item: Any, name: str) -> None:
    assert only(of(delta(executed_tools=[item])), "server_tool_call")[0].tool_name == name
