"""The calls of one turn: side by side, bounded, answered in order, whatever they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from massgen_stream.agent import ToolOutput
from massgen_stream.agent.functions import FunctionTool as Made
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import (
    agent_status,
    content,
    done,
    error,
    media,
    media_progress,
    start,
    turn_done,
)
from massgen_stream.testing.strategies import streams

from .fakes import call, called

pytestmark = pytest.mark.anyio
KNOWN = MediaMetadata(mime_type="audio/pcm")


async def test_calls_run_side_by_side_and_are_answered_in_order() -> None:
    log: list[str] = []
    second = asyncio.Event()

    async def one() -> str:
        """Wait for the other."""
        await second.wait()
        log.append("one")
        return "1"

    async def two() -> str:
        """Go first."""
        log.append("two")
        second.set()
        return "2"

    came = await called(one, two)
    assert log == ["two", "one"]
    assert came.results == [("1", False), ("2", False)]
    assert [answer["tool_call_id"] for answer in came.answers] == ["c0", "c1"]
    ended = [chunk.tool_call_id for chunk in came.of("custom_tool_status") if chunk.status == "completed"]
    assert ended == ["c1", "c0"]


@pytest.mark.parametrize(("most", "peak"), [(1, 1), (2, 2), (8, 5)])
async def test_so_many_at_a_time(most: int, peak: int) -> None:
    running = highest = 0

    async def busy() -> None:
        """Be busy."""
        nonlocal running, highest
        running += 1
        highest = max(highest, running)
        await asyncio.sleep(0.005)
        running -= 1

    await called(busy, calls=[call("busy", f"c{n}") for n in range(5)], max_concurrency=most)
    assert highest == peak


async def test_a_stream_joins_under_a_source_of_its_own() -> None:
    async def hum(note: str = "a") -> AsyncGenerator[BaseStreamChunk, None]:
        """Hum a note."""
        yield start(provider="throat")
        yield media_progress("m1", progress_percentage=50.0)
        yield media("m1", "audio", media_data=b"ab", media_encoding="binary", media_metadata=KNOWN, is_partial=True,
                    partial_kind="segment", chunk_index=0, byte_offset=0)  # fmt: skip
        yield done("stop", usage={"output_tokens": 3}, usage_source="reported")
        yield content("never read")

    came = await called(hum, hum2 := Made(hum, name="hum2"), calls=[call("hum"), call("hum", "c2"), call("hum2", "c3")])
    assert hum2.name == "hum2"
    sources = {chunk.source for chunk in came.of("media")}
    assert sources == {"hum", "hum#2", "hum2"}
    ends = [chunk for chunk in came.of("turn_done") if chunk.source is not None]
    assert [(chunk.finish_reason, chunk.usage) for chunk in ends] == [("stop", {"output_tokens": 3})] * 3
    assert came.end.usage == {"output_tokens": 9}
    assert came.end.media_results is not None
    assert len(came.end.media_results) == 3
    assert "never read" not in [chunk.content for chunk in came.of("content")]


async def test_what_a_stream_answers() -> None:
    async def say() -> AsyncGenerator[BaseStreamChunk, None]:
        """Say something."""
        yield content("One, ")
        yield agent_status("working")
        yield content("two.")

    async def given() -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
        """Say one thing, answer another."""
        yield content("aloud")
        yield ToolOutput("for the model", is_error=True)

    async def fail() -> AsyncGenerator[BaseStreamChunk, None]:
        """Fail in order."""
        yield error("no luck", error_info={"kind": "server"})
        yield done("error")

    async def cut() -> AsyncGenerator[BaseStreamChunk, None]:
        """Break in the middle."""
        yield content("half")
        raise ValueError("broken")

    async def nothing() -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield nothing."""
        for text in list[str]():
            yield content(text)

    async def thinker() -> AsyncGenerator[BaseStreamChunk, None]:
        """Take two turns, as an agent does."""
        yield content("first thoughts")
        yield turn_done("stop", usage={"output_tokens": 2}, usage_source="reported")
        yield content("the answer")
        yield done("stop", usage={"output_tokens": 5}, usage_source="reported")

    came = await called(say, given, fail, cut, nothing, thinker)
    assert came.results == [
        ("One, two.", False),
        ("for the model", True),
        ("no luck", True),
        ("ValueError: broken", True),
        ("", False),
        ("the answer", False),
    ]
    assert sorted((chunk.source, chunk.finish_reason) for chunk in came.of("turn_done")[1:]) == [
        ("cut", "error"), ("fail", "error"), ("given", "stop"), ("say", "stop"),
        ("thinker", "stop"), ("thinker", "stop"),
    ]  # fmt: skip
    assert came.end.usage == {"output_tokens": 5}
    assert came.end.finish_reason == "stop"


async def test_what_is_below_a_tool_ends_with_it() -> None:
    async def several() -> AsyncGenerator[BaseStreamChunk, None]:
        """Let others speak, one of whom fails."""
        yield replace(content("b"), source="b")
        yield replace(error("c failed", error_info={"kind": "server"}), source="c")
        yield replace(content("the answer"), source="a")
        yield replace(done("stop"), source="a")

    came = await called(several)
    ends = [(chunk.source, chunk.finish_reason) for chunk in came.of("turn_done") if chunk.source]
    assert ends == [("several/b", "stop"), ("several/c", "error"), ("several/a", "stop")]
    assert came.results == [("the answer", False)]
    assert came.end.finish_reason == "stop"


async def test_media_that_broke_off_do_not_break_the_run() -> None:
    async def half() -> AsyncGenerator[BaseStreamChunk, None]:
        """Stop in the middle of a medium."""
        yield media("m1", "audio", media_data=b"ab", media_encoding="binary", media_metadata=KNOWN, is_partial=True,
                    partial_kind="segment", chunk_index=0, byte_offset=0)  # fmt: skip
        raise RuntimeError("gone")

    came = await called(half)
    assert came.results == [("RuntimeError: gone", True)]
    assert came.end.finish_reason == "stop"


def tells_usage(stream: list[BaseStreamChunk]) -> bool:
    """An empty report tells nothing: the gate has none, and the verifier asks for it."""
    return all(getattr(chunk, "usage", None) != {} for chunk in stream)


@st.composite
def behaviours(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "kind": draw(st.sampled_from(("value", "error", "chunks", "broken", "sync"))),
        "turns": draw(st.integers(0, 4)),
        "stream": draw(streams().filter(tells_usage)),
    }


@settings(max_examples=40)
@given(plan=st.lists(behaviours(), min_size=1, max_size=5), most=st.integers(1, 4))
async def test_any_schedule_keeps_the_grammar(plan: list[dict[str, Any]], most: int) -> None:
    async def work(number: int) -> Any:
        """Do something."""
        mine = plan[number]
        for _ in range(mine["turns"]):
            await asyncio.sleep(0)
        if mine["kind"] == "error":
            raise ValueError("no")
        if mine["kind"] in ("chunks", "broken"):
            return chunks(mine)
        return number

    async def chunks(mine: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in mine["stream"][: -1 if mine["kind"] == "broken" else None]:
            await asyncio.sleep(0)
            yield chunk
        if mine["kind"] == "broken":
            raise ValueError("no")

    asked = [call("work", f"c{number}", number=number) for number in range(len(plan))]
    came = await called(work, calls=asked, max_concurrency=most)
    assert [answer["tool_call_id"] for answer in came.answers] == [one["id"] for one in asked]
    results = [chunk.tool_call_id for chunk in came.of("tool_result") if chunk.source is None]
    assert results == [one["id"] for one in asked]
    assert came.end.finish_reason == "stop"
