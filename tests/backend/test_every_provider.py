"""What must hold of every provider and every backend, against the simulator, through the vendors' SDKs."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from massgen_stream.backend import ChunkStream
from massgen_stream.simulator import Simulator, call, stall, text, think
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk

from .doors import Door, doors, one_of_each_kind, with_aiohttp
from .reading import HELLO, error_info, of_type, read, tasks, types, verified
from .reading import text as text_of

ABANDONED = 1000 if os.environ.get("HYPOTHESIS_PROFILE") in ("ci", "deep") else 100
WORDS = ("Hello", " ", "wide", " ", "world")
SCRIPT = [text(word) for word in WORDS]
TOOL = {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}

pytestmark = pytest.mark.anyio
every_door = pytest.mark.parametrize("door", doors(), ids=repr)
KINDS = [*one_of_each_kind().values(), *with_aiohttp()]
every_kind = pytest.mark.parametrize("door", KINDS, ids=repr)


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(SCRIPT) as sim:
        yield sim


async def reading(door: Door, sim: Simulator, messages: Any = HELLO, tools: Any = None, **options: Any) -> list[Any]:
    async with door.backend(sim.url(door.provider.name)) as backend:
        return await read(backend.stream_with_tools(messages, tools, **options))


@every_door
async def test_a_provider_answers(door: Door, sim: Simulator) -> None:
    chunks = await reading(door, sim)
    assert text_of(chunks) == "".join(WORDS)
    assert (chunks[0].type, chunks[0].provider) == ("start", door.provider.name)
    assert chunks[0].model == door.provider.default_model
    assert (chunks[-1].type, chunks[-1].finish_reason) == ("done", "stop")
    assert chunks[-1].usage_source == "reported"
    assert chunks[-1].usage["all_output_tokens"] > 0


@every_kind
async def test_one_event_is_one_chunk(door: Door, sim: Simulator) -> None:
    assert [chunk.content for chunk in of_type(await reading(door, sim), "content")] == list(WORDS)


@every_kind
async def test_a_tool_is_called_and_its_answer_read(door: Door) -> None:
    first = Accumulator()
    script = [[think("hm"), text("I look."), call("look", {})], [text("Seen.")]]
    async with Simulator(script) as sim, door.backend(sim.url(door.provider.name)) as backend:
        async for chunk in backend.stream_with_tools(HELLO, [TOOL]):
            first.feed(chunk)
        assert first.finish_reason == "tool_calls"
        (made,) = first.tool_calls
        assert (made["name"], made["arguments"]) == ("look", "{}")
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "a lighthouse"}
        second = await read(backend.stream_with_tools([*HELLO, first.message(), answer], [TOOL]))
    assert text_of(second) == "Seen."


ENDS = {
    "400": "error",
    "401": "error",
    "500": "error",
    "error;after=2": "error",
    "cut;after=0": "incomplete",
    "cut;after=40": "incomplete",
    "cut;after=400": "incomplete",
    "cut;after=400;how=reset": "incomplete",
    "cut;after=400;how=end": "incomplete",
    "malformed;after=2": "error",
    "html": "error",
    "json": "error",
    "silence": "error",
    "silence;after=400": "error",
    "slow;size=7;delay=0": "stop",
    "huge": "stop",
    "comments": "stop",
    "no_end": "stop",
    "double_usage": "stop",
}
"""Faults, and the finish reason of a stream that met one and is not tried again."""


@every_kind
@pytest.mark.parametrize("fault", ENDS)
async def test_a_fault_is_told_and_nothing_that_came_is_lost(door: Door, fault: str) -> None:
    async with Simulator(SCRIPT * 20, fault) as sim:
        chunks = await reading(door, sim, max_retries=0, read_timeout=0.2)
    assert chunks[-1].finish_reason == ENDS[fault], chunks
    said = text_of(chunks)
    if fault == "huge":
        assert said.replace("x" * 2**20, "", 1) == "".join(WORDS * 20)
    elif ENDS[fault] == "stop":
        assert said == "".join(WORDS * 20)
    else:
        assert "".join(WORDS * 20).startswith(said)
        assert len(of_type(chunks, "error")) == 1


@every_kind
@pytest.mark.parametrize("fault", ["429;retry_after=0", "503", "cut;after=0", "cut;after=0;how=end"])
async def test_what_failed_before_it_was_seen_is_tried_again(door: Door, fault: str) -> None:
    async with Simulator(SCRIPT, [fault, None]) as sim:
        chunks = await reading(door, sim)
        assert len(sim.requests) == 2
    assert (text_of(chunks), chunks[-1].finish_reason) == ("".join(WORDS), "stop")
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry"]


@every_kind
async def test_a_key_that_is_refused_is_told_without_it(door: Door) -> None:
    async with Simulator(SCRIPT, api_key="right") as sim:
        async with door.backend(sim.url(door.provider.name), api_key="wrong-key-12345") as backend:
            chunks = await read(backend.stream_with_tools(HELLO))
        assert len(sim.requests) == 1
    assert error_info(chunks)["kind"] == "authentication"
    assert "wrong-key-12345" not in str(chunks)


@every_kind
async def test_cancel_keeps_what_came(door: Door) -> None:
    async with Simulator([text("Hello"), stall()]) as sim:
        async with door.backend(sim.url(door.provider.name)) as backend:
            stream = backend.stream_with_tools(HELLO)
            chunks: list[BaseStreamChunk] = []
            async for chunk in stream:
                chunks.append(chunk)
                if chunk.type == "content":
                    stream.cancel()
        assert types(chunks)[-2:] == ["complete_message", "done"]
        assert verified(chunks)[-1].finish_reason == "cancelled"


async def _first(stream: ChunkStream) -> None:
    async for chunk in stream:
        if chunk.type == "content":
            return


async def _to_the_end(stream: ChunkStream) -> None:
    async for _ in stream:
        pass


async def _disconnected(stream: ChunkStream, where: str) -> None:
    """Leave a stream as a server does whose client has gone: its scope cancels every wait from then on."""
    async with anyio.create_task_group() as group:

        async def respond() -> None:
            async with stream:
                async for chunk in stream:
                    if chunk.type == "content":
                        group.cancel_scope.cancel()
                        if where == "writing":
                            await anyio.sleep_forever()

        group.start_soon(respond)
        if where == "connecting":
            await anyio.sleep(0.002)
            group.cancel_scope.cancel()


@every_kind
async def test_a_disconnected_reader_leaves_nothing_behind(door: Door) -> None:
    async with Simulator([text("Hello"), stall()]) as sim, door.backend(sim.url(door.provider.name)) as backend:
        await abandon(backend.stream_with_tools(HELLO), 1)
        before, threads = len(tasks()), lasting_threads()
        gc.disable()
        try:
            for _ in range(5):
                for where in ("reading", "writing", "connecting"):
                    async with asyncio.timeout(30):
                        await _disconnected(backend.stream_with_tools(HELLO), where)
            async with asyncio.timeout(10):
                while sim.connections() or len(tasks()) > before:  # noqa: ASYNC110 - the other side tells nobody
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()
        assert lasting_threads() <= threads


@every_kind
async def test_a_backend_that_a_cancelled_scope_leaves_is_closed(door: Door, sim: Simulator) -> None:
    await reading(door, sim)
    before = len(tasks())  # some are the server's
    with anyio.CancelScope() as scope:
        async with door.backend(sim.url(door.provider.name)) as backend:
            await read(backend.stream_with_tools(HELLO))
            scope.cancel()
            await anyio.sleep_forever()
    async with asyncio.timeout(10):
        while sim.connections() or len(tasks()) > before:  # noqa: ASYNC110 - the other side tells nobody
            await asyncio.sleep(0.01)


def lasting_threads() -> int:
    """Count the threads that do not belong to the event loop's own pool, whose number is bounded."""
    return sum(not thread.name.startswith("asyncio_") for thread in threading.enumerate())


