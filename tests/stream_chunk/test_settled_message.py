"""A complete message that agrees with its turn, goes on, or contradicts it."""

from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow

from .test_gate import CALL, passed, types


def message(*parts: Any, **fields: Any) -> Any:
    return narrow.complete_message({"role": "assistant", "content": list(parts), **fields})


def text(words: str, **fields: Any) -> Any:
    return {"type": "text", "text": words, **fields}


CALLED = {"type": "tool_call", **CALL}


def test_one_that_is_all_brings_its_parts_before_it() -> None:
    parts = [{"type": "reasoning", "text": "why"}, text("x"), {"type": "refusal", "text": "no"}, CALLED]
    found = passed(message(*parts), narrow.done("stop"))
    kinds = ["reasoning", "reasoning_done", "content", "refusal", "tool_calls", "complete_message", "done"]
    assert types(found) == kinds
    assert found[4].tool_calls == [CALL]
    assert found[-1].finish_reason == "tool_calls"


def test_content_may_be_a_string_with_calls_beside_it() -> None:
    whole = narrow.complete_message({"role": "assistant", "content": "x", "tool_calls": [CALL]})
    found = passed(whole, narrow.done("stop"))
    assert types(found) == ["content", "tool_calls", "complete_message", "done"]


SAID = [
    # what came, the message, types passed
    ([narrow.content("x")], message(text("x")), ["complete_message"]),
    ([narrow.content("x")], message(text("xyz")), ["content", "complete_message"]),
    ([narrow.content("x")], message(text("y")), ["backend_status", "complete_message"]),
    ([narrow.content("x")], message(), ["backend_status", "complete_message"]),
    ([narrow.content("x")], message(text("x"), CALLED), ["backend_status", "complete_message"]),
    ([narrow.content("x"), narrow.tool_calls([CALL])], message(text("x"), CALLED), ["complete_message"]),
    ([narrow.content("x"), narrow.tool_calls([CALL])], message(text("x")), ["backend_status", "complete_message"]),
    ([narrow.content("x"), narrow.reasoning("why")], message(text("x")), ["reasoning_done", "complete_message"]),
    (
        [narrow.reasoning("why"), narrow.reasoning_done("why"), narrow.content("x")],
        message({"type": "reasoning", "text": "because"}, text("x")),
        ["backend_status", "complete_message"],
    ),
    (
        [narrow.content("a", item_id="i"), narrow.content("b", item_id="j"), narrow.content("c", item_id="i")],
        message(text("b", item_id="j"), text("ac", item_id="i")),
        ["complete_message"],
    ),
]


@pytest.mark.parametrize(("before", "said", "expected"), SAID)
def test_a_message_after_deltas(before: list[Any], said: Any, expected: list[str]) -> None:
    found = passed(*before, said, narrow.done("stop"))
    assert types(found[len(before) : -1]) == expected


def test_of_a_contradiction_the_turns_own_message_stands() -> None:
    found = passed(narrow.content("x"), message(text("y")), narrow.done("stop"))
    assert found[1].status == "contradiction"
    assert found[2].complete_message["content"] == [text("x")]


def test_calls_are_complete_before_the_message_that_names_them() -> None:
    found = passed(narrow.tool_call_delta("c", '{"a":1}', tool_name="f"), message(CALLED), narrow.done("stop"))
    assert types(found) == ["tool_call_delta", "tool_calls", "complete_message", "done"]


def test_a_second_message_of_a_turn_is_left_out() -> None:
    found = passed(narrow.content("x"), message(text("x")), message(text("x")), narrow.done("stop"))
    assert types(found).count("complete_message") == 1
