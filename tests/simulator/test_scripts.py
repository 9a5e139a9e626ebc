import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.simulator.ask import Ask
from massgen_stream.simulator.ops import Wait
from massgen_stream.simulator.scripts import (
    Step,
    Turn,
    Turns,
    call,
    completed,
    cut,
    fail,
    raw,
    refuse,
    stall,
    text,
    think,
)
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import done, start, tool_calls


def whole(turn: Turn, *, usage: bool = True) -> list[Step]:
    return list(completed(turn, Ask(model="m", usage=usage), 3, "id"))


def types(turn: Turn) -> list[str]:
    return [str(step.type) if isinstance(step, BaseStreamChunk) else type(step).__name__ for step in whole(turn)]


def test_a_flat_script_answers_every_request() -> None:
    turns = Turns([text("a"), stall(1)])
    assert turns.next() == turns.next() == [text("a"), Wait(1)]


def test_a_list_of_turns_is_used_up() -> None:
    turns = Turns([[text("a")], []])
    assert [turns.next() for _ in range(3)] == [[text("a")], [], None]


def test_no_script_is_no_turn() -> None:
    assert Turns(None).next() is None


@pytest.mark.parametrize("script", [["Hello"], [[text("a")], text("b")], [[text("a"), 5]]])
def test_what_is_no_step_is_refused_when_the_script_is_given(script: list[Step]) -> None:
    with pytest.raises(ConfigurationError):
        Turns(script)


def test_start_and_end_are_added() -> None:
    assert types([think("h"), text("a")]) == ["start", "reasoning", "content", "done"]
    assert types([stall(1), text("a")]) == ["Wait", "start", "content", "done"]


@pytest.mark.parametrize("last", [fail("no"), cut(), done("stop")])
def test_an_end_is_an_end(last: Step) -> None:
    assert whole([start(), text("a"), last])[-1] == last
    assert len(whole([start(), text("a"), last])) == 3


def test_raw_bytes_stay_alone() -> None:
    assert whole([raw(b"a"), raw(b"b")]) == [b"a", b"b"]


def test_nothing_follows_a_cut_or_a_refusal() -> None:
    assert whole([refuse(429), text("a")]) == [refuse(429)]
    assert types([text("a"), cut("reset"), text("b")]) == ["start", "content", "Close"]


def test_a_call_becomes_deltas_and_its_finish_reason() -> None:
    steps = [step for step in whole([call("get", {"a": "é"}), call("put")]) if isinstance(step, BaseStreamChunk)]
    deltas = [step for step in steps if step.type == "tool_call_delta"]
    assert [getattr(d, "tool_name", None) for d in deltas if getattr(d, "tool_name", None)] == ["get", "put"]
    assert len({getattr(d, "tool_call_id", "") for d in deltas}) == 2
    assert getattr(steps[-1], "finish_reason", "") == "tool_calls"
    final = whole([tool_calls([{"id": "1", "name": "get", "arguments": "{}"}])])[-1]
    assert getattr(final, "finish_reason", "") == "tool_calls"


def test_usage_is_told_only_where_asked_for() -> None:
    assert getattr(whole([text("a" * 8)])[-1], "usage", {})["output_tokens"] == 2
    assert getattr(whole([text("a")], usage=False)[-1], "usage", "") is None


def test_a_refusal_needs_the_status_of_an_error() -> None:
    with pytest.raises(ConfigurationError, match="400"):
        refuse(200)
