"""The smallest event that has a fault: the encoder says it again."""

from typing import Any

import pytest

from massgen_stream.wire.faults import UnusableField, unusable

from .openai_chat.saying import of, only


@pytest.mark.parametrize(
    ("path", "value", "event"),
    [
        ("choices", "x", {"choices": "?"}),
        ("choices[]", 7, {"choices": [0]}),
        ("choices[].delta", [1], {"choices": [{"delta": []}]}),
        (
            "choices[].delta.content[].text",
            {"a": 1},
            {"choices": [{"delta": {"content": [{"type": "text", "text": {}}]}}]},
        ),
        (
            "choices[].delta.tool_calls[].function.name",
            0.1,
            {"choices": [{"delta": {"tool_calls": [{"function": {"name": 0.5}}]}}]},
        ),
    ],
)
def test_the_smallest_event_has_the_same_fault(path: str, value: Any, event: Any) -> None:
    problem = unusable(path, value)
    assert problem.event == event
    (error,) = only(of(event), "error")
    assert error.error == str(problem) == f"malformed event: {path} is {type(value).__name__}"


def test_a_fault_may_be_other_than_a_type() -> None:
    problem = UnusableField("choices[].delta.audio.data", "is not base64", "?")
    (error,) = only(of(problem.event), "error")
    assert (error.error, error.error_info["raw"]) == (str(problem), problem.event)


def test_the_smallest_event_may_be_given() -> None:
    problem = UnusableField("delta.text", "is int", event={"delta": {"text": 0}})
    assert (str(problem), problem.event) == ("malformed event: delta.text is int", {"delta": {"text": 0}})