async def abandon(stream: ChunkStream, how: int) -> None:
    """Leave a stream in one of the ways that readers do."""
    if how == 0:
        await _first(stream)  # left behind: dropped with its last reference
    elif how == 1:
        async with stream:
            await _first(stream)
    elif how == 2:
        await _first(stream)
        stream.cancel()
        await _to_the_end(stream)
    else:
        task = asyncio.ensure_future(_to_the_end(stream))
        await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.wait([task])


@pytest.mark.timeout(300)  # Google's SDK takes 10 ms for each request
@every_kind
async def test_abandoned_streams_leave_nothing_behind(door: Door) -> None:
    async with Simulator([text("Hello"), stall()]) as sim:
        backend = door.backend(sim.url(door.provider.name))
        await abandon(backend.stream_with_tools(HELLO), 1)  # imports, connects
        before, threads = len(tasks()), lasting_threads()
        gc.disable()
        try:
            for number in range(ABANDONED):
                await abandon(backend.stream_with_tools(HELLO), number % 4)
            async with asyncio.timeout(10):
                while sim.connections() or len(tasks()) > before:  # noqa: ASYNC110 - the other side tells nobody
                    await asyncio.sleep(0.01)
        finally:
            gc.enable()
        assert lasting_threads() <= threads
        await backend.aclose()
