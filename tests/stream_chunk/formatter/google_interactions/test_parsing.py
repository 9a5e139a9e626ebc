"""Steps as messages: every shape that the API takes."""

from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import InteractionsFormatter
from massgen_stream.stream_chunk.formatter.google_interactions import InteractionsPayload

FORMATTER = InteractionsFormatter()
HELLO = {"type": "text", "text": "Hi"}


def parsed(given: Any, system: Any = None) -> list[dict[str, Any]]:
    return FORMATTER.parse_messages(InteractionsPayload(given, system))


@pytest.mark.parametrize(
    "given",
    ["Hi", HELLO, [HELLO], {"type": "user_input", "content": [HELLO]}, [{"type": "user_input", "content": "Hi"}]],
)
def test_every_shape_of_an_input(given: Any) -> None:
    assert parsed(given) == [{"role": "user", "content": [HELLO]}]


def test_steps_of_the_model_that_follow_each_other_are_one_message() -> None:
    steps: list[dict[str, Any]] = [
        {"type": "thought", "signature": "s", "summary": [HELLO]}, {"type": "model_output", "content": [HELLO]},
        {"type": "function_call", "id": "c", "name": "f", "arguments": {"a": 1}},
        {"type": "function_result", "call_id": "c", "result": {"b": 2}},
    ]  # fmt: skip
    assistant, answer = parsed(steps)
    assert [part["type"] for part in assistant["content"]] == ["reasoning", "text", "tool_call"]
    assert assistant["content"][0]["summary"] == ["Hi"]
    assert answer["content"] == [{"type": "text", "text": '{"b": 2}'}]
    again = FORMATTER.format_messages([assistant, answer])[0].input
    assert again == [*steps[:3], {**steps[3], "name": "f"}]


def test_a_thought_without_a_signature_goes_back_so() -> None:
    steps = [{"type": "thought", "summary": [HELLO]}, {"type": "thought"}]
    payload, losses = FORMATTER.format_messages(parsed(steps))
    assert (payload.input, losses) == (steps, [])


WRONG = [
    (5, "input"), ([5], "input[0]"), ([{"type": "user_input", "content": 5}], "input[0].content"),
    ([{"type": "thought", "summary": "x"}], "input[0].summary"),
    ([{"type": "function_result", "result": "x"}], "input[0].call_id"),
    ([{"type": "function_result", "call_id": "c", "result": 5}], "input[0].result"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "where"), WRONG)
def test_what_is_not_in_its_form(given: Any, where: str) -> None:
    with pytest.raises(InvalidMessage) as caught:
        parsed(given)
    assert caught.value.where == where
    with pytest.raises(InvalidMessage):
        parsed("x", 5)
