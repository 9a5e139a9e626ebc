"""A batch that is cancelled, left or out of time: what it still tells, and what it keeps."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import anyio
import pytest

from massgen_stream.backend import Turn
from massgen_stream.generation import Order, collect_media, generate_media
from massgen_stream.generation.vendors.replicate.job import PredictionJob
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import done, media, media_progress, usage

from ..backend.reading import spin, tasks
from ..simulator.polling import until
from .fakes import PNG, instruments, maker
from .reading import finals, names, of_type, read

pytestmark = pytest.mark.anyio
SPENT = {"input_tokens": 3, "output_tokens": 4}


class Meter:
    """A decoder that tells the usage at its end only."""

    def close(self) -> list[BaseStreamChunk]:
        return [done("incomplete", usage=SPENT, usage_source="reported")]


class Studio:
    """Paints what a prompt says; ``wait`` waits for ever, and tells its usage when it is closed.

    Attributes:
        begun: Prompts that were begun.
        running: How many are under way.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.running = 0

    async def paint(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        self.begun.append(order.config.prompt)
        self.running += 1
        try:
            yield media_progress(order.media_id(turn), stage="running")
            if order.config.prompt == "wait":
                turn.use(Meter())
                await asyncio.Event().wait()
            yield usage(SPENT)
            yield media(order.media_id(turn), MediaType.IMAGE, media_data=PNG, media_encoding="binary")
        finally:
            self.running -= 1

    def making(self, *prompts: str, **options: Any) -> Any:
        painter = maker("painter", self.paint)
        return generate_media(list(prompts), backend_type=painter, environ={}, instruments=instruments(), **options)


def ends(chunks: list[Any]) -> dict[str, str]:
    turns = of_type(chunks, "turn_done")
    assert len({turn.source for turn in turns}) == len(turns)
    return {turn.source: turn.finish_reason for turn in turns}


async def cancelled_when(stream: Any, waiting: int) -> list[Any]:
    """Read a stream, and cancel it once so many chunks of progress have come."""

    async def reading() -> AsyncGenerator[BaseStreamChunk, None]:
        seen = 0
        async for chunk in stream:
            yield chunk
            seen += chunk.type == "media_progress"
            if chunk.type == "media_progress" and seen == waiting:
                stream.cancel()

    async with asyncio.timeout(30):
        return await read(reading())


async def test_a_cancelled_batch_ends_each_part_and_keeps_what_is_finished(tmp_path: Path) -> None:
    studio, before = Studio(), tasks()
    stream = studio.making("a", "wait", "never", concurrency=1, output_dir=tmp_path)
    chunks = await cancelled_when(stream, 2)
    assert ends(chunks) == {"1": "stop", "2": "cancelled"}
    (final,) = finals(chunks)
    last = chunks[-1]
    assert last.finish_reason == "cancelled"
    assert [one["media_id"] for one in last.media_results] == [final.media_id]
    assert names(tmp_path) == [Path(final.path).name]
    assert (studio.begun, studio.running, tasks() - before) == (["a", "wait"], 0, set())


async def test_what_cancelled_parts_have_used_is_told() -> None:
    chunks = await cancelled_when(Studio().making("a", "wait", "wait", concurrency=2), 3)
    told = {turn.source: turn.usage for turn in of_type(chunks, "turn_done")}
    assert (told["2"], told["3"]) == (SPENT, SPENT)
    assert chunks[-1].usage == {name: 3 * count for name, count in SPENT.items()}
    assert chunks[-1].finish_reason == "cancelled"


async def test_cancelled_before_it_is_read_nothing_begins() -> None:
    studio = Studio()
    stream = studio.making("a", "b")
    stream.cancel()
    chunks = await read(stream)
    assert (studio.begun, ends(chunks), chunks[-1].finish_reason) == ([], {}, "cancelled")


@pytest.mark.parametrize("position", range(12))
async def test_cancelled_at_any_chunk_it_keeps_the_grammar(position: int) -> None:
    studio, before = Studio(), tasks()
    stream = studio.making("a", "wait", "b", concurrency=2)

    async def reading() -> AsyncGenerator[BaseStreamChunk, None]:
        number = 0
        async for chunk in stream:
            if number == position or (studio.begun == ["a", "wait", "b"] and chunk.source == "3"):
                stream.cancel()
            number += 1
            yield chunk

    async with asyncio.timeout(30):
        chunks = await read(reading())
    assert {chunk.source for chunk in chunks if chunk.source} == set(ends(chunks))
    assert chunks[-1].finish_reason == "cancelled"
    assert (studio.running, tasks() - before) == (0, set())


async def test_cancelled_when_all_is_made_it_is_whole() -> None:
    stream = Studio().making("a", "b")
    chunks: list[Any] = []
    async for chunk in stream:
        chunks.append(chunk)
        if len(of_type(chunks, "turn_done")) == 2:
            stream.cancel()
    assert chunks[-1].finish_reason == "stop"


async def test_out_of_time_it_ends_each_part(tmp_path: Path) -> None:
    studio = Studio()
    stream = studio.making("a", "wait", "wait", total_timeout=1.0, output_dir=tmp_path)
    chunks = await read(stream)
    assert ends(chunks)["1"] == "stop"
    assert set(ends(chunks)) == {"1", "2", "3"}
    assert (chunks[-1].finish_reason, len(finals(chunks)), studio.running) == ("error", 1, 0)
    assert "timeout" in {one.error_info["kind"] for one in of_type(chunks, "error")}


async def test_closed_by_another_task_its_reader_gets_the_ends() -> None:
    studio = Studio()
    stream = studio.making("wait", "wait")
    reading = asyncio.create_task(read(stream))
    while studio.running < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await spin()
    await stream.aclose()
    chunks = await reading
    assert (ends(chunks), chunks[-1].finish_reason) == ({"1": "cancelled", "2": "cancelled"}, "cancelled")


async def test_a_cancelled_task_closes_it_and_keeps_what_is_finished(tmp_path: Path) -> None:
    studio, before = Studio(), tasks()
    painter = maker("painter", studio.paint)
    options: dict[str, Any] = {"backend_type": painter, "environ": {}, "instruments": instruments()}
    collecting = asyncio.create_task(collect_media(["a", "wait"], output_dir=tmp_path, **options))
    while not any(name.startswith("a") for name in names(tmp_path)) or "wait" not in studio.begun:  # noqa: ASYNC110
        await asyncio.sleep(0)
    collecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await collecting
    await spin()
    assert (studio.running, tasks() - before, len(names(tmp_path))) == (0, set(), 1)


async def test_a_dropped_batch_is_closed() -> None:
    studio, before = Studio(), tasks()
    gc.disable()
    try:
        stream = studio.making("wait", "wait")
        async for chunk in stream:
            if chunk.type == "media_progress":
                break
        del stream, chunk
        await spin(30)
        assert (studio.running, tasks() - before) == (0, set())
    finally:
        gc.enable()


async def test_a_disconnected_batch_ends_the_job_of_each_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, before, cancel = 0, tasks(), PredictionJob.cancel

    async def sleep(_: float) -> None:
        nonlocal waiting
        waiting += 1
        await asyncio.Event().wait()

    async def slowly(*given: Any) -> None:
        await asyncio.sleep(0.01)
        await cancel(*given)

    monkeypatch.setattr(PredictionJob, "cancel", slowly)
    async with Simulator() as sim, anyio.create_task_group() as group:
        options: Any = {"api_key": "any-key", "base_url": sim.url("replicate"), "environ": {}, "output_dir": tmp_path}
        stream = generate_media(
            ["a", "b", "c"], backend_type="replicate", instruments=instruments()._replace(sleep=sleep), **options
        )
        group.start_soon(read, stream)
        await until(lambda: waiting == 3)
        group.cancel_scope.cancel()
    assert [one.path.rpartition("/")[2] for one in sim.requests[-3:]] == ["cancel"] * 3
    await until(lambda: tasks() <= before)
    assert names(tmp_path) == []
