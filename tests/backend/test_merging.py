"""Several generators as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.backend.merging import merged

pytestmark = pytest.mark.anyio


class Source:
    """Counts how often it is opened and closed."""

    def __init__(self) -> None:
        self.open = self.peak = self.opened = 0

    async def items(
        self, count: int, *, error: BaseException | None = None, forever: bool = False
    ) -> AsyncGenerator[int, None]:
        self.open += 1
        self.opened += 1
        self.peak = max(self.peak, self.open)
        try:
            for number in range(count):
                await asyncio.sleep(0)
                yield number
            if error is not None:
                raise error
            if forever:
                await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.open -= 1


async def all_of(items: AsyncGenerator[tuple[int, int], None]) -> list[tuple[int, int]]:
    return [item async for item in items]


@given(counts=st.lists(st.integers(0, 20), max_size=8), most=st.integers(1, 4))
async def test_every_item_comes_once_and_in_the_order_of_its_source(counts: list[int], most: int) -> None:
    source = Source()
    came: dict[int, list[int]] = {}
    async for number, item in merged([partial(source.items, count) for count in counts], most=most):
        came.setdefault(number, []).append(item)
    assert came == {number: list(range(count)) for number, count in enumerate(counts) if count}
    assert (source.open, source.opened) == (0, len(counts))
    assert source.peak <= most


async def test_they_run_at_the_same_time() -> None:
    met = asyncio.Barrier(3)

    async def meeting(number: int) -> AsyncGenerator[int, None]:
        await met.wait()
        yield number

    async with asyncio.timeout(5):
        found = [item async for _, item in merged([partial(meeting, number) for number in range(3)], most=3)]
    assert sorted(found) == [0, 1, 2]


async def test_after_a_failure_none_begins() -> None:
    source = Source()
    calls = [partial(source.items, 3, error=ValueError("oh")), *[partial(source.items, 100) for _ in range(3)]]
    with pytest.raises(ValueError, match="oh"):
        async for _ in merged(calls, most=2):
            pass
    assert (source.open, source.opened) == (0, 2)


async def test_what_a_source_raises_closes_the_others() -> None:
    source = Source()
    calls = [partial(source.items, 3, forever=True), partial(source.items, 5, error=ValueError("oh"))]
    with pytest.raises(ValueError, match="oh"):
        async for _ in merged(calls, most=2):
            pass
    assert source.open == 0


class Panic(BaseException):
    """What a library written in another language raises."""


@pytest.mark.parametrize(("problem", "raised"), [(Panic("oh"), Panic), (GeneratorExit("oh"), RuntimeError)])
async def test_whatever_a_source_raises_is_raised(problem: BaseException, raised: type[BaseException]) -> None:
    source = Source()
    calls = [partial(source.items, 3, forever=True), partial(source.items, 50, error=problem)]
    async with asyncio.timeout(30):
        with pytest.raises(raised, match=r"oh|GeneratorExit"):
            async for _ in merged(calls, most=2):
                pass
    assert source.open == 0


@pytest.mark.parametrize("read", [0, 1, 30])
async def test_leaving_early_closes_everything(read: int) -> None:
    source, before = Source(), len(asyncio.all_tasks())
    async with aclosing(merged([partial(source.items, 100) for _ in range(5)], most=3)) as items:
        for _ in range(read):
            await anext(items)
    assert source.open == 0
    assert len(asyncio.all_tasks()) == before


async def test_who_is_ahead_of_the_reader_waits() -> None:
    taken = 0

    async def endless() -> AsyncGenerator[int, None]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    async with aclosing(merged([endless, endless], most=2)) as items:
        await anext(items)
        for _ in range(200):
            await asyncio.sleep(0)
        assert taken < 30


async def test_a_cancelled_reader_closes_everything() -> None:
    source = Source()

    async def read() -> None:
        async for _ in merged([partial(source.items, 2, forever=True)], most=1):
            pass

    reader = asyncio.create_task(read())
    await asyncio.sleep(0.01)
    assert source.open == 1
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert source.open == 0


@pytest.mark.parametrize("way", ["scope", "task"])
async def test_a_reader_that_is_cancelled_again_and_again_closes_everything(way: str) -> None:
    open_ = closed = 0

    async def slow() -> AsyncGenerator[int, None]:
        nonlocal open_, closed
        open_ += 1
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            closed += 1

    began = asyncio.Event()

    async def read() -> None:
        async for _ in merged([slow, slow], most=2):
            began.set()

    reader = asyncio.create_task(read()) if way == "task" else None
    if reader is not None:
        await began.wait()
        reader.cancel()
        await asyncio.sleep(0.001)
        reader.cancel()
        await asyncio.wait([reader])
    else:
        async with anyio.create_task_group() as group:
            group.start_soon(read)
            await began.wait()
            group.cancel_scope.cancel()
    assert (open_, closed) == (2, 2)


async def test_a_source_that_waits_for_what_is_cancelled_fails() -> None:
    source = Source()

    async def waiting() -> AsyncGenerator[int, None]:
        never: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        never.cancel()
        yield await never

    calls: list[Callable[[], AsyncGenerator[int, None]]] = [waiting, partial(source.items, 2, forever=True)]
    with pytest.raises(RuntimeError, match="what a source waited for was cancelled"):
        await asyncio.wait_for(all_of(merged(calls, most=2)), 5)
    assert source.open == 0
