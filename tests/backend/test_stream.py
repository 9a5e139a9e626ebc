"""The shape of a stream: how it is read, left, cancelled and closed, and that nothing stays behind."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Generator
from typing import Any

import anyio
import pytest

from massgen_stream.backend import ChunkStream, Turn
from massgen_stream.errors import ProviderError
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, error, start, usage

from .fakes import Pieces, ScriptedBackend, hanging, raising, saying
from .reading import HELLO, of_type, read, spin, tasks, text, types, verified

pytestmark = pytest.mark.anyio


@pytest.fixture
def without_collector() -> Generator[None, None, None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def endless(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
    while True:
        yield content("a")
        await asyncio.sleep(0)


async def first_of(stream: ChunkStream) -> BaseStreamChunk:
    async for chunk in stream:
        return chunk
    raise AssertionError("no chunk")


async def test_it_is_an_async_generator_by_protocol() -> None:
    stream = ScriptedBackend(saying("a", "b")).stream_with_tools(HELLO)
    assert isinstance(stream, AsyncGenerator)
    assert aiter(stream) is stream
    assert (await anext(stream)).type == "start"
    assert (await stream.asend(None)).type == "content"
    assert (await stream.__anext__()).type == "content"
    assert [chunk.type async for chunk in stream] == ["complete_message", "done"]
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_it_may_be_awaited_for_itself() -> None:
    stream = ScriptedBackend(saying("a")).stream_with_tools(HELLO)
    assert await stream is stream
    assert text(await read(stream)) == "a"


async def test_nothing_happens_before_the_first_read() -> None:
    backend = ScriptedBackend(saying("a"))
    stream = backend.stream_with_tools(HELLO)
    await spin()
    await stream.aclose()
    assert backend.turns == []


async def test_athrow_closes_and_comes_back() -> None:
    backend = ScriptedBackend(endless)
    stream = backend.stream_with_tools(HELLO)
    await anext(stream)
    with pytest.raises(ValueError, match="mine"):
        await stream.athrow(ValueError("mine"))
    assert backend.open == 0
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_aclose_ends_the_request_at_once_and_twice_is_harmless() -> None:
    backend = ScriptedBackend(endless)
    stream = backend.stream_with_tools(HELLO)
    await anext(stream)
    await stream.aclose()
    assert backend.open == 0
    await stream.aclose()
    assert [chunk async for chunk in stream] == []


async def test_async_with_ends_the_request_at_once() -> None:
    backend = ScriptedBackend(endless)
    async with backend.stream_with_tools(HELLO) as stream:
        await anext(stream)
        assert backend.open == 1
    assert backend.open == 0


@pytest.mark.usefixtures("without_collector")
async def test_break_ends_the_request_at_the_next_turn_of_the_loop() -> None:
    backend = ScriptedBackend(endless)
    async for _ in backend.stream_with_tools(HELLO):
        break
    await spin(3)
    assert backend.open == 0


@pytest.mark.usefixtures("without_collector")
async def test_a_stream_dropped_while_an_error_is_handled_is_closed() -> None:
    backend = ScriptedBackend(raising(ProviderError("no", retryable=True)), endless, retry_budget=30)
    async for chunk in backend.stream_with_tools(HELLO):
        if chunk.type == "content":
            break
    await spin(3)
    assert backend.open == 0


@pytest.mark.usefixtures("without_collector")
async def test_300_abandoned_streams_leave_nothing() -> None:
    backend = ScriptedBackend(endless, total_timeout=100, first_chunk_timeout=100)
    before = tasks()
    for _ in range(300):
        await first_of(backend.stream_with_tools(HELLO))
    await spin(3)
    assert backend.open == 0
    assert tasks() == before


async def test_cancel_while_the_vendor_is_waited_for() -> None:
    backend = ScriptedBackend(hanging(content("a"), usage({"input_tokens": 7})))
    stream = backend.stream_with_tools(HELLO)
    asyncio.get_running_loop().call_later(0.01, stream.cancel)
    chunks = await read(stream)
    assert types(chunks) == ["start", "content", "usage", "complete_message", "done"]
    assert (chunks[-1].finish_reason, chunks[-1].usage) == ("cancelled", {"input_tokens": 7})
    assert backend.open == 0


async def test_cancel_between_reads_still_gives_what_has_arrived() -> None:
    rest = [error("cut"), done("incomplete", usage={"input_tokens": 7}, usage_source="reported")]

    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        decoder = turn.use(Pieces(rest))
        for chunk in decoder.feed(b"abc"):
            yield chunk
        await asyncio.sleep(0)
        for chunk in decoder.feed(b"too late"):
            yield chunk

    stream = ScriptedBackend(script).stream_with_tools(HELLO)
    chunks = [await anext(stream), await anext(stream)]
    stream.cancel()
    chunks += [chunk async for chunk in stream]
    read_chunks = verified(chunks)
    assert text(read_chunks) == "abc"
    assert (read_chunks[-1].finish_reason, read_chunks[-1].usage) == ("cancelled", {"input_tokens": 7})


async def test_cancel_before_the_first_read_sends_nothing() -> None:
    backend = ScriptedBackend(saying("a"))
    stream = backend.stream_with_tools(HELLO)
    stream.cancel()
    chunks = await read(stream)
    assert types(chunks) == ["start", "done"]
    assert chunks[-1].finish_reason == "cancelled"
    assert backend.turns == []


async def test_cancel_ends_the_pause_between_attempts() -> None:
    busy = ProviderError("busy", retryable=True, retry_after_seconds=9)
    stream = ScriptedBackend(raising(busy)).stream_with_tools(HELLO)
    asyncio.get_running_loop().call_later(0.01, stream.cancel)
    chunks = await read(stream)
    assert types(chunks) == ["start", "backend_status", "done"]
    assert chunks[-1].finish_reason == "cancelled"


async def test_cancel_after_the_end_changes_nothing() -> None:
    stream = ScriptedBackend(saying("a")).stream_with_tools(HELLO)
    chunks = await read(stream)
    stream.cancel()
    assert chunks[-1].finish_reason == "stop"
    assert [chunk async for chunk in stream] == []


async def test_cancelling_the_task_goes_through_and_leaves_nothing() -> None:
    backend = ScriptedBackend(hanging(start()), total_timeout=100)
    seen: list[BaseStreamChunk] = []

    async def consume() -> None:
        async for chunk in backend.stream_with_tools(HELLO):
            seen.append(chunk)  # noqa: PERF401 - what was read before the cancellation counts

    consumer = asyncio.ensure_future(consume())
    await spin()
    consumer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer
    assert types(seen) == ["start"]
    assert backend.open == 0


async def test_a_timeout_of_the_caller_goes_through() -> None:
    backend = ScriptedBackend(hanging())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await read(backend.stream_with_tools(HELLO))
    assert backend.open == 0


async def test_closing_from_another_task_stops_the_reader() -> None:
    backend = ScriptedBackend(hanging(content("a")))
    stream = backend.stream_with_tools(HELLO)
    seen: list[BaseStreamChunk] = []

    async def consume() -> None:
        async for chunk in stream:
            seen.append(chunk)  # noqa: PERF401 - another task ends this

    consumer = asyncio.ensure_future(consume())
    await spin()
    await stream.aclose()
    assert backend.open == 0
    await asyncio.wait_for(consumer, 1)
    assert types(seen)[:2] == ["start", "content"]


async def test_closing_from_another_task_within_a_cancelled_scope_ends_the_request() -> None:
    async def slow(_: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield content("a")
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)

    backend = ScriptedBackend(slow)
    stream = backend.stream_with_tools(HELLO)
    consumer = asyncio.ensure_future(read(stream))
    await spin()
    with anyio.CancelScope() as scope:
        scope.cancel()
        try:
            await stream.aclose()
        finally:
            left = backend.open
    assert left == 0
    await asyncio.wait([consumer])


async def test_closing_from_another_task_does_not_wait_for_the_reader_to_read_on() -> None:
    backend = ScriptedBackend(hanging(content("a")))
    stream = backend.stream_with_tools(HELLO)
    done_with = asyncio.Event()

    async def consume() -> None:
        for _ in range(3):  # start, content, and what comes when it is closed
            await anext(stream)
        await done_with.wait()

    consumer = asyncio.ensure_future(consume())
    await spin()
    await asyncio.wait_for(stream.aclose(), 1)
    done_with.set()
    await consumer


async def test_streams_of_one_backend_run_side_by_side() -> None:
    backend = ScriptedBackend(saying(*"abc"))
    streams = [backend.stream_with_tools(HELLO) for _ in range(20)]
    answers = await asyncio.gather(*map(read, streams))
    assert {text(chunks) for chunks in answers} == {"abc"}
    assert len({stream.stream_id for stream in streams}) == 20


async def test_a_failing_goodbye_does_not_take_the_answer_back() -> None:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        try:
            yield content("a")
            yield done("stop")
            await asyncio.Event().wait()
        finally:
            raise RuntimeError("cannot say goodbye")

    chunks = await read(ScriptedBackend(script).stream_with_tools(HELLO))
    assert chunks[-1].finish_reason == "stop"
    stream = ScriptedBackend(script).stream_with_tools(HELLO)
    await anext(stream)
    await stream.aclose()


async def test_its_repr_says_which_it_is() -> None:
    stream = ScriptedBackend(saying("a")).stream_with_tools(HELLO)
    assert repr(stream) == f"ChunkStream(stream_id={stream.stream_id!r})"


async def test_notes_follow_the_first_start() -> None:
    from massgen_stream.backend import Prepared

    class Lossy(ScriptedBackend):
        def prepare(self, messages: Any, tools: Any, model: str, options: Any) -> Prepared:  # noqa: ARG002
            return Prepared(None, ["messages[0]: video dropped"])

    chunks = await read(Lossy(saying("a")).stream_with_tools(HELLO))
    (loss,) = of_type(chunks, "backend_status")
    assert (loss.status, loss.detail, loss.display, loss.sequence_number) == (
        "loss",
        "messages[0]: video dropped",
        False,
        1,
    )
