from typing import Any

import pytest

from massgen_stream.simulator.pairing import unpaired
from massgen_stream.stream_chunk.formatter import normalise_messages

USER = {"role": "user", "content": "Hi"}


def calling(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": [{"id": name, "name": "f", "arguments": "{}"} for name in ids]}


def answer(name: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": name, "content": "1"}


def alone(*messages: dict[str, Any], close: bool) -> tuple[list[str], list[str]]:
    found = unpaired(normalise_messages(messages), close=close)
    return found.calls, found.answers


@pytest.mark.parametrize("close", [True, False])
def test_what_belongs_together_does_not_stand_alone(close: bool) -> None:
    assert alone(USER, calling("a", "b"), answer("b"), answer("a"), USER, close=close) == ([], [])
    assert alone(USER, calling("a"), USER, close=close) == (["a"], [])
    assert alone(USER, calling("a"), close=close) == (["a"], [])
    assert alone(USER, answer("a"), close=close) == ([], ["a"])
    assert alone(calling("a"), answer("a"), answer("a"), close=close) == ([], ["a"])
    assert alone(calling("a"), answer("a"), calling("a"), answer("a"), close=close) == ([], [])


def test_close_answers_stand_directly_behind_their_calls() -> None:
    late = (calling("a"), USER, answer("a"))
    assert alone(*late, close=True) == (["a"], ["a"])
    assert alone(*late, close=False) == ([], [])


def test_what_a_tool_of_the_vendors_asks_for_may_be_answered() -> None:
    shell = {"type": "server_tool_call", "tool_call_id": "s", "tool_name": "shell", "status": "requires_action"}
    assert alone({"role": "assistant", "content": [shell]}, answer("s"), close=True) == ([], [])
