"""A run that is cancelled, left or out of time, wherever it stands: it leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from massgen_stream.agent import Agent, AgentStream, is_cancelled
from massgen_stream.backend import Turn, create_backend
from massgen_stream.simulator import Simulator, stall, text
from massgen_stream.simulator import call as calls
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, start
from massgen_stream.stream_chunk.verifier import StreamVerifier

from ..backend.fakes import ScriptedBackend, saying
from ..backend.reading import spin, tasks
from .fakes import call, calling, read

pytestmark = pytest.mark.anyio


class Place:
    """Somewhere a run can be when it ends.

    Attributes:
        entered: Set once the run is there.
        left: Set once nothing of it runs there.
    """

    def __init__(self) -> None:
        self.entered, self.left = threading.Event(), threading.Event()

    async def model(self, _: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield start(model="fake-1")
        yield content("It ")
        try:
            self.entered.set()
            await asyncio.Event().wait()
        finally:
            self.left.set()

    async def coroutine(self) -> None:
        """Wait."""
        try:
            self.entered.set()
            await asyncio.Event().wait()
        finally:
            self.left.set()

    async def chunks(self) -> AsyncGenerator[BaseStreamChunk, None]:
        """Stream, and wait."""
        yield content("half ")
        try:
            self.entered.set()
            await asyncio.Event().wait()
        finally:
            self.left.set()

    def plain(self) -> None:
        """Work until nobody waits."""
        self.entered.set()
        while not is_cancelled():
            threading.Event().wait(0.001)
        self.left.set()

    def run(self, where: str) -> tuple[AgentStream, ScriptedBackend]:
        tools: dict[str, Callable[..., Any]] = {"coroutine": self.coroutine, "chunks": self.chunks, "plain": self.plain}
        first = self.model if where == "model" else calling(call(where), **SPENT)
        backend = ScriptedBackend(first, saying("never"))
        return Agent(backend, tools.values()).run("Hello"), backend


SPENT: dict[str, Any] = {"usage": {"input_tokens": 7, "output_tokens": 1}, "usage_source": "reported"}
WHERE = ["model", "coroutine", "chunks", "plain"]


async def until(event: threading.Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - set by a thread
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("where", WHERE)
async def test_cancelling_ends_it_in_order(where: str) -> None:
    place, others = Place(), tasks()
    stream, backend = place.run(where)
    reading = asyncio.create_task(read(stream))
    await until(place.entered)
    stream.cancel()
    chunks = await reading
    end: Any = chunks[-1]
    assert end.finish_reason == "cancelled"
    assert end.usage["input_tokens"] == (7 if where != "model" else end.usage["input_tokens"]) > 0
    assert (len(backend.turns), backend.open) == (1, 0)
    await until(place.left)
    await spin()
    assert tasks() == others


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("leave", ["break", "aclose", "task"])
async def test_leaving_leaves_nothing_behind(where: str, leave: str) -> None:
    place, others, threads = Place(), tasks(), threading.active_count()
    stream, backend = place.run(where)

    async def go() -> None:
        async for _ in stream:
            if leave == "break" and place.entered.is_set():
                break

    reading = asyncio.create_task(go())
    await until(place.entered)
    if leave == "aclose":
        await stream.aclose()
        await reading
    elif leave != "break" or where in ("coroutine", "plain", "model"):
        reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await stream.aclose()
    await until(place.left)
    await spin()
    assert (backend.open, tasks()) == (0, others)
    for thread in threading.enumerate():
        if thread.name == "massgen-stream-tool":
            thread.join()
    assert threading.active_count() <= threads


@pytest.mark.parametrize("where", WHERE)
async def test_a_dropped_run_is_closed_at_the_next_turn_of_the_loop(where: str) -> None:
    place, others = Place(), tasks()
    gc.disable()
    try:
        stream, backend = place.run(where)
        async for chunk in stream:
            if chunk.type == ("content" if where == "model" else "custom_tool_status"):
                break
        if where != "model":
            await until(place.entered)
        del stream, chunk
        await spin(20)
        assert (backend.open, tasks()) == (0, others)
    finally:
        gc.enable()
    if where != "model":
        await until(place.left)


@pytest.mark.parametrize("position", range(16))
async def test_cancelled_at_any_chunk_it_keeps_the_grammar(position: int) -> None:
    async def streaming() -> AsyncGenerator[BaseStreamChunk, None]:
        """Stream a little."""
        for word in ("a ", "b ", "c "):
            await asyncio.sleep(0)
            yield content(word)

    def plain() -> int:
        """Work."""
        return 1

    others, both = tasks(), (call("streaming"), call("plain", "c2"))
    stream = Agent(
        ScriptedBackend(calling(*both, text="Hm.", **SPENT), saying("All ", "done.")), [streaming, plain]
    ).run("Go")
    verifier, chunks = StreamVerifier(raising=True), list[Any]()
    async for chunk in stream:
        if len(chunks) == position:
            stream.cancel()
        verifier.feed(chunk)
        chunks.append(chunk)
    verifier.close()
    assert chunks[-1].finish_reason in ("cancelled", "stop")
    assert len(chunks) > position or chunks[-1].finish_reason == "stop"
    assert tasks() == others


async def test_a_time_limit_is_of_the_whole_run() -> None:
    place = Place()
    backend = ScriptedBackend(calling(call("coroutine"), **SPENT), saying("never"))
    chunks = await read(Agent(backend, [place.coroutine], total_timeout=0.02).run("Hello"))
    problem: Any = next(chunk for chunk in chunks if chunk.type == "error")
    assert problem.error_info["code"] == "total_timeout"
    end: Any = chunks[-1]
    assert (end.finish_reason, end.usage["input_tokens"]) == ("error", 7)
    assert place.left.is_set()


async def test_cancelled_before_it_is_read() -> None:
    stream, _ = Place().run("coroutine")
    stream.cancel()
    chunks = await read(stream)
    assert [str(chunk.type) for chunk in chunks][-1] == "done"
    assert chunks[-1].finish_reason == "cancelled"  # type: ignore[attr-defined]


async def test_closed_by_another_task_while_a_reader_waits_for_one_chunk() -> None:
    place = Place()
    stream, backend = place.run("model")
    assert (await anext(stream)).type == "start"
    assert (await anext(stream)).type == "content"
    reading = asyncio.ensure_future(anext(stream))  # nobody reads what would come after it
    await until(place.entered)
    await stream.aclose()
    assert isinstance(await reading, BaseStreamChunk)
    assert backend.open == 0
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_cancelled_in_a_pause_of_the_vendor() -> None:
    async def paused(_: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("Searching.")
        yield done("pause")

    backend = ScriptedBackend(paused, saying("never"))
    stream = Agent(backend).run("Hello")
    async for chunk in stream:
        if chunk.type == "complete_message":
            stream.cancel()
        last: Any = chunk
    assert (last.finish_reason, len(backend.turns)) == ("cancelled", 1)


async def test_cancelled_between_the_turn_and_its_tools() -> None:
    place = Place()
    stream, backend = place.run("coroutine")
    async for chunk in stream:
        if chunk.type == "turn_done":
            stream.cancel()
        last: Any = chunk
    assert last.finish_reason == "cancelled"
    assert not place.entered.is_set()
    assert len(backend.turns) == 1


async def test_a_real_connection_is_closed() -> None:
    async def wait() -> None:
        """Wait."""
        await asyncio.Event().wait()

    async with Simulator([[text("Hm."), calls("wait", {})], [text("a"), stall(30)]]) as sim:
        backend = create_backend("chatcompletion", base_url=sim.url("chatcompletion"), api_key="x")
        async with backend:
            stream = Agent(backend, [wait]).run("Hello")
            async with stream:
                async for chunk in stream:
                    if chunk.type == "custom_tool_status":
                        break
        await spin()
    assert sim.connections() == 0


async def test_a_tool_that_takes_no_cancellation_for_an_answer() -> None:
    async def stubborn() -> str:
        """Go on once."""
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "still here"

    stream = Agent(ScriptedBackend(calling(call("stubborn")), saying("never")), [stubborn]).run("Hello")
    async for chunk in stream:
        if chunk.type == "custom_tool_status":
            asyncio.get_running_loop().call_later(0.01, stream.cancel)
        last: Any = chunk
    assert last.finish_reason == "cancelled"


async def test_what_it_costs_is_the_sum_of_its_turns() -> None:
    def double(number: int) -> int:
        """Double it."""
        return number * 2

    def told(usd: float) -> dict[str, Any]:
        return {"usage": {"input_tokens": 1, "details": {"cost": usd}}, "usage_source": "reported"}

    async def last(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("Two.")
        yield done("stop", **told(0.25))

    stream = Agent(ScriptedBackend(calling(call("double", number=1), **told(0.5)), last), [double]).run("Hello")
    assert await stream.cost() is None
    await read(stream)
    cost = await stream.cost()
    assert cost is not None
    assert (cost.usd, cost.source) == (0.75, "reported")
    assert stream.timing.total is not None
    unknown = Agent(ScriptedBackend(saying("Hi."))).run("Hello")
    await read(unknown)
    assert await unknown.cost() is None
