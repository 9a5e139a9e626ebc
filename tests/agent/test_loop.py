"""Turn after turn: who is asked what, and how a run ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massgen_stream.agent import Agent
from massgen_stream.backend import Turn
from massgen_stream.errors import ConfigurationError
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, reasoning, start, tool_calls, usage

from ..backend.fakes import ScriptedBackend, saying
from .fakes import call, calling, ran, read

pytestmark = pytest.mark.anyio


def double(number: int) -> int:
    """Double a number."""
    return number * 2


def spending(tokens: int) -> dict[str, Any]:
    return {"usage": {"input_tokens": tokens, "output_tokens": 1}, "usage_source": "reported"}


async def test_a_model_that_calls_nothing_is_asked_once() -> None:
    one = await ran([double], saying("Hi ", "there."))
    assert [chunk.type for chunk in one.chunks] == ["start", "content", "content", "complete_message", "done"]
    assert one.end.finish_reason == "stop"
    assert len(one.backend.turns) == 1


async def test_what_a_turn_is_asked_with() -> None:
    one = await ran([double], calling(call("double", number=4), text="Let me see."), saying("Eight."))
    first, second = one.asked(0), one.asked(1)
    assert first["messages"] == [{"role": "user", "content": "Hello"}]
    assert [tool["name"] for tool in first["tools"]] == ["double"]
    assert second["tools"] == first["tools"]
    assistant, answer = second["messages"][1:]
    assert [part["type"] for part in assistant["content"]] == ["text", "tool_call"]
    assert answer == {"role": "tool", "tool_call_id": "c1", "content": "8"}
    assert one.stream.messages[-1]["content"][0]["text"] == "Eight."
    assert one.stream.messages[:3] == tuple(second["messages"])


async def test_the_order_of_a_stream() -> None:
    one = await ran([double], calling(call("double", number=4)), saying("Eight."))
    assert [str(chunk.type) for chunk in one.chunks] == [
        "start", "tool_calls", "complete_message", "turn_done", "custom_tool_status", "custom_tool_status",
        "tool_result", "start", "content", "complete_message", "done",
    ]  # fmt: skip
    assert one.of("turn_done")[0].finish_reason == "tool_calls"
    assert [chunk.status for chunk in one.of("custom_tool_status")] == ["started", "completed"]
    assert one.of("tool_result")[0].tool_name == "double"


async def test_usage_is_that_of_all_turns() -> None:
    turns = calling(call("double", number=1), **spending(10)), calling(call("double", "c2", number=1), **spending(20))
    one = await ran([double], *turns, saying("Done."))
    assert one.end.usage == {"input_tokens": 30, "output_tokens": 2}
    assert one.end.usage_source == "reported"
    assert [chunk.usage["input_tokens"] for chunk in one.of("turn_done")] == [10, 20]


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=1, max_size=5), st.booleans())
async def test_the_sum_is_what_the_ends_of_turns_say(tokens: list[int | None], estimated: bool) -> None:
    ends = [{} if number is None else spending(number) for number in tokens]
    if estimated and ends[0]:
        ends[0] = {**ends[0], "usage_source": "estimated"}

    async def last(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("Done.")
        yield done("stop", **ends[-1])

    turns = [calling(call("double", f"c{place}", number=1), **end) for place, end in enumerate(ends[:-1])]
    one = await ran([double], *turns, last)
    known = [number for number in tokens if number is not None]
    assert (one.end.usage or {}).get("input_tokens", 0) == sum(known)
    source = "estimated" if estimated and tokens[0] is not None else "reported"
    assert one.end.usage_source == (source if known else "none")


async def test_a_turn_alone_keeps_its_whole_report() -> None:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("Hi.")
        yield usage({"input_tokens": 1, "details": {"cost": 2}})
        yield done("stop", usage={"input_tokens": 1, "details": {"cost": 2}}, usage_source="reported")

    assert (await ran([], script)).end.usage == {"input_tokens": 1, "details": {"cost": 2}}


async def test_a_round_too_many_is_a_clear_end() -> None:
    asked = [calling(call("double", f"c{number}", number=1)) for number in range(9)]
    one = await ran([double], *asked, max_rounds=3)
    assert len(one.backend.turns) == 3
    assert len(one.results) == 2
    assert one.end.finish_reason == "error"
    problem = one.of("error")[0]
    assert problem.error_info["code"] == "max_rounds"
    assert "after 3 rounds; raise max_rounds" in problem.error


async def test_tools_of_the_caller_end_the_run() -> None:
    mine = {"name": "ask_me", "description": "", "parameters": {"type": "object"}}
    both = calling(call("ask_me"), call("double", "c2", number=1))
    one = await ran([double, mine], both, saying("never"))
    assert one.end.finish_reason == "tool_calls"
    assert (len(one.backend.turns), one.results) == (1, [])
    assert [tool["name"] for tool in one.asked(0)["tools"]] == ["double", "ask_me"]


async def test_without_tools_a_run_is_one_turn() -> None:
    one = await ran([], calling(call("nobody")), saying("never"))
    assert (one.end.finish_reason, len(one.backend.turns)) == ("tool_calls", 1)


@pytest.mark.parametrize("finish", ["length", "content_filter", "refusal"])
async def test_calls_of_a_turn_that_was_cut_are_not_run(finish: str) -> None:
    cut = {"id": "c1", "name": "double", "arguments": '{"num', "kind": "function", "invalid": {"reason": "cut_off"}}
    one = await ran([double], calling(cut, finish=finish), saying("never"))
    assert (len(one.backend.turns), one.results) == (1, [])
    assert one.end.finish_reason == finish


async def test_a_call_that_cannot_be_read_is_told_to_the_model() -> None:
    bad = {"id": "c1", "name": "double", "arguments": "{", "kind": "function", "invalid": {"reason": "malformed_json"}}
    one = await ran([double], calling(bad), saying("Sorry."))
    assert one.results == [("the call cannot be used: malformed_json; call double again", True)]
    assert one.end.finish_reason == "stop"


async def test_a_vendors_pause_goes_on() -> None:
    async def paused(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield start(model="fake-1")
        yield reasoning("Searching.")
        yield done("pause", raw_finish_reason="pause_turn")

    one = await ran([], paused, saying("Found."))
    assert one.end.finish_reason == "stop"
    assert [message["role"] for message in one.asked(1)["messages"]] == ["user", "assistant"]


async def test_what_a_paused_turn_has_spent_is_told_though_the_next_cannot_be_asked_for() -> None:
    async def paused(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("Searching.")
        yield done("pause", **spending(7))

    class Once(ScriptedBackend):
        def prepare(self, messages: Any, tools: Any, model: str, options: Any) -> Any:
            if len(messages) > 1:
                raise ConfigurationError("too large")
            return super().prepare(messages, tools, model, options)

    *_, turn, problem, end = await read(Agent(Once(paused), []).run("Hello"))
    found: Any = [(one.type, getattr(one, "usage", None)) for one in (turn, problem, end)]
    usage = {"input_tokens": 7, "output_tokens": 1}
    assert found == [("turn_done", usage), ("error", None), ("done", usage)]
    assert getattr(end, "usage_source", None) == "reported"


async def test_a_failure_ends_the_run_and_keeps_what_was_spent() -> None:
    async def failing(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield start(model="fake-1")
        yield content("It ")
        raise ConnectionResetError("gone")

    one = await ran([double], calling(call("double", number=1), **spending(5)), failing)
    assert one.end.finish_reason == "incomplete"
    assert one.end.usage is not None
    assert one.end.usage["input_tokens"] > 5
    assert one.end.usage_source == "estimated"


async def test_misuse_is_raised_at_the_call_and_later_told() -> None:
    class Picky(ScriptedBackend):
        def prepare(self, messages: Any, tools: Any, model: str, options: Any) -> Any:
            if any(message["role"] == "tool" for message in messages) or options.get("bad"):
                raise ConfigurationError("not like this")
            return super().prepare(messages, tools, model, options)

    agent = Agent(Picky(calling(call("double", number=1))), [double])
    with pytest.raises(ConfigurationError, match="not like this"):
        agent.run("Hello", bad=True)
    chunks = await read(agent.run("Hello"))
    assert [getattr(chunk, "error", None) for chunk in chunks if chunk.type == "error"] == ["not like this"]
    assert chunks[-1].finish_reason == "error"  # type: ignore[attr-defined]


async def test_a_backend_that_remembers_gets_what_is_new() -> None:
    class Remembering(ScriptedBackend):
        def is_stateful(self) -> bool:
            return True

    backend = Remembering(calling(call("double", number=4)), saying("Eight."))
    stream = Agent(backend, [double]).run("Hello")
    await read(stream)
    assert [message["role"] for message in backend.turns[1].payload["messages"]] == ["tool"]
    assert len(stream.messages) == 4


async def test_options_go_to_every_turn() -> None:
    run = {"temperature": 0.5, "source": "writer"}
    one = await ran([double], calling(call("double", number=1)), saying("Hi."), run=run, seed=1)
    assert [turn.payload["temperature"] for turn in one.backend.turns] == [0.5, 0.5]
    assert [turn.payload["seed"] for turn in one.backend.turns] == [1, 1]
    assert {chunk.source for chunk in one.chunks} == {"writer"}


async def test_several_choices_are_no_turn_of_their_own() -> None:
    async def two(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("One.")
        yield tool_calls([call("double", "c9", number=1)], choice_index=1)
        yield done("stop")

    one = await ran([double], two)
    assert (len(one.backend.turns), one.results) == (1, [])
